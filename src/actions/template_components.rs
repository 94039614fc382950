//! From a template's typed variables to Meta's `components`.

use super::{location::place, media::reference};
use crate::contract::exports::whatsapp::connector::messages::{
    Currency, FlowButton, Template, TemplateButton, TemplateHeader, TemplateParameter,
};
use crate::fault::{Fallible, check_text, exactly_one, invalid, path};
use crate::json::{Object, kind};
use crate::prelude::*;
use serde_json::Value;

/// Highest position of a button; a template has at most 10.
pub const BUTTON_INDEX_MAX: u32 = 9;

/// Most characters of a coupon code (20 since 2025-12-03). Source: Meta's page "Components".
pub const COPY_CODE_MAX: usize = 20;

/// Most characters of a one-time password. Source: Meta's page "Authentication templates".
pub const ONE_TIME_PASSWORD_MAX: usize = 15;

/// Spaces in a row that Meta refuses in a variable's text are those beyond this number.
const SPACES_MAX: usize = 4;

/// The `components` array, or nothing for a template without variables.
pub fn build(input: &Template) -> Fallible<Option<Value>> {
    let mut components = Vec::new();
    if let Some(given) = &input.header {
        components.push(component("header", vec![header(given)?]));
    }
    if let Some(given) = &input.body
        && !given.is_empty()
    {
        components.push(component("body", body(given)?));
    }
    for (position, given) in input.buttons.iter().flatten().enumerate() {
        components.push(button(
            position,
            given,
            input.buttons.as_deref().unwrap_or_default(),
        )?);
    }
    Ok((!components.is_empty()).then_some(Value::Array(components)))
}

fn component(kind: &str, parameters: Vec<Value>) -> Value {
    Object::new()
        .with("type", kind)
        .with("parameters", parameters)
        .into()
}

/// A parameter: `{"type": kind, kind: value}`.
fn parameter(kind: &str, value: impl Into<Value>) -> Object {
    Object::new().with("type", kind).with(kind, value)
}

fn header(input: &TemplateHeader) -> Fallible<Value> {
    let TemplateHeader {
        text,
        name,
        image,
        video,
        document,
        location,
    } = input;
    let kind = exactly_one(
        "header",
        &[
            ("text", text.is_some()),
            ("image", image.is_some()),
            ("video", video.is_some()),
            ("document", document.is_some()),
            ("location", location.is_some()),
        ],
    )?;
    if name.is_some() && kind != "text" {
        return Err(invalid(
            "header.name",
            &format!("goes with a text variable, and the header is {kind}"),
            "Leave it out.",
        ));
    }
    let field = path("header", kind);
    let file = image.as_ref().or(video.as_ref()).or(document.as_ref());
    let value = match (text, file, location) {
        (Some(text), _, _) => {
            check_variable(&field, text)?;
            Value::from(text.as_str())
        }
        (_, Some(file), _) => reference(&field, kind, file)?.into(),
        (_, _, Some(location)) => place(
            "header.location",
            location.latitude,
            location.longitude,
            location.name.as_deref(),
            location.address.as_deref(),
        )?
        .into(),
        (None, None, None) => Value::Null,
    };
    Ok(named(parameter(kind, value), "header.name", name)?.into())
}

fn body(input: &[TemplateParameter]) -> Fallible<Vec<Value>> {
    let with_name = input.iter().filter(|given| given.name.is_some()).count();
    if with_name != 0 && with_name != input.len() {
        return Err(invalid(
            "body",
            &format!(
                "expected a name for all {} variables or for none; found {with_name} with a name",
                input.len()
            ),
            "A template has either named variables ({{first_name}}) or numbered ones ({{1}}).",
        ));
    }
    input
        .iter()
        .enumerate()
        .map(|(position, given)| {
            let place = format!("body[{position}]");
            let repeated =
                |earlier: &TemplateParameter| given.name.is_some() && earlier.name == given.name;
            if input[..position].iter().any(repeated) {
                return Err(invalid(
                    &path(&place, "name"),
                    &format!(
                        "`{}` is given twice",
                        given.name.as_deref().unwrap_or_default()
                    ),
                    "Give each variable one value.",
                ));
            }
            variable(&place, given)
        })
        .collect()
}

fn variable(place: &str, input: &TemplateParameter) -> Fallible<Value> {
    let TemplateParameter {
        name,
        text,
        currency,
        date_time,
    } = input;
    let kind = exactly_one(
        place,
        &[
            ("text", text.is_some()),
            ("currency", currency.is_some()),
            ("date_time", date_time.is_some()),
        ],
    )?;
    let field = path(place, kind);
    if let Some(text) = text.as_ref().or(date_time.as_ref()) {
        check_variable(&field, text)?;
    }
    let value = match (text, currency, date_time) {
        (Some(text), _, _) => Value::from(text.as_str()),
        (_, Some(currency), _) => money(&field, currency)?.into(),
        (_, _, date) => Object::new()
            .with_some("fallback_value", date.as_deref())
            .into(),
    };
    Ok(named(parameter(kind, value), &path(place, "name"), name)?.into())
}

fn money(field: &str, input: &Currency) -> Fallible<Object> {
    check_variable(&path(field, "fallback_value"), &input.fallback_value)?;
    if input.code.len() != 3 || !input.code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Err(invalid(
            &path(field, "code"),
            &format!(
                "expected three capital letters such as EUR, got `{}`",
                input.code
            ),
            "Give the currency's ISO 4217 code.",
        ));
    }
    Ok(Object::new()
        .with("fallback_value", input.fallback_value.as_str())
        .with("code", input.code.as_str())
        .with("amount_1000", input.amount1000))
}

fn named(parameter: Object, field: &str, name: &Option<String>) -> Fallible<Object> {
    if let Some(name) = name {
        check_text(field, name, usize::MAX)?;
    }
    Ok(parameter.with_some("parameter_name", name.as_deref()))
}

fn button(position: usize, input: &TemplateButton, all: &[TemplateButton]) -> Fallible<Value> {
    let place = format!("buttons[{position}]");
    check_index(&place, input.index, &all[..position])?;
    // Name in the input, Meta's sub_type, type of the parameter, most characters. Meta takes the one-time password as the suffix of
    // a URL button, whatever the button does.
    let rows = [
        (
            "quick_reply",
            "quick_reply",
            "payload",
            usize::MAX,
            &input.quick_reply,
        ),
        ("url", "url", "text", usize::MAX, &input.url),
        (
            "copy_code",
            "copy_code",
            "coupon_code",
            COPY_CODE_MAX,
            &input.copy_code,
        ),
        (
            "one_time_password",
            "url",
            "text",
            ONE_TIME_PASSWORD_MAX,
            &input.one_time_password,
        ),
    ];
    let [a, b, c, d] = rows.map(|(name, .., value)| (name, value.is_some()));
    let given = exactly_one(&place, &[a, b, c, d, ("flow", input.flow.is_some())])?;
    let field = path(&place, given);
    let mut output = Object::new()
        .with("type", "button")
        .with("index", input.index.to_string());
    for (name, sub_type, key, max, value) in rows {
        if let Some(text) = value {
            debug_assert_eq!(name, given);
            check_text(&field, text, max)?;
            output = output
                .with("sub_type", sub_type)
                .with("parameters", list(parameter(key, text.as_str())));
        }
    }
    if let Some(flow) = &input.flow {
        output = output
            .with("sub_type", "flow")
            .with("parameters", list(flow_action(&field, flow)?));
    }
    Ok(output.into())
}

fn list(parameter: Object) -> Vec<Value> {
    vec![parameter.into()]
}

fn check_index(place: &str, index: u32, earlier: &[TemplateButton]) -> Fallible<()> {
    let field = path(place, "index");
    if index > BUTTON_INDEX_MAX {
        return Err(invalid(
            &field,
            &format!("expected 0 to {BUTTON_INDEX_MAX}, got {index}"),
            "Count the template's buttons from 0.",
        ));
    }
    if earlier.iter().any(|button| button.index == index) {
        return Err(invalid(
            &field,
            &format!("{index} is given twice"),
            "Give each button once; the first button of the template has index 0.",
        ));
    }
    Ok(())
}

fn flow_action(field: &str, input: &FlowButton) -> Fallible<Object> {
    let data = match input.data.as_deref().map(serde_json::from_str::<Value>) {
        None => None,
        Some(Ok(data @ Value::Object(_))) => Some(data),
        Some(other) => {
            let found = other.map_or_else(|problem| problem.to_string(), |value| kind(&value));
            return Err(invalid(
                &path(field, "data"),
                &format!("expected a JSON object, got {found}"),
                "Give the first screen's data as an object, or leave it out.",
            ));
        }
    };
    let action = Object::new()
        .with("flow_token", input.token.as_deref().unwrap_or("unused"))
        .with_some("flow_action_data", data);
    Ok(parameter("action", action))
}

/// Meta refuses new-lines, tabs and more than four spaces in a row in a variable's text (132018).
fn check_variable(field: &str, text: &str) -> Fallible<()> {
    check_text(field, text, usize::MAX)?;
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
