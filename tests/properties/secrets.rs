//! No result, error or problem repeats a secret.

use super::{CASES, FEW, config, inputs};
use proptest::prelude::*;
use serde_json::{Value, json};
use whatsapp_connector::contract::whatsapp::connector::http::{
    Content, Failure, Request as Sent, Response,
};
use whatsapp_connector::graph::transport::Transport;
use whatsapp_connector::plugin;
use whatsapp_connector::webhooks::{self, Request};

/// A secret that nothing else holds: the rest is made of other letters.
fn secret() -> impl Strategy<Value = String> {
    "S[A-Z0-9]{11,40}#"
}

/// Whether bytes hold a text.
fn holds(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|place| place == text.as_bytes())
}

/// Gives one answer.
struct One(u16, Value);

impl Transport for One {
    fn send(&self, _: &Sent) -> Result<Response, Failure> {
        Ok(Response {
            status: self.0,
            headers: Vec::new(),
            body: Content::Text(self.1.to_string()),
        })
    }
}

/// The fields that hold secrets, and an input around each.
fn inputs_with(secret: &str, odd: &Value) -> Vec<(&'static str, Value)> {
    vec![
        (
            "subscribe-webhooks",
            json!({"override_callback_url": "https://a.example/x", "verify_token": secret}),
        ),
        (
            "subscribe-webhooks",
            json!({"override_callback_url": odd, "verify_token": secret}),
        ),
        ("subscribe-webhooks", json!({"verify_token": secret})),
        ("register", json!({"pin": secret})),
        ("register", json!({"pin": [secret]})),
        ("ensure-registered", json!({"pin": secret, "odd": odd})),
        ("set-pin", json!({"pin": secret})),
        (
            "exchange-code",
            json!({"code": secret, "redirect_uri": odd, "app_id": "1"}),
        ),
        ("exchange-code", json!({"code": {"x": secret}})),
        ("verify-code", json!({"code": secret})),
        (
            "graph-call",
            json!({"method": "get", "path": "me", "query": {"access_token": secret}}),
        ),
        (
            "graph-call",
            json!({"method": "post", "path": "me", "body": {"deep": [{"client_secret": secret}]}}),
        ),
    ]
}

proptest! {
    #![proptest_config(config(CASES))]

    #[test]
    fn a_webhook_tells_none(
        app_secret in secret(),
        token in secret(),
        get in any::<bool>(),
        query in "[a-z=&.%+]{0,60}",
        known in any::<bool>(),
        signature in "[a-f0-9=sh]{0,80}",
        delivery in inputs::delivery(),
    ) {
        let query = match known {
            true => format!("hub.mode=subscribe&hub.challenge=1&hub.verify_token={}&{query}", token.replace('#', "%23")),
            false => format!("hub.mode=subscribe&hub.verify_token={query}"),
        };
        let request = Request {
            method: if get { "GET" } else { "POST" }.to_owned(),
            query,
            headers: vec!["X-Hub-Signature-256".to_owned(), signature],
            body: delivery.to_string(),
        };
        for secrets in [None, Some(vec![app_secret.clone()]), Some(vec![String::new(), app_secret.clone()])] {
            let mut said = String::new();
            let reply = webhooks::answer(&request, &token, secrets.clone(), &mut |event| said += &event.to_string());
            prop_assert_eq!(reply.status == 200, if get { known } else { secrets.is_none() });
            said += &format!("{} {:?}", reply.body, reply.problem);
            let typed = webhooks::handle(&request, &token, secrets.clone()).bytes;
            let as_json = webhooks::handle_json(&request, &token, secrets).bytes;
            for secret in [&app_secret, &token] {
                prop_assert!(!said.contains(secret.as_str()));
                prop_assert!(!holds(&typed, secret) && !holds(&as_json, secret));
            }
        }
    }

}

proptest! {
    #![proptest_config(config(FEW))]

    #[test]
    fn an_action_tells_none(secret in secret(), odd in inputs::value(), status in 200..600_u16, answer in inputs::value()) {
        let connection = json!({"phone_number_id": "1", "business_account_id": "2", "app_id": "3"}).to_string();
        for (action, input) in inputs_with(&secret, &odd) {
            let network = One(status, answer.clone());
            let result = plugin::invoke(&network, action, &connection, &input.to_string());
            let said = format!("{result:?}");
            prop_assert!(!said.contains(&secret), "{action}: {said}");
        }
        // As a connection it is refused as well.
        for connection in [json!({"access_token": secret}), json!({"app_secret": [secret]}), json!({"phone_number_id": {"a": secret}})] {
            let result = plugin::invoke(&One(200, Value::Null), "deregister", &connection.to_string(), "{}");
            let said = format!("{result:?}");
            prop_assert!(result.is_err() && !said.contains(&secret), "{said}");
        }
    }
}
