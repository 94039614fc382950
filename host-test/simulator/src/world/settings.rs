//! How the simulator behaves beyond what is fixed by Meta's documents.

use serde::{Deserialize, Serialize};

/// What happens to messages to numbers that are not in [`super::World::customers`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnknownRecipients {
    /// They are WhatsApp users who never wrote: templates arrive, free-form messages fail with 131047.
    OnWhatsApp,
    /// They are not on WhatsApp: every message fails with 131026.
    NotOnWhatsApp,
}

/// Delays in milliseconds by the simulator's clock, and limits.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Settings {
    /// From acceptance to status `sent` or `failed`.
    pub sent_delay_ms: u64,
    /// From acceptance to status `delivered`.
    pub delivered_delay_ms: u64,
    /// From acceptance to status `read`; `None`: customers read only when told to.
    pub read_delay_ms: Option<u64>,
    /// Messages to one customer in a burst before 131056 (Meta: 45, refilled one per 6 s). `None` switches it off.
    pub pair_burst: Option<u32>,
    /// Milliseconds for one more message to the same customer.
    pub pair_refill_ms: u64,
    /// Whether the throughput limit per number answers 130429.
    pub throughput_limit: bool,
    /// Management calls per hour and WABA before 80007; Meta: 5,000 with a registered number, else 200. `None` follows that.
    pub management_calls_per_hour: Option<usize>,
    /// See [`UnknownRecipients`].
    pub unknown_recipients: UnknownRecipients,
    /// Milliseconds a media url can be fetched (Meta: 5 minutes).
    pub media_url_lifetime_ms: u64,
    /// Real seconds a callback has for its answer before the delivery counts as failed; read once, at the start.
    pub callback_timeout_seconds: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            sent_delay_ms: 0,
            delivered_delay_ms: 1000,
            read_delay_ms: None,
            pair_burst: Some(45),
            pair_refill_ms: 6000,
            throughput_limit: true,
            management_calls_per_hour: None,
            unknown_recipients: UnknownRecipients::OnWhatsApp,
            media_url_lifetime_ms: 5 * 60 * 1000,
            callback_timeout_seconds: 10,
        }
    }
}
