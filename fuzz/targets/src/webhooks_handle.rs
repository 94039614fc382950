//! A whole request to the webhook address, then its events to the subscriptions.

use crate::events;
use crate::lowered::View;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use std::collections::HashSet;
use std::sync::OnceLock;
use whatsapp_connector::contract::tables::{JSON_OUTCOME, MATCHES, OUTCOME};
use whatsapp_connector::door::{Lowered, PAYLOAD};
use whatsapp_connector::triggers::{self, Subscription};
use whatsapp_connector::webhooks::{self, Request};

const VERIFY_TOKEN: &str = "verify-token-6f1c0b7e";
const APP_SECRET: &str = "app-secret-9d2e4a81";
const OLD_SECRET: &str = "app-secret-11aa22bb";

/// Answers a request. The first byte says which: bits 0 and 1 the method, 2 and 3 who checks the signature, 4 and 5 which signature there is, 6 whether
/// the query has the right verify token. Then come query, header and body.
pub fn webhooks_handle(data: &[u8]) {
    let Some((&choice, rest)) = data.split_first() else {
        return;
    };
    let rest = crate::text(rest);
    let mut parts = rest.splitn(3, crate::BETWEEN);
    let [query, header, body] = [(); 3].map(|()| parts.next().unwrap_or_default());
    if [VERIFY_TOKEN, APP_SECRET, OLD_SECRET]
        .iter()
        .any(|secret| rest.contains(secret))
    {
        return;
    }
    let has_token = choice & 0x40 != 0;
    let query = match has_token {
        true => format!("hub.mode=subscribe&hub.verify_token={VERIFY_TOKEN}&{query}"),
        false => query.to_owned(),
    };
    let method = ["POST", "GET", "post", header][usize::from(choice & 3)];
    let secrets = [
        None,
        Some(vec![OLD_SECRET, APP_SECRET]),
        Some(vec![]),
        Some(vec!["", OLD_SECRET]),
    ][usize::from(choice >> 2 & 3)]
    .clone();
    let headers = match choice >> 4 & 3 {
        0 => vec![("X-Hub-Signature-256", signature(APP_SECRET, body))],
        1 => vec![
            ("content-type", header.to_owned()),
            ("x-hub-signature-256", header.to_owned()),
        ],
        2 => vec![("x-hub-signature-256", signature("", body))],
        _ => Vec::new(),
    };
    let is_signed = choice >> 4 & 3 == 0
        && secrets
            .as_ref()
            .is_some_and(|secrets| secrets.contains(&APP_SECRET));
    let is_taken = secrets.is_none() || is_signed;
    let secrets = secrets.map(|secrets| secrets.into_iter().map(str::to_owned).collect::<Vec<_>>());
    let headers = headers
        .into_iter()
        .flat_map(|(name, value)| [name.to_owned(), value]);
    let request = Request {
        method: method.to_owned(),
        query,
        headers: headers.collect(),
        body: body.to_owned(),
    };

    let mut found = Vec::new();
    let reply = webhooks::answer(&request, VERIFY_TOKEN, secrets.clone(), &mut |event| {
        found.push(event)
    });
    let mut outcome = json!({
        "reply": {"status": reply.status, "body": reply.body},
        "events": found,
        "problem": reply.problem,
    });
    let typed = webhooks::handle(&request, VERIFY_TOKEN, secrets.clone());
    View::new(&typed).same_record(0, OUTCOME, &outcome);
    let as_json = webhooks::handle_json(&request, VERIFY_TOKEN, secrets);
    let text = Value::from(found.clone()).to_string();
    outcome["events"] = Value::from(found.clone());
    View::new(&as_json).same_record(0, JSON_OUTCOME, &outcome);
    for lowered in [&typed, &as_json] {
        tells_nothing(lowered);
    }

    let method = method.to_ascii_uppercase();
    let is_delivery = method == "POST";
    assert!(found.is_empty() || is_delivery && is_taken);
    assert_eq!(reply.status == 200, reply.problem.is_none());
    assert!(reply.body.is_empty() || method == "GET" && has_token);
    match (is_delivery, is_taken) {
        (true, true) => {
            events::check(body, &found);
            assert_eq!(reply.status, if found.is_empty() { 400 } else { 200 });
        }
        (true, false) => assert_eq!(reply.status, 401),
        (false, _) => {
            assert!(reply.status == 405 || method == "GET");
            assert!(reply.status != 200 || has_token);
        }
    }
    matches(&text, &found);
}

fn signature(secret: &str, body: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any length");
    let tag = mac.chain_update(body).finalize().into_bytes();
    let digits: String = tag.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256={digits}")
}

/// No secret is in a result, wherever.
fn tells_nothing(lowered: &Lowered) {
    for secret in [VERIFY_TOKEN, APP_SECRET, OLD_SECRET] {
        let mut places = lowered.bytes.windows(secret.len());
        assert!(
            !places.any(|place| place == secret.as_bytes()),
            "{secret} is told"
        );
    }
}

/// Hands the events to subscriptions of every trigger: each event belongs to one beside `any-event`, and nobody gets those of another account.
fn matches(text: &str, events: &[Value]) {
    let accounts: HashSet<&str> = events.iter().map(events::account).collect();
    let Some(account) = accounts.into_iter().find(|account| !account.is_empty()) else {
        return;
    };
    let mut subscriptions = Vec::new();
    let mut subscribe = |id: &str, trigger: &str, account: &str, filter: Value| {
        subscriptions.push(Subscription::new(json!({
            "id": id, "trigger": trigger, "business_account_id": account, "filter": filter,
        })));
    };
    for trigger in trigger_names() {
        subscribe(trigger, trigger, account, Value::Null);
        subscribe("foreign", trigger, &format!("{account}0"), Value::Null);
    }
    subscribe(
        "odd",
        "new-message",
        account,
        json!({"no-such-filter": ["x"]}),
    );
    let lowered = triggers::match_events(text, &subscriptions);
    let view = View::new(&lowered);
    assert!(!view.is_error(), "events of ours are events");
    let mut starts = Vec::new();
    for (index, event) in events.iter().enumerate() {
        if events::account(event) != account {
            continue;
        }
        let before = starts.len();
        for subscription in &subscriptions {
            let mut payload = event["payload"].as_object().into_iter().flatten();
            let held = match (&event["payload"], payload.next()) {
                (Value::String(name), _) => (name.as_str(), &Value::Null),
                (_, Some((name, held))) => (name.as_str(), held),
                _ => panic!("no payload: {event}"),
            };
            if subscription.wants(account, event, held) {
                assert_ne!(subscription.id(), "foreign");
                starts.push(json!({"subscription": subscription.id(), "event": index}));
            }
        }
        assert!(starts.len() >= before + 2, "no trigger takes {event}");
    }
    let problem = subscriptions
        .last()
        .and_then(Subscription::problem)
        .expect("is refused");
    let expected = json!({
        "starts": starts,
        "problems": [{"subscription": "odd", "problem": problem}],
    });
    view.same_record(PAYLOAD, MATCHES, &expected);
}

fn trigger_names() -> &'static [String] {
    static NAMES: OnceLock<Vec<String>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let triggers: Value = serde_json::from_str(&triggers::describe()).expect("is JSON");
        let names = triggers.as_array().into_iter().flatten();
        names
            .map(|trigger| trigger["name"].as_str().expect("has a name").to_owned())
            .collect()
    })
}
