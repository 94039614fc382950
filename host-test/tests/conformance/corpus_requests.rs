//! Bodies that others send, said as inputs of our actions: the component has to send the same bodies.

mod fields;
mod interactive;
mod management;
mod outcome;
mod placeholders;
mod shapes;
mod template;
mod translate;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{component, corpus};
use outcome::Outcome;

/// Actions that the translator names and the component does not have yet. Bodies that need them are not compared. Has to become empty.
const NOT_YET: &[&str] = &[];

/// Bodies that do not come out equal, or only in Meta's own shape where typed fields should do: what becomes of them, and why.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    (
        "java-api__expectedmessage13__location.json",
        "only in Meta's own shape, else differs: /location/latitude /location/longitude",
        "degrees as texts: our fields take numbers and send numbers, as the examples of Meta's OpenAPI document do",
    ),
    (
        "openapi__parameterized-template__template.json",
        "only in Meta's own shape, else cannot say: message_activity_sharing product_policy",
        "a body of POST /{phone-number-id}/marketing_messages",
    ),
    (
        "openapi__template-with-product-policy__template.json",
        "only in Meta's own shape, else cannot say: message_activity_sharing product_policy",
        "a body of POST /{phone-number-id}/marketing_messages",
    ),
    (
        "ruby-sdk__send-image-with-success-response.yml__image.json",
        "only in Meta's own shape, else refused: caption",
        "an empty caption: most likely a variable of a flow that came out empty; see the golden case caption-is-empty",
    ),
    (
        "ruby-sdk__send-typing-indicator-with-success-response.y__read-typing.json",
        "cannot say: recipient_type",
        "a read receipt goes to nobody: `recipient_type` means nothing here",
    ),
    (
        "skeleton__openapi__send-sample-issue-resolution-template__template.json",
        "only in Meta's own shape, else cannot say: template.language.policy",
        "`deterministic` is the only policy, and the default",
    ),
    (
        "skeleton__openapi__send-text-message-with-preview-url__text.json",
        "only in Meta's own shape, else differs: /type",
        "the body has no type, which means a text; our component says so",
    ),
];

#[test]
fn actions_that_are_not_there_yet_are_not_there_yet() {
    let there = component::actions().map(|action| action.name.as_str());
    let there: Vec<_> = there.filter(|name| NOT_YET.contains(name)).collect();
    assert!(there.is_empty(), "take them out of NOT_YET: {there:?}");
}

#[test]
fn the_component_sends_what_others_send() {
    let mut outcomes = BTreeMap::new();
    for entry in corpus::folder("requests") {
        let mut body: Value = serde_json::from_str(&entry.text).unwrap();
        if entry.column("values") == ["placeholder"] {
            placeholders::fill(&mut body);
        }
        outcomes.insert(entry.name, outcome::of_message(&body));
    }
    compare(&outcomes, EXCEPTIONS);
}

/// Fails when something is not equal and not an exception, and when an exception is none.
fn compare(outcomes: &BTreeMap<String, Outcome>, exceptions: &[(&str, &str, &str)]) {
    if outcomes.is_empty() {
        return;
    }
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut problems = Vec::new();
    for (name, outcome) in outcomes {
        *counts.entry(outcome.to_string()).or_default() += 1;
        let mut exceptions = exceptions
            .iter()
            .filter(|(exception, ..)| exception == name);
        let expected = exceptions.next().map(|(_, expected, _)| *expected);
        match (outcome, expected) {
            (Outcome::NotYet(_), _) => {}
            (Outcome::Equal { .. }, None) => {}
            (outcome, Some(expected)) if outcome.to_string() == expected => {}
            (outcome, Some(expected)) => {
                problems.push(format!(
                    "{name}\n  expected {expected}\n  found    {outcome}"
                ));
            }
            (outcome, None) => problems.push(format!("{name}\n  found {outcome}")),
        }
    }
    for (name, ..) in exceptions {
        if !outcomes.contains_key(*name) {
            problems.push(format!("{name} is not in the corpus"));
        }
    }
    println!("{counts:#?}");
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
