//! Every request that leaves the component, against Meta's OpenAPI document: the operation has to be there, the query's names have to be
//! known, the body has to keep its schema. Where the document is not Meta's API, [`gaps`] says so.
//!
//! The document is not part of this repository: without a corpus (see [`crate::corpus`]) these tests say that they skip.

mod check;
mod document;
mod gaps;
mod specialise;
mod spoilt;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::call::{self, Network};
use crate::{component, golden, manifest};
use check::{Violation, check};
use document::Document;
use gaps::GAPS;

/// A request and where it comes from.
struct Sent {
    origin: String,
    action: String,
    request: Value,
}

/// What the caller says is what is sent: not ours to check.
fn is_the_callers(action: &str) -> bool {
    action == "graph-call"
}

/// Every request of the golden cases and of the manifest's examples.
fn requests() -> Vec<Sent> {
    let mut requests = Vec::new();
    for case in golden::cases() {
        if is_the_callers(&case.action) {
            continue;
        }
        let folder = case.folder.file_name().unwrap().to_string_lossy();
        requests.extend(case.requests().map(|request| Sent {
            origin: format!("{}/{folder}", case.action),
            action: case.action.clone(),
            request: request.clone(),
        }));
    }
    // Something of everything, so that an action goes on to its next request.
    let answer = json!({
        "status": 200,
        "body": {"success": true, "id": "4711", "data": [], "messages": [{"id": "wamid.A"}]},
    });
    for (action, example) in manifest::examples() {
        if is_the_callers(action) {
            continue;
        }
        let outcome = call::invoke(
            action,
            &call::connection(),
            example,
            Network::always(&answer),
        );
        let sent = outcome.requests.iter().map(|request| Sent {
            origin: format!("the example {example}"),
            action: action.to_owned(),
            request: call::request_to_json(request),
        });
        requests.extend(sent);
    }
    requests
}

#[test]
fn every_request_is_in_metas_openapi_document_or_a_known_gap() {
    let Some(document) = Document::load() else {
        return;
    };
    let mut found: BTreeMap<Violation, String> = BTreeMap::new();
    for sent in requests() {
        for violation in check(document, &sent.action, &sent.request) {
            let first = || format!("{} of {}", sent.origin, sent.action);
            found.entry(violation).or_insert_with(first);
        }
    }
    let mut problems: Vec<_> = found
        .iter()
        .filter(|(violation, _)| !GAPS.iter().any(|gap| gap.covers(violation)))
        .map(|(violation, origin)| format!("not in the document: {violation:?}\n  {origin}"))
        .collect();
    for gap in GAPS {
        if !component::actions().any(|action| action.name == gap.since) {
            continue;
        }
        let hit = |at: &str| {
            let mut found = found.keys();
            found.any(|found| found.at == at && gap.covers(found))
        };
        let stale = gap.at.iter().filter(|at| !hit(at));
        problems.extend(stale.map(|at| {
            let (operation, kind, problem) = (gap.operation, gap.kind, gap.problem);
            format!(
                "nothing hits this gap: {operation} {kind} {at} {problem} ({})",
                gap.why
            )
        }));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
