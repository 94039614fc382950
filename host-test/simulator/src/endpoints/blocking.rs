//! `block_users`: whom the business does not want to hear from.

use serde_json::{Value, json};

use super::number::require_messaging_product;
use crate::graph_error::GraphError;
use crate::reply::Reply;
use crate::request::scalar_text;
use crate::router::Call;

/// Entries of a block list (block users page).
const BLOCKED: usize = 64_000;

/// `GET /{phone-number-id}/block_users`.
pub(crate) fn list(call: &mut Call) -> Result<Reply, GraphError> {
    let blocked = call
        .world
        .customers
        .iter()
        .filter(|customer| customer.blocked);
    let users: Vec<Value> = blocked
        .map(|customer| match (&customer.wa_id, &customer.user_id) {
            (Some(wa_id), _) => json!({"messaging_product": "whatsapp", "wa_id": wa_id}),
            (None, user_id) => {
                json!({"messaging_product": "whatsapp", "id": user_id, "user_id": user_id})
            }
        })
        .collect();
    let page = crate::paging::page(users, call.request, &call.base_url, &call.token.value)?;
    Ok(Reply::graph(&page))
}

/// `POST /{phone-number-id}/block_users`.
pub(crate) fn block(call: &mut Call) -> Result<Reply, GraphError> {
    change(call, true)
}

/// `DELETE /{phone-number-id}/block_users`.
pub(crate) fn unblock(call: &mut Call) -> Result<Reply, GraphError> {
    change(call, false)
}

/// Each user by itself; a mixed result has both lists and an error in one body.
fn change(call: &mut Call, blocked: bool) -> Result<Reply, GraphError> {
    require_messaging_product(call)?;
    let users = call
        .request
        .params
        .get("block_users")
        .and_then(Value::as_array);
    let users = users
        .filter(|users| !users.is_empty())
        .ok_or_else(|| GraphError::required("block_users"))?;
    let (mut done, mut failed) = (Vec::new(), Vec::new());
    for (at, user) in users.iter().enumerate() {
        let input = user
            .get("user")
            .or_else(|| user.get("user_id"))
            .and_then(scalar_text);
        let input =
            input.ok_or_else(|| GraphError::required(&format!("block_users[{at}]['user']")))?;
        match change_one(call, &input, blocked) {
            Ok(key) => done.push(json!({"input": input, "wa_id": key})),
            Err(code) => {
                let error = GraphError::new(code);
                failed.push(json!({
                    "input": input,
                    "wa_id": digits(&input),
                    "errors": [{
                        "message": error.message,
                        "code": code,
                        "error_data": {"details": error.details},
                    }],
                }));
            }
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
    let error = GraphError::new(139_100);
    answer["block_users"]["failed_users"] = json!(failed);
    answer["error"] = error.to_json(&call.world.ids.trace())["error"].take();
    let mut reply = Reply::graph(&answer);
    reply.status = error.status;
    Ok(reply)
}

fn digits(input: &str) -> String {
    input
        .trim_start_matches('+')
        .replace([' ', '-', '(', ')'], "")
}

/// Only users who wrote to this number within 24 hours can be blocked. The user's wa_id or user id, or the code of the refusal.
fn change_one(call: &mut Call, input: &str, blocked: bool) -> Result<String, u32> {
    let own = call
        .world
        .phone_number(call.node)
        .map(crate::world::PhoneNumber::digits);
    if own == Some(digits(input)) {
        return Err(131_021);
    }
    if blocked
        && call
            .world
            .customers
            .iter()
            .filter(|customer| customer.blocked)
            .count()
            >= BLOCKED
    {
        return Err(139_101);
    }
    let (node, now_ms) = (call.node, call.now_ms);
    match call.world.customer_mut(&digits(input)) {
        Some(customer) if !blocked || customer.window_is_open(node, now_ms) => {
            customer.blocked = blocked;
            Ok(customer.key().to_owned())
        }
        _ => Err(131_047),
    }
}
