//! Whom a message goes to.

use super::{has_blank, refuse_text};
use crate::fault::Fallible;
use crate::json::{Input, Object};
use crate::prelude::*;
use crate::text::split_once;

/// Most digits of a phone number (E.164).
const PHONE_DIGITS_MAX: usize = 15;

/// Fewest digits of a phone number with its country code that are not refused here.
const PHONE_DIGITS_MIN: usize = 5;

/// Most characters of a business-scoped user id after its country code.
const USER_ID_MAX: usize = 128;

/// What goes out under a name of Meta's.
const RENAMED: &[(&str, &str)] = &[
    ("recipient_type", "recipient_type"),
    ("biz_opaque_callback_data", "callback_data"),
    ("recipient_identity_key_hash", "identity_key_hash"),
];

/// The fields that say to whom: `recipient_type`, `to` or `recipient`, `context` and the rest of the address.
pub fn fields(input: &Input<'_>) -> Fallible<Object> {
    let kind = input.text("recipient_type");
    let (key, recipient) = recipient(input.need("to"), kind == Some("group"))?;
    let mut fields = Object::new()
        .with("messaging_product", "whatsapp")
        .with(key, recipient);
    if let Some(id) = input.text("reply_to") {
        fields = fields.with("context", Object::new().with("message_id", id));
    }
    for (name, field) in RENAMED {
        fields = fields.with_some(name, input.text(field));
    }
    Ok(fields)
}

/// The key that carries the recipient, and the recipient as it goes out.
fn recipient(to: &str, to_group: bool) -> Fallible<(&'static str, String)> {
    if to_group {
        return group(to.trim_ascii());
    }
    person("to", to)
}

/// The key that carries a person in a message (`to` or `recipient`), and the person as it goes out.
pub fn person(field: &str, text: &str) -> Fallible<(&'static str, String)> {
    let to = text.trim_ascii();
    if is_user_id(to) {
        return Ok(("recipient", to.to_owned()));
    }
    phone(to)
        .map(|phone| ("to", phone))
        .ok_or_else(|| refuse_text(
            field,
            "expected a phone number with country code (+491701234567) or a user id (US.13491208655302741918), got",
            to,
            match field {
                "to" => "Correct the recipient: + instead of 00 before the country code. If it is a group's id, set recipient_type to group.",
                // The field's own help text.
                _ => "",
            },
        ))
}

/// A group id is Meta's own; only what cannot be an id is refused.
fn group(to: &str) -> Fallible<(&'static str, String)> {
    if has_blank(to) || to.starts_with('+') {
        return Err(refuse_text(
            "to",
            "expected a group id, because recipient_type is group; got",
            to,
            "Give the group's id as Meta returned it, or leave recipient_type out.",
        ));
    }
    Ok(("to", to.to_owned()))
}

/// Two capital letters, a dot, perhaps `ENT.`, then letters and digits.
pub fn is_user_id(text: &str) -> bool {
    let Some((country, rest)) = split_once(text, b'.') else {
        return false;
    };
    let id = rest.strip_prefix("ENT.").unwrap_or(rest);
    country.len() == 2
        && country.bytes().all(|byte| byte.is_ascii_uppercase())
        && (1..=USER_ID_MAX).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The phone number without spaces and `()-.`; digits and the `+` stay as they are.
fn phone(text: &str) -> Option<String> {
    let mut number = String::new();
    for c in text.chars() {
        if !c.is_whitespace() && !matches!(c, '(' | ')' | '-' | '.') {
            number.push(c);
        }
    }
    let digits = number.strip_prefix('+').unwrap_or(&number);
    let plausible = (PHONE_DIGITS_MIN..=PHONE_DIGITS_MAX).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        // No country code begins with 0: `00` is dialled, not written, before one.
        && !digits.starts_with("00")
        && !number.starts_with("+0");
    plausible.then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_lose_their_marks_and_keep_their_digits() {
        let cases = [
            ("+49 (170) 123-45.67", Some("+491701234567")),
            ("491701234567", Some("491701234567")),
            ("+99-(000)-111-2222", Some("+990001112222")),
            ("+54 (11) 15 2345-6789", Some("+54111523456789")),
            ("+52 55 1234 5678", Some("+525512345678")),
            ("+1\u{a0}631\u{a0}555\u{a0}1234", Some("+16315551234")),
            ("1234", None),
            ("+1234567890123456", None),
            ("++4917012345", None),
            ("49+17012345", None),
            ("anna", None),
            ("00491701234567", None),
            ("+0491701234567", None),
            ("٤٩١٧٠١٢٣", None),
        ];
        for (text, expected) in cases {
            assert_eq!(phone(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn user_ids_are_told_from_phones() {
        for id in [
            "US.13491208655302741918",
            "US.ENT.11815799212886844830",
            "DE.a1B2",
        ] {
            assert_eq!(
                recipient(id, false),
                Ok(("recipient", id.to_owned())),
                "{id}"
            );
        }
        for text in [
            "us.123",
            "USA.123",
            "US.",
            "US.ENT.",
            "US.12-3",
            "US.ENT.1.2",
        ] {
            assert!(!is_user_id(text), "{text}");
            assert!(recipient(text, false).is_err(), "{text}");
        }
        assert!(!is_user_id(&format!("US.{}", "1".repeat(129))));
    }

    #[test]
    fn a_group_needs_its_recipient_type() {
        let id = "Y2FwaV9ncm91cDoxNzA1NTU1MDEzOToxMjAzNjM0MDQ2OTQyMzM4MjAZD";
        assert!(recipient(id, false).is_err());
        assert_eq!(recipient(id, true), Ok(("to", id.to_owned())));
        assert!(recipient("+491701234567", true).is_err());
    }
}
