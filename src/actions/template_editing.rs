//! `create-template`, `edit-template`, `delete-template`.

use super::done;
use super::templates::{check_id, template};
use crate::fault::{Fallible, check_length};
use crate::graph::{
    Graph, answer,
    request::{Call, Effect},
};
use crate::json::{Input, Object};
use crate::prelude::*;
use crate::templates::check_definition;
use serde_json::Value;

/// Most characters of a name. Source: Meta's page "Template management".
const NAME_MAX: usize = 512;

/// For how many seconds Meta may try to deliver: category, least, most. -1 is 30 days, and not for marketing. Source: Meta's page "Time to
/// live".
static TTL: [(&str, i64, i64); 3] = [
    ("authentication", 30, 900),
    ("utility", 30, 43_200),
    ("marketing", 43_200, 2_592_000),
];

/// What can be changed.
static CHANGES: [&str; 5] = [
    "components",
    "message_send_ttl_seconds",
    "cta_url_link_tracking_opted_out",
    "category",
    "parameter_format",
];

/// What a new template and a change of one have in common.
fn body(input: &Input<'_>) -> Fallible<Object> {
    let category = input.text("category");
    if let Some(Value::Array(components)) = input.raw_array("components")? {
        if components.is_empty() {
            return Err(input.refuse("components", "expected at least a body, got none", ""));
        }
        // A change need not say the category, and the body of an authentication template has no text of its own.
        let is_texted = category.is_some_and(|category| category != "authentication");
        check_definition(components, is_texted)?;
    }
    let ttl = input
        .json("message_send_ttl_seconds")
        .and_then(Value::as_i64);
    for &(name, least, most) in &TTL {
        if let Some(ttl) = ttl
            && category == Some(name)
            && !(least..=most).contains(&ttl)
            && (ttl != -1 || name == "marketing")
        {
            let problem = format!("expected {least} to {most} for {name}, got {ttl}");
            return Err(input.refuse("message_send_ttl_seconds", &problem, ""));
        }
    }
    let capitals = |name| input.text(name).map(str::to_ascii_uppercase);
    Ok(input
        .pick(&CHANGES[..3])
        .with_some("category", capitals("category"))
        .with_some("parameter_format", capitals("parameter_format")))
}

/// Hands in a new template. Name and language are taken after that, so a second call makes no second one.
pub fn create(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let name = input.need("name");
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    check_length("name", name, NAME_MAX)?;
    if !name.bytes().all(plain) {
        let problem = ["expected a to z, 0 to 9 and _ only, got `", name, "`"].joined("");
        return Err(input.refuse("name", &problem, "Write it as order_update_2."));
    }
    input.one_of(&["components", "library_template_name"])?;
    input.raw_object("library_template_body_inputs")?;
    input.raw_array("library_template_button_inputs")?;
    let body = input.pick_into(
        body(input)?,
        &[
            "name",
            "language",
            "allow_category_change",
            "library_template_name",
            "library_template_body_inputs",
            "library_template_button_inputs",
        ],
    );
    let path = [graph.business_account_id(input)?, "message_templates"];
    let answer = graph.call(Call::post(&path, Effect::Idempotent, body))?;
    match template(&answer) {
        Ok(template) => Ok(template.into()),
        Err(_) => Err(answer::incomplete(Effect::Idempotent, "id")),
    }
}

/// Changes a template.
pub fn edit(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let id = check_id(input, input.need("id"))?;
    let body = body(input)?;
    if !CHANGES.iter().any(|name| input.has(name)) {
        return Err(input.refuse(
            "components",
            "expected something to change, got nothing beside the id",
            "",
        ));
    }
    graph.call(Call::post(&[id], Effect::Idempotent, body))?;
    Ok(done())
}

/// Deletes a template.
pub fn delete(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let path = [graph.business_account_id(input)?, "message_templates"];
    let mut call = Call::delete(&path).query("name", input.need("name"));
    if let Some(id) = input.text("id") {
        check_id(input, id)?;
        call = call.query("hsm_id", id);
    }
    graph.call(call)?;
    Ok(done())
}
