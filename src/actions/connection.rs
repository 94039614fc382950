//! `validate-connection`, and what Meta says about the access token.

use super::output::{List, finish};
use super::reading::{self, flag, known, list, number, word, words};
use super::window;
use crate::contract::whatsapp::connector::http::Secret;
use crate::fault::Fallible;
use crate::graph::{Graph, answer, codes, request::Call, request::Effect};
use crate::json::{Input, Object, at, items, text_at};
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
    let missing = missing(&data, &scopes(input, "required_scopes"));
    let problem = match token_problem(&data) {
        problem if problem.is_empty() => scope_problem(&missing),
        problem => problem,
    };
    let warning = now.map(|now| ending(&data, now)).unwrap_or_default();
    let expires_at = time(&data, "expires_at");
    let expires_in = expires_at.zip(now).map(|(end, now)| days_until(end, now));
    let output = Object::new()
        .with("valid", problem.is_empty())
        .with("expires_at", expires_at)
        .with("expires_in_days", expires_in)
        .with(
            "data_access_expires_at",
            time(&data, "data_access_expires_at"),
        )
        .with("business_account_ids", List(account_ids(&data)))
        .with("missing_scopes", list(&missing))
        .with("scopes", list(&words(items(&data, &["scopes"]))));
    let output = known(output, "problem", &problem);
    let output = known(output, "warning", &warning);
    let names = "app_id,application,token_type=type,user_id";
    finish(reading::texts(output, &data, names))
}

/// The permissions that an input names, else the required ones.
pub fn scopes<'v>(input: &Input<'v>, field: &str) -> Vec<&'v str> {
    match input.has(field) {
        true => words(input.values(field)),
        false => REQUIRED_SCOPES.to_vec(),
    }
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

/// Why the token does not work, and what to do; empty when it does.
pub fn token_problem(data: &Value) -> String {
    if flag(data, "is_valid") == Some(true) {
        return String::new();
    }
    let reason = match word(data, &["error", "message"]) {
        "" => "Meta says that the access token is not valid",
        reason => reason,
    };
    // 190 is the code of all token problems.
    let code = number(data, &["error", "code"]).or(Some(190));
    let subcode = number(data, &["error", "subcode"]);
    let advice = codes::find(code, subcode).map_or("", codes::Entry::advice);
    [reason.trim_end_matches('.'), ". ", advice].joined("")
}

/// The required permissions that the token lacks.
pub fn missing<'r>(data: &Value, required: &[&'r str]) -> Vec<&'r str> {
    let given = words(items(data, &["scopes"]));
    let mut missing = Vec::new();
    for scope in required {
        if !given.contains(scope) {
            missing.push(*scope);
        }
    }
    missing
}

/// What is wrong about missing permissions, and what to do; empty when none is.
pub fn scope_problem(missing: &[&str]) -> String {
    if missing.is_empty() {
        return String::new();
    }
    let missing = missing.joined(", ");
    let advice = ". Give the app this permission and connect again.";
    ["The access token lacks ", &missing, advice].joined("")
}

/// What can end: its field, what it is, and what to do before.
const ENDINGS: &[(&str, &str, &str)] = &[
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
];

/// What ends soon or has ended, and what to do; empty when nothing does.
pub fn ending(data: &Value, now: u64) -> String {
    for (name, what, advice) in ENDINGS {
        let Some(end) = time(data, name) else {
            continue;
        };
        if end <= now {
            return [what, " has ended. Connect again."].joined("");
        }
        let days = days_until(end, now);
        if days <= WARNING_DAYS {
            return format!("{what} ends soon; whole days left: {days}. {advice}");
        }
    }
    String::new()
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
pub fn account_ids(data: &Value) -> Vec<Value> {
    let mut ids = Vec::new();
    for grant in items(data, &["granular_scopes"]) {
        if !REQUIRED_SCOPES.contains(&word(grant, &["scope"])) {
            continue;
        }
        for id in items(grant, &["target_ids"]) {
            let id = Value::from(text_at(id, &[]));
            if !id.is_null() && !ids.contains(&id) {
                ids.push(id);
            }
        }
    }
    ids
}
