//! `get-business-profile`, `update-business-profile`.

use super::{done, media::check_address};
use crate::fault::{Fallible, check_length};
use crate::graph::{
    Graph, answer,
    request::{Call, Effect},
};
use crate::json::{Input, Object, at, text_at};
use crate::prelude::*;
use serde_json::Value;

/// The fields that are asked for and handed on under the same name.
const FIELDS: &str = "about,address,description,email,profile_picture_url,websites,vertical";

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
    let entry = at(&answer, &["data"]).and_then(|data| data.get(0));
    let entry = entry.ok_or_else(|| answer::incomplete(Effect::Read, "data[0]"))?;
    // Meta's page has the fields here, its OpenAPI document one level below.
    let profile = at(entry, &["business_profile"]).unwrap_or(entry);
    let websites = at(profile, &["websites"]).and_then(Value::as_array);
    let mut output = Object::new();
    for name in FIELDS.split(',') {
        output = output.with(name, text_at(profile, &[name]));
    }
    Ok(output
        .with("websites", websites.cloned().unwrap_or_default())
        .into())
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
        if !email.is_empty() && (!email.contains('@') || email.contains(char::is_whitespace)) {
            let problem = format!("expected an email address, got `{email}`");
            return Err(input.refuse("email", &problem, ""));
        }
    }
    for (position, website) in input.texts("websites").enumerate() {
        let place = format!("websites[{position}]");
        check_length(&place, website, WEBSITE_MAX)?;
        check_address(&place, website)?;
    }
    let vertical = input.text("vertical").map(str::to_ascii_uppercase);
    let body = input
        .pick(&CHANGES)
        .with("messaging_product", "whatsapp")
        .with_some("vertical", vertical);
    let id = graph.phone_number_id(input)?;
    let call = Call::post(&[id, "whatsapp_business_profile"], Effect::Idempotent, body);
    graph.call(call)?;
    Ok(done())
}
