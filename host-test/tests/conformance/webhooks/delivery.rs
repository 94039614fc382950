//! What a good delivery becomes.

use serde_json::{Value, json};

use super::{delivery, events, status, text_message};

#[test]
fn each_event_says_whom_it_concerns() {
    let body = delivery(
        &json!({"messages": [text_message("wamid.A")], "statuses": [status("wamid.B", "read")]}),
    );
    let events = events(&body);
    assert_eq!(events.len(), 2);
    for event in &events {
        let envelope = &event["envelope"];
        assert_eq!(envelope["business_account_id"], "102290129340398");
        assert_eq!(envelope["phone_number_id"], "106540352242922");
        assert_eq!(envelope["display_phone_number"], "4930123456");
        assert_eq!(envelope["field"], "messages");
    }
    assert_eq!(events[0]["envelope"]["route"], "messages:102290129340398");
    assert_eq!(events[0]["envelope"]["occurred_at"], 1_700_000_000);
    assert_eq!(events[0]["payload"]["message"]["profile_name"], "Anna");
    assert_eq!(events[1]["envelope"]["route"], "statuses:102290129340398");
    assert_eq!(events[1]["payload"]["status"]["state"], "read");
    let raw = events[0]["envelope"]["raw"].as_str().unwrap();
    assert_eq!(
        serde_json::from_str::<Value>(raw).unwrap(),
        text_message("wamid.A")
    );
}

#[test]
fn the_sender_is_found_by_id_not_by_position() {
    let mut body = delivery(&json!({"messages": [text_message("wamid.A")]}));
    body["entry"][0]["changes"][0]["value"]["contacts"] = json!([
        {"profile": {"name": "Bert"}, "wa_id": "491709999999"},
        {"profile": {"name": "Anna"}, "wa_id": "491701234567", "user_id": "DE.1"},
    ]);
    let message = &events(&body)[0]["payload"]["message"];
    assert_eq!(message["profile_name"], "Anna");
    assert_eq!(message["from_user_id"], "DE.1");
}

#[test]
fn a_kind_that_is_new_leaves_the_message_beside_it_typed() {
    let new = json!({"from": "491701234567", "id": "wamid.NEW", "timestamp": "1700000000", "type": "hologram", "hologram": {"id": "1"}});
    let body = delivery(&json!({
        "a_new_list": [{"id": "2"}],
        "messages": [new, text_message("wamid.A")],
    }));
    let events = events(&body);
    assert_eq!(events.len(), 3);
    assert_eq!(events[0]["payload"], "other");
    assert_eq!(events[0]["envelope"]["raw"], r#"{"id":"2"}"#);
    assert_eq!(events[1]["payload"]["message"]["kind"], "hologram");
    let unknown = &events[1]["payload"]["message"]["content"]["unknown"];
    let unknown: Value = serde_json::from_str(unknown.as_str().unwrap()).unwrap();
    assert_eq!(unknown, new);
    let content = &events[2]["payload"]["message"]["content"];
    assert_eq!(content["text"], "text of wamid.A");
}

#[test]
fn a_failed_status_says_what_to_do() {
    let mut failed = status("wamid.A", "failed");
    failed["errors"] = json!([{"code": 131_047, "title": "Re-engagement message", "error_data": {"details": "24 hours"}}]);
    let events = events(&delivery(&json!({"statuses": [failed]})));
    let error = &events[0]["payload"]["status"]["errors"][0];
    assert_eq!(error["code"], 131_047);
    assert_eq!(error["details"], "24 hours");
    assert!(
        error["advice"].as_str().unwrap().contains("send-template"),
        "{error}"
    );
}
