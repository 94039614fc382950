//! The business profile that customers see.

use serde_json::{Map, Value, json};

use super::number::{self, require_messaging_product};
use crate::fields;
use crate::graph_error::GraphError;
use crate::reply::Reply;
use crate::request::scalar_text;
use crate::router::Call;

const NODE_TYPE: &str = "WhatsAppBusinessProfile";

/// Text members with their longest form (business profiles page); the bound is in code points.
static TEXTS: &[(&str, usize)] = &[
    ("about", 139),
    ("address", 256),
    ("description", 512),
    ("email", 128),
];

/// Addresses of websites: how many, and how long.
const WEBSITES: usize = 2;
const WEBSITE_CHARACTERS: usize = 256;

/// Industries (business profiles page); an empty text is allowed too.
#[rustfmt::skip]
static VERTICALS: &[&str] = &[
    "ALCOHOL", "APPAREL", "AUTO", "BEAUTY", "EDU", "ENTERTAIN", "EVENT_PLAN", "FINANCE", "GOVT", "GROCERY", "HEALTH", "HOTEL", "NONPROFIT",
    "ONLINE_GAMBLING", "OTC_DRUGS", "OTHER", "PHYSICAL_GAMBLING", "PROF_SERVICES", "RESTAURANT", "RETAIL", "TRAVEL",
];

/// What can be asked for; members without a value are left out.
static FIELDS: &[&str] = &[
    "about",
    "address",
    "description",
    "email",
    "messaging_product",
    "profile_picture_url",
    "vertical",
    "websites",
];

/// `GET /{phone-number-id}/whatsapp_business_profile`.
pub(crate) fn show(call: &mut Call) -> Result<Reply, GraphError> {
    let asked = fields::parse(call.request.query("fields").unwrap_or("about"));
    let profile = number::of(call)?.profile.clone();
    let mut shown = Map::new();
    shown.insert("messaging_product".into(), json!("whatsapp"));
    for field in asked {
        if !FIELDS.contains(&field.name.as_str()) {
            return Err(GraphError::nonexisting_field(&field.name, NODE_TYPE));
        }
        if let Some(value) = profile.get(&field.name) {
            shown.insert(field.name, value.clone());
        }
    }
    Ok(Reply::graph(&json!({ "data": [shown] })))
}

/// `POST /{phone-number-id}/whatsapp_business_profile`: what is named changes; what Graph does not know is ignored.
pub(crate) fn update(call: &mut Call) -> Result<Reply, GraphError> {
    require_messaging_product(call)?;
    let mut changes = Map::new();
    for (name, most) in TEXTS {
        if let Some(text) = call.request.text(name) {
            check_text(name, &text, *most)?;
            changes.insert((*name).into(), json!(text));
        }
    }
    if let Some(vertical) = call.request.text("vertical") {
        if !vertical.is_empty() && !VERTICALS.contains(&vertical.as_str()) {
            return Err(GraphError::one_of("vertical", VERTICALS, &vertical));
        }
        changes.insert("vertical".into(), json!(vertical));
    }
    if let Some(websites) = call.request.params.get("websites") {
        changes.insert("websites".into(), json!(self::websites(websites)?));
    }
    if let Some(handle) = call.request.text("profile_picture_handle") {
        changes.insert("profile_picture_url".into(), json!(picture(call, &handle)?));
    }
    if let Some(profile) = number::of(call)?.profile.as_object_mut() {
        profile.extend(changes);
    }
    Ok(Reply::success())
}

fn check_text(name: &str, text: &str, most: usize) -> Result<(), GraphError> {
    if text.chars().count() > most {
        return Err(GraphError::param(format_args!(
            "Param {name} must be at most {most} characters long."
        )));
    }
    match (name, text) {
        ("about", "") => Err(GraphError::param("Param about must not be empty.")),
        ("email", text) if !text.is_empty() && !text.contains('@') => Err(GraphError::param(
            "Param email must be a valid email address.",
        )),
        _ => Ok(()),
    }
}

fn websites(given: &Value) -> Result<Vec<String>, GraphError> {
    let list = given.as_array().map_or(&[][..], Vec::as_slice);
    let websites: Vec<String> = list.iter().filter_map(scalar_text).collect();
    if !given.is_array() || websites.len() > WEBSITES {
        return Err(GraphError::param(format_args!(
            "Param websites must be an array of at most {WEBSITES} elements."
        )));
    }
    for (at, website) in websites.iter().enumerate() {
        let web = ["http://", "https://"]
            .iter()
            .any(|scheme| website.starts_with(scheme));
        if !web || website.chars().count() > WEBSITE_CHARACTERS {
            return Err(GraphError::param(format_args!(
                "Param websites[{at}] must be a valid URI"
            )));
        }
    }
    Ok(websites)
}

/// The address under which an uploaded picture is shown.
fn picture(call: &Call, handle: &str) -> Result<String, GraphError> {
    let uploaded = call.world.uploads.iter().any(|upload| {
        upload.handle.as_deref() == Some(handle) && upload.file_type.starts_with("image/")
    });
    if !uploaded {
        return Err(GraphError::param(
            "Param profile_picture_handle is not the handle of an uploaded image.",
        ));
    }
    let id: String = handle
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(24)
        .collect();
    Ok(format!("https://pps.whatsapp.net/v/{id}"))
}
