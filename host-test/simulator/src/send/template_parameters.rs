//! Whether the parameters of a template message fit the template.

use serde_json::Value;

use super::checks::missing;
use super::template_buttons;
use crate::graph_error::GraphError;
use crate::request::scalar_text;
use crate::world::{Template, placeholders};

/// Code points of a filled-in body (template components page).
const BODY_CHARACTERS: usize = 1024;

/// The media types that headers and cards carry.
pub(super) static MEDIA: &[&str] = &["image", "video", "document", "gif"];

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
        template_buttons::check(&buttons, given)?;
    }
    let given_offer = given_parameters("limited_time_offer");
    check_offer(
        of_type(defined, "limited_time_offer").as_ref(),
        &given_offer,
    )?;
    match (of_type(defined, "carousel"), of_type(given, "carousel")) {
        (Some(carousel), given) => check_cards(&carousel, given.as_ref(), template),
        (None, Some(_)) => Err(validation("carousel: the template has no cards")),
        (None, None) => Ok(()),
    }
}

/// Code 132018 with details.
pub(super) fn validation(details: impl Into<String>) -> GraphError {
    GraphError::with_details(132_018, details)
}

/// An offer that expires needs to be told when.
fn check_offer(defined: Option<&Value>, given: &[Value]) -> Result<(), GraphError> {
    let Some(defined) = defined else {
        return match given {
            [] => Ok(()),
            _ => Err(validation("limited_time_offer: the template has no offer")),
        };
    };
    let expires = defined.pointer("/limited_time_offer/has_expiration") == Some(&Value::Bool(true));
    let time = given
        .first()
        .and_then(|parameter| parameter.pointer("/limited_time_offer/expiration_time_ms"));
    match time {
        None if expires => Err(missing(
            "limited_time_offer: Parameter 'expiration_time_ms' is mandatory for an offer that expires",
        )),
        Some(time) if scalar_text(time).is_none_or(|text| text.parse::<u64>().is_err()) => {
            Err(mismatch(
                "limited_time_offer",
                "expiration_time_ms must be a UNIX timestamp in milliseconds",
            ))
        }
        _ => Ok(()),
    }
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
            return Err(validation(
                "Param text cannot have new-line/tab characters or more than 4 consecutive spaces",
            ));
        }
    }
    Ok(())
}

fn mismatch(part: &str, what: &str) -> GraphError {
    GraphError::with_details(132_012, format!("{part}: Format mismatch, {what}"))
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
    // Two product cards in the definition stand for up to ten in a message; of media cards there are as many as defined.
    let format = defined
        .first()
        .and_then(|card| card.pointer("/components/0/format")?.as_str());
    let of_products = format.is_some_and(|format| format.eq_ignore_ascii_case("PRODUCT"));
    if of_products && !(2..=10).contains(&given.len())
        || !of_products && defined.len() != given.len()
    {
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
    for (at, given) in given.iter().enumerate() {
        let index = given.get("card_index").and_then(scalar_text);
        if index.is_some_and(|index| index != at.to_string()) {
            return Err(validation(format!(
                "carousel: the card at position {at} must have card_index {at}"
            )));
        }
        let defined = defined.get(at).or_else(|| defined.first());
        compare(
            &defined.map(components).unwrap_or_default(),
            &components(given),
            template,
        )?;
    }
    Ok(())
}
