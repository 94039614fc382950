//! Whom a message goes to.

use serde_json::Value;

use crate::graph_error::GraphError;
use crate::request::scalar_text;
use crate::router::Call;
use crate::world::{PhoneNumber, World};

/// Digits of an international number: E.164 allows 15; shorter than 7 is refused by the live API.
const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// A number of at most this many digits without `+` is taken as national when it does not name a known customer.
const NATIONAL_DIGITS: usize = 10;

/// Message types that groups accept (groups page): no interactive messages.
static GROUP_TYPES: &[&str] = &[
    "text", "template", "image", "video", "audio", "document", "sticker", "pin",
];

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Recipient {
    /// A phone number: as given, and as WhatsApp knows it.
    Phone { input: String, wa_id: String },
    /// A business-scoped user id.
    User { user_id: String },
    /// A group.
    Group { id: String },
}

impl Recipient {
    /// wa_id, user id or group id.
    pub(super) fn key(&self) -> &str {
        match self {
            Self::Phone { wa_id, .. } => wa_id,
            Self::User { user_id } => user_id,
            Self::Group { id } => id,
        }
    }
}

/// Reads `recipient_type`, `to` and `recipient`; when both are there `to` wins (BSUID page).
pub(super) fn read(call: &Call) -> Result<Recipient, GraphError> {
    let params = &call.request.params;
    let group = match params.get("recipient_type").map(scalar_text) {
        None => false,
        Some(Some(kind)) if kind.eq_ignore_ascii_case("individual") => false,
        Some(Some(kind)) if kind.eq_ignore_ascii_case("group") => true,
        Some(other) => {
            let given = other.unwrap_or_default();
            return Err(GraphError::one_of(
                "recipient_type",
                &["individual", "group"],
                &given,
            ));
        }
    };
    let given = |name| {
        params
            .get(name)
            .and_then(scalar_text)
            .filter(|text| !text.trim().is_empty())
    };
    match (given("to"), given("recipient")) {
        (Some(id), _) if group => Ok(Recipient::Group { id }),
        (Some(input), _) => {
            let wa_id = wa_id(call, &input).ok_or_else(invalid_recipient)?;
            Ok(Recipient::Phone { input, wa_id })
        }
        (None, Some(user_id)) if is_user_id(&user_id) => Ok(Recipient::User { user_id }),
        (None, Some(_)) => Err(invalid_recipient()),
        (None, None) if params.get("to").is_some_and(Value::is_object) => {
            Err(GraphError::param("Param to must be a string"))
        }
        (None, None) => Err(GraphError::required("to")),
    }
}

fn invalid_recipient() -> GraphError {
    GraphError::with_details(100, "Invalid recipient")
}

/// `+`, `-`, parentheses, dots and spaces are accepted and dropped; everything else but digits is not a phone number.
fn wa_id(call: &Call, input: &str) -> Option<String> {
    let digits: String = input.chars().filter(|c| !"+-(). ".contains(*c)).collect();
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let international = input.trim_start().starts_with('+')
        || digits.len() > NATIONAL_DIGITS
        || call.world.customer(&digits).is_some();
    let digits = match call.world.phone_number(call.node) {
        // Without `+` the calling code of the business number is put in front of a national number.
        Some(sender) if !international && DIGITS.contains(&digits.len()) => {
            format!("{}{digits}", sender.calling_code)
        }
        _ => digits,
    };
    DIGITS.contains(&digits.len()).then_some(digits)
}

/// Two-letter country code, a dot, up to 128 letters and digits; a parent id has `ENT.` in between.
fn is_user_id(text: &str) -> bool {
    let Some((country, rest)) = text.split_once('.') else {
        return false;
    };
    let id = rest.strip_prefix("ENT.").unwrap_or(rest);
    country.len() == 2
        && country.bytes().all(|b| b.is_ascii_uppercase())
        && (1..=128).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// What can be said about the recipient at once; that someone is not on WhatsApp shows only later.
pub(super) fn check(
    world: &World,
    sender: &PhoneNumber,
    recipient: &Recipient,
    kind: &str,
) -> Result<(), GraphError> {
    match recipient {
        Recipient::Group { id } => {
            let group = world
                .groups
                .iter()
                .find(|g| g.id == *id && g.phone_number_id == sender.id);
            let group = group.ok_or_else(|| GraphError::new(131_041))?;
            if group.participants.is_empty() {
                return Err(GraphError::new(131_020));
            }
            if !GROUP_TYPES.contains(&kind) {
                return Err(GraphError::with_details(
                    131_051,
                    format!("Messages of type {kind} cannot be sent to groups."),
                ));
            }
        }
        Recipient::Phone { wa_id, .. } => {
            if *wa_id == sender.digits() {
                return Err(GraphError::new(131_021));
            }
            let allowed = sender.allowed_recipients.as_ref();
            if allowed.is_some_and(|list| !list.contains(wa_id)) {
                return Err(GraphError::new(131_030));
            }
        }
        // The allowed list holds phone numbers: a user id is on it when its user's number is.
        Recipient::User { user_id } => {
            let wa_id = world
                .customer(user_id)
                .and_then(|customer| customer.wa_id.as_ref());
            if let Some(list) = &sender.allowed_recipients
                && !wa_id.is_some_and(|wa_id| list.contains(wa_id))
            {
                return Err(GraphError::new(131_030));
            }
        }
    }
    let blocked = world
        .customer(recipient.key())
        .is_some_and(|customer| customer.blocked);
    if blocked {
        return Err(GraphError::new(130_403));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::is_user_id;

    #[test]
    fn user_ids_are_told_from_other_texts() {
        assert!(is_user_id("US.13491208655302741918"));
        assert!(is_user_id("US.ENT.11815799212886844830"));
        for wrong in ["US", "USA.1", "us.1", "US.", "US.a b", "15550001111"] {
            assert!(!is_user_id(wrong), "{wrong}");
        }
    }
}
