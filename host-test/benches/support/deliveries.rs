//! Deliveries of Meta's in several sizes, and files of them for programs in other languages.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

/// What the signatures are made with.
pub const APP_SECRET: &str = "a1b2c3d4e5f60718293a4b5c6d7e8f90";
/// The handshake's.
pub const VERIFY_TOKEN: &str = "verify";

/// A delivery.
pub struct Delivery {
    /// For tables and files.
    pub name: &'static str,
    /// How many events it has.
    pub events: usize,
    /// As Meta sends it.
    pub body: String,
    /// The header `X-Hub-Signature-256`.
    pub signature: String,
}

/// All that are measured: the smallest, what one delivery may grow to, and steps between, to see that the cost grows with the size alone.
pub fn all() -> Vec<Delivery> {
    vec![
        delivery("1 message", &messages(1, 300)),
        delivery("16 updates", &updates(16)),
        delivery("100 updates", &updates(100)),
        delivery("1,000 updates", &updates(1000)),
        delivery("10,000 updates", &updates(10_000)),
        delivery("1,000 messages", &messages(1000, 2800)),
    ]
}

/// Writes them where the other languages' scripts find them, and returns the folder.
pub fn write() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("bench");
    fs::create_dir_all(&folder).unwrap();
    let mut list = Vec::new();
    for delivery in all() {
        let file = format!("{}.json", delivery.name.replace([' ', ','], "-"));
        fs::write(folder.join(&file), &delivery.body).unwrap();
        list.push(json!({
            "name": delivery.name, "file": file, "events": delivery.events, "signature": delivery.signature,
        }));
    }
    let index = json!({"app_secret": APP_SECRET, "verify_token": VERIFY_TOKEN, "deliveries": list});
    fs::write(folder.join("deliveries.json"), index.to_string()).unwrap();
    folder
}

fn delivery(name: &'static str, value: &Value) -> Delivery {
    let events = ["messages", "statuses"].map(|list| value[list].as_array().map_or(0, Vec::len));
    let mut value = value.clone();
    value["messaging_product"] = json!("whatsapp");
    value["metadata"] =
        json!({"display_phone_number": "15550783881", "phone_number_id": "106540352242922"});
    let body = json!({
        "object": "whatsapp_business_account",
        "entry": [{"id": "102290129340398", "changes": [{"field": "messages", "value": value}]}],
    });
    let body = body.to_string();
    let mut mac = Hmac::<Sha256>::new_from_slice(APP_SECRET.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    let mut signature = "sha256=".to_owned();
    for byte in mac.finalize().into_bytes() {
        write!(signature, "{byte:02x}").unwrap();
    }
    Delivery {
        name,
        events: events.iter().sum(),
        body,
        signature,
    }
}

fn updates(count: usize) -> Value {
    let update = |index: usize| {
        json!({
            "id": format!("wamid.HBgLMTY1MDU1NTEyMzQVAgARGBI5QTND{index:08}"), "status": "delivered",
            "timestamp": (1_749_854_575 + index).to_string(), "recipient_id": "16505551234", "recipient_user_id": "US.13491208655302741918",
        })
    };
    json!({"statuses": (0..count).map(update).collect::<Vec<_>>()})
}

fn messages(count: usize, length: usize) -> Value {
    let words = "Good morning, is the blue one still there in my size? ";
    let text: String = words.chars().cycle().take(length).collect();
    let message = |index: usize| {
        json!({
            "from": "16505551234", "from_user_id": "US.13491208655302741918", "id": format!("wamid.HBgLMTY1MDU1NTEyMzQVAgASGBQz{index:08}"),
            "timestamp": (1_749_854_575 + index).to_string(), "type": "text", "text": {"body": text},
        })
    };
    let contact = json!({"profile": {"name": "Sheena Nelson"}, "wa_id": "16505551234", "user_id": "US.13491208655302741918"});
    json!({"contacts": [contact], "messages": (0..count).map(message).collect::<Vec<_>>()})
}
