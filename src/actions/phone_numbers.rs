//! `list-phone-numbers`.

use crate::contract::exports::whatsapp::connector::phone_numbers::{
    PhoneNumber, PhoneNumberList, PhoneNumbersQuery,
};
use crate::fault::Fallible;
use crate::graph::{
    Graph, answer, paging,
    request::{Call, Effect},
};
use crate::json::text_at;
use serde_json::Value;

/// The fields that are asked for; [`number`] reads them.
const FIELDS: &str = "id,display_phone_number,verified_name,quality_rating,code_verification_status,status,platform_type,\
                      name_status,account_mode,throughput";

/// Lists the phone numbers of an account, all pages.
pub fn list(graph: &Graph<'_>, input: PhoneNumbersQuery) -> Fallible<PhoneNumberList> {
    let account = graph.business_account_id(&input.business_account_id)?;
    let edge = || Call::get(&[account, "phone_numbers"]).query("fields", FIELDS);
    let phone_numbers = paging::all(graph, &edge)?
        .iter()
        .map(number)
        .collect::<Result<_, _>>()?;
    Ok(PhoneNumberList { phone_numbers })
}

fn number(item: &Value) -> Fallible<PhoneNumber> {
    let text = |name: &str| text_at(item, &[name]);
    Ok(PhoneNumber {
        id: text("id")
            .filter(|id| !id.is_empty())
            .ok_or_else(|| answer::incomplete(Effect::Read, "data[].id"))?,
        display_phone_number: text("display_phone_number"),
        verified_name: text("verified_name"),
        quality_rating: text("quality_rating"),
        code_verification_status: text("code_verification_status"),
        status: text("status"),
        platform_type: text("platform_type"),
        name_status: text("name_status"),
        account_mode: text("account_mode"),
        throughput_level: text_at(item, &["throughput", "level"]),
    })
}
