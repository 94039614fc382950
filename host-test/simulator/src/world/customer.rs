//! A WhatsApp user.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

/// Hours of the customer service window.
const WINDOW_MS: u64 = 24 * 60 * 60 * 1000;

/// A WhatsApp user as the business sees one.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Customer {
    /// Phone number in digits; `None` for a user who shows only a username.
    pub wa_id: Option<String>,
    /// Business-scoped user id such as `US.13491208655302741918`; webhooks carry it since March 2026.
    pub user_id: Option<String>,
    /// Name in the profile.
    pub profile_name: String,
    /// Chosen username.
    pub username: Option<String>,
    /// When the user last wrote, per business phone number id, in unix milliseconds. Opens the 24-hour window.
    pub last_inbound_ms: HashMap<String, u64>,
    /// Messages to this user are accepted and then fail with this code: 131026 is "not on WhatsApp".
    pub fails_with: Option<u32>,
    /// Milliseconds after delivery at which the user reads; `None` uses [`super::Settings::read_delay_ms`].
    pub read_delay_ms: Option<u64>,
    /// What `recipient_identity_key_hash` is compared with; `None` accepts any.
    pub identity_key_hash: Option<String>,
    /// Whether the business may call.
    pub call_permission: bool,
    /// Blocked by the business: sends are refused with 130403.
    pub blocked: bool,
}

impl Customer {
    /// A user known by phone number.
    pub fn new(wa_id: impl Into<String>, profile_name: impl Into<String>) -> Self {
        Self {
            wa_id: Some(wa_id.into()),
            profile_name: profile_name.into(),
            ..Self::default()
        }
    }

    /// A user who shows only a username: webhooks carry no phone number.
    pub fn username_only(
        user_id: impl Into<String>,
        username: impl Into<String>,
        profile_name: impl Into<String>,
    ) -> Self {
        Self {
            user_id: Some(user_id.into()),
            username: Some(username.into()),
            profile_name: profile_name.into(),
            ..Self::default()
        }
    }

    /// The same user with a business-scoped user id.
    #[must_use]
    pub fn with_user_id(mut self, user_id: impl Into<String>) -> Self {
        self.user_id = Some(user_id.into());
        self
    }

    /// The same number, not on WhatsApp: messages are accepted and fail with 131026.
    #[must_use]
    pub fn not_on_whatsapp(mut self) -> Self {
        self.fails_with = Some(131_026);
        self
    }

    /// Whether this wa_id (with or without `+`) or business-scoped user id is this user's.
    pub fn is(&self, id: &str) -> bool {
        let id = id.strip_prefix('+').unwrap_or(id);
        self.wa_id.as_deref() == Some(id) || self.user_id.as_deref() == Some(id)
    }

    /// Whether the user wrote to this business number within the last 24 hours.
    pub fn window_is_open(&self, phone_number_id: &str, now_ms: u64) -> bool {
        self.last_inbound_ms
            .get(phone_number_id)
            .is_some_and(|last| now_ms.saturating_sub(*last) < WINDOW_MS)
    }

    /// wa_id, else business-scoped user id: the key under which the simulator files things.
    pub fn key(&self) -> &str {
        self.wa_id
            .as_deref()
            .or(self.user_id.as_deref())
            .unwrap_or_default()
    }

    pub(crate) fn is_same_person(&self, other: &Self) -> bool {
        (self.wa_id.is_some() && self.wa_id == other.wa_id)
            || (self.user_id.is_some() && self.user_id == other.user_id)
    }
}
