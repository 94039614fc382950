//! What Meta sends.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;
use std::fmt::Write;

/// A delivery with so many messages.
pub fn messages(count: usize) -> String {
    texts((0..count).map(|index| format!("text {index}")))
}

/// A delivery with a message for each text.
pub fn texts(texts: impl IntoIterator<Item = String>) -> String {
    let messages: Vec<_> = texts
        .into_iter()
        .enumerate()
        .map(|(index, text)| {
            json!({
                "from": "15550100100",
                "id": id(index),
                "timestamp": "1700000000",
                "type": "text",
                "text": {"body": text},
            })
        })
        .collect();
    json!({
        "object": "whatsapp_business_account",
        "entry": [{"id": "1", "changes": [{"field": "messages", "value": {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "15550100200", "phone_number_id": "2"},
            "messages": messages,
        }}]}],
    })
    .to_string()
}

/// The id of a message.
pub fn id(index: usize) -> String {
    format!("wamid.{index}==")
}

/// The keys of so many messages.
pub fn message_keys(count: usize) -> Vec<String> {
    (0..count)
        .map(|index| format!("message:{}", id(index)))
        .collect()
}

/// The header `X-Hub-Signature-256`.
pub fn signature(secret: &str, body: &[u8]) -> String {
    let hmac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any length will do");
    let mut text = "sha256=".to_owned();
    for byte in hmac.chain_update(body).finalize().into_bytes() {
        write!(text, "{byte:02x}").expect("a text takes everything");
    }
    text
}
