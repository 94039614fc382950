//! Template messages: reading the request and finding the template that is meant.

use serde_json::Value;

use super::checks::{missing, required_text};
use super::content::{MediaUse, media_object};
use super::recipient::Recipient;
use super::template_parameters::{MEDIA, compare, lower, parameters};
use crate::graph_error::GraphError;
use crate::request::scalar_text;
use crate::world::{PhoneNumber, World};

/// What a template message can fill in.
static COMPONENTS: &[&str] = &[
    "body",
    "button",
    "call_permission_request",
    "carousel",
    "header",
    "limited_time_offer",
    "order_status",
    "tap_target_configuration",
];

/// A `template` object of a request.
#[derive(Clone, Debug)]
pub(super) struct AskedTemplate {
    name: String,
    language: String,
    components: Vec<Value>,
}

impl AskedTemplate {
    /// Reads the object and notes the media it refers to.
    pub(super) fn read(object: &Value, media: &mut Vec<MediaUse>) -> Result<Self, GraphError> {
        let name = required_text(object, "template", "name")?;
        let language = object
            .get("language")
            .filter(|language| language.is_object())
            .ok_or_else(|| GraphError::required("template['language']"))?;
        let language = required_text(language, "template['language']", "code")?;
        let components = match object.get("components") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(components)) => components.clone(),
            Some(_) => {
                return Err(GraphError::param(
                    "Param template['components'] must be an array.",
                ));
            }
        };
        check_components(&components, "template['components']", media)?;
        Ok(Self {
            name,
            language,
            components,
        })
    }
}

/// The components of a template or of one of its cards.
fn check_components(
    components: &[Value],
    path: &str,
    media: &mut Vec<MediaUse>,
) -> Result<(), GraphError> {
    for (at, component) in components.iter().enumerate() {
        let path = format!("{path}[{at}]");
        let kind = required_text(component, &path, "type")?;
        if !COMPONENTS.contains(&kind.to_ascii_lowercase().as_str()) {
            return Err(GraphError::one_of(
                &format!("{path}['type']"),
                COMPONENTS,
                &kind,
            ));
        }
        for (number, parameter) in parameters(component).iter().enumerate() {
            check_parameter(parameter, &format!("{path}['parameters'][{number}]"), media)?;
        }
        let cards = component.get("cards").and_then(Value::as_array);
        for (number, card) in cards.into_iter().flatten().enumerate() {
            let inner = card.get("components").and_then(Value::as_array);
            let path = format!("{path}['cards'][{number}]['components']");
            check_components(inner.map_or(&[][..], Vec::as_slice), &path, media)?;
        }
    }
    Ok(())
}

fn check_parameter(
    parameter: &Value,
    path: &str,
    media: &mut Vec<MediaUse>,
) -> Result<(), GraphError> {
    required_text(parameter, path, "type")?;
    let kind = lower(parameter, "type");
    if MEDIA.contains(&kind.as_str()) {
        let object = parameter.get(&kind).unwrap_or(&Value::Null);
        return media_object(object, &kind, &format!("{path}['{kind}']"), media);
    }
    if kind == "location" {
        let location = parameter.get("location").unwrap_or(&Value::Null);
        for name in ["latitude", "longitude"] {
            required_text(location, &format!("{path}['location']"), name)?;
        }
    }
    if kind == "text"
        && parameter
            .get("text")
            .and_then(scalar_text)
            .is_none_or(|text| text.is_empty())
    {
        return Err(missing("Parameter of type text is missing text value"));
    }
    Ok(())
}

/// Finds the template and compares; returns its category.
pub(super) fn check(
    world: &World,
    sender: &PhoneNumber,
    asked: &AskedTemplate,
    recipient: &Recipient,
) -> Result<String, GraphError> {
    let template = world.templates.iter().find(|t| {
        t.waba_id == sender.waba_id && t.name == asked.name && t.language == asked.language
    });
    let template = match template {
        Some(template) if template.status == "APPROVED" => template,
        Some(template) if template.status == "PAUSED" => return Err(GraphError::new(132_015)),
        Some(template) if template.status == "DISABLED" => return Err(GraphError::new(132_016)),
        _ => {
            return Err(GraphError::with_details(
                132_001,
                format!(
                    "template name ({}) does not exist in {}",
                    asked.name, asked.language
                ),
            ));
        }
    };
    // One-tap, zero-tap and copy-code templates cannot go to a business-scoped user id.
    if template.category == "AUTHENTICATION" && matches!(recipient, Recipient::User { .. }) {
        return Err(GraphError::new(131_062));
    }
    compare(&template.components, &asked.components, template)?;
    Ok(template.category.clone())
}
