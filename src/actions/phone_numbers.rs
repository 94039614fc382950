//! `list-phone-numbers`.

use crate::fault::Fallible;
use crate::graph::{
    Graph, answer, paging,
    request::{Call, Effect},
};
use crate::json::{Input, Object, text_at};
use crate::prelude::*;
use serde_json::Value;

/// The fields that are asked for and handed on under the same name; of `throughput`, the level.
const FIELDS: &str = "id,display_phone_number,verified_name,quality_rating,code_verification_status,status,platform_type,\
                      name_status,account_mode,throughput";

/// Lists the phone numbers of an account, all pages.
pub fn list(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let account = graph.business_account_id(input)?;
    let edge = || Call::get(&[account, "phone_numbers"]).query("fields", FIELDS);
    let numbers: Vec<_> = paging::all(graph, &edge)?
        .iter()
        .map(number)
        .collect::<Result<_, _>>()?;
    Ok(Object::new().with("phone_numbers", numbers).into())
}

fn number(item: &Value) -> Fallible<Value> {
    if text_at(item, &["id"]).is_none_or(|id| id.is_empty()) {
        return Err(answer::incomplete(Effect::Read, "data[].id"));
    }
    let mut output =
        Object::new().with("throughput_level", text_at(item, &["throughput", "level"]));
    for name in FIELDS.split(',').filter(|name| *name != "throughput") {
        output = output.with(name, text_at(item, &[name]));
    }
    Ok(output.into())
}
