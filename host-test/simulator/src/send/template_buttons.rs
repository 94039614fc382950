//! Whether the buttons of a template message fit those of the template: one row per type.

use serde_json::Value;

use super::checks::{at_most, missing};
use super::template_parameters::{lower, parameters, validation};
use crate::graph_error::GraphError;
use crate::request::scalar_text;
use crate::world::placeholders;

/// Code points of a coupon code (changelog of December 2025).
const CODE_CHARACTERS: usize = 20;

struct Kind {
    /// Type in the definition.
    name: &'static str,
    /// `sub_type` in the message.
    sub_type: &'static str,
    /// Types of its parameter; none: the button takes no value.
    parameters: &'static [&'static str],
    /// How the type is called when its value is missing; `None`: it can be left out.
    required: Option<&'static str>,
}

const fn kind(
    name: &'static str,
    sub_type: &'static str,
    parameters: &'static [&'static str],
    required: Option<&'static str>,
) -> Kind {
    Kind {
        name,
        sub_type,
        parameters,
        required,
    }
}

#[rustfmt::skip]
static KINDS: &[Kind] = &[
    kind("catalog", "catalog", &["action"], None),
    kind("copy_code", "copy_code", &["coupon_code"], Some("CopyCode")),
    kind("flow", "flow", &["action"], None),
    kind("mpm", "mpm", &["action"], Some("Mpm")),
    kind("order_details", "order_details", &["action"], Some("OrderDetails")),
    kind("otp", "url", &["text", "payload"], Some("Url")),
    kind("quick_reply", "quick_reply", &["payload", "text"], None),
    kind("url", "url", &["text", "payload"], Some("Url")),
    kind("voice_call", "voice_call", &["payload", "ttl_minutes"], None),
];

/// A button that needs a value must get one under its index; values that fit no button are refused.
pub(super) fn check(defined: &Value, given: &[Value]) -> Result<(), GraphError> {
    let buttons = defined
        .get("buttons")
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    let given: Vec<&Value> = given
        .iter()
        .filter(|component| lower(component, "type") == "button")
        .collect();
    for component in &given {
        let index = lower(component, "index");
        let button = index.parse().ok().and_then(|at: usize| buttons.get(at));
        let button = button
            .ok_or_else(|| validation(format!("buttons: there is no button at index {index}")))?;
        check_value(button, component, &index)?;
    }
    for (at, button) in buttons.iter().enumerate() {
        let index = at.to_string();
        let filled = given.iter().any(|component| {
            lower(component, "index") == index && !parameters(component).is_empty()
        });
        if let (Some(required), false) = (required(button), filled) {
            return Err(missing(format!(
                "buttons: Button at index {at} of type {required} requires a parameter"
            )));
        }
    }
    Ok(())
}

fn kind_of(button: &Value) -> Option<&'static Kind> {
    let name = lower(button, "type");
    KINDS.iter().find(|kind| kind.name == name)
}

/// How a button is called that cannot do without a value: an address without a variable can.
fn required(button: &Value) -> Option<&'static str> {
    let kind = kind_of(button)?;
    let url = button
        .get("url")
        .and_then(Value::as_str)
        .unwrap_or_default();
    (kind.name != "url" || !placeholders(url).is_empty()).then_some(kind.required)?
}

fn check_value(button: &Value, component: &Value, index: &str) -> Result<(), GraphError> {
    let Some(kind) = kind_of(button) else {
        return Err(validation(format!(
            "buttons: Button at index {index} of type {} takes no parameter",
            lower(button, "type").to_ascii_uppercase()
        )));
    };
    let sub_type = lower(component, "sub_type");
    if sub_type != kind.sub_type {
        return Err(validation(format!(
            "buttons: Button at index {index} has sub_type {}, received {sub_type}",
            kind.sub_type
        )));
    }
    let Some(parameter) = parameters(component).first() else {
        return Ok(());
    };
    let given = lower(parameter, "type");
    if !kind.parameters.contains(&given.as_str()) {
        return Err(validation(format!(
            "buttons: Button at index {index} takes a parameter of type {}, received {given}",
            kind.parameters.join(" or ")
        )));
    }
    match given.as_str() {
        "coupon_code" => {
            let code = parameter
                .get("coupon_code")
                .and_then(scalar_text)
                .unwrap_or_default();
            if code.is_empty() {
                return Err(missing(
                    "Parameter of type coupon_code is missing coupon_code value",
                ));
            }
            at_most("coupon_code", &code, CODE_CHARACTERS)
        }
        "action" if kind.name == "mpm" && parameter.pointer("/action/sections").is_none() => Err(
            missing("buttons: Parameter 'sections' is mandatory for a button of type Mpm"),
        ),
        _ => Ok(()),
    }
}
