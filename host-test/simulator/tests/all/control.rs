//! The control interface over HTTP, and recorded requests.

use std::time::Duration;

use graph_simulator::world::demo;
use serde_json::{Value, json};

use crate::common::{Client, VERIFY_TOKEN, with_callback};

#[tokio::test]
async fn a_whole_test_can_be_driven_over_http() {
    let client = Client::demo().await;
    let callback = crate::common::Callback::start().await;
    let (status, body) = client
        .control(
            "POST",
            "callback",
            json!({"url": callback.url, "verify_token": VERIFY_TOKEN}),
        )
        .await;
    assert_eq!(status, 200, "{body}");
    let path = format!("customers/{}/messages", demo::CUSTOMER);
    let (_, written) = client
        .control("POST", &path, json!({"text": "hello"}))
        .await;
    assert_eq!(
        callback.posts()[0].value()["messages"][0]["id"],
        written["id"],
        "delivered before the answer"
    );
    client.sent(json!({"text": {"body": "x"}})).await;
    let (_, clock) = client
        .control("POST", "clock/advance", json!({"seconds": 1}))
        .await;
    assert_eq!(clock["manual"], true);
    let (_, messages) = client.control("GET", "messages", Value::Null).await;
    assert_eq!(messages[0]["timeline"].as_array().unwrap().len(), 3);
    let (_, read) = client
        .control(
            "POST",
            &format!("customers/{}/reads", demo::CUSTOMER),
            Value::Null,
        )
        .await;
    assert_eq!(read, json!({"read": 1}));
    let (_, deliveries) = client.control("GET", "deliveries", Value::Null).await;
    assert_eq!(deliveries.as_array().unwrap().len(), 4);
    assert_eq!(
        client
            .control("POST", "deliveries/redeliver", json!({"id": 1}))
            .await
            .1,
        json!({"id": 5})
    );
    assert_eq!(
        client
            .control(
                "POST",
                "webhooks",
                json!({"field": "account_update", "value": {}})
            )
            .await
            .0,
        200
    );
    assert_eq!(callback.posts().len(), 6);
}

#[tokio::test]
async fn batches_duplicates_customers_templates_and_settings_over_http() {
    let (client, callback) = with_callback().await;
    client.control("POST", "batch/begin", Value::Null).await;
    let path = format!("customers/{}/messages", demo::CUSTOMER);
    client.control("POST", &path, json!({"text": "1"})).await;
    client
        .control(
            "POST",
            &path,
            json!({"type": "image", "image": {"base64": "SlBFRw=="}}),
        )
        .await;
    assert_eq!(
        client
            .control("POST", "batch/flush", json!({"order": "one_post"}))
            .await
            .1,
        json!({"updates": 2})
    );
    assert_eq!(callback.posts().len(), 1);
    client
        .control("POST", "deliveries/deliver_twice", json!({"times": 1}))
        .await;
    client.control("POST", &path, json!({"text": "3"})).await;
    assert_eq!(callback.posts().len(), 3);

    let (_, customer) = client
        .control(
            "PUT",
            "customers/15550100222",
            json!({"fails_with": 131_026, "profile_name": "Ann"}),
        )
        .await;
    assert_eq!(
        (&customer["wa_id"], &customer["profile_name"]),
        (&json!("15550100222"), &json!("Ann"))
    );
    let (_, customer) = client
        .control("PUT", "customers/15550100222", json!({"username": "ann"}))
        .await;
    assert_eq!(customer["fails_with"], 131_026, "absent members stay");
    assert_eq!(
        client
            .control(
                "PATCH",
                "templates/hello_world/en_US",
                json!({"status": "PAUSED"})
            )
            .await
            .0,
        200
    );
    let (_, settings) = client
        .control(
            "PATCH",
            "settings",
            json!({"delivered_delay_ms": 9, "unknown_recipients": "not_on_whats_app"}),
        )
        .await;
    assert_eq!(settings["delivered_delay_ms"], 9);
    assert_eq!(client.control("POST", "reset", Value::Null).await.0, 200);
    assert!(
        client
            .sim
            .world(|world| world.customer("15550100222").is_none())
    );
}

#[tokio::test]
async fn faults_over_http() {
    let client = Client::demo().await;
    let fault = json!({"fault": {"kind": "empty_answer", "status": 500}, "times": 1, "method": "POST", "path": "/messages"});
    let (status, listed) = client.control("POST", "faults", fault).await;
    assert_eq!((status, listed.as_array().unwrap().len()), (200, 1));
    let always = json!({"fault": {"kind": "cut_after_handling"}, "times": null});
    client.control("POST", "faults", always).await;
    assert_eq!(
        client.control("GET", "faults", Value::Null).await.1[1]["times"],
        Value::Null
    );
    client.control("DELETE", "faults", Value::Null).await;
    assert_eq!(client.send_text("x").await.0, 200);
}

#[tokio::test]
async fn wrong_input_is_told_with_field_expectation_and_advice() {
    let client = Client::demo().await;
    for (method, path, body, field) in [
        ("POST", "clock/advance", json!({}), "seconds"),
        ("POST", "clock/advance", json!({"seconds": -1}), "seconds"),
        ("POST", "clock/advance", json!({"second": 1}), "second"),
        (
            "POST",
            "faults",
            json!({"fault": {"kind": "gremlin"}}),
            "fault",
        ),
        ("POST", "faults", json!({"kind": "latency"}), "fault"),
        ("POST", "customers/1/messages", json!({}), "type"),
        (
            "POST",
            "customers/1/messages",
            json!({"text": "x", "phone_number_id": "404"}),
            "phone_number_id",
        ),
        (
            "POST",
            "customers/1/messages",
            json!({"type": "image", "image": {"base64": "?"}}),
            "image.base64",
        ),
        ("PUT", "customers/1", json!({"name": "x"}), "name"),
        ("POST", "batch/flush", json!({"order": "sideways"}), "order"),
        ("POST", "callback", json!({}), "url"),
        (
            "POST",
            "callback",
            json!({"url": "https://x", "verify": false}),
            "url",
        ),
        (
            "POST",
            "callback",
            json!({"url": "http://127.0.0.1:1", "verify_token": "x"}),
            "url",
        ),
        ("POST", "deliveries/redeliver", json!({"id": 9}), "id"),
        ("PATCH", "settings", json!({"sent_delay": 1}), "sent_delay"),
        (
            "PATCH",
            "templates/none/en",
            json!({"status": "PAUSED"}),
            "path",
        ),
        ("POST", "webhooks", json!({"field": "x"}), "value"),
        ("POST", "batch/begin", json!([]), "body"),
        ("POST", "batch/begin", json!({"order": "reversed"}), "order"),
        ("POST", "reset", json!({"clock": true}), "clock"),
        ("DELETE", "requests", json!({"id": 1}), "id"),
        ("DELETE", "faults", json!({"kind": "latency"}), "kind"),
        ("POST", "reset?clock=true", Value::Null, "clock"),
        ("GET", "messages?limit=5", Value::Null, "limit"),
        (
            "POST",
            "customers/1/messages",
            json!({"text": "x", "phone_number": "100000000000001"}),
            "phone_number",
        ),
        (
            "POST",
            "customers/1/messages",
            json!({"type": "image", "image": {}, "caption": "x"}),
            "caption",
        ),
    ] {
        let (status, answer) = client.control(method, path, body).await;
        assert_eq!(status, 400, "{path} {answer}");
        assert_eq!(answer["error"]["field"], field, "{answer}");
        assert!(!answer["error"]["expected"].as_str().unwrap().is_empty());
        assert!(!answer["error"]["do"].as_str().unwrap().is_empty());
    }
    let (status, answer) = client.control("GET", "nowhere", Value::Null).await;
    assert_eq!(status, 404);
    assert!(answer["error"]["paths"].as_array().unwrap().len() > 20);
    assert_eq!(
        client.control("GET", "clock/advance", Value::Null).await.0,
        405
    );
}

#[tokio::test]
async fn a_refused_message_of_a_customer_was_not_written() {
    let client = Client::demo().await;
    let path = format!("customers/{}/messages", demo::CUSTOMER);
    let wrong = json!({"text": "x", "replying_to": "wamid.1"});
    assert_eq!(client.control("POST", &path, wrong).await.0, 400);
    let whole = json!({
        "type": "text", "text": {"body": "x"}, "context": {"id": "wamid.1"}, "id": "wamid.2", "timestamp": "1",
        "referral": {"source_id": "1"}, "phone_number_id": demo::TEST_PHONE_NUMBER_ID,
    });
    assert_eq!(client.control("POST", &path, whole).await.0, 200);
    let written = client.sim.world(|world| world.inbound.clone());
    assert_eq!(written.len(), 1);
    assert_eq!(written[0].phone_number_id, demo::TEST_PHONE_NUMBER_ID);
    assert_eq!(written[0].message["referral"]["source_id"], "1");
}

#[tokio::test]
async fn neither_state_nor_requests_show_a_secret() {
    let client = Client::demo().await;
    let pin = json!({"pin": "246810", "access_token": demo::ACCESS_TOKEN});
    client.post(demo::PHONE_NUMBER_ID, pin).await;
    client
        .get(&format!(
            "debug_token?input_token={}&access_token={}",
            demo::EXPIRED_TOKEN,
            demo::ACCESS_TOKEN
        ))
        .await;
    client
        .http
        .get(client.url("1?access_token=EAAunknownToken"))
        .send()
        .await
        .unwrap();
    let (_, state) = client.control("GET", "state", Value::Null).await;
    let (_, requests) = client.control("GET", "requests", Value::Null).await;
    assert_eq!(requests.as_array().unwrap().len(), 3);
    assert_eq!(requests[0]["json"]["access_token"], "[redacted]");
    assert_eq!(requests[0]["status"], 200);
    assert!(
        requests[0]["headers"]
            .as_array()
            .unwrap()
            .contains(&json!(["authorization", "Bearer [redacted]"]))
    );
    for secret in [
        demo::ACCESS_TOKEN,
        demo::EXPIRED_TOKEN,
        "EAAunknownToken",
        demo::APP_SECRET,
    ] {
        assert!(!state.to_string().contains(secret), "{secret}");
        assert!(!requests.to_string().contains(secret), "{secret}");
    }
    assert_eq!(
        client.control("DELETE", "requests", Value::Null).await.0,
        200
    );
    assert!(client.sim.requests().is_empty());
}

#[tokio::test]
async fn control_input_is_json_whatever_its_content_type_says() {
    let client = Client::demo().await;
    let url = format!("{}/_simulator/clock/advance", client.sim.url());
    let kind = "application/x-www-form-urlencoded";
    let request = client
        .http
        .post(url)
        .header("content-type", kind)
        .body("{\"seconds\": 1}");
    assert_eq!(request.send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn control_requests_are_not_recorded_and_the_clock_is_shared() {
    let client = Client::demo().await;
    let before = client.sim.clock().now_ms();
    client
        .control("POST", "clock/advance", json!({"milliseconds": 1500}))
        .await;
    client.sim.clock().advance(Duration::from_millis(500));
    assert_eq!(
        client.control("GET", "clock", Value::Null).await.1["now_ms"],
        before + 2000
    );
    assert!(client.sim.requests().is_empty());
}
