//! A business phone number and its registration state.

use serde::Serialize;
use serde_json::{Value, json};

/// A business phone number. Field values are Meta's texts, kept as text so that odd ones can be tried.
#[derive(Clone, Debug, Serialize)]
pub struct PhoneNumber {
    /// Phone number id.
    pub id: String,
    /// The WABA it belongs to.
    pub waba_id: String,
    /// Such as `+1 555-010-0001`.
    pub display_phone_number: String,
    /// Digits of the country calling code, put in front of recipients without `+` if they do not start with it.
    pub calling_code: String,
    /// Display name.
    pub verified_name: String,
    /// GREEN, YELLOW, RED, UNKNOWN.
    pub quality_rating: String,
    /// VERIFIED, NOT_VERIFIED, EXPIRED.
    pub code_verification_status: String,
    /// CLOUD_API, ON_PREMISE, NOT_APPLICABLE.
    pub platform_type: String,
    /// CONNECTED can send; also PENDING, DISCONNECTED, FLAGGED, RESTRICTED, BANNED…
    pub status: String,
    /// LIVE or SANDBOX.
    pub account_mode: String,
    /// STANDARD, HIGH, NOT_APPLICABLE.
    pub throughput_level: String,
    /// APPROVED, AVAILABLE_WITHOUT_REVIEW, DECLINED, EXPIRED, PENDING_REVIEW, NONE.
    pub name_status: String,
    /// Two-step verification PIN; `None` while none is set.
    #[serde(skip)]
    pub pin: Option<String>,
    /// Code that `verify_code` accepts.
    #[serde(skip)]
    pub verification_code: String,
    /// A test number may only message the wa_ids listed here; `None` for real numbers.
    pub allowed_recipients: Option<Vec<String>>,
    /// Also used in the WhatsApp Business app (coexistence): 20 messages a second, cannot be deregistered.
    pub is_on_biz_app: bool,
    /// Where the message fields of this number go instead of the WABA's or the app's callback.
    pub override_callback_uri: Option<String>,
    /// Business profile, as `whatsapp_business_profile` answers it.
    pub profile: Value,

    #[serde(skip)]
    pub(crate) registration_attempts_ms: Vec<u64>,
    #[serde(skip)]
    pub(crate) wrong_pins_ms: Vec<u64>,
}

impl PhoneNumber {
    /// A registered number that can send.
    pub fn new(
        id: impl Into<String>,
        waba_id: impl Into<String>,
        display_phone_number: impl Into<String>,
    ) -> Self {
        Self {
            id: id.into(),
            waba_id: waba_id.into(),
            display_phone_number: display_phone_number.into(),
            calling_code: "1".into(),
            verified_name: "Simulated Business".into(),
            quality_rating: "GREEN".into(),
            code_verification_status: "VERIFIED".into(),
            platform_type: "CLOUD_API".into(),
            status: "CONNECTED".into(),
            account_mode: "LIVE".into(),
            throughput_level: "STANDARD".into(),
            name_status: "APPROVED".into(),
            pin: None,
            verification_code: "123456".into(),
            allowed_recipients: None,
            is_on_biz_app: false,
            override_callback_uri: None,
            profile: json!({
                "messaging_product": "whatsapp",
                "about": "A simulated business",
                "vertical": "UNDEFINED",
            }),
            registration_attempts_ms: Vec::new(),
            wrong_pins_ms: Vec::new(),
        }
    }

    /// The same number, verified but never registered.
    #[must_use]
    pub fn unregistered(mut self) -> Self {
        self.platform_type = "NOT_APPLICABLE".into();
        self.status = "PENDING".into();
        self.throughput_level = "NOT_APPLICABLE".into();
        self
    }

    /// The same number as one of Meta's test numbers.
    #[must_use]
    pub fn test_number<S: Into<String>>(mut self, allowed: impl IntoIterator<Item = S>) -> Self {
        self.account_mode = "SANDBOX".into();
        self.allowed_recipients = Some(allowed.into_iter().map(Into::into).collect());
        self
    }

    /// Whether the number can send and receive.
    pub fn is_registered(&self) -> bool {
        self.platform_type == "CLOUD_API" && self.status == "CONNECTED"
    }

    /// The number's digits, as in `metadata.display_phone_number` of webhooks.
    pub fn digits(&self) -> String {
        self.display_phone_number
            .chars()
            .filter(char::is_ascii_digit)
            .collect()
    }

    /// Messages per second: 80, 1,000 when upgraded, 20 with coexistence.
    pub(crate) fn messages_per_second(&self) -> usize {
        match (self.is_on_biz_app, self.throughput_level.as_str()) {
            (true, _) => 20,
            (_, "HIGH") => 1000,
            _ => 80,
        }
    }

    /// Every field that can be asked for with `fields`; null means known but without a value here.
    pub(crate) fn graph_fields(&self, app_callback: Option<&str>) -> Value {
        let can_send = if self.is_registered() {
            "AVAILABLE"
        } else {
            "BLOCKED"
        };
        json!({
            "id": self.id,
            "display_phone_number": self.display_phone_number,
            "verified_name": self.verified_name,
            "quality_rating": self.quality_rating,
            "quality_score": {"score": self.quality_rating},
            "code_verification_status": self.code_verification_status,
            "platform_type": self.platform_type,
            "host_platform": self.platform_type,
            "status": self.status,
            "account_mode": self.account_mode,
            "throughput": {"level": self.throughput_level},
            "name_status": self.name_status,
            "new_name_status": "NONE",
            "is_pin_enabled": self.pin.is_some(),
            "is_official_business_account": false,
            "is_on_biz_app": self.is_on_biz_app,
            "is_preverified_number": false,
            "country_dial_code": self.calling_code,
            "country_code": null,
            "certificate": null,
            "new_certificate": null,
            "new_display_name": null,
            "conversational_automation": null,
            "eligibility_for_api_business_global_search": "NON_ELIGIBLE_UNDEFINED_COUNTRY",
            "unified_cert_status": null,

            "username": null,
            "last_onboarded_time": self.is_registered().then_some("2026-11-01T08:00:00+0000"),
            "messaging_limit_tier": "TIER_2K",
            "whatsapp_business_manager_messaging_limit": "TIER_2K",
            "search_visibility": "NON_VISIBLE",
            "webhook_configuration": {
                "application": app_callback,
                "phone_number": self.override_callback_uri,
            },
            "health_status": {"can_send_message": can_send, "entities": [
                {"entity_type": "PHONE_NUMBER", "id": self.id, "can_send_message": can_send},
                {"entity_type": "WABA", "id": self.waba_id, "can_send_message": "AVAILABLE"},
            ]},
        })
    }
}
