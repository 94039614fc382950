//! From a body of `POST /{phone-number-id}/messages` to the action and the input that make the component send it.
//!
//! Whatever a body says has to be said by the input: defaults too (`recipient_type: individual`, `preview_url: false`) are handed over and
//! not left out. What our component always writes in one way (`messaging_product`, `type`, `action.name`) is no input. Two things change on
//! the way: a number in the place of a text in `to`, and the form of a phone number; the comparison knows both.

use serde_json::{Value, json};

use super::fields::{Cannot, Fields, Input};
use super::{interactive, template};

/// A way to say a body.
#[derive(Clone)]
pub struct Candidate {
    pub action: &'static str,
    pub input: Value,
    /// Whether the message is handed over in Meta's own shape: `components`, `interactive`, `message`.
    pub raw: bool,
}

/// Meta's message types.
const KINDS: [&str; 11] = [
    "text",
    "image",
    "video",
    "audio",
    "document",
    "sticker",
    "location",
    "contacts",
    "reaction",
    "interactive",
    "template",
];

/// All ways to say a body, the one with most typed fields first.
pub fn translate(body: &Value) -> Result<Vec<Candidate>, Cannot> {
    let mut fields = Fields::of("", body)?;
    // Always the same, and always sent: the comparison sees when a body has it otherwise.
    fields.any("messaging_product");
    if fields.any("status").is_some_and(|status| status == "read") {
        return read(fields);
    }
    let address = address(&mut fields)?;
    // A body without a type means what it holds. Ours always have one: the comparison sees that.
    let held = || KINDS.iter().find(|kind| body.get(**kind).is_some());
    let kind = match fields.text("type")? {
        Some(kind) => kind,
        None => held().map_or(Value::Null, |kind| Value::from(*kind)),
    };
    let kind = kind.as_str().unwrap_or_default().to_owned();
    let content = fields.needed(&kind)?;
    fields.end()?;
    let messages = match kind.as_str() {
        "text" => vec![("send-text", text(&content)?, false)],
        "image" | "video" | "audio" | "document" | "sticker" => {
            vec![("send-media", media(&kind, &content)?, false)]
        }
        "location" => vec![("send-location", location(&content)?, false)],
        "contacts" => vec![(
            "send-contacts",
            Input::default().with("contacts", content),
            false,
        )],
        "reaction" => vec![("send-reaction", reaction(&content)?, false)],
        "interactive" => interactive::translate(&content)?,
        "template" => template::translate(&content)?,
        _ => return Err("type".to_owned()),
    };
    let candidates = messages.into_iter().map(|(action, input, raw)| Candidate {
        action,
        input: address.clone().and(input).into(),
        raw,
    });
    Ok(candidates.collect())
}

/// The whole body in Meta's own shape: the last way to say it. A read receipt is no message.
pub fn whole(body: &Value) -> Option<Candidate> {
    let mut message = body.as_object()?.clone();
    if message.contains_key("status") {
        return None;
    }
    message.remove("messaging_product");
    let (to, recipient) = (message.remove("to"), message.remove("recipient"));
    let to = match (to, recipient) {
        (Some(to), None) | (None, Some(to)) => to,
        _ => return None,
    };
    let to = to.as_u64().map_or(to, |number| json!(number.to_string()));
    let input = Input::default()
        .with("to", to)
        .with_some("recipient_type", message.remove("recipient_type"))
        .with("message", message);
    Some(Candidate {
        action: "send-raw",
        input: input.into(),
        raw: true,
    })
}

/// An action, its input without the address, and whether it is Meta's own shape.
pub type Message = (&'static str, Input, bool);

fn address(fields: &mut Fields) -> Result<Input, Cannot> {
    let reply_to = match fields.object("context")? {
        Some(mut context) => {
            let id = context.text("message_id")?;
            context.end()?;
            id
        }
        None => None,
    };
    let to = match fields.any("recipient") {
        Some(recipient) => recipient,
        None => fields.needed("to")?,
    };
    let to = to.as_u64().map_or(to, |number| json!(number.to_string()));
    Ok(Input::default()
        .with("to", to)
        .with_some("recipient_type", fields.text("recipient_type")?)
        .with_some("reply_to", reply_to)
        .with_some("callback_data", fields.text("biz_opaque_callback_data")?)
        .with_some(
            "identity_key_hash",
            fields.text("recipient_identity_key_hash")?,
        ))
}

fn read(mut fields: Fields) -> Result<Vec<Candidate>, Cannot> {
    let typing = match fields.object("typing_indicator")? {
        Some(mut indicator) => {
            indicator.exactly("type", "text")?;
            indicator.end()?;
            Some(true)
        }
        None => None,
    };
    let input = Input::default()
        .with_some("message_id", fields.text("message_id")?)
        .with_some("typing", typing);
    fields.end()?;
    Ok(vec![Candidate {
        action: "mark-as-read",
        input: input.into(),
        raw: false,
    }])
}

fn text(content: &Value) -> Result<Input, Cannot> {
    let mut fields = Fields::of("text", content)?;
    let input = Input::default()
        .with_some("body", fields.text("body")?)
        .with_some("preview_url", fields.any("preview_url"));
    fields.end()?;
    Ok(input)
}

fn media(kind: &str, content: &Value) -> Result<Input, Cannot> {
    let mut fields = Fields::of(kind, content)?;
    // A voice note is a kind of its own here. There is no input for `voice: false`, which is the default.
    let kind = match fields.any("voice") {
        None => kind,
        Some(Value::Bool(true)) => "voice",
        Some(_) => return Err(fields.path("voice")),
    };
    let input = Input::default()
        .with("kind", kind)
        .with_some("link", fields.text("link")?)
        .with_some("id", fields.text("id")?)
        .with_some("caption", fields.text("caption")?)
        .with_some("filename", fields.text("filename")?);
    fields.end()?;
    Ok(input)
}

fn location(content: &Value) -> Result<Input, Cannot> {
    let mut fields = Fields::of("location", content)?;
    // A number in a text becomes a number: the comparison sees that.
    let mut degrees = |name: &str| match fields.needed(name)? {
        Value::String(text) => {
            let number: f64 = text.parse().map_err(|_| fields.path(name))?;
            Ok::<_, Cannot>(number.into())
        }
        number => Ok(number),
    };
    let (latitude, longitude) = (degrees("latitude")?, degrees("longitude")?);
    let input = Input::default()
        .with("latitude", latitude)
        .with("longitude", longitude)
        .with_some("name", fields.text("name")?)
        .with_some("address", fields.text("address")?);
    fields.end()?;
    Ok(input)
}

fn reaction(content: &Value) -> Result<Input, Cannot> {
    let mut fields = Fields::of("reaction", content)?;
    // An empty emoji takes the reaction back; here that is an absent one.
    let emoji = fields.text("emoji")?.filter(|emoji| emoji != "");
    let input = Input::default()
        .with_some("message_id", fields.text("message_id")?)
        .with_some("emoji", emoji);
    fields.end()?;
    Ok(input)
}

/// `{link}` or `{id}`, with a `filename`: the same in headers of all kinds.
pub fn file(mut fields: Fields) -> Result<Input, Cannot> {
    let input = Input::default()
        .with_some("link", fields.text("link")?)
        .with_some("id", fields.text("id")?)
        .with_some("filename", fields.text("filename")?);
    fields.end()?;
    Ok(input)
}
