//! `validate-connection`.

use crate::contract::whatsapp::connector::http::Secret;
use crate::fault::Fallible;
use crate::graph::{Graph, answer, request::Call, request::Effect};
use crate::json::{Input, Object, at, text_at};
use crate::prelude::*;
use serde_json::Value;

/// The permissions that the connector's actions need.
pub const REQUIRED_SCOPES: [&str; 2] = [
    "whatsapp_business_messaging",
    "whatsapp_business_management",
];

/// Asks Meta about the access token. The host puts the token in; it does not come back.
pub fn validate(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let call = Call::get(&["debug_token"]).secret_query("input_token", Secret::AccessToken);
    let answer = graph.call(call)?;
    let data = at(&answer, &["data"])
        .filter(|data| data.is_object())
        .ok_or_else(|| answer::incomplete(Effect::Read, "data"))?;
    let required: Vec<_> = match input.has("required_scopes") {
        true => input.texts("required_scopes").collect(),
        false => REQUIRED_SCOPES.to_vec(),
    };
    let scopes = texts(at(data, &["scopes"]));
    let missing: Vec<_> = required
        .into_iter()
        .filter(|scope| !scopes.iter().any(|given| given == scope))
        .collect();
    let works = at(data, &["is_valid"]).and_then(Value::as_bool) == Some(true);
    let problem = problem(data, works, &missing);
    Ok(Object::new()
        .with("valid", problem.is_none())
        .with("problem", problem)
        .with("app_id", text_at(data, &["app_id"]))
        .with("application", text_at(data, &["application"]))
        .with("token_type", text_at(data, &["type"]))
        .with("expires_at", time(data, "expires_at"))
        .with(
            "data_access_expires_at",
            time(data, "data_access_expires_at"),
        )
        .with("business_account_ids", account_ids(data))
        .with("missing_scopes", missing)
        .with("scopes", scopes)
        .into())
}

fn problem(data: &Value, works: bool, missing: &[&str]) -> Option<String> {
    if !works {
        let reason = text_at(data, &["error", "message"])
            .unwrap_or_else(|| "Meta says that the access token is not valid.".to_owned());
        return Some(format!(
            "{}. Connect again with a new access token.",
            reason.trim_end_matches('.')
        ));
    }
    if missing.is_empty() {
        return None;
    }
    Some(format!(
        "The access token lacks {}. Give the app this permission and connect again.",
        missing.join(", ")
    ))
}

/// Seconds since 1970; Meta writes 0 for "never".
fn time(data: &Value, name: &str) -> Option<u64> {
    at(data, &[name])?.as_u64().filter(|seconds| *seconds > 0)
}

/// The accounts that the token was given: the targets of the WhatsApp permissions, each once, in Meta's order (newest first).
fn account_ids(data: &Value) -> Vec<String> {
    let mut ids = Vec::new();
    let grants = at(data, &["granular_scopes"]).and_then(Value::as_array);
    for grant in grants.map_or(&[][..], Vec::as_slice) {
        let scope = text_at(grant, &["scope"]).unwrap_or_default();
        if !REQUIRED_SCOPES.contains(&scope.as_str()) {
            continue;
        }
        for id in texts(at(grant, &["target_ids"])) {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
    }
    ids
}

fn texts(list: Option<&Value>) -> Vec<String> {
    let items = list
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    items.iter().filter_map(|item| text_at(item, &[])).collect()
}
