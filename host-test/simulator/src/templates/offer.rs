//! Limited-time offers.

use serde_json::Value;

use super::{Draft, Refusal, at_most, normalized, text_of};
use crate::graph_error::GraphError;

/// Code points of the offer's text, and of the body beside it (limited-time offer page).
const TEXT_CHARACTERS: usize = 16;
const BODY_CHARACTERS: usize = 600;

/// `{"type":"LIMITED_TIME_OFFER","limited_time_offer":{"text","has_expiration"}}`.
pub(super) fn check(component: &Value, _: &str, draft: &Draft) -> Result<Value, GraphError> {
    if draft.category != "MARKETING" {
        return Err(Refusal::Combination
            .because("Only templates of category MARKETING can have a limited-time offer."));
    }
    let offer = component.get("limited_time_offer").unwrap_or(&Value::Null);
    let text = text_of(offer, "LIMITED_TIME_OFFER", "text")?;
    at_most("The text of the offer", &text, TEXT_CHARACTERS)?;
    Ok(normalized(component))
}

/// What the other components have to be when there is an offer: no footer, a short body, and first a code to copy when the offer expires.
pub(super) fn check_template(components: &[Value]) -> Result<(), GraphError> {
    let find = |kind: &str| {
        components
            .iter()
            .find(|component| component.get("type").and_then(Value::as_str) == Some(kind))
    };
    let Some(offer) = find("LIMITED_TIME_OFFER") else {
        return Ok(());
    };
    if find("FOOTER").is_some() {
        return Err(Refusal::Combination
            .because("A template with a limited-time offer can't have a footer."));
    }
    if let Some(Value::String(text)) = find("BODY").and_then(|body| body.get("text")) {
        at_most(
            "The body of a template with a limited-time offer",
            text,
            BODY_CHARACTERS,
        )?;
    }
    let expires = offer.pointer("/limited_time_offer/has_expiration") == Some(&Value::Bool(true));
    let first = find("BUTTONS").and_then(|buttons| buttons.pointer("/buttons/0/type")?.as_str());
    if expires && first != Some("COPY_CODE") {
        return Err(Refusal::Combination
            .because("An offer that expires needs a button of type COPY_CODE as the first one."));
    }
    Ok(())
}
