//! A business phone number and its registration state.

use serde::Serialize;
use serde_json::{Value, json};

use super::QrCode;
use super::World;
use super::health::{self, HealthProblem};
use crate::clock::graph_time;
use crate::endpoints::settings;

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
    /// A display name that waits for its review.
    pub new_display_name: Option<String>,
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
    /// TIER_250, TIER_2K, TIER_10K, TIER_100K, TIER_UNLIMITED: customers per 24 hours.
    pub messaging_limit: String,
    /// Whether the number has the blue tick.
    pub is_official_business_account: bool,
    /// Unix seconds at which the number was added to the WABA.
    pub created_at: u64,
    /// Unix seconds of the last registration.
    pub last_onboarded_at: Option<u64>,
    /// Region that messages are stored in, from the registration.
    pub data_localization_region: Option<String>,
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
    /// What `settings` answers: calling, encryption, storage, identity checks.
    pub settings: Value,
    /// Welcome messages, ice breakers and commands.
    pub automation: Value,
    /// QR codes and short links.
    pub qr_codes: Vec<QrCode>,
    /// Whether customers can collect products of the catalog in a cart.
    pub is_cart_enabled: bool,
    /// Whether the catalog is shown in the profile.
    pub is_catalog_visible: bool,
    /// The key that Flows are encrypted with, as PEM.
    pub business_public_key: Option<String>,

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
            new_display_name: None,
            quality_rating: "GREEN".into(),
            code_verification_status: "VERIFIED".into(),
            platform_type: "CLOUD_API".into(),
            status: "CONNECTED".into(),
            account_mode: "LIVE".into(),
            throughput_level: "STANDARD".into(),
            name_status: "APPROVED".into(),
            messaging_limit: "TIER_2K".into(),
            is_official_business_account: false,
            created_at: 1_790_000_000,
            last_onboarded_at: Some(1_793_520_000),
            data_localization_region: None,
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
            settings: settings::default(),
            automation: json!({"enable_welcome_message": false, "prompts": [], "commands": []}),
            qr_codes: Vec::new(),
            is_cart_enabled: true,
            is_catalog_visible: false,
            business_public_key: None,
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
        self.last_onboarded_at = None;
        self
    }

    /// A number as `POST /{waba-id}/phone_numbers` adds it: neither verified nor registered, its name not reviewed yet.
    pub(crate) fn added(
        mut self,
        calling_code: &str,
        verified_name: &str,
        unix_seconds: u64,
    ) -> Self {
        self.calling_code = calling_code.into();
        self.verified_name = verified_name.into();
        self.code_verification_status = "NOT_VERIFIED".into();
        self.name_status = "PENDING_REVIEW".into();
        self.messaging_limit = "TIER_250".into();
        self.unregistered().created_at(unix_seconds)
    }

    /// The same number, added to its WABA at this unix second.
    #[must_use]
    pub fn created_at(mut self, unix_seconds: u64) -> Self {
        self.created_at = unix_seconds;
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

    /// Why the number cannot send. The code is what users report; Meta's page has no list.
    fn own_problem(&self) -> Option<HealthProblem> {
        (!self.is_registered()).then(|| {
            HealthProblem::blocked(
                &self.id,
                141_000,
                "The phone number is not registered.",
                "Register the phone number.",
            )
        })
    }

    /// Every field that can be asked for with `fields`; null means known but without a value here.
    pub(crate) fn graph_fields(&self, world: &World) -> Value {
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
            "new_name_status": self.new_display_name.as_ref().map_or("NONE", |_| "PENDING_REVIEW"),
            "is_pin_enabled": self.pin.is_some(),
            "is_official_business_account": self.is_official_business_account,
            "is_on_biz_app": self.is_on_biz_app,
            "is_preverified_number": false,
            "country_dial_code": self.calling_code,
            "country_code": null,
            "certificate": null,
            "new_certificate": null,
            "new_display_name": self.new_display_name,
            "conversational_automation": self.automation,
            "eligibility_for_api_business_global_search": "NON_ELIGIBLE_UNDEFINED_COUNTRY",
            "unified_cert_status": null,
            "username": null,
            "creation_time": self.created_at,
            "last_onboarded_time": self.last_onboarded_at.map(graph_time),
            "messaging_limit_tier": self.messaging_limit,
            "whatsapp_business_manager_messaging_limit": self.messaging_limit,
            "search_visibility": "NON_VISIBLE",
            "webhook_configuration": {
                "application": world.app.callback_url,
                "whatsapp_business_account": world.waba_override(&self.waba_id),
                "phone_number": self.override_callback_uri,
            },
            "whatsapp_business_profile": {"data": [self.profile]},
            "health_status": health::status(
                world,
                Some(("PHONE_NUMBER", &self.id, self.own_problem())),
                &self.waba_id,
            ),
        })
    }
}
