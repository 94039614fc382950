//! `list-templates`, `get-template`, `describe-template`, `compile-template`.

use crate::fault::{Fallible, into_fault};
use crate::graph::{
    Graph, answer, check_id, paging,
    request::{Call, Effect},
};
use crate::json::{Input, Object, at, text_at};
use crate::prelude::*;
use crate::templates::{compile as compiled, form, refuse_unless_approved, text};
use serde_json::Value;

/// The fields that are asked for.
const FIELDS: &str = "id,name,language,status,category,sub_category,parameter_format,rejected_reason,quality_score,\
                      message_send_ttl_seconds,components";

/// Those of them that are texts.
const TEXTS: [&str; 8] = [
    "id",
    "name",
    "language",
    "status",
    "category",
    "sub_category",
    "parameter_format",
    "rejected_reason",
];

/// The filters; in the last three, Meta's words are in capitals.
const FILTERS: [&str; 5] = ["name", "language", "category", "status", "quality_score"];

/// What to do when a template is not found.
const NOT_FOUND: &str = "Take one that list-templates shows.";

/// Lists the templates of an account.
pub fn list(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let account = graph.business_account_id(input)?;
    let edge = || {
        let mut call = edge(account);
        for (position, filter) in FILTERS.into_iter().enumerate() {
            if let Some(word) = input.text(filter) {
                call = match position {
                    0 | 1 => call.query(filter, word),
                    _ => call.query(filter, &word.to_ascii_uppercase()),
                };
            }
        }
        call
    };
    let (items, next) = paging::asked(graph, input, &edge)?;
    let mut templates: Vec<Value> = Vec::new();
    for item in &items {
        templates.push(template(item)?.into());
    }
    Ok(Object::new()
        .with("templates", templates)
        .with("next", next)
        .into())
}

fn edge(account: &str) -> Call {
    Call::get(&[account, "message_templates"]).query("fields", FIELDS)
}

/// What `list-templates` says of a template.
fn template(item: &Value) -> Fallible<Object> {
    if text_at(item, &["id"]).is_none_or(|id| id.is_empty()) {
        return Err(answer::incomplete(Effect::Read, "id"));
    }
    let mut output = Object::new().with_texts(item, &TEXTS).with_text(
        "quality_score",
        item,
        &["quality_score", "score"],
    );
    for name in ["message_send_ttl_seconds", "components"] {
        output = output.with(name, at(item, &[name]).cloned());
    }
    Ok(output)
}

/// Reads a template by its name and language; the input has these fields, and `business_account_id`.
pub fn by_name(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let account = graph.business_account_id(input)?;
    let (name, language) = (input.need("name"), input.text("language"));
    // Meta's filter finds names that only hold this one, too.
    let mut templates = paging::all(graph, &|| edge(account).query("name", name))?;
    templates.retain(|template| text(template, "name") == name);
    let mut languages = String::new();
    let is_alone = templates.len() == 1;
    for template in templates {
        let found = text(&template, "language");
        if language.map_or(is_alone, |language| language == found) {
            return Ok(template);
        }
        languages.push_str(if languages.is_empty() { "" } else { ", " });
        languages.push_str(found);
    }
    if languages.is_empty() {
        let problem = ["the account has no template `", name, "`"];
        return Err(input.refuse("name", &problem.concat(), NOT_FOUND));
    }
    let found = language.unwrap_or("none");
    let problem = ["`", name, "` exists in ", &languages, "; got ", found];
    Err(input.refuse("language", &problem.concat(), NOT_FOUND))
}

/// Reads a template as the input says.
fn read(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    match input.text("id") {
        Some(id) => {
            check_id("id", id, NOT_FOUND)?;
            graph.call(Call::get(&[id]).query("fields", FIELDS))
        }
        None => by_name(graph, input),
    }
}

/// Reads one template.
pub fn get(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    input.one_of(&["id", "name"])?;
    Ok(template(&read(graph, input)?)?.into())
}

/// Makes a form out of a template.
pub fn describe(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    input.one_of(&["id", "name", "template"])?;
    let read_now;
    let template = match input.raw_object("template")? {
        Some(template) => template,
        None => {
            read_now = read(graph, input)?;
            &read_now
        }
    };
    let advice = refuse_unless_approved("", template).err().map(|error| {
        let fault = into_fault(*error);
        [fault.message.trim_start_matches(": "), ". ", &fault.advice].concat()
    });
    Ok(Object::new()
        .with_texts(template, &["id", "name", "language", "status"])
        .with("advice", advice)
        .with("form", form(template)?)
        .into())
}

/// Makes components out of a template and values.
pub fn compile(_: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let null = Value::Null;
    let template = input.raw_object("template")?.unwrap_or(&null);
    let values = input.raw_object("values")?.unwrap_or(&null);
    let components = compiled("template.status", template, values)?;
    Ok(Object::new().with("components", components).into())
}
