//! Carousels of media or product cards.

use std::collections::HashSet;

use serde_json::Value;

use super::checks::{at_most, invalid, required_text};
use super::content::{Content, media_object};
use super::interactive_actions::{cta_url, elements, sized};
use crate::graph_error::GraphError;
use crate::request::scalar_text;

/// Code points of a card's text, and line breaks in it (media carousel page).
const BODY_CHARACTERS: usize = 160;
const BODY_LINE_BREAKS: usize = 2;

/// What all cards have to have in common: kind of header, kind of buttons, number of buttons.
type Shape = (String, &'static str, usize);

/// 2 to 10 cards, each with an index of its own and all of the same shape.
pub(super) fn check(action: &Value, content: &mut Content) -> Result<(), GraphError> {
    let cards = elements(action, "cards", "cards", 2, 10)?;
    let mut indices = HashSet::new();
    let mut first: Option<Shape> = None;
    for (at, card) in cards.iter().enumerate() {
        let path = format!("interactive['action']['cards'][{at}]");
        let index = required_text(card, &path, "card_index")?;
        if !index.parse().is_ok_and(|n: u8| n <= 9) {
            return Err(invalid(format!(
                "{path}['card_index'] must be between 0 and 9"
            )));
        }
        if !indices.insert(index) {
            return Err(invalid("Duplicated card indices"));
        }
        let shape = check_card(card, &path, content)?;
        if *first.get_or_insert_with(|| shape.clone()) != shape {
            return Err(invalid(
                "All cards must have the same header type and the same number and type of buttons",
            ));
        }
    }
    Ok(())
}

fn check_card(card: &Value, path: &str, content: &mut Content) -> Result<Shape, GraphError> {
    let action = card.get("action").unwrap_or(&Value::Null);
    let kind = card.get("type").and_then(scalar_text).unwrap_or_default();
    if kind.eq_ignore_ascii_case("product") {
        let path = format!("{path}['action']");
        required_text(action, &path, "catalog_id")?;
        required_text(action, &path, "product_retailer_id")?;
        return Ok((String::new(), "product", 1));
    }
    let header = check_header(card, path, content)?;
    check_body(card, path)?;
    let (buttons, count) = match action.get("buttons") {
        Some(_) => ("quick_reply", check_buttons(action)?),
        None => {
            if !action.is_object() {
                return Err(GraphError::required(&format!("{path}['action']")));
            }
            cta_url(action, content)?;
            ("cta_url", 1)
        }
    };
    Ok((header, buttons, count))
}

/// Media cards begin with an image or a video.
fn check_header(card: &Value, path: &str, content: &mut Content) -> Result<String, GraphError> {
    let path = format!("{path}['header']");
    let header = card.get("header").unwrap_or(&Value::Null);
    let kind = required_text(header, &path, "type")?.to_ascii_lowercase();
    if !["image", "video"].contains(&kind.as_str()) {
        return Err(invalid(format!(
            "{path}['type'] must be image or video, got \"{kind}\""
        )));
    }
    let object = header.get(&kind).unwrap_or(&Value::Null);
    media_object(
        object,
        &kind,
        &format!("{path}['{kind}']"),
        &mut content.media,
    )?;
    Ok(kind)
}

fn check_body(card: &Value, path: &str) -> Result<(), GraphError> {
    let text = card
        .get("body")
        .and_then(|body| body.get("text"))
        .and_then(scalar_text)
        .unwrap_or_default();
    at_most(&format!("{path}['body']['text']"), &text, BODY_CHARACTERS)?;
    if text.matches('\n').count() > BODY_LINE_BREAKS {
        return Err(invalid(format!(
            "{path}['body']['text'] can have at most {BODY_LINE_BREAKS} line breaks"
        )));
    }
    Ok(())
}

/// Quick replies: titles and ids up to 20.
fn check_buttons(action: &Value) -> Result<usize, GraphError> {
    let buttons = elements(action, "buttons", "buttons", 1, 3)?;
    for button in buttons {
        let kind = button
            .get("type")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if kind != "quick_reply" {
            return Err(invalid(format!(
                "Button type must be quick_reply, got \"{kind}\""
            )));
        }
        let reply = button.get("quick_reply").unwrap_or(&Value::Null);
        sized(reply, "title", "Button title", 20)?;
        sized(reply, "id", "Button id", 20)?;
    }
    Ok(buttons.len())
}
