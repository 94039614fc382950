//! What proves that a number is yours: `set-pin`, `request-code`, `verify-code`.

use super::done;
use crate::contract::whatsapp::connector::types::Error;
use crate::fault::Fallible;
use crate::graph::{
    Graph,
    request::{Call, Effect},
};
use crate::json::{Input, Object};
use crate::prelude::*;
use serde_json::Value;

/// Digits of a two-step verification PIN and of a verification code. Source: Meta's pages "Registration" and "Phone numbers".
const DIGITS: usize = 6;

/// Sets the PIN.
pub fn set_pin(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let pin = digits(input, "pin")?;
    let id = graph.phone_number_id(input)?;
    let body = Object::new().with("pin", pin);
    graph.call(Call::post(&[id], Effect::Idempotent, body))?;
    Ok(done())
}

/// Has a code sent.
pub fn request_code(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let id = graph.phone_number_id(input)?;
    let body = input
        .pick(&["language"])
        .with("code_method", input.need("method").to_ascii_uppercase());
    let call = Call::post(&[id, "request_code"], Effect::Once, body);
    let result = graph.call(call).map_err(|mut error| {
        if let Error::PermanentOutcomeUnknown(fault) = &mut *error {
            fault.advice = "The code may be on its way: wait some minutes for it. Ask for another only when none comes; Meta allows few.".to_owned();
        }
        error
    });
    result.map(|_| done())
}

/// Hands in a code.
pub fn verify_code(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let code = digits(input, "code")?;
    let id = graph.phone_number_id(input)?;
    let body = Object::new().with("code", code);
    graph.call(Call::post(&[id, "verify_code"], Effect::Idempotent, body))?;
    Ok(done())
}

/// A PIN or a code. A code may have its dash. Both are secrets: no message repeats them.
pub fn digits(input: &Input<'_>, field: &str) -> Fallible<String> {
    let given = input.need(field);
    let text: String = given
        .chars()
        .filter(|c| !(field == "code" && matches!(c, '-' | ' ')))
        .collect();
    if text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(text);
    }
    let problem = format!(
        "expected {DIGITS} digits, got another text of {} characters",
        given.chars().count()
    );
    Err(input.refuse(field, &problem, ""))
}
