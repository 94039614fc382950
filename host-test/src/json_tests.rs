use serde_json::json;

use super::*;
use crate::wit::{messages, types, webhooks};

fn fault() -> types::Fault {
    types::Fault {
        message: "m".to_owned(),
        advice: "a".to_owned(),
        field: None,
        retry_after_ms: Some(1500),
        graph: None,
    }
}

#[test]
fn records_have_snake_case_names_and_absent_options_are_null() {
    let expected = json!({"message": "m", "advice": "a", "field": null, "retry_after_ms": 1500, "graph": null});
    assert_eq!(to_value(&fault()), expected);
}

#[test]
fn a_variant_is_an_object_with_one_name_or_a_word() {
    assert_eq!(
        to_value(&types::Error::ExecutionFailed),
        json!("execution_failed")
    );
    assert_eq!(
        to_value(&types::Error::RateLimited(fault()))["rate_limited"]["advice"],
        "a"
    );
    assert_eq!(
        to_value(&webhooks::MessageContent::RequestWelcome),
        json!("request_welcome")
    );
    assert_eq!(
        to_value(&webhooks::MessageContent::Text("hi".to_owned())),
        json!({"text": "hi"})
    );
    assert_eq!(
        to_value(&webhooks::MessageContent::Unsupported(None)),
        json!({"unsupported": null})
    );
    assert_eq!(to_value(&messages::MediaKind::Image), json!("image"));
}

#[test]
fn an_open_enumeration_is_always_a_word() {
    assert_eq!(
        to_value(&types::Delivery::HeldForQualityAssessment),
        json!("held_for_quality_assessment")
    );
    assert_eq!(
        to_value(&types::Delivery::Other("sleeping".to_owned())),
        json!("sleeping")
    );
    assert_eq!(to_value(&webhooks::Payload::Other), json!("other"));
}

#[test]
fn json_stands_as_itself_and_what_is_none_stays_text() {
    let unknown = |text: &str| to_value(&webhooks::MessageContent::Unknown(text.to_owned()));
    assert_eq!(
        unknown(r#"{"type":"new","n":[1,2]}"#),
        json!({"unknown": {"type": "new", "n": [1, 2]}})
    );
    assert_eq!(unknown("not json"), json!({"unknown": "not json"}));
    let form = webhooks::InboundForm {
        name: None,
        body: None,
        response: Some(r#"{"a":1}"#.to_owned()),
    };
    assert_eq!(
        to_value(&form),
        json!({"name": null, "body": null, "response": {"a": 1}})
    );
    // A customer's text that happens to be JSON is still a text.
    assert_eq!(
        to_value(&webhooks::MessageContent::Text("5".to_owned())),
        json!({"text": "5"})
    );
}

#[test]
fn an_address_stands_beside_the_other_fields_but_a_postal_one_is_a_text() {
    let text = messages::Text {
        address: types::Address::to("+49170"),
        body: "hi".to_owned(),
        preview_url: Some(true),
    };
    let value = to_value(&text);
    assert_eq!(
        (&value["to"], &value["body"], &value["preview_url"]),
        (&json!("+49170"), &json!("hi"), &json!(true))
    );
    assert_eq!(value.get("address"), None);
    let place = messages::TemplateLocation {
        latitude: 1.5,
        longitude: -2.0,
        name: None,
        address: Some("Street 1".to_owned()),
    };
    assert_eq!(
        to_value(&place),
        json!({"latitude": 1.5, "longitude": -2.0, "name": null, "address": "Street 1"})
    );
}

/// Reads the WIT files for members of the type `json`, so that a new one cannot be forgotten in `RAW_JSON`.
#[test]
fn the_list_of_json_members_is_that_of_the_contract() {
    let mut found = Vec::new();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../wit");
    for file in std::fs::read_dir(folder).unwrap() {
        let mut block = String::new();
        for line in std::fs::read_to_string(file.unwrap().path())
            .unwrap()
            .lines()
        {
            let line = line.trim().trim_start_matches('%');
            if let Some(rest) = line
                .strip_prefix("record ")
                .or(line.strip_prefix("variant "))
            {
                block = camel_case(rest.trim_end_matches([' ', '{']));
            }
            let member = line.split([':', '(']).next().unwrap_or_default().trim();
            let rest = &line[member.len()..];
            let kind: String = rest.chars().filter(|c| !c.is_whitespace()).collect();
            match kind.trim_end_matches(',') {
                ":json" | ":option<json>" | ":list<json>" => {
                    found.push((block.clone(), member.replace('-', "_")))
                }
                "(json)" | "(option<json>)" | "(list<json>)" => {
                    found.push((block.clone(), camel_case(member)))
                }
                _ => {}
            }
        }
    }
    found.sort();
    // Types of two interfaces may have one name, and then also a member.
    found.dedup();
    let listed: Vec<_> = RAW_JSON
        .iter()
        .map(|(block, member)| ((*block).to_owned(), (*member).to_owned()))
        .collect();
    assert_eq!(
        found, listed,
        "mend RAW_JSON in json.rs: the WIT on the left, the list on the right"
    );
}

fn camel_case(kebab: &str) -> String {
    kebab
        .split('-')
        .map(|word| word[..1].to_uppercase() + &word[1..])
        .collect()
}
