//! `list-templates`, `get-template`, `describe-template`, `compile-template`.

use super::reading::{lacks, number};
use crate::fault::Fallible;
use crate::graph::{
    Graph, answer, paging,
    request::{Call, Effect},
};
use crate::json::{Input, Object, text_at};
use crate::prelude::*;
use crate::templates::{compile as compiled, form, problem, quality, text};
use serde_json::Value;

/// The fields that are asked for.
const FIELDS: &str = "id,name,language,status,category,sub_category,parameter_format,rejected_reason,quality_score,\
                      message_send_ttl_seconds,components";

/// Those of them that are texts.
static TEXTS: [&str; 8] = [
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
static FILTERS: [&str; 5] = ["name", "language", "category", "status", "quality_score"];

/// What to do when a template is not found.
const NOT_FOUND: &str = "Take one that list-templates shows.";

/// Lists the templates of an account.
pub fn list(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let account = graph.business_account_id(input)?;
    let edge = || {
        let mut call = edge(account);
        for (position, filter) in FILTERS.iter().enumerate() {
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
        .with("templates", Value::Array(templates))
        .with("next", next)
        .into())
}

fn edge(account: &str) -> Call {
    Call::get(&[account, "message_templates"]).query("fields", FIELDS)
}

/// What `list-templates` says of a template.
pub fn template(item: &Value) -> Fallible<Object> {
    if text_at(item, &["id"]).is_none_or(|id| id.is_empty()) {
        return Err(answer::incomplete(Effect::Read, "id"));
    }
    let quality = quality(item);
    let mut output = Object::new()
        .with_texts(item, &TEXTS)
        .with_some("quality_score", (!quality.is_empty()).then_some(quality));
    let lifetime = "message_send_ttl_seconds";
    output.put(lifetime, number(item, &[lifetime]).into());
    output.put("components", item.get("components").cloned().into());
    Ok(output)
}

/// Reads a template by its name and language; the input has these fields, and `business_account_id`.
pub fn by_name(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let account = graph.business_account_id(input)?;
    let (name, language) = (input.need("name"), input.text("language"));
    // Meta's filter finds names that only hold this one, too.
    let mut templates = paging::all(graph, &|| edge(account).query("name", name))?;
    let mut languages = String::new();
    let (mut count, mut last) = (0, 0);
    for (position, template) in templates.iter().enumerate() {
        if text(template, "name") != name {
            continue;
        }
        let found = text(template, "language");
        (count, last) = (count + 1, position);
        if language == Some(found) {
            languages.clear();
            count = 1;
            break;
        }
        languages.push_str(", ");
        languages.push_str(found);
    }
    if count == 1
        && (language.is_none() || languages.is_empty())
        && let Some(template) = templates.get_mut(last)
    {
        return Ok(template.take());
    }
    let (field, problem) = match languages.get(2..) {
        Some(languages) => {
            let found = language.unwrap_or("none");
            let problem = ["`", name, "` exists in ", languages, "; got ", found];
            ("language", problem.joined(""))
        }
        None => (
            "name",
            ["the account has no template `", name, "`"].joined(""),
        ),
    };
    Err(input.refuse(field, &problem, NOT_FOUND))
}

/// The template that the input names, or brings along.
fn meant(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let given = input.raw_object("template")?;
    match input.one_of(&["id", "name", "template"])? {
        "id" => {
            let id = check_id(input, input.need("id"))?;
            graph.call(Call::get(&[id]).query("fields", FIELDS))
        }
        "name" => by_name(graph, input),
        _ => Ok(given.cloned().unwrap_or_default()),
    }
}

/// Refuses what is no id of a template: its name, mostly.
pub fn check_id<'i>(input: &Input<'_>, id: &'i str) -> Fallible<&'i str> {
    if !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(id);
    }
    let problem = ["expected Meta's id of a template (digits), got `", id, "`"];
    Err(input.refuse("id", &problem.joined(""), "list-templates shows the ids."))
}

/// Reads one template.
pub fn get(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let meant = meant(graph, input)?;
    if input.has("template") && lacks(&meant, "id") {
        return Err(input.refuse(
            "template.id",
            "expected Meta's id of the template, got none",
            "Give the template as Meta returns it, or its `id` or `name` in place of `template`.",
        ));
    }
    Ok(template(&meant)?.into())
}

/// Makes a form out of a template.
pub fn describe(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let template = &meant(graph, input)?;
    let advice = problem(template).map(|(problem, advice)| [&problem, ". ", advice].joined(""));
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
    Ok(Object::new()
        .with("components", Value::Array(components))
        .into())
}
