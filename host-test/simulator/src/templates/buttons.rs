//! Buttons: one row per type.

use serde_json::Value;

use super::{Draft, Refusal, at_most, component_type, text_of};
use crate::graph_error::GraphError;
use crate::request::scalar_text;
use crate::world::placeholders;

/// Limits of the template components page; the coupon code's is the one since December 2025.
const BUTTONS: usize = 10;
const LABEL_CHARACTERS: usize = 25;
const URL_CHARACTERS: usize = 2000;
const PHONE_CHARACTERS: usize = 20;
const CODE_CHARACTERS: usize = 20;

#[derive(Clone, Copy)]
struct Kind {
    /// How many a template can have.
    most: usize,
    has_label: bool,
    check: fn(&Value) -> Result<(), GraphError>,
}

const fn kind(most: usize, has_label: bool, check: fn(&Value) -> Result<(), GraphError>) -> Kind {
    Kind {
        most,
        has_label,
        check,
    }
}

fn anything(_: &Value) -> Result<(), GraphError> {
    Ok(())
}

static KINDS: &[(&str, Kind)] = &[
    ("CATALOG", kind(1, true, anything)),
    ("COPY_CODE", kind(1, false, copy_code)),
    ("FLOW", kind(1, true, flow)),
    ("MPM", kind(1, true, anything)),
    ("ORDER_DETAILS", kind(1, true, anything)),
    ("PHONE_NUMBER", kind(1, true, phone_number)),
    ("QUICK_REPLY", kind(10, true, anything)),
    ("REQUEST_CONTACT_INFO", kind(1, false, anything)),
    ("SPM", kind(1, true, anything)),
    ("URL", kind(2, true, url)),
    ("VOICE_CALL", kind(1, true, anything)),
];

/// `{"type":"BUTTONS","buttons":[…]}`.
pub(super) fn check(component: &Value, path: &str, _: &Draft) -> Result<Value, GraphError> {
    let buttons = list(component)?;
    let mut kinds = Vec::new();
    for (at, button) in buttons.iter().enumerate() {
        let (name, kind) = component_type(button, &format!("{path}['buttons'][{at}]"), KINDS)?;
        if kind.has_label {
            let label = text_of(button, "BUTTONS", "text")?;
            at_most("The text of a button", &label, LABEL_CHARACTERS)?;
        }
        (kind.check)(button)?;
        kinds.push(name);
        if kinds.iter().filter(|other| **other == name).count() > kind.most {
            return Err(Refusal::Combination.because(format!(
                "A template can have at most {} button(s) of type {name}.",
                kind.most
            )));
        }
    }
    check_grouping(&kinds)?;
    Ok(kept(component, &kinds))
}

/// The buttons of a component: 1 to 10.
pub(super) fn list(component: &Value) -> Result<&[Value], GraphError> {
    let buttons = component
        .get("buttons")
        .and_then(Value::as_array)
        .filter(|buttons| !buttons.is_empty())
        .ok_or_else(|| Refusal::missing_field("BUTTONS", "buttons"))?;
    if buttons.len() > BUTTONS {
        return Err(
            Refusal::Combination.because(format!("A template can have at most {BUTTONS} buttons."))
        );
    }
    Ok(buttons)
}

/// The component with all types in capitals.
fn kept(component: &Value, kinds: &[&str]) -> Value {
    let mut kept = super::normalized(component);
    if let Some(Value::Array(buttons)) = kept.get_mut("buttons") {
        for (button, kind) in buttons.iter_mut().zip(kinds) {
            button["type"] = Value::from(*kind);
            if *kind == "COPY_CODE" {
                complete_copy_code(button);
            }
        }
    }
    kept
}

/// Meta adds the label and keeps the example as a list.
fn complete_copy_code(button: &mut Value) {
    button["text"] = Value::from("Copy offer code");
    if let Some(example @ Value::String(_)) = button.get_mut("example") {
        *example = Value::Array(vec![example.take()]);
    }
}

/// Quick replies stand together, before or after all others.
fn check_grouping(kinds: &[&str]) -> Result<(), GraphError> {
    let is_quick = |kind: &&str| *kind == "QUICK_REPLY";
    let changes = kinds
        .windows(2)
        .filter(|pair| is_quick(&pair[0]) != is_quick(&pair[1]))
        .count();
    if changes > 1 {
        return Err(
            Refusal::Combination.because("Quick replies and other buttons have to be grouped.")
        );
    }
    Ok(())
}

/// At most one variable, at the end, with an example.
fn url(button: &Value) -> Result<(), GraphError> {
    let url = text_of(button, "BUTTONS", "url")?;
    at_most("The url of a button", &url, URL_CHARACTERS)?;
    let variables = placeholders(&url);
    if variables.is_empty() {
        return Ok(());
    }
    if variables.len() > 1 || !url.ends_with("}}") {
        return Err(
            Refusal::Combination.because("The url of a button can have one variable, at its end.")
        );
    }
    let example = button
        .get("example")
        .and_then(|example| example.get(0))
        .and_then(scalar_text);
    example
        .map(drop)
        .ok_or_else(|| Refusal::missing_field("BUTTONS", "example"))
}

fn phone_number(button: &Value) -> Result<(), GraphError> {
    let number = text_of(button, "BUTTONS", "phone_number")?;
    at_most("The phone number of a button", &number, PHONE_CHARACTERS)?;
    let digits = number.chars().filter(char::is_ascii_digit).count();
    if (7..=15).contains(&digits) {
        return Ok(());
    }
    Err(GraphError::param(format_args!(
        "Param components['buttons']['phone_number'] is not a valid phone number: {number}."
    )))
}

/// The example is a text; older clients send a list with one.
fn copy_code(button: &Value) -> Result<(), GraphError> {
    let example = button.get("example").and_then(|example| match example {
        Value::Array(list) => list.first().and_then(scalar_text),
        text => scalar_text(text),
    });
    let example = example.ok_or_else(|| Refusal::missing_field("BUTTONS", "example"))?;
    at_most("The code of a button", &example, CODE_CHARACTERS)
}

fn flow(button: &Value) -> Result<(), GraphError> {
    let named = ["flow_id", "flow_name", "flow_json"]
        .iter()
        .filter(|name| button.get(**name).is_some());
    if named.count() == 1 {
        return Ok(());
    }
    Err(Refusal::missing_field("BUTTONS", "flow_id"))
}
