//! What is refused, by which name, and with which words.

use super::*;
use crate::templates::refuse_unless_approved;

/// Right values for the template of the shop.
pub fn shop_values() -> Value {
    json!({
        "header_text": "Sale", "body_1": "Kim", "body_2": "June", "body_3": "W1", "body_4": "5 %",
        "button_3_url_suffix": "w1", "button_4_copy_code": "W1",
    })
}

#[test]
fn the_values_that_the_other_tests_change_are_right() {
    compiled(&shop(), shop_values());
}

#[test]
fn a_template_that_is_not_approved() {
    for (status, advice) in [
        ("PAUSED", "lifts the pause"),
        ("REJECTED", "submit it again"),
        ("DISABLED", "Make a new template"),
        ("PENDING", "Wait until"),
        ("IN_APPEAL", "Wait until"),
        ("PENDING_DELETION", "another template"),
    ] {
        let template = with(shop(), "status", status);
        let template = with(template, "rejected_reason", "NONE");
        let fault = refusal(&template, shop_values());
        assert_eq!(fault.field.as_deref(), Some("template.status"));
        assert!(
            fault
                .message
                .contains(&format!("order_update is {status}, and only")),
            "{}",
            fault.message
        );
        assert!(!fault.message.contains("NONE"), "{}", fault.message);
        assert!(fault.advice.contains(advice), "{status}: {}", fault.advice);
        assert!(refuse_unless_approved("name", &template).is_err());
    }
    let rejected = with(
        with(shop(), "status", "REJECTED"),
        "rejected_reason",
        "INVALID_FORMAT",
    );
    let rejected = with(rejected, "quality_score", json!({"score": "RED"}));
    let message = refusal(&rejected, shop_values()).message;
    assert!(
        message.ends_with("; reason: INVALID_FORMAT; quality: RED"),
        "{message}"
    );
}

#[test]
fn approval_in_any_case_or_unknown_passes() {
    refuse_unless_approved("name", &with(shop(), "status", "approved")).unwrap();
    refuse_unless_approved("name", &json!({})).unwrap();
}

#[test]
fn a_template_without_its_components() {
    for components in [json!(null), json!({}), json!("[]")] {
        let template = with(shop(), "components", components);
        assert_eq!(
            refusal(&template, json!({})).field.as_deref(),
            Some("template.components")
        );
        assert!(form(&template).is_err());
    }
}

#[test]
fn values_that_are_no_object() {
    let fault = refusal(&shop(), json!(["Kim"]));
    assert_eq!(fault.message, "values: expected a JSON object, got a list");
}

#[test]
fn a_missing_value_with_the_text_around_it() {
    let mut values = shop_values();
    values.as_object_mut().unwrap().remove("body_3");
    let fault = refusal(&shop(), values.clone());
    assert_eq!(fault.field.as_deref(), Some("values.body_3"));
    assert_eq!(
        fault.message,
        "values.body_3: no value for body {{3}}; Shop now through {{2}} and use code «{{3}}» to get {{4}} off."
    );
    assert_eq!(fault.advice, "Give it a value, for example \"25OFF\".");
    values["button_4_copy_code"] = Value::Null;
    values["body_4"] = Value::Null;
    assert_eq!(
        refusal(&shop(), values).message,
        "values.body_3: 3 values are missing: body_3, body_4, button_4_copy_code"
    );
}

#[test]
fn a_missing_code_is_missed_once() {
    let fault = refusal(&authentication(), json!({}));
    assert_eq!(fault.field.as_deref(), Some("values.one_time_password"));
    assert!(!fault.message.contains("are missing"), "{}", fault.message);
}

#[test]
fn a_value_that_the_template_has_no_place_for() {
    for (name, advice) in [
        ("body_5", "Did you mean `body_4`?"),
        ("Body_4", "Did you mean `body_4`?"),
        ("header_image", "Remove it"),
        ("button_2_url_suffix", "Did you mean `button_3_url_suffix`?"),
        ("button_1_payload", "Did you mean `button_0_payload`?"),
        ("customer", "Remove it"),
    ] {
        let mut values = shop_values();
        // What is filled in is not meant.
        values["body_4"] = Value::Null;
        values
            .as_object_mut()
            .unwrap()
            .remove("button_3_url_suffix");
        values[name] = "x".into();
        let fault = refusal(&shop(), values);
        assert_eq!(fault.field, Some(format!("values.{name}")));
        assert!(
            fault
                .message
                .contains("it has header_text, body_1, body_2, "),
            "{}",
            fault.message
        );
        assert!(fault.advice.starts_with(advice), "{name}: {}", fault.advice);
    }
    let fault = refusal(
        &template(json!([{"type": "BODY", "text": "Hi."}])),
        json!({"body_1": "x"}),
    );
    assert!(
        fault.message.ends_with("the template has no variables"),
        "{}",
        fault.message
    );
    let fault = refusal(&authentication(), json!({"otp": "1"}));
    assert!(
        fault.message.ends_with("it has one_time_password"),
        "{}",
        fault.message
    );
}

#[test]
fn the_advice_is_the_help_text_of_the_same_value_among_the_typed_parts() {
    let advice = |value: Value| refusal(&header("IMAGE"), json!({"header_image": value})).advice;
    assert_eq!(
        advice(json!("x")),
        "The header's image: its `link` or its `id`."
    );
    assert_eq!(
        advice(json!({"link": 1})),
        "Public address from which Meta downloads the file."
    );
    assert_eq!(advice(json!({})), "Fill in one of them.");
    let missing = refusal(&header("LOCATION"), json!({})).advice;
    assert!(missing.starts_with("The header's place"), "{missing}");
}

#[test]
fn a_one_time_password_is_not_repeated_in_an_error() {
    let fault = refusal(&authentication(), json!({"one_time_password": 918273}));
    assert!(!format!("{fault:?}").contains("918273"), "{fault:?}");
}

#[test]
fn texts_that_meta_refuses() {
    for (name, text, problem) in [
        ("body_1", "a\nb".to_owned(), "got a new line"),
        ("body_1", "a\rb".to_owned(), "got a new line"),
        ("header_text", "a\tb".to_owned(), "got a tab"),
        (
            "body_2",
            "a     b".to_owned(),
            "got more than four spaces in a row",
        ),
        ("button_3_url_suffix", "a\nb".to_owned(), "got a new line"),
        ("body_2", String::new(), "got an empty one"),
        ("body_2", "  ".to_owned(), "got an empty one"),
        ("button_0_payload", String::new(), "got an empty one"),
        ("button_3_url_suffix", String::new(), "got an empty one"),
        (
            "button_4_copy_code",
            "x".repeat(21),
            "at most 20 characters, got 21",
        ),
        (
            "header_text",
            "ü".repeat(61),
            "at most 60 characters, got 61",
        ),
        (
            "body_1",
            "x".repeat(1025),
            "at most 1024 characters, got 1025",
        ),
        (
            "button_3_url_suffix",
            "x".repeat(2001),
            "at most 2000 characters, got 2001",
        ),
    ] {
        let mut values = shop_values();
        values[name] = text.into();
        let fault = refusal(&shop(), values);
        assert_eq!(fault.field, Some(format!("values.{name}")));
        assert!(
            fault.message.ends_with(problem),
            "{name}: {}",
            fault.message
        );
    }
    let fault = refusal(
        &authentication(),
        json!({"one_time_password": "1234567890123456"}),
    );
    assert!(
        fault.message.ends_with("at most 15 characters, got 16"),
        "{}",
        fault.message
    );
    let mut longest = shop_values();
    longest["button_4_copy_code"] = "x".repeat(20).into();
    // "Our " and " is on!" are 11 characters.
    longest["header_text"] = "ü".repeat(49).into();
    longest["body_1"] = "a    b".into();
    compiled(&shop(), longest);
}

#[test]
fn a_text_that_its_values_make_too_long() {
    let own = "Hi !\nShop now through  and use code  to get  off.".len();
    let mut values = shop_values();
    let (month, code, rate) = ("ä".repeat(900), "W1", "5 %");
    values["body_1"] = "x".repeat(1024 - own - 905).into();
    values["body_2"] = month.clone().into();
    compiled(&shop(), values.clone());
    values["body_1"] = "x".repeat(1024 - own - 904).into();
    assert_eq!((code.len(), rate.len()), (2, 3));
    let fault = refusal(&shop(), values.clone());
    assert_eq!(
        fault.message,
        "values.body_2: the body has 1025 characters with these values, at most 1024"
    );
    // Of an amount or a date, its text counts.
    for value in [
        json!({"date_time": month}),
        json!({"currency": {"fallback_value": month, "code": "EUR", "amount1000": 1}}),
    ] {
        values["body_2"] = value;
        assert_eq!(refusal(&shop(), values.clone()).message, fault.message);
    }
    let mut values = shop_values();
    values["header_text"] = "x".repeat(50).into();
    assert_eq!(
        refusal(&shop(), values).message,
        "values.header_text: the header has 61 characters with these values, at most 60"
    );
    // A variable that stands twice counts twice.
    let twice = template(
        json!([{"type": "BODY", "text": "{{1}} {{1}}"}, {"type": "FOOTER", "text": "Bye"}]),
    );
    compiled(&twice, json!({"body_1": "x".repeat(511)}));
    refusal(&twice, json!({"body_1": "x".repeat(512)}));
}

#[test]
fn a_part_of_the_template_that_is_not_known() {
    let card =
        |kind: &str| json!({"type": "CAROUSEL", "cards": [{"components": [{"type": kind}]}]});
    for (components, field, found) in [
        (
            json!([{"type": "BODY", "text": "a"}, {"type": "NEW"}]),
            "components[1].type",
            "got NEW",
        ),
        (
            json!([{"type": "BODY"}, 7]),
            "components[1].type",
            "got none",
        ),
        (
            json!([{"type": "HEADER", "format": "HOLOGRAM"}]),
            "components[0].format",
            "got HOLOGRAM",
        ),
        (
            json!([{"type": "HEADER"}]),
            "components[0].format",
            "got none",
        ),
        (
            json!([{"type": "BUTTONS", "buttons": [{"type": "URL"}, {"type": "NEW"}]}]),
            "components[0].buttons[1].type",
            "got NEW",
        ),
        (
            json!([card("body"), card("NEW")]),
            "components[1].cards[0].components[0].type",
            "got NEW",
        ),
        (
            json!([{"type": "CAROUSEL"}]),
            "components[0].cards",
            "got none",
        ),
        (
            json!([{"type": "CAROUSEL", "cards": []}]),
            "components[0].cards",
            "got none",
        ),
    ] {
        let template = template(components);
        let fault = refusal(&template, json!({}));
        assert_eq!(fault.field, Some(format!("template.{field}")));
        assert!(fault.message.ends_with(found), "{}", fault.message);
        assert!(fault.advice.contains("`components`"), "{}", fault.advice);
        assert!(form(&template).is_err(), "{field}");
    }
    let old =
        template(json!([{"type": "HEADER", "text": "Hi {{1}}"}, {"type": "BODY", "text": "a"}]));
    compiled(&old, json!({"header_text": "x"}));
}

#[test]
fn a_whole_address_where_its_end_goes() {
    for (value, problem) in [
        ("https://shop.example/?promo=w1", "got a whole one"),
        ("http://other.example", "got a whole one"),
        ("w 1", "got a text with blanks"),
    ] {
        let mut values = shop_values();
        values["button_3_url_suffix"] = value.into();
        let fault = refusal(&shop(), values);
        assert_eq!(fault.field.as_deref(), Some("values.button_3_url_suffix"));
        assert!(fault.message.ends_with(problem), "{}", fault.message);
        assert_eq!(
            fault.advice,
            "Give only what comes behind https://shop.example/?promo= in the address."
        );
    }
    let bare = buttons(json!([{"type": "URL", "text": "Go", "url": "shop.example/{{1}}"}]));
    let fault = refusal(&bare, json!({"button_0_url_suffix": "shop.example/a"}));
    assert!(
        fault.message.ends_with("got its beginning too"),
        "{}",
        fault.message
    );
}
