//! From a template's typed variables to Meta's `components`.

use super::{location::place, media::reference};
use crate::fault::{Fallible, invalid};
use crate::json::{Input, Object};
use crate::prelude::*;
use crate::text::number;
use serde_json::Value;

/// Highest position of a button; a template has at most 10.
pub const BUTTON_INDEX_MAX: u64 = 9;

/// Spaces in a row that Meta refuses in a variable's text are those beyond this number.
const SPACES_MAX: usize = 4;

/// Buttons whose variable is a text: name in the input, Meta's sub_type, type of the parameter. Meta takes the one-time password as the
/// suffix of a URL button, whatever the button does.
const TEXT_BUTTONS: [(&str, &str, &str); 4] = [
    ("quick_reply", "quick_reply", "payload"),
    ("url", "url", "text"),
    ("copy_code", "copy_code", "coupon_code"),
    ("one_time_password", "url", "text"),
];

/// The `components` array, or nothing for a template without variables.
pub fn build(input: &Input<'_>) -> Fallible<Option<Value>> {
    let mut components = Vec::new();
    if let Some(given) = input.object("header") {
        components.push(component("header", vec![header(&given)?]).into());
    }
    let body = input.objects("body");
    if !body.is_empty() {
        components.push(component("body", self::body(input, &body)?).into());
    }
    let buttons = input.objects("buttons");
    for (position, given) in buttons.iter().enumerate() {
        components.push(button(given, &buttons[..position])?);
    }
    Ok((!components.is_empty()).then_some(Value::Array(components)))
}

fn component(kind: &str, parameters: Vec<Value>) -> Object {
    Object::new()
        .with("type", kind)
        .with("parameters", parameters)
}

/// A parameter: `{"type": kind, kind: value}`.
fn parameter(kind: &str, value: impl Into<Value>) -> Object {
    Object::new().with("type", kind).with(kind, value)
}

fn header(input: &Input<'_>) -> Fallible<Value> {
    let kind = input.one_of(&["text", "image", "video", "document", "location"])?;
    if input.has("name") && kind != "text" {
        return Err(input.refuse(
            "name",
            &format!("goes with a text variable, and the header is {kind}"),
            "Leave it out.",
        ));
    }
    let value = match (input.text(kind), kind) {
        (Some(text), _) => {
            check_variable(&input.path(kind), text)?;
            Value::from(text)
        }
        (None, "location") => match input.object(kind) {
            Some(location) => place(&location)?.into(),
            None => Value::Null,
        },
        (None, _) => reference(input, kind)?.into(),
    };
    Ok(named(parameter(kind, value), input))
}

fn body(input: &Input<'_>, variables: &[Input<'_>]) -> Fallible<Vec<Value>> {
    let names: Vec<_> = variables
        .iter()
        .filter_map(|given| given.text("name"))
        .collect();
    if !names.is_empty() && names.len() != variables.len() {
        return Err(input.refuse(
            "body",
            &format!(
                "expected a name for all {} variables or for none; found {} with a name",
                variables.len(),
                names.len()
            ),
            "A template has either named variables ({{first_name}}) or numbered ones ({{1}}).",
        ));
    }
    for (position, name) in names.iter().enumerate() {
        if names[..position].contains(name) {
            return Err(variables[position].refuse(
                "name",
                &format!("`{name}` is given twice"),
                "Give each variable one value.",
            ));
        }
    }
    variables.iter().map(variable).collect()
}

fn variable(input: &Input<'_>) -> Fallible<Value> {
    let kind = input.one_of(&["text", "currency", "date_time"])?;
    if let Some(text) = input.text(kind) {
        check_variable(&input.path(kind), text)?;
    }
    let value = match (input.object("currency"), input.text("date_time")) {
        (Some(currency), _) => money(&currency)?.into(),
        (_, Some(date)) => Object::new().with("fallback_value", date).into(),
        _ => Value::from(input.need("text")),
    };
    Ok(named(parameter(kind, value), input))
}

fn money(input: &Input<'_>) -> Fallible<Object> {
    check_variable(&input.path("fallback_value"), input.need("fallback_value"))?;
    let code = input.need("code");
    if code.len() != 3 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Err(input.refuse(
            "code",
            &format!("expected three capital letters such as EUR, got `{code}`"),
            "Give the currency's ISO 4217 code.",
        ));
    }
    let amount = input.json("amount1000").cloned();
    Ok(input
        .pick(&["fallback_value", "code"])
        .with("amount_1000", amount))
}

/// Adds the variable's name, when it has one.
fn named(parameter: Object, input: &Input<'_>) -> Value {
    parameter
        .with_some("parameter_name", input.text("name"))
        .into()
}

fn button(input: &Input<'_>, earlier: &[Input<'_>]) -> Fallible<Value> {
    let index = input.number("index").unwrap_or_default();
    check_index(input, index, earlier)?;
    let [a, b, c, d] = TEXT_BUTTONS.map(|(name, ..)| name);
    let given = input.one_of(&[a, b, c, d, "flow"])?;
    let (sub_type, parameter) = match input.object("flow") {
        Some(flow) => ("flow", flow_action(&flow)?),
        None => {
            let text = input.need(given);
            let row = TEXT_BUTTONS.iter().find(|(name, ..)| *name == given);
            let (_, sub_type, key) = row.copied().unwrap_or_default();
            (sub_type, parameter(key, text))
        }
    };
    Ok(component("button", vec![parameter.into()])
        .with("sub_type", sub_type)
        .with("index", number(index))
        .into())
}

fn check_index(input: &Input<'_>, index: u64, earlier: &[Input<'_>]) -> Fallible<()> {
    if index > BUTTON_INDEX_MAX {
        return Err(input.refuse(
            "index",
            &format!("expected 0 to {BUTTON_INDEX_MAX}, got {index}"),
            "Count the template's buttons from 0.",
        ));
    }
    if earlier
        .iter()
        .any(|button| button.number("index") == Some(index))
    {
        return Err(input.refuse(
            "index",
            &format!("{index} is given twice"),
            "Give each button once; the first button of the template has index 0.",
        ));
    }
    Ok(())
}

fn flow_action(input: &Input<'_>) -> Fallible<Object> {
    let data = input.raw_object("data")?.cloned();
    let action = Object::new()
        .with("flow_token", input.text("token").unwrap_or("unused"))
        .with_some("flow_action_data", data);
    Ok(parameter("action", action))
}

/// Meta refuses new-lines, tabs and more than four spaces in a row in a variable's text (132018).
pub fn check_variable(field: &str, text: &str) -> Fallible<()> {
    let found = if text.bytes().any(|byte| matches!(byte, b'\n' | b'\r')) {
        "a new line"
    } else if text.bytes().any(|byte| byte == b'\t') {
        "a tab"
    } else if longest_run(text, b' ') > SPACES_MAX {
        "more than four spaces in a row"
    } else {
        return Ok(());
    };
    Err(invalid(
        field,
        &format!(
            "expected one line without tabs and without more than four spaces in a row, got {found}"
        ),
        "Meta refuses these in a variable. Put them into the template's own text, or remove them.",
    ))
}

/// The length of the longest run of a byte.
fn longest_run(text: &str, byte: u8) -> usize {
    let runs = text.as_bytes().split(|found| *found != byte);
    runs.map(<[u8]>::len).max().unwrap_or_default()
}
