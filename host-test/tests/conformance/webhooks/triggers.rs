//! Triggers: every event belongs to one, and each says in its schema what it hands to a flow.

use std::collections::{BTreeMap, BTreeSet};

use jsonschema::Validator;
use serde_json::{Value, json};
use wasmtime::component::Type;

use super::guest::{BOTH, Guest, Subscription};
use super::{deliveries, json_events};
use crate::component;
use crate::corpus;
use crate::manifest::manifest;

/// The trigger to which every event belongs.
const ANY: &str = "any-event";

/// The triggers as the manifest has them.
pub fn triggers() -> &'static [Value] {
    manifest()["triggers"].as_array().unwrap()
}

fn name(trigger: &Value) -> &str {
    trigger["name"].as_str().unwrap()
}

fn validators() -> Vec<(&'static str, Validator)> {
    let validator = |trigger: &'static Value| {
        let schema = &trigger["output_schema"];
        assert!(
            jsonschema::meta::is_valid(schema),
            "no JSON Schema: {schema}"
        );
        (name(trigger), jsonschema::validator_for(schema).unwrap())
    };
    triggers().iter().map(validator).collect()
}

/// The triggers to which an event belongs, by their schemas.
fn of_schemas<'t>(validators: &'t [(&str, Validator)], event: &Value) -> Vec<&'t str> {
    let valid = validators
        .iter()
        .filter(|(_, validator)| validator.is_valid(event));
    valid.map(|(name, _)| *name).collect()
}

/// The triggers that start for each of some events.
fn started(events: &[Value]) -> Vec<Vec<String>> {
    let mut subscriptions = Vec::new();
    for event in events {
        let account = event["envelope"]["business_account_id"].as_str().unwrap();
        for trigger in triggers() {
            subscriptions.push(Subscription {
                id: format!("{account}/{}", name(trigger)),
                trigger: name(trigger).to_owned(),
                account: account.to_owned(),
                filter: None,
            });
        }
    }
    subscriptions.sort_by(|one, other| one.id.cmp(&other.id));
    subscriptions.dedup_by(|one, other| one.id == other.id);
    let text = Value::from(events).to_string();
    let matches = Guest::Connector
        .match_events(&text, &subscriptions)
        .unwrap();
    assert_eq!(matches["problems"], json!([]));
    let mut started = vec![Vec::new(); events.len()];
    for start in matches["starts"].as_array().unwrap() {
        let (_, trigger) = start["subscription"]
            .as_str()
            .unwrap()
            .split_once('/')
            .unwrap();
        started[start["event"].as_u64().unwrap() as usize].push(trigger.to_owned());
    }
    started
}

#[test]
fn every_event_belongs_to_one_trigger_by_schema_and_by_matching() {
    let validators = validators();
    let deliveries = deliveries()
        .into_iter()
        .map(|delivery| (delivery.name, delivery.text));
    let corpus = corpus::folder("webhooks")
        .into_iter()
        .map(|entry| (entry.name, entry.text));
    for (delivery, text) in deliveries.chain(corpus) {
        let events = json_events(Guest::Connector, &text);
        // What names no account reaches nobody.
        let (events, homeless): (Vec<_>, Vec<_>) = events
            .into_iter()
            .partition(|event| event["envelope"]["business_account_id"] != "");
        assert!(homeless.is_empty(), "{delivery}");
        for (event, mut started) in events.iter().zip(started(&events)) {
            let mut valid = of_schemas(&validators, event);
            valid.sort_unstable();
            started.sort_unstable();
            let why = || {
                let problems = validators.iter().flat_map(|(name, validator)| {
                    validator
                        .iter_errors(event)
                        .map(move |error| format!("{name}: {error:.300}"))
                });
                problems.collect::<Vec<_>>().join("\n")
            };
            assert_eq!(valid, started, "{delivery}: {event:#}\n{}", why());
            assert_eq!(
                valid.len(),
                2,
                "{delivery}: {event:#}\n{valid:?}\n{}",
                why()
            );
            assert!(valid.contains(&ANY), "{delivery}: {valid:?}");
        }
    }
}

/// The names of the cases that a schema allows.
fn cases(variant: &Value) -> Vec<&str> {
    let all: Vec<&Value> = match variant.get("oneOf") {
        Some(cases) => cases.as_array().unwrap().iter().collect(),
        None => vec![variant],
    };
    let mut names = Vec::new();
    for case in all {
        names.extend(case["const"].as_str().or(case["required"][0].as_str()));
    }
    names
}

/// The names of the cases of a variant of the contract, in snake_case.
fn of_contract(ty: &Type) -> Vec<String> {
    let Type::Variant(variant) = ty else {
        panic!("no variant: {ty:?}")
    };
    variant
        .cases()
        .map(|case| case.name.replace('-', "_"))
        .collect()
}

fn field(ty: &Type, name: &str) -> Type {
    let Type::Record(record) = ty else {
        panic!("no record: {ty:?}")
    };
    let mut fields = record.fields();
    fields.find(|field| field.name == name).unwrap().ty
}

/// What a payload may be, and what a message may hold, by the contract.
fn contract() -> (Vec<String>, Vec<String>) {
    let parse = &component::export("webhooks", "parse").ty;
    let Some(Type::Result(result)) = parse.results().next() else {
        panic!("parse returns no result")
    };
    let Some(Type::List(events)) = result.ok() else {
        panic!("parse returns no list")
    };
    let payload = field(&events.ty(), "payload");
    let Type::Variant(variant) = &payload else {
        panic!("a payload is a variant")
    };
    let message = variant.cases().find(|case| case.name == "message").unwrap();
    let content = field(&message.ty.unwrap(), "content");
    (of_contract(&payload), of_contract(&content))
}

#[test]
fn every_case_of_the_contract_has_its_trigger() {
    let (payloads, contents) = contract();
    assert!(payloads.len() > 20 && contents.len() > 20);
    let mut of_payload: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut of_content: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for trigger in triggers().iter().filter(|trigger| name(trigger) != ANY) {
        let payload = &trigger["output_schema"]["properties"]["payload"];
        for case in cases(payload) {
            of_payload
                .entry(case.to_owned())
                .or_default()
                .push(name(trigger).to_owned());
        }
        let all = payload
            .get("oneOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let message = all
            .chain([payload])
            .find_map(|case| case.pointer("/properties/message/properties/content"));
        for case in message.map(cases).unwrap_or_default() {
            of_content
                .entry(case.to_owned())
                .or_default()
                .push(name(trigger).to_owned());
        }
    }
    let known: Vec<_> = of_payload.keys().cloned().collect();
    let mut expected = payloads.clone();
    expected.sort_unstable();
    assert_eq!(known, expected);
    let known: Vec<_> = of_content.keys().cloned().collect();
    let mut expected = contents.clone();
    expected.sort_unstable();
    assert_eq!(known, expected);
    for (case, triggers) in of_content {
        assert_eq!(triggers.len(), 1, "{case}: {triggers:?}");
    }
    for (case, triggers) in of_payload {
        // Messages are told apart by what they hold, news of templates by the field.
        let several = ["message", "template_update"].contains(&case.as_str());
        assert_eq!(triggers.len() > 1, several, "{case}: {triggers:?}");
    }
}

#[test]
fn the_deliveries_show_every_case_of_the_contract() {
    let (mut payloads, mut contents) = contract();
    for delivery in deliveries() {
        for event in json_events(Guest::Connector, &delivery.text) {
            let case = |value: &Value| match value {
                Value::String(name) => name.clone(),
                value => value.as_object().unwrap().keys().next().unwrap().clone(),
            };
            let payload = case(&event["payload"]);
            for place in [
                "/payload/message/content",
                "/payload/history_message/message/content",
            ] {
                let content = event.pointer(place).map(case);
                contents.retain(|known| Some(known) != content.as_ref());
            }
            payloads.retain(|known| *known != payload);
        }
    }
    assert!(
        payloads.is_empty() && contents.is_empty(),
        "{payloads:?} {contents:?}"
    );
}

#[test]
fn every_sample_is_an_event_of_its_trigger() {
    let validators = validators();
    for trigger in triggers() {
        let sample = &trigger["sample"];
        assert!(sample.is_object(), "{} has no sample", name(trigger));
        let valid = of_schemas(&validators, sample);
        assert!(
            valid.contains(&name(trigger)),
            "{}: {valid:?}",
            name(trigger)
        );
        assert!(
            valid.contains(&ANY) && valid.len() == 2 || name(trigger) == ANY,
            "{valid:?}"
        );
        let [started] = started(std::slice::from_ref(sample)).try_into().unwrap();
        assert!(
            started.iter().any(|found| found == name(trigger)),
            "{started:?}"
        );
        let envelope = &sample["envelope"];
        for field in ["id", "route", "business_account_id", "field", "raw"] {
            let text = envelope[field].as_str().unwrap();
            assert!(!text.is_empty(), "{}: {field}", name(trigger));
        }
    }
}

#[test]
fn both_components_describe_the_same_triggers_as_the_manifest() {
    for guest in BOTH {
        assert_eq!(guest.triggers(), manifest()["triggers"], "{guest:?}");
    }
}

#[test]
fn a_trigger_says_what_a_form_needs() {
    for trigger in triggers() {
        let mut fields: Vec<_> = trigger
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        fields.sort_unstable();
        let known = [
            "delivery",
            "filter_schema",
            "group",
            "help",
            "name",
            "output_schema",
            "sample",
            "title",
            "webhook_fields",
        ];
        assert!(
            fields.iter().all(|field| known.contains(field)),
            "{fields:?}"
        );
        for field in ["title", "help"] {
            assert!(
                !trigger[field].as_str().unwrap().is_empty(),
                "{}",
                name(trigger)
            );
        }
        let filters = &trigger["filter_schema"];
        assert!(jsonschema::meta::is_valid(filters));
        for (filter, schema) in filters["properties"].as_object().unwrap() {
            for field in ["title", "description"] {
                assert!(schema[field].is_string(), "{} {filter}", name(trigger));
            }
        }
    }
}

#[test]
fn each_trigger_names_the_webhook_fields_that_it_needs() {
    // Where an event of each trigger came from, in the deliveries.
    let mut seen: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let validators = validators();
    for delivery in deliveries() {
        for event in json_events(Guest::Connector, &delivery.text) {
            let field = event["envelope"]["field"].as_str().unwrap();
            // One of Meta's pages writes it so; the dashboard has the plural.
            let field = match field {
                "business_username_update" => "business_username_updates",
                field => field,
            };
            for trigger in of_schemas(&validators, &event) {
                seen.entry(trigger).or_default().insert(field.to_owned());
            }
        }
    }
    for trigger in triggers() {
        let fields = trigger["webhook_fields"].as_array().unwrap();
        let fields: BTreeSet<_> = fields
            .iter()
            .map(|field| field.as_str().unwrap().to_owned())
            .collect();
        if fields.is_empty() {
            assert!(
                [ANY, "other-event"].contains(&name(trigger)),
                "{}",
                name(trigger)
            );
        } else {
            assert_eq!(seen.get(name(trigger)), Some(&fields), "{}", name(trigger));
        }
    }
}
