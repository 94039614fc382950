//! WhatsApp Flows: drafts, their screens, publishing.

use http::StatusCode;
use serde_json::{Value, json};

use super::waba::asked_fields;
use crate::fields;
use crate::graph_error::GraphError;
use crate::paging;
use crate::reply::Reply;
use crate::request::{GraphRequest, scalar_text};
use crate::router::Call;
use crate::world::{Flow, World};

pub(crate) const NODE_TYPE: &str = "WhatsAppFlow";

/// First path segment of the place where the screens are fetched from (Meta: another host).
pub(crate) const ASSETS: &str = "flow-assets";

const DEFAULT_FIELDS: &str = "id,name,status,categories,validation_errors";

/// Code points of a name (Flows reference).
const NAME_CHARACTERS: usize = 200;

static CATEGORIES: &[&str] = &[
    "APPOINTMENT_BOOKING",
    "CONTACT_US",
    "CUSTOMER_SUPPORT",
    "LEAD_GENERATION",
    "OTHER",
    "SIGN_IN",
    "SIGN_UP",
    "SURVEY",
];

/// `GET /{waba-id}/flows`.
pub(crate) fn list(call: &mut Call) -> Result<Reply, GraphError> {
    let asked = asked_fields(call, DEFAULT_FIELDS);
    let own = call
        .world
        .flows
        .iter()
        .filter(|flow| flow.waba_id == call.node);
    let listed = own
        .map(|flow| {
            fields::select(
                &flow.graph_fields(call.world, call.now_ms),
                &asked,
                NODE_TYPE,
            )
        })
        .collect::<Result<Vec<_>, _>>()?;
    let page = paging::page(listed, call.request, &call.base_url, &call.token.value)?;
    Ok(Reply::graph(&page))
}

/// `POST /{waba-id}/flows`: `name`, `categories`, and perhaps `clone_flow_id`, `endpoint_uri`, `flow_json`, `publish`.
pub(crate) fn create(call: &mut Call) -> Result<Reply, GraphError> {
    let name = name(call)?.ok_or_else(|| GraphError::required("name"))?;
    let categories = categories(call)?.ok_or_else(|| GraphError::required("categories"))?;
    check_free(call, call.node, &name)?;
    let mut flow = Flow::new(call.world.ids.numeric(), call.node, name);
    if let Some(id) = call.request.text("clone_flow_id") {
        let own = |flow: &&Flow| flow.id == id && flow.waba_id == call.node;
        let model = call.world.flows.iter().find(own).ok_or_else(|| {
            GraphError::param(
                "Param clone_flow_id must be the id of a flow of this WhatsApp Business account",
            )
        })?;
        flow.json.clone_from(&model.json);
        flow.endpoint_uri.clone_from(&model.endpoint_uri);
    }
    flow.categories = categories;
    flow.endpoint_uri = call.request.text("endpoint_uri").or(flow.endpoint_uri);
    flow.json = call
        .request
        .params
        .get("flow_json")
        .map(json_text)
        .or(flow.json);
    if call.request.text("publish").as_deref() == Some("true") {
        publish_flow(&mut flow)?;
    }
    let answer =
        json!({"id": flow.id, "success": true, "validation_errors": flow.validation_errors()});
    call.world.flows.push(flow);
    Ok(Reply::graph(&answer))
}

/// Flow JSON comes as a text, or as what a text in a form was read as.
fn json_text(value: &Value) -> String {
    scalar_text(value).unwrap_or_else(|| value.to_string())
}

fn name(call: &Call) -> Result<Option<String>, GraphError> {
    match call.request.text("name") {
        Some(name) if !(1..=NAME_CHARACTERS).contains(&name.chars().count()) => {
            Err(GraphError::param(format_args!(
                "Param name must be 1 to {NAME_CHARACTERS} characters long."
            )))
        }
        name => Ok(name),
    }
}

/// A list, or a text that holds one.
fn categories(call: &Call) -> Result<Option<Vec<String>>, GraphError> {
    let given: Vec<String> = match call.request.params.get("categories") {
        None => return Ok(None),
        Some(Value::Array(list)) => list.iter().filter_map(scalar_text).collect(),
        Some(text) => {
            serde_json::from_str(&json_text(text)).unwrap_or_else(|_| vec![json_text(text)])
        }
    };
    if given.is_empty() {
        return Err(GraphError::param(
            "Param categories must have at least one element.",
        ));
    }
    let unknown = given
        .iter()
        .position(|name| !CATEGORIES.contains(&name.as_str()));
    if let Some((at, unknown)) = unknown.and_then(|at| Some((at, given.get(at)?))) {
        return Err(GraphError::one_of(
            &format!("categories[{at}]"),
            CATEGORIES,
            unknown,
        ));
    }
    Ok(Some(given))
}

fn check_free(call: &Call, waba_id: &str, name: &str) -> Result<(), GraphError> {
    let taken = call
        .world
        .flows
        .iter()
        .any(|flow| flow.waba_id == waba_id && flow.name == name && flow.id != call.node);
    if !taken {
        return Ok(());
    }
    Err(GraphError::core(100, "Invalid parameter").user(
        "Flow Name Is Not Unique",
        "You need to specify a name that no other flow of this WhatsApp Business account has.",
    ))
}

fn of<'a>(call: &'a mut Call) -> Result<&'a mut Flow, GraphError> {
    let missing = GraphError::unknown_object(&call.request.method, call.node);
    call.world
        .flows
        .iter_mut()
        .find(|flow| flow.id == call.node)
        .ok_or(missing)
}

/// `GET /{flow-id}`.
pub(crate) fn show(call: &mut Call) -> Result<Reply, GraphError> {
    let flow = of(call)?.clone();
    let node = flow.graph_fields(call.world, call.now_ms);
    let asked = asked_fields(call, DEFAULT_FIELDS);
    fields::select(&node, &asked, NODE_TYPE).map(|chosen| Reply::graph(&chosen))
}

/// `POST /{flow-id}`: name, categories, endpoint.
pub(crate) fn update(call: &mut Call) -> Result<Reply, GraphError> {
    let (name, categories) = (name(call)?, categories(call)?);
    let endpoint_uri = call.request.text("endpoint_uri");
    if let Some(name) = &name {
        let waba_id = of(call)?.waba_id.clone();
        check_free(call, &waba_id, name)?;
    }
    let flow = of(call)?;
    flow.name = name.unwrap_or_else(|| flow.name.clone());
    flow.categories = categories.unwrap_or_else(|| flow.categories.clone());
    flow.endpoint_uri = endpoint_uri.or_else(|| flow.endpoint_uri.take());
    Ok(Reply::success())
}

/// `DELETE /{flow-id}`: drafts only.
pub(crate) fn delete(call: &mut Call) -> Result<Reply, GraphError> {
    if of(call)?.status != "DRAFT" {
        return Err(GraphError::new(139_004));
    }
    let node = call.node;
    call.world.flows.retain(|flow| flow.id != node);
    Ok(Reply::success())
}

/// `POST /{flow-id}/publish`.
pub(crate) fn publish(call: &mut Call) -> Result<Reply, GraphError> {
    publish_flow(of(call)?)?;
    Ok(Reply::success())
}

fn publish_flow(flow: &mut Flow) -> Result<(), GraphError> {
    let why = match (&flow.json, flow.status.as_str()) {
        (_, status) if status != "DRAFT" => "Only a draft can be published.",
        (None, _) => "The flow has no screens: upload its flow JSON first.",
        (Some(_), _) if !flow.validation_errors().is_empty() => {
            "The flow JSON has validation errors."
        }
        _ => {
            flow.status = "PUBLISHED".into();
            return Ok(());
        }
    };
    Err(GraphError::with_details(139_002, why))
}

/// `POST /{flow-id}/deprecate`.
pub(crate) fn deprecate(call: &mut Call) -> Result<Reply, GraphError> {
    let flow = of(call)?;
    if flow.status != "PUBLISHED" {
        return Err(GraphError::new(139_003));
    }
    flow.status = "DEPRECATED".into();
    Ok(Reply::success())
}

/// `GET /{flow-id}/assets`: where the flow JSON can be fetched.
pub(crate) fn assets(call: &mut Call) -> Result<Reply, GraphError> {
    let has_json = of(call)?.json.is_some();
    let asset = json!({
        "id": call.node,
        "name": "flow.json",
        "asset_type": "FLOW_JSON",
        "download_url": format!("{}/{ASSETS}/{}", call.base_url, call.node),
    });
    let assets = if has_json { vec![asset] } else { Vec::new() };
    let page = paging::page(assets, call.request, &call.base_url, &call.token.value)?;
    Ok(Reply::graph(&page))
}

/// `POST /{flow-id}/assets` (multipart: `file`, `name` = flow.json, `asset_type` = FLOW_JSON): new screens of a draft.
pub(crate) fn upload(call: &mut Call) -> Result<Reply, GraphError> {
    for (parameter, expected) in [("name", "flow.json"), ("asset_type", "FLOW_JSON")] {
        let given = call
            .request
            .text(parameter)
            .ok_or_else(|| GraphError::required(parameter))?;
        if given != expected {
            return Err(GraphError::one_of(parameter, &[expected], &given));
        }
    }
    let file = call.request.files.iter().find(|file| file.name == "file");
    let file = file.ok_or_else(|| GraphError::required("file"))?;
    let text = String::from_utf8_lossy(&file.bytes).into_owned();
    let flow = of(call)?;
    if flow.status != "DRAFT" {
        return Err(GraphError::new(139_001));
    }
    flow.json = Some(text);
    let errors = flow.validation_errors();
    Ok(Reply::graph(
        &json!({"success": true, "validation_errors": errors}),
    ))
}

/// The flow JSON; the address is secret enough for Meta, so no token is asked for.
pub(crate) fn download(world: &World, request: &GraphRequest) -> Reply {
    let id = request.segments.get(1);
    let flow = world.flows.iter().find(|flow| Some(&flow.id) == id);
    match flow.and_then(|flow| flow.json.clone()) {
        Some(json) => Reply::new(StatusCode::OK, "application/json", json),
        None => Reply::new(
            StatusCode::NOT_FOUND,
            "text/plain; charset=UTF-8",
            "Not Found",
        ),
    }
}
