//! Calls that the business makes, and whether it may.

use serde_json::{Value, json};

use super::number::{self, require_messaging_product};
use crate::graph_error::GraphError;
use crate::reply::Reply;
use crate::request::scalar_text;
use crate::router::Call;
use crate::world;

static ACTIONS: &[&str] = &["accept", "connect", "pre_accept", "reject", "terminate"];

/// Code points of `biz_opaque_callback_data` (OpenAPI document).
const CALLBACK_DATA_CHARACTERS: usize = 512;

/// `POST /{phone-number-id}/calls`.
pub(crate) fn act(call: &mut Call) -> Result<Reply, GraphError> {
    require_messaging_product(call)?;
    let action = call
        .request
        .text("action")
        .ok_or_else(|| GraphError::required("action"))?;
    if !ACTIONS.contains(&action.as_str()) {
        return Err(GraphError::one_of("action", ACTIONS, &action));
    }
    check_allowed(call)?;
    if let Some(data) = call.request.text("biz_opaque_callback_data")
        && data.chars().count() > CALLBACK_DATA_CHARACTERS
    {
        return Err(GraphError::param(format_args!(
            "Param biz_opaque_callback_data must be at most {CALLBACK_DATA_CHARACTERS} characters long."
        )));
    }
    match action.as_str() {
        "connect" => connect(call),
        _ => change(call, &action),
    }
}

/// Calling has to be switched on, and not be done by SIP.
fn check_allowed(call: &mut Call) -> Result<(), GraphError> {
    let number = number::of(call)?;
    let status =
        |pointer: &str| number.settings.pointer(pointer).and_then(Value::as_str) == Some("ENABLED");
    if !number.is_registered() {
        return Err(GraphError::new(133_010));
    }
    if !status("/calling/status") {
        return Err(GraphError::new(138_000));
    }
    if status("/calling/sip/status") {
        return Err(GraphError::with_details(
            131_055,
            "Calls of this number are made by SIP.",
        ));
    }
    Ok(())
}

fn connect(call: &mut Call) -> Result<Reply, GraphError> {
    let to = call
        .request
        .text("to")
        .ok_or_else(|| GraphError::required("to"))?;
    session(call, "offer")?;
    let wa_id = to.trim_start_matches('+').to_owned();
    let known = call.world.customer(&wa_id);
    if !known.is_some_and(|customer| customer.call_permission) {
        return Err(GraphError::new(138_006));
    }
    let rings = |known: &world::Call| {
        known.customer == wa_id && known.phone_number_id == call.node && !known.is_over()
    };
    if call.world.calls.iter().any(rings) {
        return Err(GraphError::new(138_003));
    }
    let id = format!("wacid.{}", call.world.ids.opaque());
    call.world.calls.push(world::Call {
        id: id.clone(),
        phone_number_id: call.node.to_owned(),
        customer: wa_id,
        last_action: "connect".into(),
        started_at_ms: call.now_ms,
    });
    Ok(Reply::graph(
        &json!({"messaging_product": "whatsapp", "calls": [{ "id": id }], "success": true}),
    ))
}

/// What is done with a call that is there.
fn change(call: &mut Call, action: &str) -> Result<Reply, GraphError> {
    if action == "accept" {
        session(call, "answer")?;
    }
    let id = call
        .request
        .text("call_id")
        .ok_or_else(|| GraphError::required("call_id"))?;
    let node = call.node;
    let known = call
        .world
        .calls
        .iter_mut()
        .find(|known| known.id == id && known.phone_number_id == node);
    let Some(known) = known.filter(|known| !known.is_over()) else {
        return Err(GraphError::with_details(
            131_009,
            format!("call_id {id} is not the id of a call of this number that goes on"),
        ));
    };
    known.last_action = action.to_owned();
    Ok(Reply::success())
}

/// `session`: a description by SDP, of the kind that the action needs.
fn session(call: &Call, kind: &str) -> Result<(), GraphError> {
    let session = call.request.params.get("session").unwrap_or(&Value::Null);
    let text = |name| {
        session
            .get(name)
            .and_then(scalar_text)
            .filter(|text| !text.is_empty())
    };
    let given = text("sdp_type").ok_or_else(|| GraphError::required("session['sdp_type']"))?;
    if given != kind {
        return Err(GraphError::one_of("session['sdp_type']", &[kind], &given));
    }
    text("sdp")
        .map(drop)
        .ok_or_else(|| GraphError::required("session['sdp']"))
}

/// `GET /{phone-number-id}/call_permissions?user_wa_id=`.
pub(crate) fn permission(call: &mut Call) -> Result<Reply, GraphError> {
    let wa_id = call
        .request
        .query("user_wa_id")
        .ok_or_else(|| GraphError::required("user_wa_id"))?;
    let granted = call
        .world
        .customer(wa_id)
        .is_some_and(|customer| customer.call_permission);
    let action = |name: &str, can: bool| {
        json!({"action_name": name, "can_perform_action": can, "limits": [
            {"time_period": "PT24H", "current_usage": 0, "max_allowed": 1},
        ]})
    };
    Ok(Reply::graph(&json!({
        "messaging_product": "whatsapp",
        "permission": {"status": if granted { "permanent" } else { "no_permission" }},
        "actions": [action("send_call_permission_request", !granted), action("start_call", granted)],
    })))
}
