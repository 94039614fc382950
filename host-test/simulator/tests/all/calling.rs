//! Settings of a number, calls, and the permission for them.

use graph_simulator::world::demo;
use serde_json::{Value, json};

use crate::common::{Client, refused};

fn path(edge: &str) -> String {
    format!("{}/{edge}", demo::PHONE_NUMBER_ID)
}

async fn act(client: &Client, members: Value) -> (u16, Value) {
    let mut order = json!({"messaging_product": "whatsapp"});
    order
        .as_object_mut()
        .unwrap()
        .extend(members.as_object().unwrap().clone());
    client.post(&path("calls"), order).await
}

fn connect() -> Value {
    json!({"action": "connect", "to": demo::CUSTOMER, "session": {"sdp_type": "offer", "sdp": "v=0"}})
}

async fn enable(client: &Client) {
    let order = json!({"calling": {"status": "enabled"}});
    assert_eq!(
        client.post(&path("settings"), order).await,
        (200, json!({"success": true}))
    );
}

#[tokio::test]
async fn settings_keep_what_is_not_named() {
    let client = Client::demo().await;
    let (_, before) = client.get(&path("settings")).await;
    assert_eq!(before["calling"]["status"], "DISABLED");
    assert_eq!(before["storage_configuration"]["status"], "DEFAULT");
    enable(&client).await;
    let hours = json!({
        "status": "ENABLED", "timezone_id": "Europe/Berlin",
        "weekly_operating_hours": [{"day_of_week": "MONDAY", "open_time": "0900", "close_time": "1700"}],
    });
    let order = json!({"calling": {"call_icon_visibility": "DISABLE_ALL", "call_hours": hours}});
    assert_eq!(client.post(&path("settings"), order).await.0, 200);
    let order = json!({"user_identity_change": {"enable_identity_key_check": true}});
    assert_eq!(client.post(&path("settings"), order).await.0, 200);
    let (_, after) = client.get(&path("settings")).await;
    assert_eq!(
        after["calling"],
        json!({
            "status": "ENABLED", "call_icon_visibility": "DISABLE_ALL", "callback_permission_status": "DISABLED", "call_hours": hours,
        })
    );
    assert_eq!(
        after["user_identity_change"]["enable_identity_key_check"],
        true
    );
}

#[tokio::test]
async fn wrong_settings_are_refused() {
    let client = Client::demo().await;
    let hours = |hours: Value| json!({"calling": {"call_hours": hours}});
    let day = |open: &str, close: &str| {
        let day = json!({"day_of_week": "MONDAY", "open_time": open, "close_time": close});
        hours(json!({"status": "ENABLED", "timezone_id": "UTC", "weekly_operating_hours": [day]}))
    };
    for (order, part) in [
        (json!({}), "One feature setting must be specified"),
        (
            json!({"calling": {}, "payload_encryption": {}}),
            "One feature setting must be specified",
        ),
        (json!({"calling": "on"}), "must be a JSON object"),
        (
            json!({"calling": {"status": "on"}}),
            "calling['status'] must be one of {ENABLED, DISABLED}",
        ),
        (
            json!({"calling": {"call_icon_visibility": "red"}}),
            "must be one of {DEFAULT",
        ),
        (
            hours(json!({"timezone_id": "UTC"})),
            "['status'] is required",
        ),
        (
            hours(json!({"status": "ENABLED"})),
            "['timezone_id'] is required",
        ),
        (
            hours(json!({"status": "ENABLED", "timezone_id": "UTC", "weekly_operating_hours": []})),
            "cannot be empty",
        ),
        (day("1700", "0900"), "open_time before its close_time"),
        (day("9", "1700"), "four digits"),
    ] {
        refused(&client.post(&path("settings"), order).await, 400, 100, part);
    }
    client
        .sim
        .world(|world| world.phone_numbers[0].messaging_limit = "TIER_250".into());
    let order = json!({"calling": {"status": "ENABLED"}});
    refused(
        &client.post(&path("settings"), order).await,
        400,
        138_015,
        "Cannot enable calling",
    );
}

#[tokio::test]
async fn a_call_needs_the_feature_and_the_permission() {
    let client = Client::demo().await;
    refused(&act(&client, connect()).await, 401, 138_000, "not enabled");
    enable(&client).await;
    refused(&act(&client, connect()).await, 401, 138_006, "permission");
    let asked = path(&format!("call_permissions?user_wa_id={}", demo::CUSTOMER));
    let (_, before) = client.get(&asked).await;
    assert_eq!(before["permission"]["status"], "no_permission");
    let granted = json!({"call_permission": true});
    client
        .control("PUT", &format!("customers/{}", demo::CUSTOMER), granted)
        .await;
    let (_, after) = client.get(&asked).await;
    assert_eq!(after["permission"]["status"], "permanent");
    assert_eq!(
        after["actions"][1],
        json!({
            "action_name": "start_call", "can_perform_action": true,
            "limits": [{"time_period": "PT24H", "current_usage": 0, "max_allowed": 1}],
        })
    );
    refused(
        &client.get(&path("call_permissions")).await,
        400,
        100,
        "user_wa_id is required",
    );

    let (status, body) = act(&client, connect()).await;
    assert_eq!(status, 200, "{body}");
    let id = body["calls"][0]["id"].as_str().unwrap();
    assert!(id.starts_with("wacid."), "{id}");
    refused(
        &act(&client, connect()).await,
        400,
        138_003,
        "Duplicate call",
    );
    let end = json!({"action": "terminate", "call_id": id});
    assert_eq!(
        act(&client, end.clone()).await,
        (200, json!({"success": true}))
    );
    refused(&act(&client, end).await, 400, 131_009, "call_id");
    assert_eq!(
        act(&client, connect()).await.0,
        200,
        "the first one is over"
    );
}

#[tokio::test]
async fn wrong_calls_are_refused() {
    let client = Client::demo().await;
    enable(&client).await;
    let answer = json!({"sdp_type": "answer", "sdp": "v=0"});
    for (order, part) in [
        (json!({}), "action is required"),
        (
            json!({"action": "shout"}),
            "action must be one of {ACCEPT, CONNECT",
        ),
        (json!({"action": "connect"}), "to is required"),
        (
            json!({"action": "connect", "to": "1"}),
            "session['sdp_type'] is required",
        ),
        (
            json!({"action": "connect", "to": "1", "session": answer}),
            "must be one of {OFFER}",
        ),
        (
            json!({"action": "accept", "session": answer}),
            "call_id is required",
        ),
        (json!({"action": "terminate"}), "call_id is required"),
        (
            json!({"action": "terminate", "biz_opaque_callback_data": "x".repeat(513)}),
            "at most 512",
        ),
    ] {
        refused(&act(&client, order).await, 400, 100, part);
    }
    let sip = json!({"calling": {"sip": {"status": "ENABLED"}}});
    client.post(&path("settings"), sip).await;
    refused(&act(&client, connect()).await, 400, 131_055, "SIP");
}
