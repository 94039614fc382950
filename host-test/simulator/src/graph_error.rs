//! A refusal in the Graph API's envelope.

use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::error_table;

/// Text that Meta puts at the end of "Unsupported get request".
const READ_THE_DOCS: &str =
    "Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api";

/// What Meta wants the person to read: `error_user_title` and `error_user_msg`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserText {
    /// `error_user_title`.
    pub title: String,
    /// `error_user_msg`.
    pub message: String,
}

/// What the simulator answers instead of a result.
#[derive(Clone, Debug, PartialEq)]
pub struct GraphError {
    /// Graph's `code`.
    pub code: u32,
    /// Graph's `error_subcode`; absent in most WhatsApp errors since v16.0.
    pub subcode: Option<u32>,
    /// `OAuthException`, `GraphMethodException`.
    pub kind: &'static str,
    /// The whole `message`, with its `(#code) ` prefix where Meta has one.
    pub message: String,
    /// `error_data.details`; errors of the Graph core have no `error_data`.
    pub details: Option<String>,
    /// HTTP status.
    pub status: StatusCode,
    /// `is_transient`, written only when set.
    pub is_transient: Option<bool>,
    /// Where the message says nothing ("Invalid parameter"), this does.
    pub user: Option<Box<UserText>>,
}

impl GraphError {
    /// The error of a table row with Meta's default details.
    pub fn new(code: u32) -> Self {
        let row = error_table::find(code);
        let title = row.map_or("Unknown error", |row| row.title);
        Self {
            code,
            subcode: None,
            kind: "OAuthException",
            message: format!("(#{code}) {title}"),
            details: row.map(|row| row.details.to_owned()),
            status: row
                .and_then(|row| StatusCode::from_u16(row.http_status).ok())
                .unwrap_or(StatusCode::BAD_REQUEST),
            is_transient: None,
            user: None,
        }
    }

    /// The error of a table row with details of its own.
    pub fn with_details(code: u32, details: impl Into<String>) -> Self {
        let mut error = Self::new(code);
        error.details = Some(details.into());
        error
    }

    /// An error of the Graph core: a message of its own and no `error_data`.
    pub fn core(code: u32, message: impl Into<String>) -> Self {
        let mut error = Self::new(code);
        error.message = message.into();
        error.details = None;
        error
    }

    /// Code 100 of the parameter parser, which has no `error_data`: `(#100) …`.
    pub fn param(message: impl std::fmt::Display) -> Self {
        Self::core(100, format!("(#100) {message}"))
    }

    /// `(#100) The parameter x is required.`
    pub fn required(parameter: &str) -> Self {
        Self::param(format_args!("The parameter {parameter} is required."))
    }

    /// A parameter that has to be one of the names of a list; Meta writes them in capitals.
    pub fn one_of(parameter: &str, known: &[&str], given: &str) -> Self {
        let known = known.join(", ").to_ascii_uppercase();
        Self::param(format_args!(
            "Param {parameter} must be one of {{{known}}} - got \"{given}\"."
        ))
    }

    /// An unknown object, one the token may not see, or a method it does not have: code 100, subcode 33.
    pub fn unknown_object(method: &http::Method, id: &str) -> Self {
        let method = method.as_str().to_ascii_lowercase();
        let mut error = Self::core(
            100,
            format!(
                "Unsupported {method} request. Object with ID '{id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation. {READ_THE_DOCS}"
            ),
        );
        error.subcode = Some(33);
        error.kind = "GraphMethodException";
        error
    }

    /// A field or edge that the object does not have.
    pub fn nonexisting_field(name: &str, node_type: &str) -> Self {
        Self::param(format_args!(
            "Tried accessing nonexisting field ({name}) on node type ({node_type})"
        ))
    }

    /// Adds a subcode.
    #[must_use]
    pub fn subcode(mut self, subcode: u32) -> Self {
        self.subcode = Some(subcode);
        self
    }

    /// Adds the texts for the person; such errors are said not to be transient.
    #[must_use]
    pub fn user(mut self, title: impl Into<String>, message: impl Into<String>) -> Self {
        self.is_transient = Some(false);
        self.user = Some(Box::new(UserText {
            title: title.into(),
            message: message.into(),
        }));
        self
    }

    /// "Invalid parameter" with a subcode and the texts that say what is wrong: how Meta refuses templates and flows.
    pub fn for_user(subcode: u32, title: impl Into<String>, message: impl Into<String>) -> Self {
        Self::core(100, "Invalid parameter")
            .subcode(subcode)
            .user(title, message)
    }

    /// The envelope `{"error":{…}}`.
    pub fn to_json(&self, trace_id: &str) -> Value {
        let mut error = Map::new();
        error.insert("message".into(), json!(self.message));
        error.insert("type".into(), json!(self.kind));
        error.insert("code".into(), json!(self.code));
        if let Some(subcode) = self.subcode {
            error.insert("error_subcode".into(), json!(subcode));
        }
        if let Some(transient) = self.is_transient {
            error.insert("is_transient".into(), json!(transient));
        }
        if let Some(user) = &self.user {
            error.insert("error_user_title".into(), json!(user.title));
            error.insert("error_user_msg".into(), json!(user.message));
        }
        if let Some(details) = &self.details {
            error.insert(
                "error_data".into(),
                json!({"messaging_product": "whatsapp", "details": details}),
            );
        }
        error.insert("fbtrace_id".into(), json!(trace_id));
        json!({ "error": error })
    }
}

/// The error object that webhooks carry in `statuses[].errors[]` (no `(#code)` prefix, with a link to Meta's page).
pub(crate) fn webhook_error(code: u32, details: Option<&str>) -> Value {
    let row = error_table::find(code);
    let title = row.map_or("Unknown error", |row| row.title);
    let details = details
        .or_else(|| row.map(|row| row.details))
        .unwrap_or(title);
    json!({
        "code": code,
        "title": title,
        "message": title,
        "error_data": {"details": details},
        "href": "https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes/"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whatsapp_error_has_metas_envelope() {
        let error = GraphError::new(131_030);
        assert_eq!(
            error.to_json("Atrace"),
            json!({"error": {
                "message": "(#131030) Recipient phone number not in allowed list",
                "type": "OAuthException",
                "code": 131_030,
                "error_data": {
                    "messaging_product": "whatsapp",
                    "details": "Recipient phone number not in allowed list: Add recipient phone number to recipient list and try again."
                },
                "fbtrace_id": "Atrace"
            }})
        );
    }

    #[test]
    fn the_texts_for_the_person_come_with_subcode_and_is_transient() {
        let json = GraphError::for_user(2_388_024, "Title", "What to do").to_json("A");
        assert_eq!(
            json,
            json!({"error": {
                "message": "Invalid parameter", "type": "OAuthException", "code": 100, "error_subcode": 2_388_024,
                "is_transient": false, "error_user_title": "Title", "error_user_msg": "What to do", "fbtrace_id": "A",
            }})
        );
    }

    #[test]
    fn an_unknown_object_has_subcode_33_and_no_error_data() {
        let json = GraphError::unknown_object(&http::Method::GET, "454545").to_json("A");
        assert_eq!(json["error"]["error_subcode"], 33);
        assert_eq!(json["error"]["type"], "GraphMethodException");
        assert!(json["error"].get("error_data").is_none());
    }
}
