//! A WhatsApp Business Account.

use serde_json::{Value, json};

use crate::fields::{self, Field};
use crate::graph_error::GraphError;
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
        members.insert(
            "phone_numbers".into(),
            edge(super::phone_numbers::of(world, &waba.id)),
        );
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

/// The fields of the query, or the default ones.
pub(crate) fn asked_fields(call: &Call, default: &str) -> Vec<Field> {
    fields::parse(
        call.request
            .query("fields")
            .filter(|text| !text.is_empty())
            .unwrap_or(default),
    )
}
