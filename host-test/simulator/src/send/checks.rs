//! Small checks of parameters, with Meta's wording.

use serde_json::{Map, Value};

use crate::graph_error::GraphError;
use crate::request::scalar_text;

/// Refuses a text of more characters (code points: Meta does not define the unit, so this is the lenient reading).
pub(super) fn at_most(name: &str, text: &str, characters: usize) -> Result<(), GraphError> {
    if text.chars().count() > characters {
        return Err(GraphError::param(format_args!(
            "Param {name} must be at most {characters} characters long."
        )));
    }
    Ok(())
}

/// The non-empty text (or number) at `name` of an object that the client knows as `path`.
pub(super) fn required_text(object: &Value, path: &str, name: &str) -> Result<String, GraphError> {
    object
        .get(name)
        .and_then(scalar_text)
        .filter(|text| !text.is_empty())
        .ok_or_else(|| GraphError::required(&format!("{path}['{name}']")))
}

/// The object that a message type needs: code 131008 when it is absent, 100 when it is not an object.
pub(super) fn object_of<'a>(
    params: &'a Map<String, Value>,
    kind: &str,
) -> Result<&'a Value, GraphError> {
    match params.get(kind) {
        None | Some(Value::Null) => Err(GraphError::with_details(
            131_008,
            format!("Parameter '{kind}' is mandatory for type '{kind}'"),
        )),
        Some(object @ Value::Object(_)) => Ok(object),
        Some(_) => Err(GraphError::param(format_args!(
            "Param {kind} must be a JSON object."
        ))),
    }
}

/// Code 131009 with details.
pub(super) fn invalid(details: impl Into<String>) -> GraphError {
    GraphError::with_details(131_009, details)
}

/// Code 131008 with details.
pub(super) fn missing(details: impl Into<String>) -> GraphError {
    GraphError::with_details(131_008, details)
}
