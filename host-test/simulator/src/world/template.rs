//! Message templates.

use serde::Serialize;
use serde_json::{Value, json};

use super::World;
use super::health::{self, HealthProblem};
use crate::clock::graph_time;

/// A message template of a WABA in one language.
#[derive(Clone, Debug, Serialize)]
pub struct Template {
    /// Template id; filled in by [`super::World::add_template`] when empty.
    pub id: String,
    /// The WABA it belongs to.
    pub waba_id: String,
    /// Name, lower case with underscores.
    pub name: String,
    /// Language code such as `en_US`.
    pub language: String,
    /// APPROVED can be sent; also PENDING, REJECTED, PAUSED, DISABLED…
    pub status: String,
    /// MARKETING, UTILITY, AUTHENTICATION.
    pub category: String,
    /// POSITIONAL (`{{1}}`) or NAMED (`{{first_name}}`).
    pub parameter_format: String,
    /// The components as Graph returns them: `{"type":"BODY","text":"…"}` and so on.
    pub components: Vec<Value>,
    /// GREEN, YELLOW, RED, UNKNOWN.
    pub quality: String,
    /// Seconds for which delivery is tried; `None`: Meta's default.
    pub message_send_ttl_seconds: Option<i64>,
    /// Unix seconds of the last change through the API.
    pub updated_at: Option<u64>,

    /// Times of the edits, in unix milliseconds.
    #[serde(skip)]
    pub(crate) edits_ms: Vec<u64>,
}

/// A name that a deleted template still holds.
#[derive(Clone, Debug)]
pub(crate) struct DeletedTemplate {
    pub waba_id: String,
    pub name: String,
    pub language: String,
    /// Unix milliseconds.
    pub at_ms: u64,
}

impl Template {
    /// An approved utility template whose format follows from its placeholders.
    pub fn new(
        waba_id: impl Into<String>,
        name: impl Into<String>,
        language: impl Into<String>,
        components: Vec<Value>,
    ) -> Self {
        let named = components
            .iter()
            .filter_map(|component| component.get("text")?.as_str())
            .flat_map(placeholders)
            .any(|name| name.parse::<u32>().is_err());
        Self {
            id: String::new(),
            waba_id: waba_id.into(),
            name: name.into(),
            language: language.into(),
            status: "APPROVED".into(),
            category: "UTILITY".into(),
            parameter_format: if named { "NAMED" } else { "POSITIONAL" }.into(),
            components,
            quality: "UNKNOWN".into(),
            message_send_ttl_seconds: None,
            updated_at: None,
            edits_ms: Vec::new(),
        }
    }

    /// The same template under this id.
    #[must_use]
    pub fn with_id(mut self, id: &str) -> Self {
        self.id = id.into();
        self
    }

    /// The same template with this review status.
    #[must_use]
    pub fn with_status(mut self, status: &str) -> Self {
        self.status = status.into();
        self
    }

    /// The same template in this category.
    #[must_use]
    pub fn with_category(mut self, category: &str) -> Self {
        self.category = category.into();
        self
    }

    pub(crate) fn is_named(&self) -> bool {
        self.parameter_format.eq_ignore_ascii_case("NAMED")
    }

    /// The texts of header, body and footer, for searching.
    pub(crate) fn content(&self) -> String {
        let texts = self
            .components
            .iter()
            .filter_map(|component| component.get("text")?.as_str());
        texts.collect::<Vec<_>>().join("\n")
    }

    /// What stays of the template when it is deleted.
    pub(crate) fn deleted(&self, at_ms: u64) -> DeletedTemplate {
        DeletedTemplate {
            waba_id: self.waba_id.clone(),
            name: self.name.clone(),
            language: self.language.clone(),
            at_ms,
        }
    }

    /// A template that is not approved keeps its messages from going out.
    fn own_problem(&self) -> Option<HealthProblem> {
        (self.status != "APPROVED").then(|| {
            HealthProblem::blocked(
                &self.id,
                141_002,
                "Message templates can only be sent out if they are approved.",
                "Edit or appeal the message template review decision.",
            )
        })
    }

    /// Every field that can be asked for with `fields`.
    pub(crate) fn graph_fields(&self, world: &World) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "parameter_format": self.parameter_format,
            "components": self.components,
            "language": self.language,
            "status": self.status,
            "category": self.category,
            "sub_category": "CUSTOM",
            "previous_category": null,
            "correct_category": null,
            "rejected_reason": if self.status == "REJECTED" { "INVALID_FORMAT" } else { "NONE" },
            "quality_score": {"score": self.quality, "date": 1_790_000_000},
            "message_send_ttl_seconds": self.message_send_ttl_seconds,
            "cta_url_link_tracking_opted_out": false,
            "library_template_name": null,
            "degrees_of_freedom_spec": null,
            "specific_rejection_reason": null,
            "allow_category_change": null,
            "last_updated_time": self.updated_at.map(graph_time),
            "health_status": health::status(
                world,
                Some(("MESSAGE_TEMPLATE", &self.id, self.own_problem())),
                &self.waba_id,
            ),
        })
    }
}

/// The names inside `{{…}}` in order of first appearance, each once.
pub(crate) fn placeholders(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("{{") {
        let Some((name, tail)) = after.split_once("}}") else {
            break;
        };
        let name = name.trim().to_owned();
        if !name.is_empty() && !found.contains(&name) {
            found.push(name);
        }
        rest = tail;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_found_once_each() {
        assert_eq!(placeholders("Hi {{1}}, {{ 2 }} and {{1}}"), ["1", "2"]);
        assert_eq!(placeholders("{{first_name}} {{"), ["first_name"]);
        assert!(placeholders("none").is_empty());
    }

    #[test]
    fn the_parameter_format_follows_from_the_placeholders() {
        let named = vec![json!({"type": "BODY", "text": "Hi {{name}}"})];
        assert!(Template::new("1", "t", "en", named).is_named());
        let positional = vec![json!({"type": "BODY", "text": "Hi {{1}}"})];
        assert!(!Template::new("1", "t", "en", positional).is_named());
    }
}
