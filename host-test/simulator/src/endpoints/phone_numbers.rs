//! `phone_numbers`: the numbers of a WABA, filtered and sorted, and new ones.

use serde_json::{Value, json};

use super::number;
use super::waba::asked_fields;
use crate::fields;
use crate::graph_error::GraphError;
use crate::paging;
use crate::reply::Reply;
use crate::request::scalar_text;
use crate::router::Call;
use crate::world::{PhoneNumber, World};

/// The values of `sort`: field and whether the last comes first.
static ORDERS: &[(&str, &str, bool)] = &[
    ("creation_time.asc", "creation_time", false),
    ("creation_time.desc", "creation_time", true),
    ("creation_time_ascending", "creation_time", false),
    ("creation_time_descending", "creation_time", true),
    ("last_onboarded_time.asc", "last_onboarded_time", false),
    ("last_onboarded_time.desc", "last_onboarded_time", true),
    (
        "last_onboarded_time_ascending",
        "last_onboarded_time",
        false,
    ),
    (
        "last_onboarded_time_descending",
        "last_onboarded_time",
        true,
    ),
];

/// Digits of an international number (E.164).
const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// `GET /{waba-id}/phone_numbers` with `fields`, `filtering`, `sort`, paging.
pub(crate) fn list(call: &mut Call) -> Result<Reply, GraphError> {
    let asked = asked_fields(call, number::DEFAULT_FIELDS);
    let mut listed = of(call.world, call.node);
    for filter in filters(call)? {
        listed.retain(|number| filter.lets_through(number));
    }
    sort(call, &mut listed)?;
    let listed = listed
        .iter()
        .map(|number| fields::select(number, &asked, number::NODE_TYPE))
        .collect::<Result<Vec<_>, _>>()?;
    let page = paging::page(listed, call.request, &call.base_url, &call.token.value)?;
    Ok(Reply::graph(&page))
}

fn sort(call: &Call, numbers: &mut [Value]) -> Result<(), GraphError> {
    let Some(given) = call.request.query("sort").filter(|text| !text.is_empty()) else {
        return Ok(());
    };
    let Some((_, field, descending)) = ORDERS.iter().find(|(name, ..)| *name == given) else {
        let names: Vec<_> = ORDERS.iter().map(|(name, ..)| *name).collect();
        return Err(GraphError::one_of("sort", &names, given));
    };
    // Times are numbers of one length or ISO texts: both sort as text.
    numbers.sort_by_key(|number| number.get(*field).and_then(scalar_text));
    if *descending {
        numbers.reverse();
    }
    Ok(())
}

/// `POST /{waba-id}/phone_numbers`: a number that has to be verified and registered next.
pub(crate) fn add(call: &mut Call) -> Result<Reply, GraphError> {
    let text = |name| {
        call.request
            .text(name)
            .filter(|text| !text.is_empty())
            .ok_or_else(|| GraphError::required(name))
    };
    let digits = |text: String| {
        text.chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
    };
    let (cc, national) = (digits(text("cc")?), digits(text("phone_number")?));
    let verified_name = text("verified_name")?;
    let whole = format!("{cc}{national}");
    if !DIGITS.contains(&whole.len()) {
        return Err(GraphError::param(
            "Param phone_number is not a valid phone number.",
        ));
    }
    if call
        .world
        .phone_numbers
        .iter()
        .any(|number| number.digits() == whole)
    {
        return Err(GraphError::for_user(
            2_388_012,
            "Phone Number Already Exists",
            "The number is in the list of a WhatsApp Business account already.",
        ));
    }
    let id = call.world.ids.numeric();
    let number = PhoneNumber::new(&id, call.node, format!("+{cc} {national}"));
    call.world
        .add_phone_number(number.added(&cc, &verified_name, call.now_ms / 1000));
    Ok(Reply::graph(&json!({ "id": id })))
}

/// The numbers of a WABA with all their fields.
pub(crate) fn of(world: &World, waba_id: &str) -> Vec<Value> {
    world
        .phone_numbers
        .iter()
        .filter(|number| number.waba_id == waba_id)
        .map(|number| number.graph_fields(world))
        .collect()
}

/// One element of `filtering=[{"field":"account_mode","operator":"EQUAL","value":"SANDBOX"}]`.
struct Filter {
    field: String,
    equal: bool,
    values: Vec<String>,
}

impl Filter {
    fn lets_through(&self, node: &Value) -> bool {
        let value = node
            .get(&self.field)
            .and_then(scalar_text)
            .unwrap_or_default();
        self.values.contains(&value) == self.equal
    }
}

fn filters(call: &Call) -> Result<Vec<Filter>, GraphError> {
    let Some(text) = call
        .request
        .query("filtering")
        .filter(|text| !text.is_empty())
    else {
        return Ok(Vec::new());
    };
    let wrong = || {
        GraphError::param(
            "Param filtering must be an array of objects with field, operator and value.",
        )
    };
    let Ok(Value::Array(items)) = serde_json::from_str(text) else {
        return Err(wrong());
    };
    const OPERATORS: &[&str] = &["EQUAL", "NOT_EQUAL", "IN", "NOT_IN"];
    items
        .iter()
        .enumerate()
        .map(|(at, item)| {
            let member = |name| item.get(name).and_then(Value::as_str);
            let values = match item.get("value") {
                Some(Value::Array(values)) => values.iter().filter_map(scalar_text).collect(),
                value => vec![value.and_then(scalar_text).ok_or_else(wrong)?],
            };
            let equal = match member("operator").ok_or_else(wrong)? {
                "EQUAL" | "IN" => true,
                "NOT_EQUAL" | "NOT_IN" => false,
                other => {
                    return Err(GraphError::one_of(
                        &format!("filtering[{at}]['operator']"),
                        OPERATORS,
                        other,
                    ));
                }
            };
            let field = member("field").ok_or_else(wrong)?;
            // A field that no number has would silently let nothing through.
            if PhoneNumber::new("", "", "")
                .graph_fields(call.world)
                .get(field)
                .is_none()
            {
                return Err(GraphError::param(format_args!(
                    "Filtering field '{field}' with operation '{}' is not supported",
                    member("operator").unwrap_or_default().to_ascii_lowercase()
                )));
            }
            Ok(Filter {
                field: field.to_owned(),
                equal,
                values,
            })
        })
        .collect()
}
