//! WhatsApp Flows.

use serde::Serialize;
use serde_json::{Value, json};

use super::World;
use super::health;
use crate::clock::graph_time;

/// A Flow of a WABA.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Flow {
    /// Flow id.
    pub id: String,
    /// The WABA it belongs to.
    pub waba_id: String,
    /// Name, one of its kind in the WABA.
    pub name: String,
    /// `SIGN_UP`, `APPOINTMENT_BOOKING`, `OTHER`…
    pub categories: Vec<String>,
    /// DRAFT, PUBLISHED, DEPRECATED, BLOCKED, THROTTLED.
    pub status: String,
    /// Where its data comes from.
    pub endpoint_uri: Option<String>,
    /// Its screens, as uploaded; may be wrong JSON.
    pub json: Option<String>,
}

impl Flow {
    /// A draft without screens.
    pub fn new(id: impl Into<String>, waba_id: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            waba_id: waba_id.into(),
            name: name.into(),
            categories: vec!["OTHER".into()],
            status: "DRAFT".into(),
            endpoint_uri: None,
            json: None,
        }
    }

    /// The same Flow with screens, published.
    #[must_use]
    pub fn published(mut self, json: impl Into<String>) -> Self {
        self.json = Some(json.into());
        self.status = "PUBLISHED".into();
        self
    }

    /// What is wrong with its screens. The simulator looks for JSON, a version and screens, not further.
    pub(crate) fn validation_errors(&self) -> Vec<Value> {
        let Some(text) = &self.json else {
            return Vec::new();
        };
        let error = |name: &str, message: String, line: usize, column: usize| {
            json!({
                "error": name, "error_type": "FLOW_JSON_ERROR", "message": message,
                "line_start": line, "line_end": line, "column_start": column, "column_end": column,
            })
        };
        let flow: Value = match serde_json::from_str(text) {
            Ok(flow) => flow,
            Err(wrong) => {
                return vec![error(
                    "INVALID_FLOW_JSON",
                    wrong.to_string(),
                    wrong.line(),
                    wrong.column(),
                )];
            }
        };
        ["version", "screens"]
            .iter()
            .filter(|name| flow.get(**name).is_none())
            .map(|name| {
                let message = format!("The property \"{name}\" is missing at \"$root\".");
                error("MISSING_REQUIRED_PROPERTY", message, 1, 1)
            })
            .collect()
    }

    /// Every field that can be asked for with `fields`.
    pub(crate) fn graph_fields(&self, world: &World, now_ms: u64) -> Value {
        let content: Value = self
            .json
            .as_deref()
            .and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or_default();
        let waba = world
            .waba(&self.waba_id)
            .map(|waba| json!({"id": waba.id, "name": waba.name}));
        json!({
            "id": self.id,
            "name": self.name,
            "categories": self.categories,
            "status": self.status,
            "validation_errors": self.validation_errors(),
            "json_version": content.get("version"),
            "data_api_version": content.get("data_api_version"),
            "endpoint_uri": self.endpoint_uri,
            "data_channel_uri": self.endpoint_uri,
            "preview": {
                "preview_url": format!("https://business.facebook.com/wa/manage/flows/{}/preview/", self.id),
                "expires_at": graph_time(now_ms / 1000 + 30 * 86_400),
            },
            "whatsapp_business_account": waba,
            "application": {"id": world.app.id, "name": world.app.name},
            "health_status": health::status(world, Some(("FLOW", &self.id, None)), &self.waba_id),
        })
    }
}
