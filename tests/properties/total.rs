//! Parsing takes anything, and something becomes of everything.

use super::{CASES, config, inputs};
use proptest::prelude::*;
use whatsapp_connector::webhooks::{self, Request};

/// A request with a body that the host has checked.
fn post(body: &str) -> Request {
    Request {
        method: "POST".to_owned(),
        query: String::new(),
        headers: Vec::new(),
        body: body.to_owned(),
    }
}

proptest! {
    #![proptest_config(config(CASES))]

    #[test]
    fn any_text_is_parsed_or_refused(body in any::<String>()) {
        let is_json = serde_json::from_str::<serde_json::Value>(&body).is_ok();
        let mut count = 0;
        let reply = webhooks::answer(&post(&body), "token", None, &mut |_| count += 1);
        prop_assert_eq!(reply.status, if is_json { 200 } else { 400 });
        prop_assert_eq!(count > 0, is_json);
        webhooks::parse(&body);
    }

    #[test]
    fn any_delivery_becomes_events(delivery in inputs::delivery()) {
        let body = delivery.to_string();
        let events = webhooks::events(&body);
        let changes = delivery["entry"][0]["changes"].as_array().unwrap();
        prop_assert!(events.len() >= changes.len(), "{} events of {body}", events.len());
        for event in &events {
            prop_assert_eq!(&event["envelope"]["business_account_id"], &delivery["entry"][0]["id"]);
        }
        webhooks::parse(&body);
        webhooks::handle(&post(&body), "token", None);
    }

    #[test]
    fn any_request_gets_a_reply(
        method in "[A-Za-z]{0,6}",
        query in any::<String>(),
        headers in prop::collection::vec(any::<String>(), 0..5),
        body in any::<String>(),
    ) {
        let request = Request { method, query, headers, body };
        let secrets = Some(vec!["an app secret".to_owned()]);
        let reply = webhooks::answer(&request, "token", secrets, &mut |_| {});
        // Nobody has signed it, and nobody knows the token.
        prop_assert!([401, 403, 405].contains(&reply.status));
        prop_assert!(reply.body.is_empty() && reply.problem.is_some());
    }
}
