//! A customer at work: writing, tapping, reading.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::shared::Shared;
use crate::webhooks::inbound::{self, InboundError};
use crate::webhooks::outbox::customer_reads;

/// Writes in the name of a customer; made by [`crate::Simulator::customer`]. Every method returns the id of the message
/// that was written; its webhook is posted at once (wait for it with [`crate::Simulator::settle`]).
#[derive(Clone, Debug)]
pub struct CustomerHandle {
    shared: Arc<Shared>,
    id: String,
    phone_number_id: Option<String>,
    context: Option<Value>,
}

type Written = Result<String, InboundError>;

impl CustomerHandle {
    pub(crate) fn new(shared: Arc<Shared>, id: String) -> Self {
        Self {
            shared,
            id,
            phone_number_id: None,
            context: None,
        }
    }

    /// Writes to this business number instead of the first registered one.
    #[must_use]
    pub fn to(mut self, phone_number_id: &str) -> Self {
        self.phone_number_id = Some(phone_number_id.to_owned());
        self
    }

    /// Quotes a message of the business.
    #[must_use]
    pub fn replying_to(mut self, message_id: &str) -> Self {
        let from = {
            let world = self.shared.world();
            let sender = world
                .message(message_id)
                .map(|message| message.phone_number_id.clone());
            sender
                .or_else(|| self.phone_number_id.clone())
                .and_then(|id| {
                    world
                        .phone_number(&id)
                        .map(crate::world::PhoneNumber::digits)
                })
        };
        self.context = Some(json!({"from": from.unwrap_or_default(), "id": message_id}));
        self
    }

    /// Uses this `context` object (forwarded, referred_product…).
    #[must_use]
    pub fn with_context(mut self, context: Value) -> Self {
        self.context = Some(context);
        self
    }

    /// Any message: a `messages[]` item in Meta's shape; `from`, `id` and `timestamp` are added when absent.
    ///
    /// # Errors
    /// When it has no `type`, or the business number does not exist.
    pub fn send(&self, mut message: Value) -> Written {
        if let (Some(context), Some(members)) = (&self.context, message.as_object_mut()) {
            members.insert("context".into(), context.clone());
        }
        let now_ms = self.shared.clock.now_ms();
        let written = inbound::write(
            &mut self.shared.world(),
            &self.id,
            self.phone_number_id.as_deref(),
            message,
            &self.shared.base_url,
            now_ms,
        );
        self.shared.queued.notify_one();
        written
    }

    /// A text.
    ///
    /// # Errors
    /// As [`CustomerHandle::send`]; the same holds for all methods below.
    pub fn say(&self, text: &str) -> Written {
        self.send(json!({"type": "text", "text": {"body": text}}))
    }

    /// A file: `kind` is image, video, audio, document or sticker; `more` are further members such as `caption`.
    ///
    /// # Errors
    /// As [`CustomerHandle::send`].
    pub fn send_media(&self, kind: &str, bytes: &[u8], mime_type: &str, more: Value) -> Written {
        let mut object = json!({"mime_type": mime_type, "base64": STANDARD.encode(bytes)});
        if let (Some(object), Value::Object(more)) = (object.as_object_mut(), more) {
            object.extend(more);
        }
        self.send(json!({"type": kind, kind: object}))
    }

    /// An image.
    ///
    /// # Errors
    /// As [`CustomerHandle::send`].
    pub fn send_image(&self, bytes: &[u8], caption: Option<&str>) -> Written {
        let more = caption.map_or_else(|| json!({}), |caption| json!({ "caption": caption }));
        self.send_media("image", bytes, "image/jpeg", more)
    }

    /// A voice note.
    ///
    /// # Errors
    /// As [`CustomerHandle::send`].
    pub fn send_voice(&self, bytes: &[u8]) -> Written {
        self.send_media(
            "audio",
            bytes,
            "audio/ogg; codecs=opus",
            json!({"voice": true}),
        )
    }

    /// A document.
    ///
    /// # Errors
    /// As [`CustomerHandle::send`].
    pub fn send_document(&self, bytes: &[u8], mime_type: &str, filename: &str) -> Written {
        self.send_media(
            "document",
            bytes,
            mime_type,
            json!({ "filename": filename }),
        )
    }

    /// A tap on a quick reply of a template.
    ///
    /// # Errors
    /// As [`CustomerHandle::send`].
    pub fn tap_button(&self, payload: &str, text: &str) -> Written {
        self.send(json!({"type": "button", "button": {"payload": payload, "text": text}}))
    }

    /// A tap on a reply button.
    ///
    /// # Errors
    /// As [`CustomerHandle::send`].
    pub fn reply_button(&self, id: &str, title: &str) -> Written {
        self.interactive("button_reply", json!({"id": id, "title": title}))
    }

    /// A choice from a list.
    ///
    /// # Errors
    /// As [`CustomerHandle::send`].
    pub fn list_reply(&self, id: &str, title: &str, description: &str) -> Written {
        self.interactive(
            "list_reply",
            json!({"id": id, "title": title, "description": description}),
        )
    }

    /// A completed flow; `response` becomes the text `response_json`.
    ///
    /// # Errors
    /// As [`CustomerHandle::send`].
    pub fn flow_reply(&self, response: &Value) -> Written {
        let reply = json!({"name": "flow", "body": "Sent", "response_json": response.to_string()});
        self.interactive("nfm_reply", reply)
    }

    fn interactive(&self, kind: &str, reply: Value) -> Written {
        self.send(json!({"type": "interactive", "interactive": {"type": kind, kind: reply}}))
    }

    /// A reaction to a message of the business; an empty emoji takes it back, and is then absent as Meta does it.
    ///
    /// # Errors
    /// As [`CustomerHandle::send`].
    pub fn react(&self, message_id: &str, emoji: &str) -> Written {
        let reaction = match emoji {
            "" => json!({"message_id": message_id}),
            emoji => json!({"message_id": message_id, "emoji": emoji}),
        };
        self.send(json!({"type": "reaction", "reaction": reaction}))
    }

    /// A location in degrees.
    ///
    /// # Errors
    /// As [`CustomerHandle::send`].
    pub fn location(&self, latitude: f64, longitude: f64, name: Option<&str>) -> Written {
        let mut location = json!({"latitude": latitude, "longitude": longitude});
        if let Some(name) = name {
            location["name"] = json!(name);
        }
        self.send(json!({"type": "location", "location": location}))
    }

    /// Contact cards in Meta's shape.
    ///
    /// # Errors
    /// As [`CustomerHandle::send`].
    pub fn contacts(&self, contacts: Value) -> Written {
        self.send(json!({"type": "contacts", "contacts": contacts}))
    }

    /// An order from a catalog: items with product_retailer_id, quantity, item_price, currency.
    ///
    /// # Errors
    /// As [`CustomerHandle::send`].
    pub fn order(&self, catalog_id: &str, product_items: Value, text: &str) -> Written {
        self.send(json!({"type": "order", "order": {
            "catalog_id": catalog_id, "text": text, "product_items": product_items,
        }}))
    }

    /// Reads everything that was delivered so far. Returns how many messages became read.
    pub fn reads(&self) -> usize {
        let now_ms = self.shared.clock.now_ms();
        let from = self.phone_number_id.as_deref();
        let read = customer_reads(&mut self.shared.world(), &self.id, from, now_ms);
        self.shared.queued.notify_one();
        read
    }
}
