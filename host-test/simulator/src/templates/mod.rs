//! Whether Meta would take a template for review: its name, language, category and components.
//!
//! What goes in and what is kept differ, as with Meta: types come back in capitals, a file handle as an address, and the
//! parts of an authentication template as text and URL button.

mod authentication;
mod buttons;
mod carousel;
mod header;
mod languages;
mod offer;
mod refusal;
mod text;

use serde_json::{Map, Value};

use crate::graph_error::GraphError;
use crate::request::scalar_text;

pub(crate) use languages::LANGUAGES;
pub(crate) use refusal::Refusal;

/// The categories of templates.
pub(crate) static CATEGORIES: &[&str] = &["AUTHENTICATION", "MARKETING", "UTILITY"];

/// Code points of a name (template management page).
const NAME_CHARACTERS: usize = 512;

/// What the components are checked against.
#[derive(Debug)]
pub(crate) struct Draft<'a> {
    /// In capitals.
    pub category: &'a str,
    /// Whether variables have names.
    pub named: bool,
    /// Handles of finished uploads with the MIME type of each file.
    pub handles: &'a [(String, String)],
}

type Check = fn(&Value, &str, &Draft) -> Result<Value, GraphError>;

/// The component types in the order in which the refusal lists them.
static COMPONENTS: &[(&str, Check)] = &[
    ("BODY", text::body),
    ("BUTTONS", buttons::check),
    ("CALL_PERMISSION_REQUEST", |component, _, _| {
        Ok(normalized(component))
    }),
    ("CAROUSEL", carousel::check),
    ("FOOTER", text::footer),
    ("HEADER", header::check),
    ("LIMITED_TIME_OFFER", offer::check),
];

/// Lower-case letters, digits and underscores.
pub(crate) fn check_name(name: &str) -> Result<(), GraphError> {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    if name.is_empty() || !name.bytes().all(fits) {
        return Err(GraphError::with_details(
            100,
            "Message template name must be made of lower-case letters, digits and underscores.",
        ));
    }
    if name.len() > NAME_CHARACTERS {
        return Err(Refusal::TooLong.because(format!(
            "The template name can have at most {NAME_CHARACTERS} characters."
        )));
    }
    Ok(())
}

/// Seconds for which delivery may be tried, by category (time-to-live page); -1 means 30 days where it is allowed.
pub(crate) fn check_ttl(category: &str, seconds: i64) -> Result<(), GraphError> {
    let (range, month) = match category {
        "AUTHENTICATION" => (30..=900, true),
        "UTILITY" => (30..=43_200, true),
        _ => (43_200..=2_592_000, false),
    };
    if range.contains(&seconds) || (month && seconds == -1) {
        return Ok(());
    }
    Err(GraphError::param(format_args!(
        "Param message_send_ttl_seconds must be between {} and {} for category {category}.",
        range.start(),
        range.end()
    )))
}

/// The components as they are kept, or why they are refused.
pub(crate) fn check(components: &[Value], draft: &Draft) -> Result<Vec<Value>, GraphError> {
    let mut kept: Vec<Value> = Vec::new();
    for (at, component) in components.iter().enumerate() {
        let path = format!("components[{at}]");
        let (kind, check) = component_type(component, &path, COMPONENTS)?;
        if kept
            .iter()
            .any(|other| other.get("type").and_then(Value::as_str) == Some(kind))
        {
            return Err(Refusal::Combination.because(format!(
                "A template can have only one component of type {kind}."
            )));
        }
        kept.push(match draft.category {
            "AUTHENTICATION" => authentication::check(kind, component, &path)?,
            _ => check(component, &path, draft)?,
        });
    }
    let has = |kind: &str| {
        kept.iter()
            .any(|component| component.get("type").and_then(Value::as_str) == Some(kind))
    };
    if !has("BODY") {
        return Err(Refusal::Missing.because("component of type BODY is missing"));
    }
    if draft.category == "AUTHENTICATION" && !has("BUTTONS") {
        return Err(Refusal::Missing.because(
            "component of type BUTTONS is missing: an authentication template needs an OTP button",
        ));
    }
    if draft.category == "AUTHENTICATION" {
        authentication::finish(&mut kept);
    }
    offer::check_template(&kept)?;
    Ok(kept)
}

/// The row of a component's type.
fn component_type<T: Copy>(
    component: &Value,
    path: &str,
    table: &[(&'static str, T)],
) -> Result<(&'static str, T), GraphError> {
    let given = component
        .get("type")
        .and_then(scalar_text)
        .unwrap_or_default();
    table
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(&given))
        .copied()
        .ok_or_else(|| {
            let names: Vec<_> = table.iter().map(|(name, _)| *name).collect();
            GraphError::one_of(&format!("{path}['type']"), &names, &given)
        })
}

/// The component with its type (and format) in capitals.
fn normalized(component: &Value) -> Value {
    let mut members = component.as_object().cloned().unwrap_or_else(Map::new);
    for name in ["type", "format"] {
        if let Some(Value::String(text)) = members.get_mut(name) {
            text.make_ascii_uppercase();
        }
    }
    Value::Object(members)
}

/// A text that has to be there.
fn text_of(component: &Value, kind: &str, name: &str) -> Result<String, GraphError> {
    component
        .get(name)
        .and_then(scalar_text)
        .filter(|text| !text.is_empty())
        .ok_or_else(|| Refusal::missing_field(kind, name))
}

/// Refuses a text of more code points.
fn at_most(what: &str, text: &str, characters: usize) -> Result<(), GraphError> {
    if text.chars().count() <= characters {
        return Ok(());
    }
    Err(Refusal::TooLong.because(format!("{what} can have at most {characters} characters.")))
}
