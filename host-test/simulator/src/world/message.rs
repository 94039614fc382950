//! Messages in both directions.

use serde::Serialize;
use serde_json::Value;

/// One step in the life of a sent message.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StatusChange {
    /// `accepted`, `sent`, `delivered`, `read`, `failed`.
    pub status: String,
    /// Unix milliseconds.
    pub at_ms: u64,
    /// The Graph code of a failure.
    pub error_code: Option<u32>,
}

/// A message that the API accepted.
#[derive(Clone, Debug, Serialize)]
pub struct SentMessage {
    /// The `wamid`.
    pub id: String,
    /// The business number that sent it.
    pub phone_number_id: String,
    /// The recipient: wa_id, business-scoped user id, or group id.
    pub recipient: String,
    /// `text`, `template`, …
    pub kind: String,
    /// The request body as it came.
    pub request: Value,
    /// Unix milliseconds of acceptance.
    pub accepted_at_ms: u64,
    /// What happened to it so far, oldest first; starts with `accepted`.
    pub timeline: Vec<StatusChange>,
    /// Template category in lower case, or `service` for free-form messages.
    pub pricing_category: String,
    /// Whether the customer had written within 24 hours before.
    pub in_service_window: bool,
}

impl SentMessage {
    /// The last status.
    pub fn status(&self) -> &str {
        self.timeline.last().map_or("accepted", |step| &step.status)
    }

    /// The Graph code it failed with.
    pub fn error_code(&self) -> Option<u32> {
        self.timeline.iter().find_map(|step| step.error_code)
    }

    pub(crate) fn has_been(&self, status: &str) -> bool {
        self.timeline.iter().any(|step| step.status == status)
    }
}

/// A message that a customer wrote.
#[derive(Clone, Debug, Serialize)]
pub struct InboundMessage {
    /// The `wamid`.
    pub id: String,
    /// The business number it was written to.
    pub phone_number_id: String,
    /// wa_id or business-scoped user id of the writer.
    pub customer: String,
    /// Unix milliseconds.
    pub at_ms: u64,
    /// The `messages[]` item of the webhook.
    pub message: Value,
    /// Whether the business marked it as read.
    pub read: bool,
    /// Whether the business showed "typing…" after it.
    pub typing_shown: bool,
}
