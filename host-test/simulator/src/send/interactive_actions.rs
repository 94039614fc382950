//! What the `action` of each kind of interactive message has to hold.

use std::collections::HashSet;

use serde_json::Value;

use super::checks::{invalid, missing, required_text};
use super::content::{Content, FlowUse};
use crate::graph_error::GraphError;
use crate::request::scalar_text;

const ACTION: &str = "interactive['action']";
const PARAMETERS: &str = "interactive['action']['parameters']";

/// For kinds whose action is complete with its name.
pub(super) fn anything(_: &Value, _: &mut Content) -> Result<(), GraphError> {
    Ok(())
}

/// A list inside an action with a number of elements in the allowed range.
pub(super) fn elements<'a>(
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
pub(super) fn sized(
    object: &Value,
    name: &str,
    what: &str,
    max: usize,
) -> Result<String, GraphError> {
    let text = object.get(name).and_then(scalar_text).unwrap_or_default();
    if (1..=max).contains(&text.chars().count()) {
        return Ok(text);
    }
    Err(invalid(format!(
        "{what} length invalid. Min length: 1, Max length: {max}"
    )))
}

/// Reply buttons: 1 to 3, ids unique and up to 256, titles up to 20.
pub(super) fn buttons(action: &Value, _: &mut Content) -> Result<(), GraphError> {
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
pub(super) fn list(action: &Value, _: &mut Content) -> Result<(), GraphError> {
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

fn parameters(action: &Value) -> Result<&Value, GraphError> {
    action
        .get("parameters")
        .filter(|parameters| parameters.is_object())
        .ok_or_else(|| missing("Parameter 'parameters' is mandatory for this interactive type"))
}

/// `parameters` of a button with an address.
pub(super) fn cta_url(action: &Value, _: &mut Content) -> Result<(), GraphError> {
    let parameters = parameters(action)?;
    sized(parameters, "display_text", "Button display text", 20)?;
    let url = required_text(parameters, PARAMETERS, "url")?;
    if ["http://", "https://"]
        .iter()
        .any(|scheme| url.starts_with(scheme))
    {
        return Ok(());
    }
    Err(invalid(format!("Button url is not a valid URL: {url}")))
}

/// A flow is named by id or by name; drafts have to be asked for.
pub(super) fn flow(action: &Value, content: &mut Content) -> Result<(), GraphError> {
    let parameters = parameters(action)?;
    let named = ["flow_id", "flow_name"]
        .iter()
        .filter(|name| parameters.get(**name).is_some())
        .count();
    match named {
        1 => {}
        0 => {
            return Err(missing(
                "Parameter 'flow_id' or 'flow_name' is mandatory for type 'flow'",
            ));
        }
        _ => return Err(invalid("Only one of flow_id and flow_name can be given")),
    }
    for (name, known) in [
        ("mode", &["draft", "published"][..]),
        ("flow_action", &["navigate", "data_exchange"]),
    ] {
        let given = parameters.get(name).and_then(scalar_text);
        if let Some(given) = given
            && !known.contains(&given.to_ascii_lowercase().as_str())
        {
            return Err(GraphError::one_of(
                &format!("{PARAMETERS}['{name}']"),
                known,
                &given,
            ));
        }
    }
    sized(parameters, "flow_cta", "Flow CTA", 30)?;
    let text = |name| parameters.get(name).and_then(scalar_text);
    content.flow = text("flow_id")
        .or_else(|| text("flow_name"))
        .map(|named| FlowUse {
            named,
            draft: text("mode").is_some_and(|mode| mode.eq_ignore_ascii_case("draft")),
        });
    match parameters.get("flow_action_payload") {
        Some(payload) => {
            let path = format!("{PARAMETERS}['flow_action_payload']");
            required_text(payload, &path, "screen").map(drop)
        }
        None => Ok(()),
    }
}

/// Where the address is has to be known, to show the right form.
pub(super) fn address(action: &Value, _: &mut Content) -> Result<(), GraphError> {
    required_text(parameters(action)?, PARAMETERS, "country").map(drop)
}

/// Payment messages are told apart by the reference that the business gives them.
pub(super) fn order(action: &Value, _: &mut Content) -> Result<(), GraphError> {
    required_text(parameters(action)?, PARAMETERS, "reference_id").map(drop)
}

/// The label has a default; the button works for up to 30 days.
pub(super) fn voice_call(action: &Value, _: &mut Content) -> Result<(), GraphError> {
    let Some(parameters) = action.get("parameters") else {
        return Ok(());
    };
    if parameters.get("display_text").is_some() {
        sized(parameters, "display_text", "Button display text", 20)?;
    }
    let minutes = parameters.get("ttl_minutes").and_then(scalar_text);
    if minutes.is_some_and(|text| !text.parse().is_ok_and(|n: u32| (1..=43_200).contains(&n))) {
        return Err(invalid("ttl_minutes must be between 1 and 43200"));
    }
    Ok(())
}

/// One product of a catalog.
pub(super) fn product(action: &Value, _: &mut Content) -> Result<(), GraphError> {
    required_text(action, ACTION, "catalog_id")?;
    required_text(action, ACTION, "product_retailer_id").map(drop)
}

/// 1 to 10 sections with 30 products over all; titles up to 24, needed when there are several sections.
pub(super) fn product_list(action: &Value, _: &mut Content) -> Result<(), GraphError> {
    required_text(action, ACTION, "catalog_id")?;
    let sections = elements(action, "sections", "sections", 1, 10)?;
    let mut products = 0;
    for section in sections {
        if sections.len() > 1 || section.get("title").is_some_and(|title| title != "") {
            sized(section, "title", "Section title", 24)?;
        }
        let items = elements(section, "product_items", "products", 1, 30)?;
        for (at, item) in items.iter().enumerate() {
            required_text(item, &format!("product_items[{at}]"), "product_retailer_id")?;
        }
        products += items.len();
    }
    if products <= 30 {
        return Ok(());
    }
    Err(invalid(
        "Invalid products count. Min allowed products: 1, Max allowed products: 30",
    ))
}
