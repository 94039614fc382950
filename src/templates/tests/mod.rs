//! Tests of the template compiler.

mod components;
mod corpus;
mod forms;
mod refusals;
mod round;
mod wrong_kinds;

use super::{compile, form};
use crate::contract::whatsapp::connector::types::{Error, Fault};
use serde_json::{Value, json};

/// An approved template with these components.
fn template(components: Value) -> Value {
    json!({
        "id": "920070352646140",
        "name": "order_update",
        "language": "en_US",
        "status": "APPROVED",
        "category": "UTILITY",
        "parameter_format": "POSITIONAL",
        "components": components,
    })
}

/// The same with another field.
fn with(mut template: Value, name: &str, value: impl Into<Value>) -> Value {
    template[name] = value.into();
    template
}

/// A template with everything that a template of Graph may have beside a carousel.
fn shop() -> Value {
    template(json!([
        {"type": "HEADER", "format": "TEXT", "text": "Our {{1}} is on!", "example": {"header_text": ["Summer Sale"]}},
        {"type": "BODY", "text": "Hi {{1}}!\nShop now through {{2}} and use code {{3}} to get {{4}} off.",
         "example": {"body_text": [["Mark", "the end of August", "25OFF", "25%"]]}},
        {"type": "FOOTER", "text": "Tap below to stop"},
        {"type": "BUTTONS", "buttons": [
            {"type": "QUICK_REPLY", "text": "Stop"},
            {"type": "PHONE_NUMBER", "text": "Call", "phone_number": "+16505551234"},
            {"type": "URL", "text": "About us", "url": "https://shop.example/about"},
            {"type": "URL", "text": "Shop", "url": "https://shop.example/?promo={{1}}", "example": ["https://shop.example/?promo=summer"]},
            {"type": "COPY_CODE", "text": "Copy code", "example": ["25OFF"]},
        ]},
    ]))
}

/// The same with variables that have names.
fn named() -> Value {
    with(
        template(json!([
            {"type": "HEADER", "format": "TEXT", "text": "Order {{order_id}}",
             "example": {"header_text_named_params": [{"param_name": "order_id", "example": "A-17"}]}},
            {"type": "BODY", "text": "{{first_name}}, it costs {{total}}. Thank you, {{first_name}}!",
             "example": {"body_text_named_params": [
                {"param_name": "total", "example": "12 EUR"}, {"param_name": "first_name", "example": "Kim"}]}},
        ])),
        "parameter_format",
        "NAMED",
    )
}

/// Cards with a file, a text and two buttons.
fn carousel() -> Value {
    let card = |number: u32| {
        json!({"components": [
            {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": [format!("https://scontent.example/{number}.jpg")]}},
            {"type": "BODY", "text": "{{1}} for {{2}}", "example": {"body_text": [["Aloe", format!("{number} EUR")]]}},
            {"type": "BUTTONS", "buttons": [
                {"type": "QUICK_REPLY", "text": "More"},
                {"type": "URL", "text": "Buy", "url": "https://shop.example/{{1}}", "example": ["aloe"]},
            ]},
        ]})
    };
    template(json!([
        {"type": "BODY", "text": "Rare plants, {{1}}!", "example": {"body_text": [["Kim"]]}},
        {"type": "CAROUSEL", "cards": [card(1), card(2)]},
    ]))
}

/// Cards with a product, approved with two of them.
fn products() -> Value {
    let card = json!({"components": [
        {"type": "HEADER", "format": "PRODUCT"},
        {"type": "BUTTONS", "buttons": [{"type": "SPM", "text": "View"}]},
    ]});
    template(json!([
        {"type": "BODY", "text": "Rare plants!"},
        {"type": "CAROUSEL", "cards": [card, card]},
    ]))
}

/// An authentication template as Graph returns it.
fn authentication() -> Value {
    with(
        template(json!([
            {"type": "BODY", "text": "*{{1}}* is your verification code.", "add_security_recommendation": true,
             "example": {"body_text": [["123456"]]}},
            {"type": "FOOTER", "text": "Expires in 10 minutes.", "code_expiration_minutes": 10},
            {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Copy code",
                "url": "https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}",
                "example": ["https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp123456"]}]},
        ])),
        "category",
        "AUTHENTICATION",
    )
}

/// A limited-time offer.
fn offer(has_expiration: Option<bool>) -> Value {
    let mut offer = json!({"text": "Ends soon"});
    if let Some(has) = has_expiration {
        offer["has_expiration"] = has.into();
    }
    template(json!([
        {"type": "limited_time_offer", "limited_time_offer": offer},
        {"type": "body", "text": "Save with {{1}}", "example": {"body_text": ["CARIBE25"]}},
        {"type": "buttons", "buttons": [{"type": "copy_code", "text": "Copy", "example": "CARIBE25"}]},
    ]))
}

/// A header of this format above a text without variables.
fn header(format: &str) -> Value {
    template(json!([{"type": "HEADER", "format": format}, {"type": "BODY", "text": "Look."}]))
}

/// Buttons below a text without variables.
fn buttons(buttons: Value) -> Value {
    template(json!([{"type": "BODY", "text": "Look."}, {"type": "BUTTONS", "buttons": buttons}]))
}

/// Every kind of template.
fn every_kind() -> Vec<Value> {
    let mut all = vec![
        shop(),
        named(),
        carousel(),
        products(),
        authentication(),
        offer(Some(true)),
        offer(Some(false)),
        offer(None),
        template(json!([{"type": "BODY", "text": "No variables."}])),
        with(
            template(json!([{"type": "BODY", "text": "Shipped."}])),
            "sub_category",
            "ORDER_STATUS",
        ),
    ];
    all.extend(["IMAGE", "VIDEO", "GIF", "DOCUMENT", "LOCATION", "PRODUCT"].map(header));
    all.extend(
        [
            "QUICK_REPLY",
            "FLOW",
            "CATALOG",
            "MPM",
            "ORDER_DETAILS",
            "VOICE_CALL",
            "OTP",
            "COPY_CODE",
        ]
        .map(|kind| buttons(json!([{"type": kind, "text": "Tap"}]))),
    );
    all
}

/// The fault of a refusal because of the input.
fn refusal(template: &Value, values: Value) -> Fault {
    match compile("template.status", template, &values) {
        Err(error) => match *error {
            Error::PermanentInvalidInput(fault) => fault,
            other => panic!("another error: {other:?}"),
        },
        Ok(components) => panic!("accepted: {components:?}"),
    }
}

fn compiled(template: &Value, values: Value) -> Value {
    match compile("template.status", template, &values) {
        Ok(components) => components.into(),
        Err(error) => panic!("{error:?}"),
    }
}
