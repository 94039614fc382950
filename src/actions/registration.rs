//! `ensure-registered`.

use crate::contract::whatsapp::connector::types::Error;
use crate::fault::{Fallible, is_country};
use crate::graph::{
    Graph,
    request::{Call, Effect},
};
use crate::json::{Input, Object, text_at};
use crate::prelude::*;
use serde_json::Value;

/// Digits of a two-step verification PIN. Source: Meta's page "Registration".
const PIN_DIGITS: usize = 6;

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
    let result = register(graph, id, input);
    // A lost answer is cleared up by reading: what counts is the state of the number.
    if let Err(error) = result {
        let may_be_done = matches!(*error, Error::Unavailable(_));
        if !(may_be_done && State::read(graph, id).is_ok_and(|state| state.registered())) {
            return Err(error);
        }
    }
    Ok(State::read(graph, id)?.outcome(id, false))
}

/// What Meta says of the number.
struct State {
    platform_type: Option<String>,
    status: Option<String>,
}

impl State {
    fn read(graph: &Graph<'_>, id: &str) -> Fallible<Self> {
        let number = graph.call(Call::get(&[id]).query("fields", "id,platform_type,status"))?;
        Ok(Self {
            platform_type: text_at(&number, &["platform_type"]),
            status: text_at(&number, &["status"]),
        })
    }

    /// Meta's page "Phone numbers": `CONNECTED` can send; `CLOUD_API` says that it is this API that can.
    fn registered(&self) -> bool {
        self.platform_type.as_deref() == Some("CLOUD_API")
            && self.status.as_deref() == Some("CONNECTED")
    }

    /// A number of this API that cannot send for a reason that registering does not mend (`RESTRICTED`, `BANNED`, `FLAGGED`, …): another
    /// registration would only use up one of the ten that Meta allows in 72 hours.
    fn is_another_matter(&self) -> bool {
        let status = self.status.as_deref().unwrap_or_default();
        self.platform_type.as_deref() == Some("CLOUD_API")
            && !["", "PENDING", "DISCONNECTED", "NOT_APPLICABLE"].contains(&status)
    }

    fn outcome(self, id: &str, was_already_registered: bool) -> Value {
        Object::new()
            .with("phone_number_id", id)
            .with("registered", self.registered())
            .with("was_already_registered", was_already_registered)
            .with("platform_type", self.platform_type)
            .with("status", self.status)
            .into()
    }
}

fn register(graph: &Graph<'_>, id: &str, input: &Input<'_>) -> Fallible<()> {
    let pin = input.text("pin").ok_or_else(|| {
        input.refuse(
            "pin",
            "expected 6 digits, because the number is not registered yet; found none",
            "Give the number's two-step verification PIN. If it has none, choose one and keep it.",
        )
    })?;
    let body = Object::new()
        .with("messaging_product", "whatsapp")
        .with("pin", pin)
        .with_some(
            "data_localization_region",
            input.text("data_localization_region"),
        );
    graph
        .call(Call::post(&[id, "register"], Effect::Idempotent, body))
        .map(drop)
}

fn check(input: &Input<'_>) -> Fallible<()> {
    if let Some(pin) = input.text("pin")
        && !(pin.len() == PIN_DIGITS && pin.bytes().all(|byte| byte.is_ascii_digit()))
    {
        // The PIN is a secret of the number: the message does not repeat it.
        return Err(input.refuse(
            "pin",
            &format!(
                "expected {PIN_DIGITS} digits, got another text of {} characters",
                pin.chars().count()
            ),
            "Give the number's two-step verification PIN.",
        ));
    }
    if let Some(region) = input.text("data_localization_region")
        && !is_country(region)
    {
        return Err(input.refuse(
            "data_localization_region",
            &format!("expected two capital letters such as DE, got `{region}`"),
            "Give a country that Meta offers for data at rest, or leave it out.",
        ));
    }
    Ok(())
}
