//! `block-users`, `unblock-users`, `list-blocked-users`.

use super::output::{List, finish};
use super::reading::{number, texts, word};
use super::{address, fault_of, item};
use crate::contract::whatsapp::connector::http::Method;
use crate::contract::whatsapp::connector::types::Error;
use crate::fault::Fallible;
use crate::graph::{
    Graph, answer,
    codes::{self, Class},
    paging,
    request::{Call, Effect},
};
use crate::json::{Input, Object, items, text_at};
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
    let mut users = List::default();
    for (index, user) in input.texts("users").enumerate() {
        let (key, user) = address::person(&item("users", index), user)?;
        let key = if key == "to" { "user" } else { "user_id" };
        users.push(Object::new().with(key, user));
    }
    let body = Object::new()
        .with("messaging_product", "whatsapp")
        .with("block_users", users);
    let path = [graph.phone_number_id(input)?, "block_users"];
    let call = Call::new(method, &path, Effect::Idempotent).with_body(body);
    let answer = graph.send(call);
    // Meta names both lists in one answer, which then is an error as well.
    let lists = answer.as_ref().ok().and_then(answer::json);
    let lists = lists.unwrap_or_default();
    let mut failed = List::default();
    for item in items(&lists, &["block_users", "failed_users"]) {
        failed.push(failure(item));
    }
    let mut succeeded = List::default();
    // Meta's page and Meta's OpenAPI document have different names for those who were unblocked.
    for list in &["added_users", "removed_users"] {
        add_users(&mut succeeded, items(&lists, &["block_users", list]));
    }
    if succeeded.0.is_empty() {
        return match answer::read(answer, Effect::Idempotent, None) {
            Err(error) => Err(reason(error, failed.0.first())),
            Ok(_) => Err(answer::incomplete(Effect::Idempotent, "block_users")),
        };
    }
    finish(
        Object::new()
            .with("succeeded", succeeded)
            .with("failed", failed),
    )
}

/// A customer who was left as he was.
fn failure(item: &Value) -> Object {
    let error = items(item, &["errors"]).first().unwrap_or(&Value::Null);
    let code = number(error, &["code"]);
    let advice = match code {
        Some(NOT_WRITTEN) => NOT_WRITTEN_ADVICE,
        code => codes::find(code, None).map_or(codes::UNKNOWN_ADVICE, codes::Entry::advice),
    };
    let message = match (
        word(error, &["error_data", "details"]),
        word(error, &["message"]),
    ) {
        ("", "") => "Meta does not say why.",
        ("", message) => message,
        (details, _) => details,
    };
    Object::new()
        .with("user", text_at(item, &["input"]))
        .with("code", code)
        .with("message", message)
        .with("advice", advice)
}

/// Nobody was blocked: what Meta says of the first customer tells more than what it says of all.
fn reason(error: Box<Error>, first: Option<&Value>) -> Box<Error> {
    let window = matches!(*error, Error::PermanentWindowClosed(_));
    if first.is_none() && !window {
        return error;
    }
    let mut class = Class::Rejected;
    let mut fault = fault_of(error);
    fault.advice = NOT_WRITTEN_ADVICE.to_owned();
    if let Some(first) = first {
        let text = |name| word(first, &[name]);
        let message = [&fault.message, ". ", text("user"), ": ", text("message")];
        fault.message = message.joined("");
        fault.advice = text("advice").to_owned();
        fault.field = Some("users".to_owned());
        let entry = codes::find(number(first, &["code"]), None);
        if let Some(passing @ (Class::RateLimited | Class::Unavailable)) =
            entry.map(|entry| entry.class)
        {
            class = passing;
        }
    }
    Box::new(class.error(fault))
}

/// `list-blocked-users`.
pub fn list(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let edge = [graph.phone_number_id(input)?, "block_users"];
    let (pages, next) = paging::asked(graph, input, &|| Call::get(&edge))?;
    let mut users = List::default();
    for page in &pages {
        // By Meta's page, an item holds a list; by its OpenAPI document, it is a customer.
        match page.get("block_users") {
            None => add_users(&mut users, core::slice::from_ref(page)),
            Some(list) => add_users(&mut users, items(list, &[])),
        }
    }
    finish(Object::new().with("users", users).with("next", next))
}

fn add_users(users: &mut List, list: &[Value]) {
    for item in list {
        users.push(texts(Object::new(), item, "user=input,wa_id,user_id"));
    }
}
