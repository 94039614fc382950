//! `validate-connection`, and what Meta says about the access token.

use super::window;
use crate::contract::whatsapp::connector::http::Secret;
use crate::fault::Fallible;
use crate::graph::{Graph, answer, codes, request::Call, request::Effect};
use crate::json::{Input, Object, at, text_at};
use crate::prelude::*;
use serde_json::Value;

/// The permissions that the connector's actions need.
pub const REQUIRED_SCOPES: [&str; 2] = [
    "whatsapp_business_messaging",
    "whatsapp_business_management",
];

const DAY_S: u64 = 24 * 60 * 60;

/// Days before an end from which a person is warned.
const WARNING_DAYS: u64 = 30;

/// Asks Meta about the access token. The host puts the token in; it does not come back.
pub fn validate(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let now = window::time(input, "now")?;
    let data = token_data(graph.call(token_call())?)?;
    let required: Vec<_> = match input.has("required_scopes") {
        true => input.texts("required_scopes").collect(),
        false => REQUIRED_SCOPES.to_vec(),
    };
    let missing = missing(&data, &required);
    let problem = token_problem(&data).or_else(|| scope_problem(&missing));
    let expires_at = time(&data, "expires_at");
    let expires_in = expires_at.zip(now).map(|(end, now)| days_until(end, now));
    Ok(Object::new()
        .with("valid", problem.is_none())
        .with("problem", problem)
        .with("warning", now.and_then(|now| ending(&data, now)))
        .with("app_id", text_at(&data, &["app_id"]))
        .with("application", text_at(&data, &["application"]))
        .with("token_type", text_at(&data, &["type"]))
        .with("user_id", text_at(&data, &["user_id"]))
        .with("expires_at", expires_at)
        .with("expires_in_days", expires_in)
        .with(
            "data_access_expires_at",
            time(&data, "data_access_expires_at"),
        )
        .with("business_account_ids", account_ids(&data))
        .with("missing_scopes", missing)
        .with("scopes", texts(at(&data, &["scopes"])))
        .into())
}

/// The call that asks about the token.
pub fn token_call() -> Call {
    Call::get(&["debug_token"]).secret_query("input_token", Secret::AccessToken)
}

/// What its answer says about the token.
pub fn token_data(mut answer: Value) -> Fallible<Value> {
    match answer.get_mut("data").map(Value::take) {
        Some(data) if data.is_object() => Ok(data),
        _ => Err(answer::incomplete(Effect::Read, "data")),
    }
}

/// Why the token does not work, and what to do.
pub fn token_problem(data: &Value) -> Option<String> {
    if at(data, &["is_valid"]).and_then(Value::as_bool) == Some(true) {
        return None;
    }
    let number = |name| at(data, &["error", name]).and_then(Value::as_i64);
    let reason = text_at(data, &["error", "message"])
        .unwrap_or_else(|| "Meta says that the access token is not valid".to_owned());
    // 190 is the code of all token problems.
    let code = number("code").or(Some(190));
    let advice = codes::find(code, number("subcode")).map_or("", codes::Entry::advice);
    Some([reason.trim_end_matches('.'), ". ", advice].joined(""))
}

/// The required permissions that the token lacks.
pub fn missing<'r>(data: &Value, required: &[&'r str]) -> Vec<&'r str> {
    let scopes = texts(at(data, &["scopes"]));
    let lacks = |scope: &&&str| !scopes.iter().any(|given| given == **scope);
    required.iter().filter(lacks).copied().collect()
}

/// What is wrong about missing permissions, and what to do.
pub fn scope_problem(missing: &[&str]) -> Option<String> {
    (!missing.is_empty()).then(|| {
        format!(
            "The access token lacks {}. Give the app this permission and connect again.",
            missing.joined(", ")
        )
    })
}

/// What ends soon or has ended, and what to do.
pub fn ending(data: &Value, now: u64) -> Option<String> {
    for (name, what, advice) in [
        (
            "expires_at",
            "The access token",
            "Run refresh-token before that, or connect with a system user's token that never ends.",
        ),
        (
            "data_access_expires_at",
            "The app's access to data",
            "Have the person who connected do it again before that.",
        ),
    ] {
        let Some(end) = time(data, name) else {
            continue;
        };
        if end <= now {
            return Some([what, " has ended. Connect again."].joined(""));
        }
        let days = days_until(end, now);
        if days <= WARNING_DAYS {
            return Some(format!(
                "{what} ends soon; whole days left: {days}. {advice}"
            ));
        }
    }
    None
}

/// Whole days; 0 after the end.
pub fn days_until(end: u64, now: u64) -> u64 {
    end.saturating_sub(now) / DAY_S
}

/// Seconds since 1970; Meta writes 0 for "never".
pub fn time(data: &Value, name: &str) -> Option<u64> {
    at(data, &[name])?.as_u64().filter(|seconds| *seconds > 0)
}

/// The accounts that the token was given: the targets of the WhatsApp permissions, each once, in Meta's order (newest first).
pub fn account_ids(data: &Value) -> Vec<String> {
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

/// The texts of a list.
pub fn texts(list: Option<&Value>) -> Vec<String> {
    let items = list
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    items.iter().filter_map(|item| text_at(item, &[])).collect()
}
