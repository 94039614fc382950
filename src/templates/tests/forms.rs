//! What a form looks like.

use super::*;
use crate::plugin::help;
use crate::templates::form::AMOUNT_OR_DATE;
use crate::templates::kinds::{BODY_CODE, BODY_TEXT, HEADER_TEXT, KINDS, OFFER_END, ORDER_STATUS};
use crate::templates::part::{ACTION, type_at};

fn order(form: &Value) -> Vec<&str> {
    let names = form["x-order"].as_array().unwrap();
    names.iter().map(|name| name.as_str().unwrap()).collect()
}

#[test]
fn a_form_says_everything_about_a_text_template() {
    let form = form(&shop()).unwrap();
    assert_eq!(
        form["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
    assert_eq!(form["title"], "order_update (en_US)");
    assert_eq!(form["additionalProperties"], false);
    assert_eq!(
        order(&form),
        [
            "header_text",
            "body_1",
            "body_2",
            "body_3",
            "body_4",
            "button_0_payload",
            "button_3_url_suffix",
            "button_4_copy_code"
        ]
    );
    assert_eq!(
        form["required"],
        json!([
            "header_text",
            "body_1",
            "body_2",
            "body_3",
            "body_4",
            "button_3_url_suffix",
            "button_4_copy_code"
        ])
    );
    let properties = &form["properties"];
    assert_eq!(properties.as_object().unwrap().len(), 8);
    assert_eq!(
        properties["body_3"],
        json!({
            "type": "string",
            "minLength": 1,
            "pattern": "^( {0,4}[^ \\n\\r\\t])+ {0,4}$",
            "maxLength": 1024,
            "$comment": AMOUNT_OR_DATE,
            "title": "Body {{3}}",
            "description": "Shop now through {{2}} and use code «{{3}}» to get {{4}} off.",
            "examples": ["25OFF"],
        })
    );
    assert_eq!(properties["header_text"]["title"], "Header {{1}}");
    assert_eq!(properties["header_text"]["maxLength"], 60);
    assert_eq!(
        properties["header_text"]["examples"],
        json!(["Summer Sale"])
    );
    assert_eq!(
        properties["button_0_payload"]["title"],
        "Button “Stop”, payload"
    );
    assert_eq!(
        properties["button_3_url_suffix"]["title"],
        "Button “Shop”, url suffix"
    );
    assert_eq!(
        properties["button_3_url_suffix"]["description"],
        "https://shop.example/?promo=«{{1}}»"
    );
    assert_eq!(
        properties["button_3_url_suffix"]["examples"],
        json!(["summer"])
    );
    assert_eq!(
        properties["button_4_copy_code"]["examples"],
        json!(["25OFF"])
    );
    assert_eq!(properties["button_4_copy_code"]["maxLength"], 20);
}

#[test]
fn named_variables_come_once_and_with_their_own_examples() {
    let form = form(&named()).unwrap();
    assert_eq!(
        order(&form),
        ["header_order_id", "body_first_name", "body_total"]
    );
    let properties = &form["properties"];
    assert_eq!(properties["header_order_id"]["examples"], json!(["A-17"]));
    assert_eq!(properties["body_first_name"]["examples"], json!(["Kim"]));
    assert_eq!(properties["body_total"]["examples"], json!(["12 EUR"]));
    assert_eq!(
        properties["body_first_name"]["description"],
        "«{{first_name}}», it costs {{total}}. Thank you, {{first_name}}!"
    );
}

#[test]
fn cards_come_in_their_order_before_the_buttons() {
    let form = form(&carousel()).unwrap();
    assert_eq!(
        order(&form),
        [
            "body_1",
            "card_0_header_image",
            "card_0_body_1",
            "card_0_body_2",
            "card_0_button_0_payload",
            "card_0_button_1_url_suffix",
            "card_1_header_image",
            "card_1_body_1",
            "card_1_body_2",
            "card_1_button_0_payload",
            "card_1_button_1_url_suffix",
        ]
    );
    let image = &form["properties"]["card_1_header_image"];
    assert_eq!(image["title"], "Card 2, header image");
    assert_eq!(
        image["examples"],
        json!([{"link": "https://scontent.example/2.jpg"}])
    );
}

#[test]
fn product_cards_may_be_ten_and_only_those_of_the_template_are_required() {
    let form = form(&products()).unwrap();
    assert_eq!(order(&form).len(), 10);
    assert_eq!(
        form["required"],
        json!(["card_0_header_product", "card_1_header_product"])
    );
}

#[test]
fn the_code_of_an_authentication_template_is_one_field() {
    for template in [
        authentication(),
        // As it is written down for Meta.
        template(json!([
            {"type": "body", "add_security_recommendation": true},
            {"type": "buttons", "buttons": [{"type": "otp", "otp_type": "ONE_TAP", "text": "Copy"}]},
        ])),
    ] {
        let form = form(&template).unwrap();
        assert_eq!(order(&form), ["one_time_password"]);
        assert_eq!(form["required"], json!(["one_time_password"]));
        assert_eq!(form["properties"]["one_time_password"]["maxLength"], 15);
    }
}

#[test]
fn an_old_authentication_template_keeps_its_variables() {
    let old = with(
        template(json!([
            {"type": "BODY", "text": "{{1}} is your code for {{2}}."},
            {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Log in", "url": "https://a.b/{{1}}"}]},
        ])),
        "category",
        "AUTHENTICATION",
    );
    assert_eq!(
        order(&form(&old).unwrap()),
        ["body_1", "body_2", "button_0_url_suffix"]
    );
    let plain = with(
        template(json!([{"type": "BODY", "text": "Dear {{1}}."}])),
        "category",
        "AUTHENTICATION",
    );
    assert_eq!(order(&form(&plain).unwrap()), ["body_1"]);
}

#[test]
fn the_end_of_an_offer_is_asked_for_only_where_it_has_one() {
    let required = |has| form(&offer(has)).unwrap()["required"].clone();
    assert_eq!(
        required(Some(true)),
        // In the order of the phone.
        json!([
            "limited_time_offer_expires_at",
            "body_1",
            "button_0_copy_code"
        ])
    );
    assert_eq!(required(None), json!(["body_1", "button_0_copy_code"]));
    assert!(form(&offer(None)).unwrap()["properties"]["limited_time_offer_expires_at"].is_object());
    assert_eq!(
        order(&form(&offer(Some(false))).unwrap()),
        ["body_1", "button_0_copy_code"]
    );
    assert_eq!(
        form(&offer(None)).unwrap()["properties"]["body_1"]["examples"],
        json!(["CARIBE25"])
    );
}

#[test]
fn what_may_be_left_out_is_not_required() {
    for (kind, names, required) in [
        ("quick_reply", vec!["button_0_payload"], json!([])),
        (
            "FLOW",
            vec!["button_0_flow_token", "button_0_flow_action_data"],
            json!([]),
        ),
        (
            "CATALOG",
            vec!["button_0_thumbnail_product_retailer_id"],
            json!([]),
        ),
        (
            "MPM",
            vec![
                "button_0_thumbnail_product_retailer_id",
                "button_0_sections",
            ],
            json!(["button_0_sections"]),
        ),
        (
            "ORDER_DETAILS",
            vec!["button_0_order_details"],
            json!(["button_0_order_details"]),
        ),
        (
            "VOICE_CALL",
            vec!["button_0_ttl_minutes", "button_0_payload"],
            json!([]),
        ),
        ("PHONE_NUMBER", vec![], json!([])),
        ("CALL_PERMISSION_REQUEST", vec![], json!([])),
        ("SPM", vec![], json!([])),
        ("REQUEST_CONTACT_INFO", vec![], json!([])),
    ] {
        let form = form(&buttons(json!([{"type": kind, "text": "Tap"}]))).unwrap();
        assert_eq!(order(&form), names, "{kind}");
        assert_eq!(form["required"], required, "{kind}");
    }
}

#[test]
fn a_body_alone_may_be_longer() {
    let alone = template(json!([{"type": "BODY", "text": "Hi {{1}}"}]));
    assert_eq!(
        form(&alone).unwrap()["properties"]["body_1"]["maxLength"],
        32_768
    );
}

#[test]
fn variables_are_asked_for_in_the_order_of_the_text() {
    let template = template(
        json!([{"type": "BODY", "text": "{{3}} {{1}} {{2}}", "example": {"body_text": [["a", "b", "c"]]}}]),
    );
    let form = form(&template).unwrap();
    assert_eq!(order(&form), ["body_3", "body_1", "body_2"]);
    assert_eq!(form["properties"]["body_3"]["examples"], json!(["c"]));
}

/// Every row names a place in the input of `send-template`, and that place has a help text.
#[test]
fn every_kind_has_a_place_among_the_typed_parts() {
    let input = help::input_schema(ACTION);
    for kind in [
        &HEADER_TEXT,
        &BODY_TEXT,
        &BODY_CODE,
        &OFFER_END,
        &ORDER_STATUS,
    ]
    .into_iter()
    .chain(&KINDS)
    {
        assert!(type_at(kind.typed).is_some(), "{}", kind.typed);
        let schema = help::find(&input, kind.typed).unwrap_or_else(|| panic!("{}", kind.typed));
        assert!(schema["description"].is_string(), "{}", kind.typed);
    }
}

#[test]
fn a_form_allows_no_more_than_what_compiles() {
    let property =
        |template: &Value, name: &str| form(template).unwrap()["properties"][name].clone();
    assert_eq!(
        property(&header("DOCUMENT"), "header_document")["oneOf"],
        json!([{"required": ["link"]}, {"required": ["id"]}])
    );
    let place = &property(&header("LOCATION"), "header_location")["properties"];
    for (name, degrees) in [("latitude", 90), ("longitude", 180)] {
        assert_eq!(place[name]["minimum"], -degrees);
        assert_eq!(place[name]["maximum"], degrees);
    }
    assert_eq!(
        property(&shop(), "button_3_url_suffix")["pattern"],
        r"^\S+$"
    );
    let flow = buttons(json!([{"type": "FLOW", "text": "Tap"}]));
    assert_eq!(
        property(&flow, "button_0_flow_action_data")["minProperties"],
        1
    );
}

/// An amount or a date is a value of a variable, and nothing else is.
#[test]
fn a_form_says_where_an_amount_or_a_date_may_be() {
    let form = form(&shop()).unwrap();
    for (name, says) in [
        ("header_text", true),
        ("body_1", true),
        ("button_3_url_suffix", false),
    ] {
        let comment = &form["properties"][name]["$comment"];
        assert_eq!(comment.is_string(), says, "{name}");
    }
}

#[test]
fn a_form_needs_no_approval() {
    let paused = with(shop(), "status", "PAUSED");
    assert_eq!(form(&paused).unwrap(), form(&shop()).unwrap());
    let odd = template(
        json!([{"type": "BUTTONS", "buttons": 7}, {"type": "BODY", "text": null, "example": 7}]),
    );
    assert_eq!(order(&form(&odd).unwrap()), [""; 0]);
}

#[test]
fn odd_examples_are_left_out() {
    for example in [
        json!(7),
        json!([]),
        json!([[]]),
        json!({}),
        json!({"body_text": []}),
        json!({"body_text": [[""]]}),
        json!({"body_text": {}}),
    ] {
        let template =
            template(json!([{"type": "BODY", "text": "Hi {{1}} {{0}}", "example": example}]));
        let form = form(&template).unwrap();
        assert_eq!(
            form["properties"]["body_1"].get("examples"),
            None,
            "{example}"
        );
        assert_eq!(
            form["properties"]["body_0"].get("examples"),
            None,
            "{example}"
        );
    }
}

#[test]
fn a_handle_of_an_upload_is_no_example() {
    let template = template(
        json!([{"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["4::aW1hZ2UvanBn:AR"]}}]),
    );
    assert_eq!(
        form(&template).unwrap()["properties"]["header_image"].get("examples"),
        None
    );
}
