//! A business phone number: its fields, PIN, display name and webhook override.

use serde_json::Value;

use super::waba::asked_fields;
use crate::fields;
use crate::graph_error::GraphError;
use crate::reply::Reply;
use crate::router::Call;
use crate::world::PhoneNumber;

pub(crate) const NODE_TYPE: &str = "WhatsAppBusinessPhoneNumber";

/// What Graph answers when no fields are asked for.
pub(crate) const DEFAULT_FIELDS: &str = "verified_name,code_verification_status,display_phone_number,quality_rating,platform_type,throughput,last_onboarded_time,webhook_configuration,id";

/// The number a call is about.
pub(crate) fn of<'a>(call: &'a mut Call) -> Result<&'a mut PhoneNumber, GraphError> {
    let missing = GraphError::unknown_object(&call.request.method, call.node);
    call.world.phone_number_mut(call.node).ok_or(missing)
}

/// `GET /{phone-number-id}`.
pub(crate) fn show(call: &mut Call) -> Result<Reply, GraphError> {
    let number = call.world.phone_number(call.node);
    let node = number
        .ok_or_else(|| GraphError::unknown_object(&call.request.method, call.node))?
        .graph_fields(call.world);
    let asked = asked_fields(call, DEFAULT_FIELDS);
    fields::select(&node, &asked, NODE_TYPE).map(|chosen| Reply::graph(&chosen))
}

/// Characters of a display name (OpenAPI document).
const NAME_CHARACTERS: std::ops::RangeInclusive<usize> = 2..=75;

/// `POST /{phone-number-id}`: sets the two-step PIN, asks for another display name, or sets the number's webhook override
/// (an empty one removes it).
pub(crate) fn update(call: &mut Call) -> Result<Reply, GraphError> {
    let request = call.request;
    if request.params.contains_key("pin") || request.query("pin").is_some() {
        let pin = super::registration::pin(request)?;
        of(call)?.pin = Some(pin);
        return Ok(Reply::success());
    }
    if let Some(name) = request.text("new_display_name") {
        if !NAME_CHARACTERS.contains(&name.chars().count()) {
            return Err(GraphError::param(
                "Param new_display_name must be 2 to 75 characters long.",
            ));
        }
        of(call)?.new_display_name = Some(name);
        return Ok(Reply::success());
    }
    let Some(configuration) = request.params.get("webhook_configuration") else {
        return Err(GraphError::required("pin"));
    };
    let uri = configuration
        .get("override_callback_uri")
        .and_then(Value::as_str)
        .unwrap_or_default();
    super::subscriptions::check_callback(call, uri)?;
    of(call)?.override_callback_uri = (!uri.is_empty()).then(|| uri.to_owned());
    Ok(Reply::success())
}

pub(crate) fn require_messaging_product(call: &Call) -> Result<(), GraphError> {
    match call.request.text("messaging_product") {
        None => Err(GraphError::required("messaging_product")),
        Some(product) if product.eq_ignore_ascii_case("whatsapp") => Ok(()),
        Some(other) => Err(GraphError::one_of(
            "messaging_product",
            &["whatsapp"],
            &other,
        )),
    }
}
