//! `subscribed_apps`: which app gets the webhooks of a WABA, and where.

use serde_json::{Map, Value, json};

use crate::graph_error::GraphError;
use crate::reply::Reply;
use crate::request::GraphRequest;
use crate::router::Call;
use crate::world::{Subscription, World};

/// Longest override address (webhook overrides page).
const URL_CHARACTERS: usize = 200;

/// `POST /{waba-id}/subscribed_apps`; without a body it also removes the override.
pub(crate) fn subscribe(call: &mut Call) -> Result<Reply, GraphError> {
    let uri = call
        .request
        .text("override_callback_uri")
        .filter(|uri| !uri.is_empty());
    if uri.is_some() && call.request.text("verify_token").is_none() {
        return Err(GraphError::required("verify_token"));
    }
    check_callback(call, uri.as_deref().unwrap_or_default())?;
    let subscription = Subscription {
        waba_id: call.node.to_owned(),
        app_id: call.token.app_id.clone(),
        override_callback_uri: uri,
    };
    call.world
        .subscriptions
        .retain(|s| (&s.waba_id, &s.app_id) != (&subscription.waba_id, &subscription.app_id));
    call.world.subscriptions.push(subscription);
    Ok(Reply::success())
}

/// `GET /{waba-id}/subscribed_apps`.
pub(crate) fn list(call: &mut Call) -> Result<Reply, GraphError> {
    let apps = subscribed(call.world, call.node);
    Ok(Reply::graph(&json!({ "data": apps })))
}

/// The apps that are subscribed to a WABA, as Graph lists them.
pub(crate) fn subscribed(world: &World, waba_id: &str) -> Vec<Value> {
    let subscriptions = world.subscriptions.iter().filter(|s| s.waba_id == waba_id);
    subscriptions
        .map(|s| {
            let own = s.app_id == world.app.id;
            let app = json!({
                "id": s.app_id,
                "link": format!("https://www.facebook.com/games/?app_id={}", s.app_id),
                "name": if own { &world.app.name } else { "Another App" },
            });
            let mut entry = Map::new();
            entry.insert("whatsapp_business_api_data".into(), app);
            if let Some(uri) = &s.override_callback_uri {
                entry.insert("override_callback_uri".into(), json!(uri));
            }
            Value::Object(entry)
        })
        .collect()
}

/// `DELETE /{waba-id}/subscribed_apps`.
pub(crate) fn unsubscribe(call: &mut Call) -> Result<Reply, GraphError> {
    let (waba_id, app_id) = (call.node, &call.token.app_id);
    call.world
        .subscriptions
        .retain(|s| (s.waba_id.as_str(), &s.app_id) != (waba_id, app_id));
    Ok(Reply::success())
}

/// Refuses an override whose address is too long or did not pass its verification.
pub(crate) fn check_callback(call: &Call, uri: &str) -> Result<(), GraphError> {
    if uri.chars().count() > URL_CHARACTERS {
        return Err(GraphError::param(format_args!(
            "Param override_callback_uri must be at most {URL_CHARACTERS} characters long."
        )));
    }
    match &call.request.callback_check {
        Some(Err(why)) if !uri.is_empty() => Err(GraphError::core(
            2200,
            format!("(#2200) Callback verification failed with the following errors: {why}"),
        )),
        _ => Ok(()),
    }
}

/// The callback and verify token that a request wants to set: Meta verifies it before it takes it.
pub(crate) fn callback_to_verify(request: &GraphRequest) -> Option<(String, String)> {
    if request.method != http::Method::POST {
        return None;
    }
    let source = match request.segments.get(1).map(String::as_str) {
        Some("subscribed_apps") => &request.params,
        None => request.params.get("webhook_configuration")?.as_object()?,
        Some(_) => return None,
    };
    let text = |name| source.get(name).and_then(Value::as_str).unwrap_or_default();
    let uri = text("override_callback_uri");
    (!uri.is_empty()).then(|| (uri.to_owned(), text("verify_token").to_owned()))
}
