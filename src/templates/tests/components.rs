//! What goes to Meta.

use super::*;

#[test]
fn texts_and_buttons_at_their_true_positions() {
    let components = compiled(
        &shop(),
        json!({
            "header_text": "Winter Sale", "body_1": "Kim", "body_2": "June", "body_3": "W1", "body_4": "5 %",
            "button_0_payload": "STOP", "button_3_url_suffix": "w1&x=ü", "button_4_copy_code": "W1",
        }),
    );
    assert_eq!(
        components,
        json!([
            {"type": "header", "parameters": [{"type": "text", "text": "Winter Sale"}]},
            {"type": "body", "parameters": [
                {"type": "text", "text": "Kim"}, {"type": "text", "text": "June"},
                {"type": "text", "text": "W1"}, {"type": "text", "text": "5 %"}]},
            {"type": "button", "sub_type": "quick_reply", "index": "0", "parameters": [{"type": "payload", "payload": "STOP"}]},
            {"type": "button", "sub_type": "url", "index": "3", "parameters": [{"type": "text", "text": "w1&x=ü"}]},
            {"type": "button", "sub_type": "copy_code", "index": "4", "parameters": [{"type": "coupon_code", "coupon_code": "W1"}]},
        ])
    );
}

#[test]
fn named_variables_carry_their_names() {
    let components = compiled(
        &named(),
        json!({
            "header_order_id": "A-1", "body_first_name": "Kim",
            "body_total": {"currency": {"fallback_value": "12 €", "code": "EUR", "amount1000": 12000}},
        }),
    );
    assert_eq!(
        components,
        json!([
            {"type": "header", "parameters": [{"type": "text", "parameter_name": "order_id", "text": "A-1"}]},
            {"type": "body", "parameters": [
                {"type": "text", "parameter_name": "first_name", "text": "Kim"},
                {"type": "currency", "parameter_name": "total",
                 "currency": {"fallback_value": "12 €", "code": "EUR", "amount_1000": 12000}}]},
        ])
    );
}

#[test]
fn numbered_variables_go_by_number() {
    for text in [
        "{{3}} {{2}} {{1}}",
        "{{2}} {{3}} {{1}}",
        "{{1}} {{3}} {{2}} {{1}}",
    ] {
        let components = compiled(
            &template(json!([{"type": "BODY", "text": text}])),
            json!({"body_1": "a", "body_2": {"date_time": "b"}, "body_3": "c"}),
        );
        assert_eq!(
            components[0]["parameters"],
            json!([{"type": "text", "text": "a"}, {"type": "date_time", "date_time": {"fallback_value": "b"}}, {"type": "text", "text": "c"}]),
            "{text}"
        );
    }
}

#[test]
fn numbers_are_names_where_the_template_says_so() {
    let template = with(
        template(json!([{"type": "BODY", "text": "{{1}}"}])),
        "parameter_format",
        "named",
    );
    assert_eq!(
        compiled(&template, json!({"body_1": "a"}))[0]["parameters"],
        json!([{"type": "text", "parameter_name": "1", "text": "a"}])
    );
}

#[test]
fn a_header_of_every_format() {
    for (format, name, value) in [
        ("IMAGE", "image", json!({"id": "1"})),
        ("video", "video", json!({"link": "https://a.b/c.mp4"})),
        ("GIF", "gif", json!({"link": "https://a.b/c.mp4"})),
        (
            "DOCUMENT",
            "document",
            json!({"link": "https://a.b/c", "filename": "Bill.pdf"}),
        ),
        (
            "LOCATION",
            "location",
            json!({"latitude": 37.5, "longitude": -122.25, "name": "Here", "address": "1 Road"}),
        ),
        (
            "LOCATION",
            "location",
            json!({"latitude": 90, "longitude": -180}),
        ),
        (
            "PRODUCT",
            "product",
            json!({"product_retailer_id": "a", "catalog_id": "7"}),
        ),
    ] {
        assert_eq!(
            compiled(&header(format), json!({format!("header_{name}"): value})),
            json!([{"type": "header", "parameters": [{"type": name, name: value}]}])
        );
    }
}

#[test]
fn a_button_of_every_kind() {
    let choice = json!([{"title": "Deals", "product_retailer_ids": ["a", "b"]}]);
    let sections = json!([{"title": "Deals", "product_items": [{"product_retailer_id": "a"}, {"product_retailer_id": "b"}]}]);
    let order = json!({"reference_id": "r", "total_amount": {"value": 100, "offset": 100}});
    for (kind, values, parameters) in [
        ("QUICK_REPLY", json!({}), None),
        ("QUICK_REPLY", json!({"button_0_payload": null}), None),
        (
            "FLOW",
            json!({}),
            Some(json!([{"type": "action", "action": {"flow_token": "unused"}}])),
        ),
        (
            "FLOW",
            json!({"button_0_flow_action_data": {"a": [1]}}),
            Some(
                json!([{"type": "action", "action": {"flow_token": "unused", "flow_action_data": {"a": [1]}}}]),
            ),
        ),
        (
            "FLOW",
            json!({"button_0_flow_token": "t"}),
            Some(json!([{"type": "action", "action": {"flow_token": "t"}}])),
        ),
        ("CATALOG", json!({}), Some(Value::Null)),
        (
            "CATALOG",
            json!({"button_0_thumbnail_product_retailer_id": "p"}),
            Some(json!([{"type": "action", "action": {"thumbnail_product_retailer_id": "p"}}])),
        ),
        (
            "MPM",
            json!({"button_0_sections": choice}),
            Some(json!([{"type": "action", "action": {"sections": sections}}])),
        ),
        (
            "MPM",
            json!({"button_0_sections": choice, "button_0_thumbnail_product_retailer_id": "p"}),
            Some(
                json!([{"type": "action", "action": {"thumbnail_product_retailer_id": "p", "sections": sections}}]),
            ),
        ),
        (
            "ORDER_DETAILS",
            json!({"button_0_order_details": order}),
            Some(json!([{"type": "action", "action": {"order_details": order}}])),
        ),
        ("VOICE_CALL", json!({}), None),
        (
            "VOICE_CALL",
            json!({"button_0_payload": "p"}),
            Some(json!([{"type": "payload", "payload": "p"}])),
        ),
        (
            "VOICE_CALL",
            json!({"button_0_payload": "p", "button_0_ttl_minutes": 100}),
            Some(
                json!([{"type": "ttl_minutes", "ttl_minutes": 100}, {"type": "payload", "payload": "p"}]),
            ),
        ),
        ("CALL_PERMISSION_REQUEST", json!({}), None),
        ("SPM", json!({}), None),
    ] {
        let mut expected: Vec<Value> = Vec::new();
        if let Some(parameters) = parameters {
            let mut button =
                json!({"type": "button", "sub_type": kind.to_ascii_lowercase(), "index": "0"});
            if !parameters.is_null() {
                button["parameters"] = parameters;
            }
            expected.push(button);
        }
        let components = compiled(
            &buttons(json!([{"type": kind, "text": "Tap"}])),
            values.clone(),
        );
        assert_eq!(components, Value::Array(expected), "{kind} {values}");
    }
}

#[test]
fn the_code_stands_in_the_body_and_in_the_button() {
    assert_eq!(
        compiled(&authentication(), json!({"one_time_password": "J$FpnYnP"})),
        json!([
            {"type": "body", "parameters": [{"type": "text", "text": "J$FpnYnP"}]},
            {"type": "button", "sub_type": "url", "index": "0", "parameters": [{"type": "text", "text": "J$FpnYnP"}]},
        ])
    );
}

#[test]
fn an_offer_with_its_end() {
    assert_eq!(
        compiled(
            &offer(Some(true)),
            json!({"body_1": "C25", "limited_time_offer_expires_at": 1798761600000_i64, "button_0_copy_code": "C25"})
        ),
        json!([
            {"type": "limited_time_offer", "parameters": [
                {"type": "limited_time_offer", "limited_time_offer": {"expiration_time_ms": 1798761600000_i64}}]},
            {"type": "body", "parameters": [{"type": "text", "text": "C25"}]},
            {"type": "button", "sub_type": "copy_code", "index": "0", "parameters": [{"type": "coupon_code", "coupon_code": "C25"}]},
        ])
    );
    let without = compiled(
        &offer(None),
        json!({"body_1": "C25", "button_0_copy_code": "C25"}),
    );
    assert_eq!(without.as_array().unwrap().len(), 2);
}

#[test]
fn an_order_status() {
    let template = with(
        template(json!([{"type": "BODY", "text": "Shipped."}])),
        "sub_category",
        "ORDER_STATUS",
    );
    let status = json!({"reference_id": "r", "order": {"status": "shipped"}});
    assert_eq!(
        compiled(&template, json!({"order_status": status})),
        json!([{"type": "order_status", "parameters": [{"type": "order_status", "order_status": status}]}])
    );
}

#[test]
fn cards_with_their_components() {
    let values = json!({
        "body_1": "Kim",
        "card_0_header_image": {"id": "1"}, "card_0_body_1": "Aloe", "card_0_body_2": "1 EUR", "card_0_button_1_url_suffix": "aloe",
        "card_1_header_image": {"id": "2"}, "card_1_body_1": "Ivy", "card_1_body_2": "2 EUR", "card_1_button_1_url_suffix": "ivy",
        "card_1_button_0_payload": "more-ivy",
    });
    let button = |index: &str, kind: &str, parameter: Value| json!({"type": "button", "sub_type": kind, "index": index, "parameters": [parameter]});
    let text = |text: &str| json!({"type": "text", "text": text});
    assert_eq!(
        compiled(&carousel(), values),
        json!([
            {"type": "body", "parameters": [text("Kim")]},
            {"type": "carousel", "cards": [
                {"card_index": 0, "components": [
                    {"type": "header", "parameters": [{"type": "image", "image": {"id": "1"}}]},
                    {"type": "body", "parameters": [text("Aloe"), text("1 EUR")]},
                    button("1", "url", text("aloe")),
                ]},
                {"card_index": 1, "components": [
                    {"type": "header", "parameters": [{"type": "image", "image": {"id": "2"}}]},
                    {"type": "body", "parameters": [text("Ivy"), text("2 EUR")]},
                    button("0", "quick_reply", json!({"type": "payload", "payload": "more-ivy"})),
                    button("1", "url", text("ivy")),
                ]},
            ]},
        ])
    );
}

#[test]
fn product_cards_may_be_more_than_in_the_template() {
    let product = |id: &str| json!({"product_retailer_id": id, "catalog_id": "7"});
    let card = |index: u32, id: &str| json!({"card_index": index, "components": [{"type": "header", "parameters": [{"type": "product", "product": product(id)}]}]});
    let two = json!({"card_0_header_product": product("a"), "card_1_header_product": product("b")});
    assert_eq!(
        compiled(&products(), two.clone()),
        json!([{"type": "carousel", "cards": [card(0, "a"), card(1, "b")]}])
    );
    let mut three = two.clone();
    three["card_2_header_product"] = product("c");
    assert_eq!(
        compiled(&products(), three),
        json!([{"type": "carousel", "cards": [card(0, "a"), card(1, "b"), card(2, "c")]}])
    );
    let mut gap = two;
    gap["card_3_header_product"] = product("d");
    assert_eq!(
        refusal(&products(), gap).field.unwrap(),
        "values.card_2_header_product"
    );
}

#[test]
fn nothing_to_fill_in_gives_no_components() {
    assert_eq!(
        compiled(
            &template(json!([{"type": "BODY", "text": "Hi."}])),
            json!({})
        ),
        json!([])
    );
}

#[test]
fn values_go_out_as_they_came_in() {
    let odd = " a    b\u{a0}*{{2}}* \u{1F600}e\u{301} ";
    let components = compiled(
        &template(json!([{"type": "BODY", "text": "{{1}}"}])),
        json!({"body_1": odd}),
    );
    assert_eq!(components[0]["parameters"][0]["text"], odd);
    let data =
        json!({"n": 12345678901234567890_u64, "f": 0.1, "deep": {"x": [null, true, "\u{0}"]}});
    let components = compiled(
        &buttons(json!([{"type": "FLOW"}])),
        json!({"button_0_flow_action_data": data}),
    );
    assert_eq!(
        components[0]["parameters"][0]["action"]["flow_action_data"],
        data
    );
}
