//! `subscribe-webhooks`, `unsubscribe-webhooks`, `list-webhook-subscriptions`.

use super::{check_https, done};
use crate::fault::{Fallible, check_length};
use crate::graph::{
    Graph, paging,
    request::{Call, Effect},
};
use crate::json::{Input, Object, text_at};
use crate::prelude::*;
use serde_json::Value;

/// Longest address, in characters. Source: Meta's page "Webhook overrides".
const ADDRESS_MAX: usize = 200;

/// `subscribe-webhooks`.
pub fn subscribe(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    for (field, other) in [
        ("override_callback_url", "verify_token"),
        ("verify_token", "override_callback_url"),
    ] {
        if input.has(other) && !input.has(field) {
            let problem = ["required together with ", other, ", got none"].joined("");
            return Err(input.refuse(field, &problem, ""));
        }
    }
    // The second time nothing is added: an app is subscribed once.
    let mut call = Call::post_empty(&edge(graph, input)?, Effect::Idempotent);
    if let Some(address) = input.text("override_callback_url") {
        check_https(input, "override_callback_url")?;
        check_length("override_callback_url", address, ADDRESS_MAX)?;
        call = call.with_body(
            input
                .pick(&["verify_token"])
                .with("override_callback_uri", address),
        );
    }
    graph.call(call)?;
    Ok(done())
}

/// `unsubscribe-webhooks`.
pub fn unsubscribe(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    graph.call(Call::delete(&edge(graph, input)?))?;
    Ok(done())
}

/// `list-webhook-subscriptions`.
pub fn list(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let edge = edge(graph, input)?;
    let apps = paging::all(graph, &|| Call::get(&edge))?;
    let subscriptions: Vec<_> = apps.iter().map(subscription).collect();
    Ok(Object::new().with("subscriptions", subscriptions).into())
}

fn subscription(item: &Value) -> Value {
    let app = |name| text_at(item, &["whatsapp_business_api_data", name]);
    Object::new()
        .with("app_id", app("id"))
        .with("app_name", app("name"))
        .with(
            "override_callback_url",
            text_at(item, &["override_callback_uri"]),
        )
        .into()
}

fn edge<'i>(graph: &'i Graph<'_>, input: &Input<'i>) -> Fallible<[&'i str; 2]> {
    Ok([graph.business_account_id(input)?, "subscribed_apps"])
}
