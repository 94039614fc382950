//! `subscribe-webhooks`, `unsubscribe-webhooks`, `list-webhook-subscriptions`.

use super::output::{List, finish};
use super::{check_beside, check_https, done, reading};
use crate::fault::{Fallible, check_length};
use crate::graph::{
    Graph, paging,
    request::{Call, Effect},
};
use crate::json::{Input, Object};
use serde_json::Value;

/// Longest address, in characters. Source: Meta's page "Webhook overrides".
const ADDRESS_MAX: usize = 200;

/// `subscribe-webhooks`.
pub fn subscribe(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    check_beside(input, "verify_token", "override_callback_url")?;
    check_beside(input, "override_callback_url", "verify_token")?;
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
    let mut subscriptions = List::default();
    for app in &apps {
        subscriptions.push(reading::texts(Object::new(), app, SUBSCRIPTION));
    }
    finish(Object::new().with("subscriptions", subscriptions))
}

/// Where the texts of a subscription come from.
const SUBSCRIPTION: &str = "app_id=whatsapp_business_api_data.id,app_name=whatsapp_business_api_data.name,\
                            override_callback_url=override_callback_uri";

fn edge<'i>(graph: &'i Graph<'_>, input: &Input<'i>) -> Fallible<[&'i str; 2]> {
    Ok([graph.business_account_id(input)?, "subscribed_apps"])
}
