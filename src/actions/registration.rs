//! `ensure-registered`, `register`, `deregister`, `get-registration-status`.

use super::output::finish;
use super::reading::{self, flag, word};
use super::{change_number, done, refuse_text, verification};
use crate::contract::whatsapp::connector::types::Error;
use crate::fault::{Fallible, is_country};
use crate::graph::{
    Graph,
    request::{Call, Effect},
};
use crate::json::{Input, Object};
use serde_json::Value;

/// Meta's code for a number that is not registered.
const NOT_REGISTERED: i64 = 133_010;

/// Reads the state, registers only when needed, and reads the state again.
pub fn ensure(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    check(input)?;
    let id = graph.phone_number_id(input)?;
    let before = State::read(graph, id)?;
    if before.registered() {
        return Ok(before.outcome(id, true));
    }
    if before.is_another_matter() {
        return Ok(before.outcome(id, false));
    }
    let result = post(graph, input);
    // A lost answer is cleared up by reading: what counts is the state of the number.
    if let Err(error) = result {
        let may_be_done = matches!(*error, Error::Unavailable(_));
        if !(may_be_done && State::read(graph, id).is_ok_and(|state| state.registered())) {
            return Err(error);
        }
    }
    Ok(State::read(graph, id)?.outcome(id, false))
}

/// Registers, whatever the state.
pub fn register(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    check(input)?;
    post(graph, input)
}

/// Takes the number off. One that is not registered is where it was wanted: so a repetition after a lost answer succeeds.
pub fn deregister(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let id = graph.phone_number_id(input)?;
    match graph.call(Call::post_empty(&[id, "deregister"], Effect::Idempotent)) {
        Err(error) if !is_not_registered(&error) => Err(error),
        _ => Ok(done()),
    }
}

fn is_not_registered(error: &Error) -> bool {
    matches!(error, Error::PermanentRejected(fault)
        if fault.graph.as_ref().is_some_and(|graph| graph.code == NOT_REGISTERED))
}

/// Reads how far the number is, and says what comes next.
pub fn status(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let id = graph.phone_number_id(input)?;
    let fields = "id,platform_type,status,code_verification_status,is_pin_enabled";
    let state = State(reading::object(graph, id, fields)?);
    let verification = word(&state.0, &["code_verification_status"]);
    let pin = flag(&state.0, "is_pin_enabled");
    let advice = if state.registered() {
        ""
    } else if state.is_another_matter() {
        "Registering does not change this status. WhatsApp Manager says under Phone numbers what is wrong; get-phone-number does, too."
    } else if !["", "VERIFIED"].contains(&verification) {
        "Prove that the number is yours: run request-code, then verify-code with the code that comes. After that, register it."
    } else if pin == Some(true) {
        "Run ensure-registered with the PIN of the number. Whoever does not know it sets a new one with set-pin."
    } else {
        "Run ensure-registered with a PIN of your choice, and keep it."
    };
    let output = state.output(id).with("is_pin_enabled", pin);
    let output = reading::known(output, "advice", advice);
    finish(reading::texts(output, &state.0, "code_verification_status"))
}

/// What Meta says of the number.
struct State(Value);

impl State {
    fn read(graph: &Graph<'_>, id: &str) -> Fallible<Self> {
        reading::object(graph, id, "id,platform_type,status").map(Self)
    }

    /// The state, when the number is one of this API.
    fn status(&self) -> Option<&str> {
        let here = word(&self.0, &["platform_type"]) == "CLOUD_API";
        here.then(|| word(&self.0, &["status"]))
    }

    /// Meta's page "Phone numbers": `CONNECTED` can send; `CLOUD_API` says that it is this API that can.
    fn registered(&self) -> bool {
        self.status() == Some("CONNECTED")
    }

    /// A number of this API that cannot send for a reason that registering does not mend (`RESTRICTED`, `BANNED`, `FLAGGED`, …): another
    /// registration would only use up one of the ten that Meta allows in 72 hours.
    fn is_another_matter(&self) -> bool {
        let unregistered = ["", "PENDING", "DISCONNECTED", "NOT_APPLICABLE"];
        self.status()
            .is_some_and(|status| !unregistered.contains(&status))
    }

    fn output(&self, id: &str) -> Object {
        let output = Object::new()
            .with("phone_number_id", id)
            .with("registered", self.registered());
        reading::texts(output, &self.0, "platform_type,status")
    }

    fn outcome(&self, id: &str, was_already_registered: bool) -> Value {
        self.output(id)
            .with("was_already_registered", was_already_registered)
            .into()
    }
}

fn post(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let pin = input.text("pin").ok_or_else(|| {
        input.refuse(
            "pin",
            "expected 6 digits, because the number is not registered yet; found none",
            "Give the number's two-step verification PIN. If it has none, choose one and keep it.",
        )
    })?;
    let body = input
        .pick(&["data_localization_region"])
        .with("messaging_product", "whatsapp")
        .with("pin", pin);
    change_number(graph, input, Some("register"), Effect::Idempotent, body)
}

fn check(input: &Input<'_>) -> Fallible<()> {
    if input.has("pin") {
        verification::digits(input, "pin")?;
    }
    if let Some(region) = input.text("data_localization_region")
        && !is_country(region)
    {
        return Err(refuse_text(
            "data_localization_region",
            "expected two capital letters such as DE, got",
            region,
            "Give a country that Meta offers for data at rest, or leave it out.",
        ));
    }
    Ok(())
}
