//! A business phone number: its fields, PIN, webhook override, profile and block list.

use serde_json::{Map, Value, json};

use super::waba::asked_fields;
use crate::fields;
use crate::graph_error::GraphError;
use crate::reply::Reply;
use crate::request::scalar_text;
use crate::router::Call;
use crate::world::PhoneNumber;

pub(crate) const NODE_TYPE: &str = "WhatsAppBusinessPhoneNumber";

/// What Graph answers when no fields are asked for.
pub(crate) const DEFAULT_FIELDS: &str = "verified_name,code_verification_status,display_phone_number,quality_rating,platform_type,throughput,last_onboarded_time,webhook_configuration,id";

/// The number a call is about.
pub(crate) fn of<'a>(call: &'a mut Call) -> Result<&'a mut PhoneNumber, GraphError> {
    let missing = GraphError::unknown_object(&call.request.method, call.node);
    call.world.phone_number_mut(call.node).ok_or(missing)
}

/// `GET /{phone-number-id}`.
pub(crate) fn show(call: &mut Call) -> Result<Reply, GraphError> {
    let number = call.world.phone_number(call.node);
    let node = number
        .ok_or_else(|| GraphError::unknown_object(&call.request.method, call.node))?
        .graph_fields(call.world);
    let asked = asked_fields(call, DEFAULT_FIELDS);
    fields::select(&node, &asked, NODE_TYPE).map(|chosen| Reply::graph(&chosen))
}

/// `POST /{phone-number-id}`: sets the two-step PIN, or the number's webhook override (an empty one removes it).
pub(crate) fn update(call: &mut Call) -> Result<Reply, GraphError> {
    let request = call.request;
    if request.params.contains_key("pin") || request.query("pin").is_some() {
        let pin = super::registration::pin(request)?;
        of(call)?.pin = Some(pin);
        return Ok(Reply::success());
    }
    let Some(configuration) = request.params.get("webhook_configuration") else {
        return Err(GraphError::required("pin"));
    };
    let uri = configuration
        .get("override_callback_uri")
        .and_then(Value::as_str)
        .unwrap_or_default();
    super::subscriptions::check_callback(call, uri)?;
    of(call)?.override_callback_uri = (!uri.is_empty()).then(|| uri.to_owned());
    Ok(Reply::success())
}

/// `GET /{phone-number-id}/whatsapp_business_profile`.
pub(crate) fn profile(call: &mut Call) -> Result<Reply, GraphError> {
    let asked = fields::parse(call.request.query("fields").unwrap_or("about"));
    let profile = of(call)?.profile.clone();
    let mut shown = Map::new();
    shown.insert("messaging_product".into(), json!("whatsapp"));
    for field in asked {
        if let Some(value) = profile.get(&field.name) {
            shown.insert(field.name, value.clone());
        }
    }
    Ok(Reply::graph(&json!({ "data": [shown] })))
}

/// `POST /{phone-number-id}/whatsapp_business_profile`.
pub(crate) fn update_profile(call: &mut Call) -> Result<Reply, GraphError> {
    require_messaging_product(call)?;
    let params = call.request.params.clone();
    if let Some(profile) = of(call)?.profile.as_object_mut() {
        profile.extend(params);
        profile.remove("access_token");
    }
    Ok(Reply::success())
}

pub(crate) fn require_messaging_product(call: &Call) -> Result<(), GraphError> {
    match call.request.text("messaging_product") {
        None => Err(GraphError::required("messaging_product")),
        Some(product) if product.eq_ignore_ascii_case("whatsapp") => Ok(()),
        Some(other) => Err(GraphError::one_of(
            "messaging_product",
            &["whatsapp"],
            &other,
        )),
    }
}

/// `GET /{phone-number-id}/block_users`.
pub(crate) fn blocked_users(call: &mut Call) -> Result<Reply, GraphError> {
    let blocked = call
        .world
        .customers
        .iter()
        .filter(|customer| customer.blocked);
    let users: Vec<Value> = blocked
        .map(|customer| json!({"messaging_product": "whatsapp", "wa_id": customer.key(), "id": customer.key()}))
        .collect();
    let page = crate::paging::page(users, call.request, &call.base_url, &call.token.value)?;
    Ok(Reply::graph(&page))
}

/// `POST /{phone-number-id}/block_users`.
pub(crate) fn block_users(call: &mut Call) -> Result<Reply, GraphError> {
    set_blocked(call, true)
}

/// `DELETE /{phone-number-id}/block_users`.
pub(crate) fn unblock_users(call: &mut Call) -> Result<Reply, GraphError> {
    set_blocked(call, false)
}

/// Only users who wrote within 24 hours can be blocked; a mixed result has both lists and an error in one body.
fn set_blocked(call: &mut Call, blocked: bool) -> Result<Reply, GraphError> {
    require_messaging_product(call)?;
    let Some(users) = call
        .request
        .params
        .get("block_users")
        .and_then(Value::as_array)
    else {
        return Err(GraphError::required("block_users"));
    };
    let (mut done, mut failed) = (Vec::new(), Vec::new());
    for user in users {
        let input = user.get("user").and_then(scalar_text).unwrap_or_default();
        let (node, now_ms) = (call.node, call.now_ms);
        match call.world.customer_mut(&input) {
            Some(customer) if !blocked || customer.window_is_open(node, now_ms) => {
                customer.blocked = blocked;
                done.push(json!({"input": input, "wa_id": customer.key()}));
            }
            _ => failed.push(json!({
                "input": input,
                "errors": [crate::graph_error::webhook_error(131_047, None)],
            })),
        }
    }
    let list = if blocked {
        "added_users"
    } else {
        "removed_users"
    };
    let mut answer = json!({"messaging_product": "whatsapp", "block_users": {list: done}});
    if failed.is_empty() {
        return Ok(Reply::graph(&answer));
    }
    answer["block_users"]["failed_users"] = json!(failed);
    answer["error"] = json!({
        "message": "(#139100) Failed to block/unblock some users",
        "type": "OAuthException",
        "code": 139_100,
        "error_data": {"details": "Failed to block some users, see the block_users response list for details"},
        "fbtrace_id": call.world.ids.trace(),
    });
    let mut reply = Reply::graph(&answer);
    reply.status = http::StatusCode::BAD_REQUEST;
    Ok(reply)
}
