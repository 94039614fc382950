//! Access tokens.

use serde::Serialize;

/// Permission to send messages and receive the `messages` webhooks.
pub const MESSAGING: &str = "whatsapp_business_messaging";
/// Permission for everything else: numbers, templates, subscriptions.
pub const MANAGEMENT: &str = "whatsapp_business_management";

/// Permission to see and manage business portfolios.
pub const BUSINESS: &str = "business_management";

/// An access token.
#[derive(Clone, Debug, Serialize)]
pub struct Token {
    /// The secret text itself; never written into the state that the control interface shows.
    #[serde(skip)]
    pub value: String,
    /// `USER`, `SYSTEM_USER` or `APP`.
    pub kind: String,
    /// The app it was issued for.
    pub app_id: String,
    /// The user it stands for.
    pub user_id: String,
    /// Granted permissions.
    pub scopes: Vec<String>,
    /// WABAs the permissions were granted for; `None` means all of them, and `target_ids` is then absent.
    pub waba_ids: Option<Vec<String>>,
    /// Unix seconds; `None` never expires and shows as 0.
    pub expires_at: Option<u64>,
    /// Unix seconds; `None` shows as 0.
    pub data_access_expires_at: Option<u64>,
    /// Unix seconds.
    pub issued_at: u64,
    /// Withdrawn by the user or by Meta.
    pub revoked: bool,
}

impl Token {
    /// A system user token that never expires, with both WhatsApp permissions for every WABA.
    pub fn new(value: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            kind: "SYSTEM_USER".into(),
            app_id: super::App::default().id,
            user_id: "122000000000001".into(),
            scopes: vec![MANAGEMENT.into(), MESSAGING.into()],
            waba_ids: None,
            expires_at: None,
            data_access_expires_at: None,
            issued_at: 1_790_000_000,
            revoked: false,
        }
    }

    /// Only for these WABAs.
    #[must_use]
    pub fn for_wabas<S: Into<String>>(mut self, wabas: impl IntoIterator<Item = S>) -> Self {
        self.waba_ids = Some(wabas.into_iter().map(Into::into).collect());
        self
    }

    /// Only with these permissions.
    #[must_use]
    pub fn with_scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// Expires at this unix second.
    #[must_use]
    pub fn expiring_at(mut self, unix_seconds: u64) -> Self {
        self.expires_at = Some(unix_seconds);
        self
    }

    /// Already withdrawn.
    #[must_use]
    pub fn revoked(mut self) -> Self {
        self.revoked = true;
        self
    }

    /// Whether the token carries this permission.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|granted| granted == scope)
    }

    /// Whether the token may see this WABA.
    pub fn covers_waba(&self, waba_id: &str) -> bool {
        self.waba_ids
            .as_ref()
            .is_none_or(|granted| granted.iter().any(|id| id == waba_id))
    }

    pub(crate) fn is_expired(&self, now_seconds: u64) -> bool {
        self.expires_at.is_some_and(|expiry| expiry <= now_seconds)
    }
}
