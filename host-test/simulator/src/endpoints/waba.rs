//! A WhatsApp Business Account and its phone numbers.

use serde_json::{Value, json};

use crate::fields::{self, Field};
use crate::graph_error::GraphError;
use crate::paging;
use crate::reply::Reply;
use crate::router::Call;
use crate::world::{Waba, World};

pub(crate) const NODE_TYPE: &str = "WhatsAppBusinessAccount";

pub(crate) const DEFAULT_FIELDS: &str = "id,name,timezone_id,message_template_namespace";

/// Longest name of a WABA (OpenAPI document).
const NAME_CHARACTERS: usize = 100;

/// `GET /{waba-id}`. Fields may hold the edges `phone_numbers{…}`, `message_templates{…}`, `subscribed_apps`.
pub(crate) fn show(call: &mut Call) -> Result<Reply, GraphError> {
    let waba = call
        .world
        .waba(call.node)
        .ok_or_else(|| GraphError::unknown_object(&call.request.method, call.node))?;
    let asked = asked_fields(call, DEFAULT_FIELDS);
    fields::select(&node(call.world, waba), &asked, NODE_TYPE).map(|chosen| Reply::graph(&chosen))
}

/// A WABA with its edges.
pub(crate) fn node(world: &World, waba: &Waba) -> Value {
    let mut node = waba.graph_fields(world);
    if let Some(members) = node.as_object_mut() {
        let edge = |items: Vec<Value>| json!({ "data": items });
        members.insert("phone_numbers".into(), edge(numbers(world, &waba.id)));
        let apps = super::subscriptions::subscribed(world, &waba.id);
        members.insert("subscribed_apps".into(), edge(apps));
        let own = world
            .templates
            .iter()
            .filter(|template| template.waba_id == waba.id);
        let listed = own.map(|template| template.graph_fields(world)).collect();
        members.insert("message_templates".into(), edge(listed));
    }
    node
}

/// `POST /{waba-id}`: its name and time zone.
pub(crate) fn update(call: &mut Call) -> Result<Reply, GraphError> {
    let (name, timezone_id) = (call.request.text("name"), call.request.text("timezone_id"));
    if name
        .as_ref()
        .is_some_and(|name| !(1..=NAME_CHARACTERS).contains(&name.chars().count()))
    {
        return Err(GraphError::param(format_args!(
            "Param name must be 1 to {NAME_CHARACTERS} characters long."
        )));
    }
    let waba = call
        .world
        .wabas
        .iter_mut()
        .find(|waba| waba.id == call.node);
    if let Some(waba) = waba {
        waba.name = name.unwrap_or_else(|| waba.name.clone());
        waba.timezone_id = timezone_id.unwrap_or_else(|| waba.timezone_id.clone());
    }
    Ok(Reply::success())
}

/// `GET /{waba-id}/phone_numbers` with `fields`, `filtering`, paging; `sort` is accepted and ignored.
pub(crate) fn phone_numbers(call: &mut Call) -> Result<Reply, GraphError> {
    let asked = asked_fields(call, super::number::DEFAULT_FIELDS);
    let mut listed = numbers(call.world, call.node);
    for filter in filters(call)? {
        listed.retain(|number| filter.lets_through(number));
    }
    let listed = listed
        .iter()
        .map(|number| fields::select(number, &asked, super::number::NODE_TYPE))
        .collect::<Result<Vec<_>, _>>()?;
    let page = paging::page(listed, call.request, &call.base_url, &call.token.value)?;
    Ok(Reply::graph(&page))
}

/// The fields of the query, or the default ones.
pub(crate) fn asked_fields(call: &Call, default: &str) -> Vec<Field> {
    fields::parse(
        call.request
            .query("fields")
            .filter(|text| !text.is_empty())
            .unwrap_or(default),
    )
}

fn numbers(world: &World, waba_id: &str) -> Vec<Value> {
    world
        .phone_numbers
        .iter()
        .filter(|number| number.waba_id == waba_id)
        .map(|number| number.graph_fields(world))
        .collect()
}

/// One element of `filtering=[{"field":"account_mode","operator":"EQUAL","value":"SANDBOX"}]`.
struct Filter {
    field: String,
    equal: bool,
    values: Vec<String>,
}

impl Filter {
    fn lets_through(&self, node: &Value) -> bool {
        let value = node
            .get(&self.field)
            .and_then(Value::as_str)
            .unwrap_or_default();
        self.values.iter().any(|wanted| wanted == value) == self.equal
    }
}

fn filters(call: &Call) -> Result<Vec<Filter>, GraphError> {
    let Some(text) = call
        .request
        .query("filtering")
        .filter(|text| !text.is_empty())
    else {
        return Ok(Vec::new());
    };
    let wrong = || {
        GraphError::param(
            "Param filtering must be an array of objects with field, operator and value.",
        )
    };
    let Ok(Value::Array(items)) = serde_json::from_str(text) else {
        return Err(wrong());
    };
    items
        .iter()
        .map(|item| {
            let member = |name| item.get(name).and_then(Value::as_str);
            let values = match item.get("value") {
                Some(Value::String(value)) => vec![value.clone()],
                Some(Value::Array(values)) => {
                    values.iter().filter_map(|v| v.as_str().map(str::to_owned)).collect()
                }
                _ => return Err(wrong()),
            };
            let equal = match member("operator").ok_or_else(wrong)? {
                "EQUAL" | "IN" => true,
                "NOT_EQUAL" | "NOT_IN" => false,
                other => {
                    return Err(GraphError::param(format_args!(
                        "Param filtering[0]['operator'] must be one of {{EQUAL, NOT_EQUAL, IN, NOT_IN}} - got \"{other}\"."
                    )));
                }
            };
            Ok(Filter {
                field: member("field").ok_or_else(wrong)?.to_owned(),
                equal,
                values,
            })
        })
        .collect()
}
