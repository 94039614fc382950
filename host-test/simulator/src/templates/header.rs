//! Headers: text, a file, or a place.

use serde_json::{Value, json};

use super::text::{check_examples, variables};
use super::{Draft, Refusal, at_most, normalized, text_of};
use crate::graph_error::GraphError;
use crate::request::scalar_text;

/// Code points of a text header (template components page).
const TEXT_CHARACTERS: usize = 60;

/// The formats in the order in which the refusal lists them, with the start of the MIME type of the example.
static FORMATS: &[(&str, Option<&str>)] = &[
    ("DOCUMENT", Some("application/pdf")),
    ("GIF", Some("video/")),
    ("IMAGE", Some("image/")),
    ("LOCATION", None),
    ("PRODUCT", None),
    ("TEXT", None),
    ("VIDEO", Some("video/")),
];

/// `{"type":"HEADER","format",…}`.
pub(super) fn check(component: &Value, path: &str, draft: &Draft) -> Result<Value, GraphError> {
    let given = component
        .get("format")
        .and_then(scalar_text)
        .unwrap_or_default();
    let Some((format, mime)) = FORMATS
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(&given))
    else {
        let names: Vec<_> = FORMATS.iter().map(|(name, _)| *name).collect();
        return Err(GraphError::one_of(
            &format!("{path}['format']"),
            &names,
            &given,
        ));
    };
    let mut kept = normalized(component);
    if let Some(mime) = mime {
        let handle = handle(component, format, mime, draft)?;
        kept["example"] = json!({ "header_handle": [address(handle)] });
    }
    if *format == "TEXT" {
        check_text(component, draft)?;
    }
    Ok(kept)
}

fn check_text(component: &Value, draft: &Draft) -> Result<(), GraphError> {
    let text = text_of(component, "HEADER", "text")?;
    at_most("The header", &text, TEXT_CHARACTERS)?;
    if text.contains(['\n', '*', '~']) {
        return Err(
            Refusal::Header.because("The header can't have new lines or formatting characters.")
        );
    }
    let variables = variables(&text, draft, Refusal::Header)?;
    if variables.len() > 1 {
        return Err(Refusal::Header.because("The header can have only one variable."));
    }
    check_examples(
        component,
        "HEADER",
        &variables,
        draft,
        ("header_text_named_params", "header_text"),
    )
}

/// The handle of an uploaded file of a fitting type; an address is not one.
fn handle<'a>(
    component: &'a Value,
    format: &str,
    mime: &str,
    draft: &Draft,
) -> Result<&'a str, GraphError> {
    let given = component
        .get("example")
        .and_then(|example| example.get("header_handle")?.get(0)?.as_str());
    let uploaded = |handle: &&str| {
        let known = draft.handles.iter().find(|(known, _)| known == handle);
        known.is_some_and(|(_, uploaded)| uploaded.starts_with(mime))
    };
    given.filter(uploaded).ok_or_else(|| {
        Refusal::Sample.because(format!(
            "Templates with {format} header type need an example/sample, but it was not provided. Upload a file with the Resumable Upload API and give its handle."
        ))
    })
}

/// Meta answers with an address where a handle was given.
fn address(handle: &str) -> String {
    let id: String = handle
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(24)
        .collect();
    format!("https://scontent.whatsapp.net/v/t61/{id}")
}
