//! Everybody, second by second.

use crate::bindings::exports::example::whatsapp::broadcast::{Contact, Message, Report};
use crate::child::{Children, Event};
use serde_json::json;
use std::collections::HashSet;

/// Sends each second's contacts in a workflow of their own: its history stays short, and any executor can take it.
pub fn send(message: Message, contacts: Vec<Contact>) -> Result<Report, String> {
    check(&message, &contacts)?;
    let mut report = Report {
        message: message.clone(),
        accepted: 0,
        refused: Vec::new(),
        unknown: Vec::new(),
    };
    let mut parts = Children::of("example:whatsapp/broadcast@0.1.0", "send-part");
    let size = usize::try_from(message.per_second).unwrap_or(usize::MAX);
    let mut waiting = contacts.chunks(size);
    let mut start = |parts: &mut Children<Vec<Contact>>| match waiting.next() {
        Some(part) => parts.start(&json!([message, part]), part.to_vec()),
        None => Ok(()),
    };
    start(&mut parts)?;
    // All times are asked for at once: one wait after the other would each be a little longer than it says.
    for second in 1..contacts.len().div_ceil(size) {
        parts.call_after(second as u64 * 1000);
    }
    loop {
        let (part, returned) = match parts.next()? {
            Event::Ended(part, returned) => (part, returned),
            Event::Time => {
                start(&mut parts)?;
                continue;
            }
            Event::Nothing => break,
        };
        match returned.map(serde_json::from_value::<Report>) {
            Ok(Ok(mut done)) => {
                report.accepted += done.accepted;
                report.refused.append(&mut done.refused);
                report.unknown.append(&mut done.unknown);
            }
            // The part itself failed: any of its messages may have gone out.
            _ => report.unknown.extend(part),
        }
    }
    Ok(report)
}

/// Two messages with one key could not be told apart by their statuses.
fn check(message: &Message, contacts: &[Contact]) -> Result<(), String> {
    if message.per_second == 0 {
        return Err("message.per_second: expected at least 1, found 0; give what Meta lets the number send, 80 for most".to_owned());
    }
    let mut keys = HashSet::new();
    for (index, contact) in contacts.iter().enumerate() {
        if contact.key.is_empty() || !keys.insert(contact.key.as_str()) {
            return Err(format!(
                "contacts[{index}].key: expected a text that no other contact has, found {:?}; give each its own",
                contact.key
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_unique() {
        let message = Message {
            phone_number_id: "1".into(),
            name: "hello_world".into(),
            language: "en_US".into(),
            per_second: 80,
            base_url: None,
        };
        let contact = |key: &str| Contact {
            key: key.into(),
            to: "+15550100100".into(),
        };
        assert_eq!(check(&message, &[contact("a"), contact("b")]), Ok(()));
        let problem = check(&message, &[contact("a"), contact("b"), contact("a")]);
        assert!(problem.is_err_and(|problem| problem.starts_with("contacts[2].key")));
        let stopped = Message {
            per_second: 0,
            ..message
        };
        assert!(check(&stopped, &[]).is_err());
    }
}
