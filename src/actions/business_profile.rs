//! `get-business-profile`, `update-business-profile`.

use super::output::{List, finish};
use super::{change_number, item, media::check_address, reading, refuse_text};
use crate::fault::{Fallible, check_length};
use crate::graph::{
    Graph, answer,
    request::{Call, Effect},
};
use crate::json::{Input, Object, at, items};
use serde_json::Value;

/// The fields that are asked for.
const FIELDS: &str = "about,address,description,email,profile_picture_url,websites,vertical";

/// Those that are handed on as they are.
const TEXTS: &str = "about,address,description,email,profile_picture_url,vertical";

/// What can be changed and goes out as it comes in.
const CHANGES: [&str; 6] = [
    "about",
    "address",
    "description",
    "email",
    "websites",
    "profile_picture_handle",
];

/// Most characters of an email address. Source: Meta's OpenAPI document.
const EMAIL_MAX: usize = 128;

/// Most characters of a website's address. Source: the same.
const WEBSITE_MAX: usize = 256;

/// Reads the profile.
pub fn get(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let id = graph.phone_number_id(input)?;
    let call = Call::get(&[id, "whatsapp_business_profile"]).query("fields", FIELDS);
    let answer = graph.call(call)?;
    let entry = items(&answer, &["data"]).first();
    let entry = entry.ok_or_else(|| answer::incomplete(Effect::Read, "data[0]"))?;
    // Meta's page has the fields here, its OpenAPI document one level below.
    let profile = at(entry, &["business_profile"]).unwrap_or(entry);
    let websites = items(profile, &["websites"]).to_vec();
    let output = Object::new().with("websites", List(websites));
    finish(reading::texts(output, profile, TEXTS))
}

/// Changes the profile.
pub fn update(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    if !CHANGES.iter().any(|name| input.has(name)) && !input.has("vertical") {
        return Err(input.refuse(
            "about",
            "expected at least one thing to change, got none",
            "Fill in one of the fields besides phone_number_id.",
        ));
    }
    if let Some(email) = input.text("email") {
        check_length("email", email, EMAIL_MAX)?;
        let good = email.bytes().all(|byte| byte > b' ') && email.bytes().any(|byte| byte == b'@');
        if !email.is_empty() && !good {
            let expected = "expected an email address, got";
            return Err(refuse_text("email", expected, email, ""));
        }
    }
    for (position, website) in input.texts("websites").enumerate() {
        let place = item("websites", position);
        check_length(&place, website, WEBSITE_MAX)?;
        check_address(&place, website)?;
    }
    let vertical = input.text("vertical").map(str::to_ascii_uppercase);
    let body = input
        .pick(&CHANGES)
        .with("messaging_product", "whatsapp")
        .with_some("vertical", vertical);
    let edge = Some("whatsapp_business_profile");
    change_number(graph, input, edge, Effect::Idempotent, body)
}
