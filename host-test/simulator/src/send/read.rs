//! Marking a message as read, with or without a typing indicator.

use serde_json::Value;

use crate::graph_error::GraphError;
use crate::reply::Reply;
use crate::router::Call;

/// `{messaging_product, status: "read", message_id, typing_indicator?}`. Marks earlier messages of the same customer too.
pub(super) fn mark(call: &mut Call) -> Result<Reply, GraphError> {
    let params = &call.request.params;
    let status = params
        .get("status")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if status != "read" {
        return Err(GraphError::one_of("status", &["read"], status));
    }
    let id = call
        .request
        .text("message_id")
        .filter(|id| !id.is_empty())
        .ok_or_else(|| GraphError::required("message_id"))?;
    let typing = match params.get("typing_indicator") {
        None => false,
        Some(indicator) if indicator.get("type").and_then(Value::as_str) == Some("text") => true,
        Some(_) => {
            return Err(GraphError::param(
                "Param typing_indicator['type'] must be one of {TEXT}",
            ));
        }
    };
    let node = call.node;
    // Meta refuses ids it does not know; so does the simulator, because a wrong id would otherwise go unnoticed.
    let at = call
        .world
        .inbound
        .iter()
        .position(|message| message.id == id && message.phone_number_id == node)
        .ok_or_else(|| {
            GraphError::with_details(
                100,
                format!("Invalid message_id: no message {id} was received by this number"),
            )
        })?;
    let customer = call
        .world
        .inbound
        .get(at)
        .map(|message| message.customer.clone());
    for (position, message) in call.world.inbound.iter_mut().enumerate() {
        if position <= at
            && Some(&message.customer) == customer.as_ref()
            && message.phone_number_id == node
        {
            message.read = true;
        }
        if position == at {
            message.typing_shown |= typing;
        }
    }
    Ok(Reply::success())
}
