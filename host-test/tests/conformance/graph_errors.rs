//! Errors of Meta that nobody of this project wrote: each is read whole, has advice, and leads to no second request.

use serde_json::{Value, json};

use crate::call::{self, Network};
use crate::{corpus, manifest};

#[test]
fn every_error_of_the_corpus_is_told_with_its_code_and_advice() {
    for entry in corpus::folder("errors") {
        let body: Value = serde_json::from_str(&entry.text).unwrap();
        let status = entry
            .column("http")
            .first()
            .map(|status| status.parse::<u16>().unwrap());
        let answer = json!({"status": status.unwrap_or(400), "body": body});
        for action in ["send-text", "list-phone-numbers"] {
            let input = &manifest::action(action)["examples"][0];
            let network = Network::always(&answer);
            let outcome = call::invoke(action, &call::connection(), input, network);
            assert_eq!(outcome.requests.len(), 1, "{}", entry.name);
            let error = outcome.result.unwrap_err();
            let fault = &error["fault"];
            let told = |field: &str| fault[field].as_str().unwrap_or_default();
            assert_eq!(
                fault["graph"]["code"], body["error"]["code"],
                "{}",
                entry.name
            );
            let message = body["error"]["message"].as_str().unwrap();
            assert!(told("message").contains(message), "{}: {error}", entry.name);
            assert!(told("advice").ends_with('.'), "{}: {error}", entry.name);
            // Only these cases are repeated by an engine, and only they say when.
            let is_repeated =
                ["rate-limited", "unavailable"].contains(&error["case"].as_str().unwrap());
            assert!(
                is_repeated || fault["retry_after_ms"].is_null(),
                "{}: {error}",
                entry.name
            );
        }
    }
}

#[test]
fn every_receipt_of_the_corpus_is_read() {
    let entries = corpus::folder("responses");
    let mut read = 0;
    for entry in &entries {
        let endpoint = entry.column("endpoint");
        if endpoint != ["POST /{Version}/{Phone-Number-ID}/messages"] {
            continue;
        }
        let body: Value = serde_json::from_str(&entry.text).unwrap();
        let Some(id) = body["messages"][0]["id"].as_str() else {
            continue;
        };
        let input = &manifest::action("send-text")["examples"][0];
        let answer = json!({"status": 200, "body": body});
        let outcome = call::invoke(
            "send-text",
            &call::connection(),
            input,
            Network::always(&answer),
        );
        assert_eq!(outcome.result.unwrap()["message_id"], id, "{}", entry.name);
        read += 1;
    }
    assert!(read > 0 || entries.is_empty(), "no receipt was found");
}
