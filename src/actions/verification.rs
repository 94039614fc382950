//! What proves that a number is yours: `set-pin`, `request-code`, `verify-code`.

use super::{change_number, if_lost};
use crate::fault::Fallible;
use crate::graph::{Graph, request::Effect};
use crate::json::{Input, Object};
use crate::prelude::*;
use serde_json::Value;

/// Digits of a two-step verification PIN and of a verification code. Source: Meta's pages "Registration" and "Phone numbers".
const DIGITS: usize = 6;

/// Sets the PIN.
pub fn set_pin(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let body = Object::new().with("pin", digits(input, "pin")?);
    change_number(graph, input, None, Effect::Idempotent, body)
}

/// Has a code sent.
pub fn request_code(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let method = input.need("method").to_ascii_uppercase();
    let body = input.pick(&["language"]).with("code_method", method);
    let done = change_number(graph, input, Some("request_code"), Effect::Once, body);
    done.map_err(|error| if_lost(error, LOST))
}

/// What to do about a lost answer.
const LOST: &str = "The code may be on its way: wait some minutes for it. Ask for another only when none comes; Meta allows few.";

/// Hands in a code.
pub fn verify_code(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let body = Object::new().with("code", digits(input, "code")?);
    change_number(graph, input, Some("verify_code"), Effect::Idempotent, body)
}

/// A PIN or a code. A code may have its dash. Both are secrets: no message repeats them.
pub fn digits(input: &Input<'_>, field: &str) -> Fallible<String> {
    let given = input.need(field);
    let mut text = String::new();
    let mut other = false;
    for byte in given.bytes() {
        match byte {
            b'0'..=b'9' => text.push(char::from(byte)),
            b'-' | b' ' if field == "code" => {}
            _ => other = true,
        }
    }
    if text.len() == DIGITS && !other {
        return Ok(text);
    }
    let count = crate::text::length(given);
    let problem = format!("expected {DIGITS} digits, got another text of {count} characters");
    Err(input.refuse(field, &problem, ""))
}
