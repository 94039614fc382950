//! Bodies from elsewhere: each is read, nothing in it is lost, and its items have the kinds that the corpus's index says.

use std::collections::BTreeSet;

use serde_json::Value;

use super::parse;
use crate::corpus;

#[test]
fn every_item_of_every_body_becomes_one_event_of_its_kind() {
    for entry in corpus::folder("webhooks") {
        let events = parse(&entry.text).unwrap_or_else(|error| panic!("{}: {error}", entry.name));
        let body: Value = serde_json::from_str(&entry.text).unwrap();
        assert_eq!(events.len(), count(&body), "{}: {events:#?}", entry.name);
        let found: BTreeSet<_> = events.iter().filter_map(kind).collect();
        let types = entry.column("types").into_iter().map(str::to_owned);
        assert_eq!(found, types.collect(), "{}", entry.name);
        let fields = entry.column("field");
        for event in &events {
            let field = event["envelope"]["field"].as_str().unwrap();
            assert!(fields.contains(&field), "{}: field {field}", entry.name);
            let account = event["envelope"]["business_account_id"].as_str().unwrap();
            assert!(!account.is_empty(), "{}: {event}", entry.name);
        }
    }
}

/// The items of a body, counted in the JSON: those of the lists of a `messages` change, and one for each other change.
fn count(body: &Value) -> usize {
    let changes = body["entry"].as_array().unwrap().iter();
    let changes = changes.flat_map(|entry| entry["changes"].as_array().unwrap());
    let items = |change: &Value| {
        if change["field"] != "messages" {
            return 1;
        }
        let lists = change["value"].as_object().unwrap().iter();
        let lists = lists.filter(|(name, _)| *name != "contacts");
        let items = lists.filter_map(|(_, list)| list.as_array().map(Vec::len));
        items.sum::<usize>().max(1)
    };
    changes.map(items).sum()
}

/// What an event is, in the words of the index; nothing for what has no type of its own.
fn kind(event: &Value) -> Option<String> {
    let payload = &event["payload"];
    if let Some(status) = payload.get("status") {
        return Some(status["state"].as_str().unwrap().to_owned());
    }
    let content = &payload.get("message")?["content"];
    let (case, inner) = match content {
        Value::Object(case) => case
            .iter()
            .next()
            .map(|(name, inner)| (name.as_str(), inner))?,
        case => (case.as_str()?, &Value::Null),
    };
    Some(match case {
        "button_reply" | "list_reply" => format!("interactive.{case}"),
        "form_reply" => "interactive.nfm_reply".to_owned(),
        "reaction" if inner["emoji"].is_null() => "reaction.removed".to_owned(),
        "system" => format!("system.{}", inner["kind"].as_str().unwrap_or_default()),
        case => case.to_owned(),
    })
}
