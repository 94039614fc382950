//! What Meta refuses as a template, with its subcode and advice.

use serde_json::{Value, json};

use crate::common::{Client, refused};
use crate::template_management::{body, buttons, create};

#[tokio::test]
async fn wrong_texts_are_refused_with_subcode_and_advice() {
    let client = Client::demo().await;
    let pdf = client.upload(b"PDF", "application/pdf").await;
    let hello = || body("Hello, how are you?", &[]);
    let header = |header: Value| json!([header, hello()]);
    for (components, subcode, part) in [
        (
            json!([body("Hi {{1}}, good to see you.", &[])]),
            2_388_043,
            "component of type BODY is missing expected field(s) (example)",
        ),
        (
            json!([body("Hi {{1}}, {{2}} is here now for you.", &["Kim"])]),
            2_388_043,
            "(example)",
        ),
        (json!([{"type": "BODY"}]), 2_388_043, "(text)"),
        (
            json!([{"type": "FOOTER", "text": "x"}]),
            2_388_043,
            "component of type BODY is missing",
        ),
        (
            json!([body("{{1}}, good to see you.", &["Kim"])]),
            2_388_299,
            "start or end",
        ),
        (
            json!([body("Good to see you here, {{1}}!", &["Kim"])]),
            2_388_299,
            "start or end",
        ),
        (
            json!([body("Hi {{1}} and {{2}} there.", &["a", "b"])]),
            2_388_293,
            "too many variables",
        ),
        (
            json!([body("Hi {{2}}, it is good to see you.", &["a"])]),
            2_388_072,
            "{{2}} is not valid",
        ),
        (
            json!([body("Hi {{1}, it is good to see you.", &["a"])]),
            2_388_072,
            "not closed",
        ),
        (
            json!([body(&"a".repeat(1025), &[])]),
            2_388_040,
            "at most 1024",
        ),
        (
            json!([hello(), {"type": "FOOTER", "text": "f".repeat(61)}]),
            2_388_040,
            "at most 60",
        ),
        (
            json!([hello(), {"type": "FOOTER", "text": "Bye {{1}} now"}]),
            2_388_073,
            "can't have variables",
        ),
        (
            header(json!({"type": "HEADER", "format": "TEXT", "text": "h".repeat(61)})),
            2_388_040,
            "at most 60",
        ),
        (
            header(json!({"type": "HEADER", "format": "TEXT", "text": "*Sale*"})),
            2_388_047,
            "formatting characters",
        ),
        (
            header(json!({"type": "HEADER", "format": "TEXT", "text": "{{1}} {{2}}"})),
            2_388_047,
            "only one variable",
        ),
        (
            header(json!({"type": "HEADER", "format": "TEXT", "text": "Hi {{1}}"})),
            2_388_043,
            "component of type HEADER",
        ),
        (
            header(json!({"type": "HEADER", "format": "IMAGE"})),
            2_388_273,
            "need an example/sample",
        ),
        (
            header(
                json!({"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["https://example.com/a.png"]}}),
            ),
            2_388_273,
            "Resumable Upload",
        ),
        (
            header(
                json!({"type": "HEADER", "format": "IMAGE", "example": {"header_handle": [pdf]}}),
            ),
            2_388_273,
            "IMAGE header type",
        ),
    ] {
        let answer = create(&client, "x", components, json!({})).await;
        refused(&answer, 400, 100, part);
        let error = &answer.1["error"];
        assert_eq!(
            (&error["message"], &error["error_subcode"]),
            (&json!("Invalid parameter"), &json!(subcode))
        );
        assert!(
            error["error_user_title"].is_string() && error["is_transient"] == false,
            "{error}"
        );
    }
}

#[tokio::test]
async fn wrong_parameters_and_buttons_are_refused() {
    let client = Client::demo().await;
    let hello = || body("Hello, how are you?", &[]);
    let quick = || json!({"type": "QUICK_REPLY", "text": "q"});
    let link = || json!({"type": "URL", "text": "u", "url": "https://example.com/"});
    let with = |list: Value| json!([hello(), buttons(list)]);
    for (components, more, part) in [
        (
            json!([hello()]),
            json!({"language": "xx"}),
            "Param language must be one of {AF",
        ),
        (
            json!([hello()]),
            json!({"category": "SPAM"}),
            "Param category must be one of {AUTHENTICATION, MARKETING, UTILITY}",
        ),
        (
            json!([hello()]),
            json!({"parameter_format": "free"}),
            "parameter_format must be one of",
        ),
        (json!([hello()]), json!({"name": "No Good"}), "lower-case"),
        (
            json!([hello()]),
            json!({"name": "n".repeat(513)}),
            "at most 512",
        ),
        (
            json!([hello()]),
            json!({"message_send_ttl_seconds": 10}),
            "between 30 and 43200",
        ),
        (
            json!([hello()]),
            json!({"message_send_ttl_seconds": -1, "category": "MARKETING"}),
            "between 43200",
        ),
        (json!([]), json!({}), "components is required"),
        (json!("x"), json!({}), "components must be an array"),
        (
            json!([hello(), hello()]),
            json!({}),
            "only one component of type BODY",
        ),
        (
            json!([hello(), {"type": "STICKER"}]),
            json!({}),
            "components[1]['type'] must be one of {BODY",
        ),
        (
            json!([{"type": "HEADER", "format": "AUDIO"}, hello()]),
            json!({}),
            "components[0]['format'] must be one of {DOCUMENT",
        ),
        (with(json!([])), json!({}), "(buttons)"),
        (
            with(json!([{"type": "SELF_DESTRUCT"}])),
            json!({}),
            "components[1]['buttons'][0]['type'] must be one of {CATALOG",
        ),
        (with(json!([{"type": "QUICK_REPLY"}])), json!({}), "(text)"),
        (
            with(json!([{"type": "QUICK_REPLY", "text": "q".repeat(26)}])),
            json!({}),
            "at most 25",
        ),
        (
            with(json!([quick(), link(), quick()])),
            json!({}),
            "have to be grouped",
        ),
        (
            with(json!([link(), link(), link()])),
            json!({}),
            "at most 2 button(s) of type URL",
        ),
        (
            with(json!((0..11).map(|_| quick()).collect::<Vec<_>>())),
            json!({}),
            "at most 10 buttons",
        ),
        (
            with(json!([{"type": "URL", "text": "u", "url": "https://example.com/{{1}}"}])),
            json!({}),
            "component of type BUTTONS is missing expected field(s) (example)",
        ),
        (
            with(json!([{"type": "URL", "text": "u", "url": "https://{{1}}/x", "example": ["x"]}])),
            json!({}),
            "at its end",
        ),
        (
            with(json!([{"type": "PHONE_NUMBER", "text": "p", "phone_number": "call me"}])),
            json!({}),
            "not a valid phone number",
        ),
        (with(json!([{"type": "COPY_CODE"}])), json!({}), "(example)"),
        (
            with(json!([{"type": "COPY_CODE", "example": "A".repeat(21)}])),
            json!({}),
            "at most 20",
        ),
        (
            with(json!([{"type": "FLOW", "text": "f"}])),
            json!({}),
            "(flow_id)",
        ),
    ] {
        refused(
            &create(&client, "x", components.clone(), more).await,
            400,
            100,
            part,
        );
    }
}

#[tokio::test]
async fn wrong_carousels_and_offers_are_refused() {
    let client = Client::demo().await;
    let image = client.upload(b"PNG", "image/png").await;
    let header =
        || json!({"type": "HEADER", "format": "IMAGE", "example": {"header_handle": [image]}});
    let card = |kinds: &[&str]| {
        let list: Vec<_> = kinds
            .iter()
            .map(|kind| json!({"type": kind, "text": "b", "url": "https://a.b"}))
            .collect();
        json!({"components": [header(), body("Text of a card", &[]), buttons(json!(list))]})
    };
    let carousel = |cards: Vec<Value>| json!([body("Look at this", &[]), {"type": "CAROUSEL", "cards": cards}]);
    let offer = |text: &str| json!({"type": "LIMITED_TIME_OFFER", "limited_time_offer": {"text": text, "has_expiration": true}});
    let link = json!({"type": "URL", "text": "u", "url": "https://example.com/"});
    let code = json!({"type": "COPY_CODE", "example": "A"});
    let marketing = json!({"category": "MARKETING"});
    for (components, more, part) in [
        (carousel(vec![card(&["URL"])]), json!({}), "2 to 10 cards"),
        (
            carousel(vec![card(&["URL"]), card(&["QUICK_REPLY"])]),
            json!({}),
            "the same components",
        ),
        (
            carousel(vec![card(&["URL"]), card(&["URL", "URL"])]),
            json!({}),
            "the same components",
        ),
        (
            carousel(vec![
                card(&["QUICK_REPLY", "QUICK_REPLY", "QUICK_REPLY"]);
                2
            ]),
            json!({}),
            "at most 2 buttons",
        ),
        (
            carousel(vec![json!({"components": [header()]}); 2]),
            json!({}),
            "(BUTTONS)",
        ),
        (
            carousel(vec![
                json!({"components": [{"type": "HEADER", "format": "LOCATION"}]});
                2
            ]),
            json!({}),
            "header of a card",
        ),
        (
            carousel(vec![
                json!({"components": [{"type": "FOOTER", "text": "x"}]});
                2
            ]),
            json!({}),
            "['cards'][0]['components'][0]['type'] must be one of {BODY",
        ),
        (
            json!([
                body("Buy", &[]),
                offer("Ends soon"),
                buttons(json!([code, link]))
            ]),
            json!({}),
            "Only templates of category MARKETING",
        ),
        (
            json!([
                body("Buy", &[]),
                offer(&"x".repeat(17)),
                buttons(json!([code, link]))
            ]),
            marketing.clone(),
            "at most 16",
        ),
        (
            json!([body("Buy", &[]), offer("Ends soon"), buttons(json!([link]))]),
            marketing.clone(),
            "COPY_CODE as the first one",
        ),
        (
            json!([body("Buy", &[]), offer("Ends soon"), {"type": "FOOTER", "text": "x"}, buttons(json!([code, link]))]),
            marketing.clone(),
            "can't have a footer",
        ),
        (
            json!([
                body(&"b ".repeat(301), &[]),
                offer("Ends soon"),
                buttons(json!([code, link]))
            ]),
            marketing.clone(),
            "at most 600",
        ),
    ] {
        refused(
            &create(&client, "x", components, more).await,
            400,
            100,
            part,
        );
    }
}
