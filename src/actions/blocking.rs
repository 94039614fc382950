//! `block-users`, `unblock-users`, `list-blocked-users`.

use super::address;
use crate::contract::whatsapp::connector::http::Method;
use crate::contract::whatsapp::connector::types::{Error, Fault};
use crate::fault::{Fallible, into_fault};
use crate::graph::{
    Graph, answer,
    codes::{self, Class},
    paging,
    request::{Call, Effect},
};
use crate::json::{Input, Object, at, text_at};
use crate::prelude::*;
use serde_json::Value;

/// Meta's code for a customer who has not written within 24 hours, or is not on WhatsApp.
const NOT_WRITTEN: i64 = 131_047;

/// What to do about it here: everywhere else the code is about sending.
const NOT_WRITTEN_ADVICE: &str = "Only a customer who wrote to this number within the last 24 hours can be blocked. Check the number, or block \
                                  the customer when the next message comes.";

/// `block-users`.
pub fn block(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    change(graph, input, Method::Post)
}

/// `unblock-users`.
pub fn unblock(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    change(graph, input, Method::Delete)
}

fn change(graph: &Graph<'_>, input: &Input<'_>, method: Method) -> Fallible<Value> {
    let mut users = Vec::new();
    for (index, user) in input.texts("users").enumerate() {
        let (key, user) = address::person(&format!("users[{index}]"), user)?;
        let key = if key == "to" { "user" } else { "user_id" };
        users.push(Value::from(Object::new().with(key, user)));
    }
    let body = Object::new()
        .with("messaging_product", "whatsapp")
        .with("block_users", users);
    let path = [graph.phone_number_id(input)?, "block_users"];
    let call = Call::new(method, &path, Effect::Idempotent).with_body(body);
    let answer = graph.send(call);
    // Meta names both lists in one answer, which then is an error as well.
    let lists = answer.as_ref().ok().and_then(answer::json);
    let list = |name| {
        lists
            .as_ref()
            .and_then(|lists| at(lists, &["block_users", name]))
    };
    let failed: Vec<_> = items(list("failed_users")).iter().map(failure).collect();
    // Meta's page and Meta's OpenAPI document have different names for those who were unblocked.
    let mut succeeded = users_in(list("added_users"));
    succeeded.append(&mut users_in(list("removed_users")));
    if succeeded.is_empty() {
        return match answer::read(answer, Effect::Idempotent, None) {
            Err(error) => Err(reason(error, failed.first())),
            Ok(_) => Err(answer::incomplete(Effect::Idempotent, "block_users")),
        };
    }
    Ok(Object::new()
        .with("succeeded", succeeded)
        .with("failed", failed)
        .into())
}

/// A customer who was left as he was.
fn failure(item: &Value) -> Value {
    let error = at(item, &["errors"]).and_then(|errors| errors.get(0));
    let error = error.unwrap_or(&Value::Null);
    let code = at(error, &["code"]).and_then(Value::as_i64);
    let advice = match code {
        Some(NOT_WRITTEN) => NOT_WRITTEN_ADVICE,
        code => codes::find(code, None).map_or(codes::UNKNOWN_ADVICE, codes::Entry::advice),
    };
    let message = text_at(error, &["error_data", "details"])
        .or_else(|| text_at(error, &["message"]))
        .unwrap_or_else(|| "Meta does not say why.".to_owned());
    Object::new()
        .with("user", text_at(item, &["input"]))
        .with("code", code)
        .with("message", message)
        .with("advice", advice)
        .into()
}

/// Nobody was blocked: what Meta says of the first customer tells more than what it says of all.
fn reason(error: Box<Error>, first: Option<&Value>) -> Box<Error> {
    let Some(first) = first else {
        return match *error {
            Error::PermanentWindowClosed(fault) => Box::new(Error::PermanentRejected(Fault {
                advice: NOT_WRITTEN_ADVICE.to_owned(),
                ..fault
            })),
            error => Box::new(error),
        };
    };
    let text = |name| text_at(first, &[name]).unwrap_or_default();
    let code = at(first, &["code"]).and_then(Value::as_i64);
    let class = match codes::find(code, None).map(|entry| entry.class) {
        Some(class @ (Class::RateLimited | Class::Unavailable)) => class,
        _ => Class::Rejected,
    };
    let fault = into_fault(*error);
    Box::new(class.error(Fault {
        message: [&fault.message, ". ", &text("user"), ": ", &text("message")].joined(""),
        advice: text("advice"),
        field: Some("users".to_owned()),
        ..fault
    }))
}

/// `list-blocked-users`.
pub fn list(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let edge = [graph.phone_number_id(input)?, "block_users"];
    let (pages, next) = paging::asked(graph, input, &|| Call::get(&edge))?;
    let mut users = Vec::new();
    for item in &pages {
        // By Meta's page, an item holds a list; by its OpenAPI document, it is a customer.
        match at(item, &["block_users"]) {
            None => users.push(user(item).into()),
            list => users.append(&mut users_in(list)),
        }
    }
    Ok(Object::new().with("users", users).with("next", next).into())
}

fn users_in(list: Option<&Value>) -> Vec<Value> {
    items(list).iter().map(|item| user(item).into()).collect()
}

fn user(item: &Value) -> Object {
    Object::new()
        .with_some("user", text_at(item, &["input"]))
        .with_some("wa_id", text_at(item, &["wa_id"]))
        .with_some("user_id", text_at(item, &["user_id"]))
}

fn items(list: Option<&Value>) -> &[Value] {
    list.and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice)
}
