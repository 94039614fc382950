//! Values of a kind that their place does not take.

use super::refusals::shop_values;
use super::*;

/// Template, name, value, end of the message, part of the advice.
#[test]
fn a_value_of_the_wrong_kind() {
    let shop = &shop();
    let (image, place, document) = (&header("IMAGE"), &header("LOCATION"), &header("DOCUMENT"));
    let (product, offer) = (&header("PRODUCT"), &offer(Some(true)));
    let button = |kind: &str| buttons(json!([{"type": kind, "text": "Tap"}]));
    let (flow, mpm, call) = (&button("FLOW"), &button("MPM"), &button("VOICE_CALL"));
    for (template, name, value, problem) in [
        (
            shop,
            "body_1",
            json!(7),
            "body_1: expected a text in quotes, got a number",
        ),
        (
            shop,
            "body_1",
            json!(true),
            "body_1: expected a text, got true",
        ),
        (
            shop,
            "body_1",
            json!(["a"]),
            "body_1: expected a text, got a list",
        ),
        (
            shop,
            "body_1",
            json!({"link": "https://a.b"}),
            "body_1: expected a text, got an object",
        ),
        (
            shop,
            "body_1",
            json!({"text": "a"}),
            "body_1: expected a text, got an object",
        ),
        (
            shop,
            "body_1",
            json!({"name": "a", "date_time": "b"}),
            "body_1: expected a text, got an object",
        ),
        (
            shop,
            "body_1",
            json!({}),
            "body_1: expected a text, got an object",
        ),
        (
            shop,
            "body_1",
            json!({"currency": {"fallback_value": "1", "code": "EUR"}}),
            "body_1.currency.amount1000: required; expected a whole number, got none",
        ),
        (
            shop,
            "body_1",
            json!({"currency": {"fallback_value": "1", "code": "EUR", "amount1000": 1}, "date_time": "b"}),
            "body_1.date_time: expected exactly one of text, currency, date_time; got currency and date_time",
        ),
        (
            shop,
            "body_1",
            json!({"date_time": "a\nb"}),
            "body_1.date_time: expected one line without tabs and without more than four spaces in a row, got a new line",
        ),
        (
            shop,
            "body_1",
            json!({"currency": {"fallback_value": "1", "code": "eur", "amount1000": 1}}),
            "body_1.currency.code: expected three capital letters such as EUR, got `eur`",
        ),
        (
            shop,
            "body_1",
            json!({"currency": {"fallback_value": "1", "code": "EUR", "amount1000": 1.5}}),
            "body_1.currency.amount1000: expected a whole number, got the number 1.5",
        ),
        (
            shop,
            "body_1",
            json!({"currency": {"fallback_value": "1", "code": "EUR", "amount_1000": 1}}),
            "body_1.currency.amount_1000: unknown field; the fields here are fallback_value, code, amount1000",
        ),
        (
            shop,
            "button_3_url_suffix",
            json!({"date_time": "b"}),
            "suffix: expected a text, got an object",
        ),
        (
            shop,
            "button_0_payload",
            json!(1),
            "payload: expected a text in quotes, got a number",
        ),
        (
            image,
            "header_image",
            json!("https://a.b/c.jpg"),
            "header_image: expected an object, got a text",
        ),
        (
            image,
            "header_image",
            json!({"date_time": "x"}),
            "header_image.date_time: unknown field; the fields here are link, id",
        ),
        (
            image,
            "header_image",
            json!({}),
            "header_image: expected exactly one of link, id; got none",
        ),
        (
            image,
            "header_image",
            json!({"id": "1", "link": "https://a.b/c"}),
            "header_image.id: expected exactly one of link, id; got link and id",
        ),
        (
            image,
            "header_image",
            json!({"id": "1", "filename": "a"}),
            "header_image.filename: unknown field; the fields here are link, id",
        ),
        (
            image,
            "header_image",
            json!({"link": "c.jpg"}),
            "header_image.link: expected a web address (https://…) without blanks, got `c.jpg`",
        ),
        (
            image,
            "header_image",
            json!({"id": 1}),
            "header_image.id: expected a text in quotes, got a number",
        ),
        (
            image,
            "header_image",
            json!({"id": " "}),
            "header_image.id: expected some text, got an empty one",
        ),
        (
            document,
            "header_document",
            json!({"filename": "a.pdf"}),
            "header_document: expected exactly one of link, id; got none",
        ),
        (
            place,
            "header_location",
            json!({"latitude": 91, "longitude": 0}),
            "header_location.latitude: expected degrees from -90 to 90, got 91",
        ),
        (
            place,
            "header_location",
            json!({"latitude": 9.5, "longitude": -180.5}),
            "header_location.longitude: expected degrees from -180 to 180, got -180.5",
        ),
        (
            place,
            "header_location",
            json!({"latitude": "9", "longitude": 0}),
            "header_location.latitude: expected a number, got a text",
        ),
        (
            place,
            "header_location",
            json!({"latitude": 9}),
            "header_location.longitude: required; expected a number, got none",
        ),
        (
            product,
            "header_product",
            json!({"product_retailer_id": "a"}),
            "header_product.catalog_id: required; expected a text, got none",
        ),
        (
            offer,
            "limited_time_offer_expires_at",
            json!(1798761600),
            "expires_at: expected 1000000000000 to 99999999999999, got 1798761600",
        ),
        (
            offer,
            "limited_time_offer_expires_at",
            json!("2027-01-01"),
            "expires_at: expected a whole number, 0 or more, got a text",
        ),
        (
            offer,
            "limited_time_offer_expires_at",
            json!(1798761600000.5),
            "expires_at: expected a whole number, 0 or more, got the number 1798761600000.5",
        ),
        (
            flow,
            "button_0_flow_action_data",
            json!("{}"),
            "flow_action_data: expected a JSON object with something in it, got a text",
        ),
        (
            flow,
            "button_0_flow_action_data",
            json!({}),
            "flow_action_data: expected a JSON object with something in it, got an empty one",
        ),
        (
            flow,
            "button_0_flow_token",
            json!(""),
            "flow_token: expected some text, got an empty one",
        ),
        (
            mpm,
            "button_0_sections",
            json!([]),
            "sections: expected 1 to 10, got 0",
        ),
        (
            mpm,
            "button_0_sections",
            json!([{"product_retailer_ids": []}]),
            "sections[0].product_retailer_ids: expected 1 to 30, got 0",
        ),
        (
            mpm,
            "button_0_sections",
            json!([{"product_retailer_ids": ["a", {}]}]),
            "sections[0].product_retailer_ids[1]: expected a text, got an object",
        ),
        (
            mpm,
            "button_0_sections",
            json!({}),
            "sections: expected a list, got an object",
        ),
        (
            call,
            "button_0_ttl_minutes",
            json!(0),
            "ttl_minutes: expected 1 to 43200, got 0",
        ),
    ] {
        let mut values = if template == shop {
            shop_values()
        } else {
            json!({"body_1": "x", "button_0_copy_code": "x"})
        };
        if template != shop && template != offer {
            values = json!({});
        }
        values[name] = value.clone();
        let fault = refusal(template, values);
        assert!(
            fault.message.ends_with(problem),
            "{name} {value}: {}",
            fault.message
        );
        assert!(fault.field.unwrap().starts_with(&format!("values.{name}")));
        assert!(!fault.advice.is_empty());
    }
}
