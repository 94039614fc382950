//! `settings` of a number: calling, encryption, storage, identity checks.

use serde_json::{Map, Value, json};

use super::number;
use crate::graph_error::GraphError;
use crate::reply::Reply;
use crate::request::scalar_text;
use crate::router::Call;

/// What can be set, one at a time, with the check of it.
static FEATURES: &[(&str, Check)] = &[
    ("calling", calling),
    ("payload_encryption", |_| Ok(())),
    ("storage_configuration", |_| Ok(())),
    ("user_identity_change", |_| Ok(())),
];

type Check = fn(&Map<String, Value>) -> Result<(), GraphError>;

const SWITCH: &[&str] = &["ENABLED", "DISABLED"];

/// The page has the first two, the OpenAPI document the others.
const VISIBILITY: &[&str] = &["DEFAULT", "DISABLE_ALL", "VISIBLE", "HIDDEN"];

const DAYS: &[&str] = &[
    "MONDAY",
    "TUESDAY",
    "WEDNESDAY",
    "THURSDAY",
    "FRIDAY",
    "SATURDAY",
    "SUNDAY",
];

/// Settings of a number that nobody changed.
pub(crate) fn default() -> Value {
    json!({
        "calling": {
            "status": "DISABLED",
            "call_icon_visibility": "DEFAULT",
            "callback_permission_status": "DISABLED",
        },
        "payload_encryption": {"status": "DISABLED"},
        "storage_configuration": {"status": "DEFAULT"},
        "user_identity_change": {"enable_identity_key_check": false},
    })
}

/// `GET /{phone-number-id}/settings`.
pub(crate) fn show(call: &mut Call) -> Result<Reply, GraphError> {
    Ok(Reply::graph(&number::of(call)?.settings))
}

/// `POST /{phone-number-id}/settings`: what is named changes, inside the feature too.
pub(crate) fn update(call: &mut Call) -> Result<Reply, GraphError> {
    let params = &call.request.params;
    let given: Vec<_> = FEATURES
        .iter()
        .filter(|(name, _)| params.contains_key(*name))
        .collect();
    let [(name, check)] = given[..] else {
        return Err(GraphError::param("One feature setting must be specified"));
    };
    let change = params
        .get(*name)
        .and_then(Value::as_object)
        .ok_or_else(|| GraphError::param(format_args!("Param {name} must be a JSON object.")))?;
    check(change)?;
    let number = number::of(call)?;
    let enables = change
        .get("status")
        .and_then(scalar_text)
        .is_some_and(|text| text.eq_ignore_ascii_case("ENABLED"));
    if *name == "calling" && enables && number.messaging_limit == "TIER_250" {
        return Err(GraphError::new(138_015));
    }
    let feature = number
        .settings
        .get_mut(*name)
        .and_then(Value::as_object_mut);
    if let Some(feature) = feature {
        for (member, value) in change {
            let value = match (member.as_str(), value) {
                (
                    "status" | "call_icon_visibility" | "callback_permission_status",
                    Value::String(text),
                ) => {
                    json!(text.to_ascii_uppercase())
                }
                _ => value.clone(),
            };
            feature.insert(member.clone(), value);
        }
    }
    Ok(Reply::success())
}

fn calling(change: &Map<String, Value>) -> Result<(), GraphError> {
    for (member, known) in [
        ("status", SWITCH),
        ("callback_permission_status", SWITCH),
        ("call_icon_visibility", VISIBILITY),
    ] {
        one_of(&format!("calling['{member}']"), change.get(member), known)?;
    }
    match change.get("call_hours") {
        Some(hours) => call_hours(hours),
        None => Ok(()),
    }
}

fn one_of(path: &str, given: Option<&Value>, known: &[&str]) -> Result<(), GraphError> {
    let Some(given) = given.map(|given| scalar_text(given).unwrap_or_default()) else {
        return Ok(());
    };
    if known.contains(&given.to_ascii_uppercase().as_str()) {
        return Ok(());
    }
    Err(GraphError::one_of(path, known, &given))
}

/// A time zone and at least one day, each with an opening before its closing.
fn call_hours(hours: &Value) -> Result<(), GraphError> {
    let path = "calling['call_hours']";
    let member = |name| hours.get(name);
    if member("status").is_none() {
        return Err(GraphError::required(&format!("{path}['status']")));
    }
    one_of(&format!("{path}['status']"), member("status"), SWITCH)?;
    if member("timezone_id")
        .and_then(Value::as_str)
        .is_none_or(str::is_empty)
    {
        return Err(GraphError::required(&format!("{path}['timezone_id']")));
    }
    let week = member("weekly_operating_hours").and_then(Value::as_array);
    let week = week
        .filter(|week| !week.is_empty())
        .ok_or_else(|| GraphError::param("weekly_operating_hours in call_hours cannot be empty"))?;
    for (at, day) in week.iter().enumerate() {
        let path = format!("{path}['weekly_operating_hours'][{at}]");
        one_of(
            &format!("{path}['day_of_week']"),
            Some(day.get("day_of_week").unwrap_or(&Value::Null)),
            DAYS,
        )?;
        let time = |name| {
            day.get(name)
                .and_then(scalar_text)
                .filter(|text| text.len() == 4)
                .and_then(|text| text.parse::<u16>().ok())
        };
        match (time("open_time"), time("close_time")) {
            (Some(open), Some(close)) if open < close && close < 2400 => {}
            _ => {
                return Err(GraphError::param(format_args!(
                    "Param {path} must have an open_time before its close_time, each as four digits."
                )));
            }
        }
    }
    Ok(())
}
