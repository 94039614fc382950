//! Reading control input, with errors that say what to do.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::Order;

/// A refused control request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ControlError {
    field: String,
    expected: String,
    advice: String,
}

impl ControlError {
    pub(crate) fn new(
        field: impl Into<String>,
        expected: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self {
            field: field.into(),
            expected: expected.into(),
            advice: advice.into(),
        }
    }

    pub(crate) fn to_json(&self) -> Value {
        json!({"error": {"field": self.field, "expected": self.expected, "do": self.advice}})
    }
}

impl Order<'_> {
    /// The body's members; refuses members that the order does not know, so that a typing error is not silent.
    pub(super) fn body(&self, known: &[&str]) -> Result<&Map<String, Value>, ControlError> {
        let params = &self.request.params;
        match params.keys().find(|name| !known.contains(&name.as_str())) {
            None => Ok(params),
            Some(unknown) => Err(unknown_member(unknown, known)),
        }
    }

    /// Refuses every member: for orders that need no body.
    pub(super) fn no_body(&self) -> Result<(), ControlError> {
        self.body(&[]).map(drop)
    }

    /// A path segment that a route's `*` stands for.
    pub(super) fn segment(&self, at: usize) -> &str {
        self.path.get(at).copied().unwrap_or_default()
    }
}

/// A member that the order does not know; `known` are those it does.
pub(super) fn unknown_member(name: &str, known: &[&str]) -> ControlError {
    let expected = match known {
        [] => "no body".to_owned(),
        known => format!("one of {}", known.join(", ")),
    };
    ControlError::new(name, expected, "correct the name or leave it out")
}

/// A member that has to be there.
pub(super) fn required<T: DeserializeOwned>(
    body: &Map<String, Value>,
    field: &str,
    expected: &str,
    example: &str,
) -> Result<T, ControlError> {
    optional(body, field, expected, example)?
        .ok_or_else(|| ControlError::new(field, expected, format!("send {example}")))
}

/// A member that may be absent or null.
pub(super) fn optional<T: DeserializeOwned>(
    body: &Map<String, Value>,
    field: &str,
    expected: &str,
    example: &str,
) -> Result<Option<T>, ControlError> {
    match body.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => serde_json::from_value(value.clone())
            .map(Some)
            .map_err(|_| {
                ControlError::new(
                    field,
                    format!("{expected}, but found {value}"),
                    format!("send {example}"),
                )
            }),
    }
}

/// Members of `change` put over those of `old`, read as the same type.
pub(super) fn merged<T: serde::Serialize + DeserializeOwned>(
    old: &T,
    change: &Map<String, Value>,
) -> Result<T, ControlError> {
    let mut members = match serde_json::to_value(old) {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    };
    if let Some(unknown) = change.keys().find(|name| !members.contains_key(*name)) {
        let known: Vec<&str> = members.keys().map(String::as_str).collect();
        return Err(unknown_member(unknown, &known));
    }
    members.extend(change.clone());
    serde_json::from_value(Value::Object(members))
        .map_err(|error| ControlError::new("body", error.to_string(), "correct the value"))
}
