//! Cards: 2 to 10, all with the same components.

use serde_json::{Value, json};

use super::{Draft, Refusal, at_most, buttons, component_type, header, text};
use crate::graph_error::GraphError;

/// Code points of the text of a card, and buttons of a card (media card carousel page).
const BODY_CHARACTERS: usize = 160;
const BUTTONS: usize = 2;

static COMPONENTS: &[(&str, super::Check)] = &[
    ("BODY", text::body),
    ("BUTTONS", buttons::check),
    ("HEADER", header::check),
];

/// `{"type":"CAROUSEL","cards":[{"components":[…]}]}`.
pub(super) fn check(component: &Value, path: &str, draft: &Draft) -> Result<Value, GraphError> {
    let cards = component
        .get("cards")
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    if !(2..=10).contains(&cards.len()) {
        return Err(Refusal::Combination.because("A carousel has 2 to 10 cards."));
    }
    let mut kept = Vec::new();
    for (at, card) in cards.iter().enumerate() {
        kept.push(check_card(card, &format!("{path}['cards'][{at}]"), draft)?);
    }
    let shapes: Vec<_> = kept.iter().map(|card| shape(card)).collect();
    if shapes.windows(2).any(|pair| pair[0] != pair[1]) {
        return Err(Refusal::Combination.because("All cards must have the same components."));
    }
    let cards: Vec<Value> = kept
        .into_iter()
        .map(|components| json!({ "components": components }))
        .collect();
    Ok(json!({"type": "CAROUSEL", "cards": cards}))
}

fn check_card(card: &Value, path: &str, draft: &Draft) -> Result<Vec<Value>, GraphError> {
    let components = card
        .get("components")
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    let mut kept = Vec::new();
    for (at, component) in components.iter().enumerate() {
        let path = format!("{path}['components'][{at}]");
        let (kind, check) = component_type(component, &path, COMPONENTS)?;
        let checked = check(component, &path, draft)?;
        let format = checked
            .get("format")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if kind == "HEADER" && !["IMAGE", "VIDEO", "PRODUCT"].contains(&format) {
            return Err(
                Refusal::Header.because("The header of a card is an image, a video or a product.")
            );
        }
        if let ("BODY", Some(Value::String(text))) = (kind, checked.get("text")) {
            at_most("The body of a card", text, BODY_CHARACTERS)?;
        }
        let count = checked
            .get("buttons")
            .and_then(Value::as_array)
            .map_or(0, Vec::len);
        if count > BUTTONS {
            return Err(
                Refusal::Combination.because(format!("A card has at most {BUTTONS} buttons."))
            );
        }
        kept.push(checked);
    }
    for needed in ["HEADER", "BUTTONS"] {
        if !kept
            .iter()
            .any(|component| component.get("type") == Some(&json!(needed)))
        {
            return Err(Refusal::missing_field("CAROUSEL", needed));
        }
    }
    Ok(kept)
}

/// Type, format and types of the buttons.
type Shape<'a> = (Option<&'a Value>, Option<&'a Value>, Vec<Option<&'a Value>>);

/// What cards are compared by.
fn shape(components: &[Value]) -> Vec<Shape<'_>> {
    components
        .iter()
        .map(|component| {
            let list = component.get("buttons").and_then(Value::as_array);
            let buttons = list.map(|list| list.iter().map(|button| button.get("type")).collect());
            (
                component.get("type"),
                component.get("format"),
                buttons.unwrap_or_default(),
            )
        })
        .collect()
}
