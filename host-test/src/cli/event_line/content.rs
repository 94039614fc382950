//! What a message holds, in some words.

use serde_json::Value;

use super::super::text::{quoted, shortened};
use super::{TEXT_SHOWN, case, word};

/// The content of a message, as in the JSON of the contract.
pub fn of(content: &Value) -> String {
    let (case, held) = case(content);
    let field = |name: &str| word(&held[name]);
    let raw = || shortened(&word(held), TEXT_SHOWN);
    match case {
        "text" => quoted(held.as_str().unwrap_or_default(), TEXT_SHOWN),
        "audio" if held["voice"] == true => of_media("voice note", held),
        "image" | "video" | "audio" | "document" | "sticker" => of_media(case, held),
        "location" => match (held["latitude"].as_f64(), held["longitude"].as_f64()) {
            (Some(latitude), Some(longitude)) => {
                format!("location {latitude}, {longitude} {}", field("name"))
            }
            _ => "location".to_owned(),
        },
        "reaction" => match held["emoji"].is_null() {
            false => format!("reaction {} to {}", field("emoji"), field("message_id")),
            true => format!("took back the reaction to {}", field("message_id")),
        },
        "button" => format!("tapped {} (payload {})", field("text"), field("payload")),
        "button_reply" => format!("tapped {} (id {})", field("title"), field("id")),
        "list_reply" => format!("chose {} (id {})", field("title"), field("id")),
        "form_reply" => format!(
            "filled in {}: {}",
            field("name"),
            shortened(&field("response"), TEXT_SHOWN)
        ),
        "call_permission_reply" => format!("calls: {}", field("response")),
        "payment_method" => format!("pays with {}", field("payment_method")),
        "media_placeholder" => "a file that may come later".to_owned(),
        "order" => format!(
            "order of {} items {}",
            held["items"].as_array().map_or(0, Vec::len),
            field("text")
        ),
        "system" => format!("system {}: {}", field("kind"), field("body")),
        "edit" => format!("edited {}", field("original_message_id")),
        "revoke" => format!("deleted {}", field("original_message_id")),
        "request_welcome" => "opened the chat for the first time".to_owned(),
        "unsupported" => format!(
            "a kind of message that WhatsApp does not hand on: {}",
            word(held)
        ),
        "contacts" => format!("contacts {}", raw()),
        "unknown" => format!("unknown kind {}", raw()),
        // Of a later version of the contract.
        _ => format!("{} {}", word(&Value::from(case)), raw()),
    }
}

/// `image image/jpeg "caption", media id 123`
fn of_media(kind: &str, media: &Value) -> String {
    let mut said = kind.to_owned();
    for name in ["mime_type", "filename"] {
        if !media[name].is_null() {
            said.push_str(&format!(" {}", word(&media[name])));
        }
    }
    if let Some(caption) = media["caption"].as_str() {
        said.push_str(&format!(" {}", quoted(caption, TEXT_SHOWN)));
    }
    if !media["id"].is_null() {
        said.push_str(&format!(", media id {}", word(&media["id"])));
    }
    said
}
