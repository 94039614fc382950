//! `list-phone-numbers`, `get-phone-number`.

use crate::fault::Fallible;
use crate::graph::{
    Graph, answer, paging,
    request::{Call, Effect},
};
use crate::json::{Input, Object, at, text_at, to_text};
use crate::prelude::*;
use serde_json::Value;

/// The fields that are asked for and handed on under the same name; of `throughput`, the level.
const FIELDS: &str = "id,display_phone_number,verified_name,quality_rating,code_verification_status,status,platform_type,\
                      name_status,account_mode,throughput";

/// What is asked for of one number beside these.
const MORE_FIELDS: &str = ",is_official_business_account,is_pin_enabled,is_on_biz_app,last_onboarded_time,webhook_configuration,\
                           health_status,";

/// The messaging limit, since version 24 and before. Source: Meta's page "Messaging limits".
const LIMIT: [&str; 2] = [
    "whatsapp_business_manager_messaging_limit",
    "messaging_limit_tier",
];

/// Lists the phone numbers of an account.
pub fn list(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let account = graph.business_account_id(input)?;
    let filter = input.text("account_mode").map(|mode| {
        let filter = Object::new()
            .with("field", "account_mode")
            .with("operator", "EQUAL")
            .with("value", mode.to_ascii_uppercase());
        to_text(&Value::from(vec![Value::from(filter)]))
    });
    let edge = || {
        let call = Call::get(&[account, "phone_numbers"]).query("fields", FIELDS);
        match &filter {
            Some(filter) => call.query("filtering", filter),
            None => call,
        }
    };
    let (items, next) = paging::asked(graph, input, &edge)?;
    let numbers: Vec<_> = items
        .iter()
        .map(|item| Ok(number(item, "data[].id")?.into()))
        .collect::<Fallible<_>>()?;
    Ok(Object::new()
        .with("phone_numbers", Value::Array(numbers))
        .with("next", next)
        .into())
}

/// What the messaging limit is called in the version in use.
pub fn limit_field(graph: &Graph<'_>) -> &'static str {
    LIMIT[usize::from(graph.major_version() < 24)]
}

/// Reads one phone number.
pub fn get(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let id = graph.phone_number_id(input)?;
    let limit = limit_field(graph);
    let fields = [FIELDS, MORE_FIELDS, limit].concat();
    let item = graph.call(Call::get(&[id]).query("fields", &fields))?;
    let mut output = number(&item, "id")?
        .with("messaging_limit", text_at(&item, &[limit]))
        .with(
            "last_onboarded_time",
            text_at(&item, &["last_onboarded_time"]),
        )
        .with(
            "can_send_message",
            text_at(&item, &["health_status", "can_send_message"]),
        )
        .with("health_problems", health_problems(&item));
    for name in [
        "is_official_business_account",
        "is_pin_enabled",
        "is_on_biz_app",
    ] {
        output = output.with(name, at(&item, &[name]).and_then(Value::as_bool));
    }
    for (name, place) in [
        ("webhook_application", "application"),
        ("webhook_business_account", "whatsapp_business_account"),
        ("webhook_phone_number", "phone_number"),
    ] {
        output = output.with(name, text_at(&item, &["webhook_configuration", place]));
    }
    Ok(output.into())
}

fn number(item: &Value, id: &str) -> Fallible<Object> {
    if text_at(item, &["id"]).is_none_or(|id| id.is_empty()) {
        return Err(answer::incomplete(Effect::Read, id));
    }
    let mut output = Object::new()
        .with("throughput_level", text_at(item, &["throughput", "level"]))
        .with("health_problems", Value::Array(Vec::new()));
    for name in FIELDS.split(',').filter(|name| *name != "throughput") {
        output = output.with(name, text_at(item, &[name]));
    }
    Ok(output)
}

/// The errors and remarks of all entities, one after the other.
fn health_problems(item: &Value) -> Vec<Value> {
    let list = |value: &Value, path: &[&str]| -> Vec<Value> {
        let items = at(value, path).and_then(Value::as_array);
        items.cloned().unwrap_or_default()
    };
    let mut problems = Vec::new();
    for entity in list(item, &["health_status", "entities"]) {
        let mut errors = list(&entity, &["errors"]);
        errors.extend(list(&entity, &["additional_info"]));
        for error in errors {
            // A remark is a text and nothing else.
            let description =
                text_at(&error, &["error_description"]).or_else(|| text_at(&error, &[]));
            let problem = Object::new()
                .with("entity_type", text_at(&entity, &["entity_type"]))
                .with("entity_id", text_at(&entity, &["id"]))
                .with("can_send_message", text_at(&entity, &["can_send_message"]))
                .with("code", at(&error, &["error_code"]).and_then(Value::as_i64))
                .with("description", description.unwrap_or_default())
                .with("solution", text_at(&error, &["possible_solution"]));
            problems.push(problem.into());
        }
    }
    problems
}
