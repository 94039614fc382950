//! `list-phone-numbers`, `get-phone-number`.

use super::output::{List, finish};
use super::reading::{self, flag, lacks, number, texts};
use crate::fault::Fallible;
use crate::graph::{
    Graph, answer, paging,
    request::{Call, Effect},
};
use crate::json::{Input, Object, items, text_at};
use crate::prelude::*;
use serde_json::Value;

/// The fields that are asked for of every number.
const FIELDS: &str = "id,display_phone_number,verified_name,quality_rating,code_verification_status,status,platform_type,\
                      name_status,account_mode,throughput";

/// Where the texts of an output come from; those that were not asked for are not there.
const TEXTS: &str = "id,display_phone_number,verified_name,quality_rating,code_verification_status,status,platform_type,\
                     name_status,account_mode,throughput_level=throughput.level,last_onboarded_time,\
                     can_send_message=health_status.can_send_message,webhook_application=webhook_configuration.application,\
                     webhook_business_account=webhook_configuration.whatsapp_business_account,\
                     webhook_phone_number=webhook_configuration.phone_number";

/// The same for what is true or false.
const FLAGS: [&str; 3] = [
    "is_official_business_account",
    "is_pin_enabled",
    "is_on_biz_app",
];

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
    let mode = input.need("account_mode").to_ascii_uppercase();
    let edge = || {
        let call = Call::get(&[account, "phone_numbers"]).query("fields", FIELDS);
        if mode.is_empty() {
            return call;
        }
        // An enumeration of the contract: no text that would have to be escaped.
        let filter = [
            r#"[{"field":"account_mode","operator":"EQUAL","value":""#,
            &mode,
            r#""}]"#,
        ];
        call.query("filtering", &filter.joined(""))
    };
    let (items, next) = paging::asked(graph, input, &edge)?;
    let mut numbers = List::default();
    for item in &items {
        numbers.push(phone_number(item, "data[].id")?);
    }
    finish(
        Object::new()
            .with("phone_numbers", numbers)
            .with("next", next),
    )
}

/// What the messaging limit is called in the version in use.
pub fn limit_field(graph: &Graph<'_>) -> &'static str {
    LIMIT[usize::from(graph.major_version() < 24)]
}

/// Reads one phone number.
pub fn get(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let id = graph.phone_number_id(input)?;
    let limit = limit_field(graph);
    let item = reading::object(graph, id, &[FIELDS, MORE_FIELDS, limit].joined(""))?;
    finish(phone_number(&item, "id")?.with_text("messaging_limit", &item, &[limit]))
}

fn phone_number(item: &Value, id: &str) -> Fallible<Object> {
    if lacks(item, "id") {
        return Err(answer::incomplete(Effect::Read, id));
    }
    let mut output = Object::new().with("health_problems", health_problems(item));
    for name in &FLAGS {
        output.put(name, flag(item, name).into());
    }
    Ok(texts(output, item, TEXTS))
}

/// The errors and remarks of all entities, one after the other.
fn health_problems(item: &Value) -> List {
    let mut problems = List::default();
    for entity in items(item, &["health_status", "entities"]) {
        for list in &["errors", "additional_info"] {
            for error in items(entity, &[list]) {
                // A remark is a text and nothing else.
                let description =
                    text_at(error, &["error_description"]).or_else(|| text_at(error, &[]));
                let problem = Object::new()
                    .with("code", number(error, &["error_code"]))
                    .with("description", description.unwrap_or_default())
                    .with_text("solution", error, &["possible_solution"]);
                let names = "entity_type,can_send_message,entity_id=id";
                problems.push(texts(problem, entity, names));
            }
        }
    }
    problems
}
