//! The contacts of one second.

use crate::bindings::exports::example::whatsapp::broadcast::{Contact, Message, Refusal, Report};
use crate::child::{self, Children, Event};
use crate::outcome::Outcome;
use serde_json::{Value, json};

/// Attempts for a message that is certainly not sent each time.
const ATTEMPTS: u32 = 8;

/// Pause before the second attempt when Meta names none, in milliseconds. It doubles.
const PAUSE_MS: u64 = 1000;

/// Sends, and repeats what certainly was not sent.
pub fn send(message: Message, contacts: Vec<Contact>) -> Result<Report, String> {
    let mut accepted = 0;
    let mut refused = Vec::new();
    let mut unknown = Vec::new();
    let mut left = contacts;
    for attempt in 0..ATTEMPTS {
        let mut children = Children::of("whatsapp:connector/messages@0.1.0", "send-template");
        for contact in std::mem::take(&mut left) {
            children.start(&parameters(&message, &contact, attempt), contact)?;
        }
        let mut pause = PAUSE_MS << attempt;
        while let Event::Ended(contact, returned) = children.next()? {
            match Outcome::of(&returned) {
                Outcome::Accepted => accepted += 1,
                Outcome::Unknown => unknown.push(contact),
                Outcome::Again { after_ms, .. } if attempt + 1 < ATTEMPTS => {
                    pause = pause.max(after_ms.unwrap_or_default());
                    left.push(contact);
                }
                Outcome::Again { refusal, .. } | Outcome::Refused(refusal) => {
                    refused.push(Refusal {
                        contact,
                        error: refusal.error,
                        why: refusal.why,
                    });
                }
            }
        }
        if left.is_empty() {
            break;
        }
        child::sleep(pause);
    }
    Ok(Report {
        message,
        accepted,
        refused,
        unknown,
    })
}

/// Parameters of `send-template`, connection and input. Obelisk wants every field of a record.
fn parameters(message: &Message, contact: &Contact, attempt: u32) -> Value {
    json!([
        {
            "api_version": null, "base_url": message.base_url, "phone_number_id": message.phone_number_id,
            "business_account_id": null, "app_id": null,
        },
        {
            "address": {
                "phone_number_id": null, "to": contact.to, "recipient_type": null, "reply_to": null,
                "callback_data": contact.key, "identity_key_hash": null, "attempt": attempt,
            },
            "name": message.name, "language": message.language,
            "values": null, "template": null, "business_account_id": null, "header": null, "body": null,
            "limited_time_offer": null, "order_status": null, "buttons": null, "cards": null, "components": null,
        }
    ])
}
