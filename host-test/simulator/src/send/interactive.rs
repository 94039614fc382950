//! Interactive messages: one row per kind. Limits are those of Meta's pages; what they leave open is let through.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::checks::{at_most, invalid, missing, required_text};
use super::content::{Content, media_object};
use crate::graph_error::GraphError;
use crate::request::scalar_text;

type Check = fn(&Value) -> Result<(), GraphError>;

struct Kind {
    name: &'static str,
    /// Code points of `body.text`.
    body_limit: usize,
    body_required: bool,
    check_action: Check,
}

const fn kind(
    name: &'static str,
    body_limit: usize,
    body_required: bool,
    check_action: Check,
) -> Kind {
    Kind {
        name,
        body_limit,
        body_required,
        check_action,
    }
}

fn anything(_: &Value) -> Result<(), GraphError> {
    Ok(())
}

#[rustfmt::skip]
static KINDS: &[Kind] = &[
    kind("address_message", 1024, true, anything),
    kind("button", 1024, true, buttons),
    kind("call_permission_request", 1024, false, anything),
    kind("carousel", 1024, true, cards),
    kind("catalog_message", 1024, true, anything),
    kind("cta_url", 1024, true, cta_url),
    kind("flow", 1024, true, flow),
    kind("list", 4096, true, list),
    kind("location_request_message", 1024, true, anything),
    kind("order_details", 1024, true, anything),
    kind("order_status", 1024, true, anything),
    kind("product", 1024, false, |action| required_text(action, "interactive['action']", "product_retailer_id").map(drop)),
    kind("product_list", 1024, true, product_list),
    kind("request_contact_info", 1024, true, anything),
    kind("voice_call", 1024, true, anything),
];

/// Checks an `interactive` object.
pub(super) fn check(object: &Value, content: &mut Content) -> Result<(), GraphError> {
    let given = required_text(object, "interactive", "type")?;
    let kind = KINDS
        .iter()
        .find(|kind| kind.name.eq_ignore_ascii_case(&given))
        .ok_or_else(|| {
            let names: Vec<_> = KINDS
                .iter()
                .map(|kind| kind.name.to_ascii_uppercase())
                .collect();
            GraphError::param(format_args!(
                "Param interactive['type'] must be one of {{{}}} - got \"{given}\".",
                names.join(", ")
            ))
        })?;
    let text_of = |part: &str| {
        object
            .get(part)
            .and_then(|part| part.get("text"))
            .and_then(scalar_text)
    };
    match text_of("body").filter(|text| !text.is_empty()) {
        Some(text) => at_most("interactive['body']['text']", &text, kind.body_limit)?,
        None if kind.body_required => {
            return Err(GraphError::required("interactive['body']['text']"));
        }
        None => {}
    }
    if let Some(footer) = text_of("footer") {
        at_most("interactive['footer']['text']", &footer, 60)?;
    }
    if let Some(header) = object.get("header") {
        check_header(header, content)?;
    }
    match object.get("action") {
        Some(action @ Value::Object(_)) => (kind.check_action)(action),
        _ => Err(GraphError::required("interactive['action']")),
    }
}

fn check_header(header: &Value, content: &mut Content) -> Result<(), GraphError> {
    let path = "interactive['header']";
    let kind = required_text(header, path, "type")?.to_ascii_lowercase();
    match kind.as_str() {
        "text" => {
            let text = required_text(header, path, "text")?;
            at_most("interactive['header']['text']", &text, 60)
        }
        "image" | "video" | "document" => {
            let object = header.get(&kind).unwrap_or(&Value::Null);
            media_object(
                object,
                &kind,
                &format!("{path}['{kind}']"),
                &mut content.media,
            )
        }
        other => Err(GraphError::param(format_args!(
            "Param {path}['type'] must be one of {{DOCUMENT, IMAGE, TEXT, VIDEO}} - got \"{other}\"."
        ))),
    }
}

/// A list inside an action with a number of elements in the allowed range.
fn elements<'a>(
    action: &'a Value,
    name: &str,
    what: &str,
    min: usize,
    max: usize,
) -> Result<&'a [Value], GraphError> {
    let list = action
        .get(name)
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    if (min..=max).contains(&list.len()) {
        return Ok(list);
    }
    Err(invalid(format!(
        "Invalid {what} count. Min allowed {what}: {min}, Max allowed {what}: {max}"
    )))
}

/// A text with a length in range, where Meta answers 131009 instead of 100.
fn sized(object: &Value, name: &str, what: &str, max: usize) -> Result<String, GraphError> {
    let text = object.get(name).and_then(scalar_text).unwrap_or_default();
    if (1..=max).contains(&text.chars().count()) {
        return Ok(text);
    }
    Err(invalid(format!(
        "{what} length invalid. Min length: 1, Max length: {max}"
    )))
}

/// Reply buttons: 1 to 3, ids unique and up to 256, titles up to 20.
fn buttons(action: &Value) -> Result<(), GraphError> {
    let mut ids = HashSet::new();
    for button in elements(action, "buttons", "buttons", 1, 3)? {
        let kind = button
            .get("type")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if kind != "reply" {
            return Err(invalid(format!(
                "Button type must be reply, got \"{kind}\""
            )));
        }
        let reply = button.get("reply").unwrap_or(&Value::Null);
        sized(reply, "title", "Button title", 20)?;
        if !ids.insert(sized(reply, "id", "Button id", 256)?) {
            return Err(invalid("Duplicated button ids"));
        }
    }
    Ok(())
}

/// List: button 20; 1 to 10 sections with titles up to 24 (needed when there are several); 10 rows over all.
fn list(action: &Value) -> Result<(), GraphError> {
    sized(action, "button", "Button label", 20)?;
    let sections = elements(action, "sections", "sections", 1, 10)?;
    let mut ids = HashSet::new();
    let mut rows_in_all = 0;
    for section in sections {
        if sections.len() > 1 || section.get("title").is_some_and(|title| title != "") {
            sized(section, "title", "Section title", 24)?;
        }
        let rows = section
            .get("rows")
            .and_then(Value::as_array)
            .map_or(&[][..], Vec::as_slice);
        if rows.is_empty() {
            return Err(invalid("A section must have at least one row"));
        }
        rows_in_all += rows.len();
        for row in rows {
            sized(row, "title", "Row title", 24)?;
            if row
                .get("description")
                .and_then(Value::as_str)
                .is_some_and(|text| !text.is_empty())
            {
                sized(row, "description", "Row description", 72)?;
            }
            if !ids.insert(sized(row, "id", "Row id", 200)?) {
                return Err(invalid("Duplicated row ids"));
            }
        }
    }
    if rows_in_all > 10 {
        return Err(invalid("Total row count exceed max allowed count: 10"));
    }
    Ok(())
}

fn parameters(action: &Value) -> Result<&Map<String, Value>, GraphError> {
    action
        .get("parameters")
        .and_then(Value::as_object)
        .ok_or_else(|| missing("Parameter 'parameters' is mandatory for this interactive type"))
}

fn cta_url(action: &Value) -> Result<(), GraphError> {
    let parameters = Value::Object(parameters(action)?.clone());
    sized(&parameters, "display_text", "Button display text", 20)?;
    required_text(&parameters, "interactive['action']['parameters']", "url").map(drop)
}

/// A flow is named by id or by name.
fn flow(action: &Value) -> Result<(), GraphError> {
    let parameters = parameters(action)?;
    let named = ["flow_id", "flow_name"]
        .iter()
        .filter(|name| parameters.contains_key(**name))
        .count();
    match named {
        1 => required_text(
            &Value::Object(parameters.clone()),
            "interactive['action']['parameters']",
            "flow_cta",
        )
        .map(drop),
        0 => Err(missing(
            "Parameter 'flow_id' or 'flow_name' is mandatory for type 'flow'",
        )),
        _ => Err(invalid("Only one of flow_id and flow_name can be given")),
    }
}

fn product_list(action: &Value) -> Result<(), GraphError> {
    required_text(action, "interactive['action']", "catalog_id")?;
    let sections = elements(action, "sections", "sections", 1, 10)?;
    let products: usize = sections
        .iter()
        .filter_map(|section| section.get("product_items")?.as_array())
        .map(Vec::len)
        .sum();
    if (1..=30).contains(&products) {
        return Ok(());
    }
    Err(invalid(
        "Invalid products count. Min allowed products: 1, Max allowed products: 30",
    ))
}

fn cards(action: &Value) -> Result<(), GraphError> {
    elements(action, "cards", "cards", 2, 10).map(drop)
}
