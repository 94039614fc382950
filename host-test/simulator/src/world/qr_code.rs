//! Codes and short links that open a chat with a text.

use serde::Serialize;
use serde_json::{Value, json};

/// A message QR code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QrCode {
    /// 14 characters of A–Z and 2–7.
    pub code: String,
    /// What the customer finds in the entry field.
    pub prefilled_message: String,
    /// Unix seconds.
    pub created_at: u64,
}

impl QrCode {
    /// Every field that can be asked for with `fields`; the image in one of Meta's formats.
    pub(crate) fn graph_fields(&self, format: &str) -> Value {
        json!({
            "code": self.code,
            "prefilled_message": self.prefilled_message,
            "deep_link_url": format!("https://wa.me/message/{}", self.code),
            "creation_time": self.created_at,
            "qr_image_url": format!("https://scontent.xx.fbcdn.net/m1/v/t6/{}.{}", self.code, format.to_lowercase()),
        })
    }
}
