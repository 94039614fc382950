//! Whether the parameters of a template message fit the template.

use serde_json::Value;

use super::checks::missing;
use crate::graph_error::GraphError;
use crate::request::scalar_text;
use crate::world::{Template, placeholders};

/// Code points of a filled-in body (template components page).
const BODY_CHARACTERS: usize = 1024;

/// The media types that headers and cards carry.
pub(super) static MEDIA: &[&str] = &["image", "video", "document"];

/// The parameters of a component.
pub(super) fn parameters(component: &Value) -> &[Value] {
    component
        .get("parameters")
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// A component's members in lower case: real clients write `BUTTON`, `CATALOG`, `URL`.
pub(super) fn lower(component: &Value, name: &str) -> String {
    component
        .get(name)
        .and_then(scalar_text)
        .unwrap_or_default()
        .to_ascii_lowercase()
}

/// Compares the parameters of one template (or of one of its cards) with what was given.
pub(super) fn compare(
    defined: &[Value],
    given: &[Value],
    template: &Template,
) -> Result<(), GraphError> {
    let of_type =
        |list: &'_ [Value], kind: &str| list.iter().find(|c| lower(c, "type") == kind).cloned();
    let given_parameters = |kind: &str| {
        of_type(given, kind)
            .map(|c| parameters(&c).to_vec())
            .unwrap_or_default()
    };
    check_header(
        of_type(defined, "header").as_ref(),
        &given_parameters("header"),
        template,
    )?;
    check_body(
        of_type(defined, "body").as_ref(),
        &given_parameters("body"),
        template,
    )?;
    if let Some(buttons) = of_type(defined, "buttons") {
        check_buttons(&buttons, given)?;
    }
    if let Some(carousel) = of_type(defined, "carousel") {
        check_cards(&carousel, of_type(given, "carousel").as_ref(), template)?;
    }
    Ok(())
}

fn check_header(
    defined: Option<&Value>,
    given: &[Value],
    template: &Template,
) -> Result<(), GraphError> {
    let format = defined
        .map(|header| lower(header, "format"))
        .unwrap_or_default();
    if format.is_empty() || format == "text" {
        let text = defined.map(text_of).unwrap_or_default();
        return check_texts("header", &text, given, template);
    }
    let received = given.first().map_or_else(
        || "unknown".to_owned(),
        |parameter| lower(parameter, "type"),
    );
    if received == format {
        return Ok(());
    }
    Err(GraphError::with_details(
        132_012,
        format!(
            "header: Format mismatch, expected {}, received {}",
            format.to_ascii_uppercase(),
            received.to_ascii_uppercase()
        ),
    ))
}

fn text_of(component: &Value) -> String {
    component
        .get("text")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

fn check_body(
    defined: Option<&Value>,
    given: &[Value],
    template: &Template,
) -> Result<(), GraphError> {
    let text = defined.map(text_of).unwrap_or_default();
    check_texts("body", &text, given, template)?;
    let filled: usize = text.chars().count()
        + given
            .iter()
            .map(|p| text_of(p).chars().count())
            .sum::<usize>();
    if filled > BODY_CHARACTERS + given.len() * "{{1}}".len() {
        return Err(GraphError::with_details(
            132_005,
            "Translated text too long",
        ));
    }
    Ok(())
}

/// The number of parameters, their names, and that their texts are one line.
fn check_texts(
    part: &str,
    text: &str,
    given: &[Value],
    template: &Template,
) -> Result<(), GraphError> {
    let expected = placeholders(text);
    if given.len() != expected.len() {
        return Err(GraphError::with_details(
            132_000,
            format!(
                "{part}: number of localizable_params ({}) does not match the expected number of params ({})",
                given.len(),
                expected.len()
            ),
        ));
    }
    for parameter in given {
        let kind = lower(parameter, "type");
        if MEDIA.contains(&kind.as_str()) {
            return Err(mismatch(
                part,
                &format!("expected TEXT, received {}", kind.to_ascii_uppercase()),
            ));
        }
        let name = parameter.get("parameter_name").and_then(Value::as_str);
        match name {
            None if template.is_named() => {
                return Err(mismatch(part, "Parameter name is missing or empty"));
            }
            Some(_) if !template.is_named() => {
                return Err(mismatch(
                    part,
                    "parameter_name was given, but the template's parameter_format is POSITIONAL",
                ));
            }
            Some(name) if !expected.iter().any(|known| known == name) => {
                return Err(mismatch(
                    part,
                    &format!("parameter_name {name} is not a parameter of the template"),
                ));
            }
            _ => {}
        }
        if text_of(parameter).contains(['\n', '\t']) || text_of(parameter).contains("     ") {
            return Err(GraphError::with_details(
                132_018,
                "Param text cannot have new-line/tab characters or more than 4 consecutive spaces",
            ));
        }
    }
    Ok(())
}

fn mismatch(part: &str, what: &str) -> GraphError {
    GraphError::with_details(132_012, format!("{part}: Format mismatch, {what}"))
}

/// A button that needs a value must get one under its index; values for buttons that are not there are refused.
fn check_buttons(defined: &Value, given: &[Value]) -> Result<(), GraphError> {
    let buttons = defined
        .get("buttons")
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    let given: Vec<&Value> = given
        .iter()
        .filter(|c| lower(c, "type") == "button")
        .collect();
    let index = |component: &Value| lower(component, "index").parse::<usize>().ok();
    for component in &given {
        if index(component).is_none_or(|at| at >= buttons.len()) {
            return Err(GraphError::with_details(
                132_018,
                format!(
                    "buttons: there is no button at index {}",
                    lower(component, "index")
                ),
            ));
        }
    }
    for (at, button) in buttons.iter().enumerate() {
        let needed = match lower(button, "type").as_str() {
            "url"
                if button
                    .get("url")
                    .and_then(Value::as_str)
                    .is_some_and(|url| !placeholders(url).is_empty()) =>
            {
                "Url"
            }
            "otp" => "Url",
            "copy_code" => "CopyCode",
            _ => continue,
        };
        let filled = given
            .iter()
            .any(|c| index(c) == Some(at) && !parameters(c).is_empty());
        if !filled {
            return Err(missing(format!(
                "buttons: Button at index {at} of type {needed} requires a parameter"
            )));
        }
    }
    Ok(())
}

fn check_cards(
    defined: &Value,
    given: Option<&Value>,
    template: &Template,
) -> Result<(), GraphError> {
    let cards = |component: &Value| {
        component
            .get("cards")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    let (defined, given) = (cards(defined), given.map(cards).unwrap_or_default());
    if defined.len() != given.len() {
        return Err(GraphError::with_details(
            132_012,
            format!(
                "carousel: number of cards ({}) does not match the expected number of cards ({})",
                given.len(),
                defined.len()
            ),
        ));
    }
    let components = |card: &Value| {
        card.get("components")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    for (defined, given) in defined.iter().zip(&given) {
        compare(&components(defined), &components(given), template)?;
    }
    Ok(())
}
