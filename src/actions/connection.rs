//! `validate-connection`.

use crate::contract::exports::whatsapp::connector::accounts::{ConnectionCheck, ConnectionReport};
use crate::contract::whatsapp::connector::http::Secret;
use crate::fault::Fallible;
use crate::graph::{Graph, answer, request::Call, request::Effect};
use crate::json::{at, text_at};
use crate::prelude::*;
use serde_json::Value;

/// The permissions that the connector's actions need.
pub const REQUIRED_SCOPES: [&str; 2] = [
    "whatsapp_business_messaging",
    "whatsapp_business_management",
];

/// Asks Meta about the access token. The host puts the token in; it does not come back.
pub fn validate(graph: &Graph<'_>, input: ConnectionCheck) -> Fallible<ConnectionReport> {
    let call = Call::get(&["debug_token"]).secret_query("input_token", Secret::AccessToken);
    let answer = graph.call(call)?;
    let data = at(&answer, &["data"])
        .filter(|data| data.is_object())
        .ok_or_else(|| answer::incomplete(Effect::Read, "data"))?;
    let required = input
        .required_scopes
        .unwrap_or_else(|| REQUIRED_SCOPES.map(str::to_owned).to_vec());
    let scopes = texts(at(data, &["scopes"]));
    let missing_scopes: Vec<_> = required
        .into_iter()
        .filter(|scope| !scopes.contains(scope))
        .collect();
    let works = at(data, &["is_valid"]).and_then(Value::as_bool) == Some(true);
    let problem = problem(data, works, &missing_scopes);
    Ok(ConnectionReport {
        valid: problem.is_none(),
        problem,
        app_id: text_at(data, &["app_id"]),
        application: text_at(data, &["application"]),
        token_type: text_at(data, &["type"]),
        expires_at: time(data, "expires_at"),
        data_access_expires_at: time(data, "data_access_expires_at"),
        business_account_ids: account_ids(data),
        scopes,
        missing_scopes,
    })
}

fn problem(data: &Value, works: bool, missing: &[String]) -> Option<String> {
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
        missing
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(", ")
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
