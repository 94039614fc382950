//! The app, its business accounts, and its subscriptions.

use serde::Serialize;
use serde_json::{Value, json};

use super::World;

/// A Meta app.
#[derive(Clone, Debug, Serialize)]
pub struct App {
    /// App id.
    pub id: String,
    /// App name, as in `debug_token` and `subscribed_apps`.
    pub name: String,
    /// Signs webhooks; with the id it makes the app's own access token `ID|SECRET`.
    #[serde(skip)]
    pub secret: String,
    /// Where webhooks go unless a WABA or number overrides it.
    pub callback_url: Option<String>,
    /// `hub.verify_token` of the handshake with `callback_url`.
    #[serde(skip)]
    pub verify_token: Option<String>,
}

impl Default for App {
    fn default() -> Self {
        Self {
            id: "500000000000001".into(),
            name: "Simulated App".into(),
            secret: "simulated-app-secret".into(),
            callback_url: None,
            verify_token: None,
        }
    }
}

/// A WhatsApp Business Account.
#[derive(Clone, Debug, Serialize)]
pub struct Waba {
    /// WABA id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Unix seconds; `granular_scopes[].target_ids` are listed newest first.
    pub created_at: u64,
    /// Three-letter currency.
    pub currency: String,
    /// Meta's number of a time zone; `1` is America/Los_Angeles.
    pub timezone_id: String,
    /// The portfolio that owns it, one of [`super::World::businesses`].
    pub owner_business_id: Option<String>,
    /// Portfolios it is shared with: their `client_whatsapp_business_accounts`.
    pub shared_with: Vec<String>,
    /// `/messages` then refuses templates of category MARKETING with 131063.
    pub disable_marketing_messages_on_cloud_api: bool,
}

impl Waba {
    /// A WABA with usual values.
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            created_at: 1_700_000_000,
            currency: "USD".into(),
            timezone_id: "1".into(),
            owner_business_id: None,
            shared_with: Vec::new(),
            disable_marketing_messages_on_cloud_api: false,
        }
    }

    /// The same WABA, owned by this portfolio.
    #[must_use]
    pub fn owned_by(mut self, business_id: impl Into<String>) -> Self {
        self.owner_business_id = Some(business_id.into());
        self
    }

    /// The same WABA, shared with this portfolio (a partner's).
    #[must_use]
    pub fn shared_with(mut self, business_id: impl Into<String>) -> Self {
        self.shared_with.push(business_id.into());
        self
    }

    /// Every field that can be asked for with `fields`, edges apart.
    pub(crate) fn graph_fields(&self, world: &World) -> Value {
        let owner = self.owner_business_id.as_deref();
        let owner = owner.and_then(|id| world.businesses.iter().find(|business| business.id == id));
        json!({
            "id": self.id,
            "name": self.name,
            "currency": self.currency,
            "timezone_id": self.timezone_id,
            "country": "US",
            "message_template_namespace": "ba30dd89_2ebd_41e4_b805_f2c05ae04cc9",
            "account_review_status": "APPROVED",
            "business_verification_status": owner.map_or("not_verified", |owner| &owner.verification_status),
            "ownership_type": "SELF",
            "is_enabled_for_insights": false,
            "marketing_messages_lite_api_status": "INELIGIBLE",
            "marketing_messages_onboarding_status": "NOT_STARTED",
            "on_behalf_of_business_info": null,
            "owner_business": owner.map(|owner| json!({"id": owner.id, "name": owner.name})),
            "owner_business_info": owner.map(|owner| json!({"id": owner.id, "name": owner.name})),
            "primary_business_location": null,
            "primary_funding_id": null,
            "purchase_order_number": null,
            "creation_time": self.created_at,
            "disable_marketing_messages_on_cloud_api": self.disable_marketing_messages_on_cloud_api,
            "status": "ACTIVE",
            "health_status": super::health::status(world, None, &self.id),
        })
    }
}

/// One app subscribed to the webhooks of one WABA.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Subscription {
    /// The WABA.
    pub waba_id: String,
    /// The subscribed app.
    pub app_id: String,
    /// Where the message fields of this WABA go instead of the app's callback.
    pub override_callback_uri: Option<String>,
}
