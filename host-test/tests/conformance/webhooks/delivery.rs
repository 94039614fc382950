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

#[test]
fn an_odd_piece_or_thread_of_the_history_loses_none_of_its_messages() {
    let messages = json!([text_message("wamid.H1"), text_message("wamid.H2")]);
    let of = |history: &str| {
        let body = json!({"entry": [{"id": "102", "changes": [{"field": "history", "value": {
            "metadata": {"phone_number_id": "106"}, "history": "@here@",
        }}]}]});
        let events = super::parse(&body.to_string().replace("\"@here@\"", history)).unwrap();
        let cases = events.iter().map(|event| match &event["payload"] {
            Value::String(case) => case.clone(),
            case => case.as_object().unwrap().keys().next().unwrap().clone(),
        });
        let raws = events
            .iter()
            .map(|event| event["envelope"]["raw"].as_str().unwrap());
        (
            cases.collect::<Vec<_>>(),
            raws.collect::<Vec<_>>().join(" "),
        )
    };
    let (progress, message, other) = ("history_progress", "history_message", "other");
    let thread = format!(r#"{{"id":"49170","messages":{messages}}}"#);
    let odd_thread = format!(r#"{{"id":"49170","lost":"\ud83d","messages":{messages}}}"#);
    let cases = [
        (
            format!(r#"[{{"metadata":{{"phase":1e999}},"threads":[{thread}]}}]"#),
            vec![other, message, message],
            "1e999",
        ),
        (
            format!(r#"[{{"threads":[{odd_thread},{thread}]}}]"#),
            vec![progress, other, message, message, message, message],
            r"\ud83d",
        ),
        (
            format!(r#"[7,{{"threads":[{thread}]}}]"#),
            vec![other, progress, message, message],
            "7",
        ),
        (
            r#"[{"threads":{"id":"lost"}}]"#.to_owned(),
            vec![progress],
            "lost",
        ),
        (
            format!(r#"[{{"threads":["lost",{thread}]}}]"#),
            vec![progress, other, message, message],
            "lost",
        ),
        (
            format!(
                r#"[{{"threads":[{{"messages":"lost"}},{{"id":"empty","messages":[]}},{thread}]}}]"#
            ),
            vec![progress, other, other, message, message],
            "empty",
        ),
        (
            format!(r#"[{{"threads":[{thread}],"threads":["lost"]}}]"#),
            vec![progress, message, message, other],
            "lost",
        ),
    ];
    for (history, expected, kept) in cases {
        let (cases, raws) = of(&history);
        assert_eq!(cases, expected, "{history}");
        assert!(raws.contains(kept), "{history}: {raws}");
    }
}

#[test]
fn the_customer_of_a_file_in_the_history_is_not_that_of_a_file_of_yours() {
    let value = json!({
        "metadata": {"display_phone_number": "15550783881", "phone_number_id": "106"},
        "contacts": [{"profile": {"name": "Anna", "username": "anna"}, "wa_id": "491701234567", "user_id": "DE.1"}],
        "messages": [{"from": "491701234567", "id": "wamid.A", "type": "image", "image": {"id": "1"}}],
        "message_echoes": [{"to": "491701234567", "id": "wamid.B", "type": "image", "image": {"id": "2"}}],
    });
    let body = json!({"entry": [{"id": "102", "changes": [{"field": "history", "value": value}]}]});
    let events = events(&body);
    let message = |id: &str| {
        let mut messages = events
            .iter()
            .map(|event| &event["payload"]["history_message"]["message"]);
        messages.find(|message| message["id"] == id).unwrap()
    };
    assert_eq!(message("wamid.A")["username"], "anna");
    assert_eq!(message("wamid.A")["from_user_id"], "DE.1");
    for field in ["from", "from_user_id", "username", "profile_name"] {
        assert_eq!(message("wamid.B")[field], Value::Null, "{field}");
    }
}

#[test]
fn the_parts_of_a_field_of_tomorrow_stay_together() {
    let value = json!({"event": "SOMETHING_NEW", "reasons": [{"code": 1}, {"code": 2}]});
    let body = json!({"entry": [{"id": "102", "changes": [{"field": "a_field_of_tomorrow", "value": value}]}]});
    let events = events(&body);
    assert_eq!(events.len(), 1, "{events:#?}");
    assert_eq!(events[0]["payload"], "other");
    let raw = events[0]["envelope"]["raw"].as_str().unwrap();
    assert_eq!(serde_json::from_str::<Value>(raw).unwrap(), value);
}

#[test]
fn a_list_of_tomorrow_beside_messages_is_one_of_items_even_alone() {
    let value =
        json!({"metadata": {"phone_number_id": "106"}, "a_new_list": [{"id": "1"}, {"id": "2"}]});
    let body =
        json!({"entry": [{"id": "102", "changes": [{"field": "messages", "value": value}]}]});
    let events = events(&body);
    assert_eq!(events.len(), 2, "{events:#?}");
    assert_eq!(events[0]["envelope"]["raw"], r#"{"id":"1"}"#);
    assert_eq!(events[0]["envelope"]["phone_number_id"], "106");
}

#[test]
fn messages_are_found_without_the_frame_around_them() {
    let value =
        json!({"messages": [text_message("wamid.A")], "statuses": [status("wamid.B", "read")]});
    let body =
        json!({"entry": [{"id": "102", "changes": [{"field": "messages", "value": value}]}]});
    let events = events(&body);
    assert_eq!(events[0]["payload"]["message"]["id"], "wamid.A");
    assert_eq!(events[1]["payload"]["status"]["message_id"], "wamid.B");
}
