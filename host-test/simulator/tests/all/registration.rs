//! register, deregister, PIN and codes.

use std::time::Duration;

use graph_simulator::world::demo;
use serde_json::{Value, json};

use crate::common::{Answer, Client, refused};

const NEW: &str = demo::UNREGISTERED_PHONE_NUMBER_ID;

async fn register(client: &Client, pin: &str) -> Answer {
    client
        .post(
            &format!("{NEW}/register"),
            json!({"messaging_product": "whatsapp", "pin": pin}),
        )
        .await
}

async fn status(client: &Client) -> Value {
    client
        .get(&format!("{NEW}?fields=status,platform_type,is_pin_enabled"))
        .await
        .1
}

#[tokio::test]
async fn registering_connects_a_number_and_deregistering_disconnects_it() {
    let client = Client::demo().await;
    refused(
        &client.send_from(NEW, json!({"text": {"body": "x"}})).await,
        400,
        133_010,
        "not registered",
    );
    assert_eq!(
        register(&client, "123456").await,
        (200, json!({"success": true}))
    );
    let now = status(&client).await;
    assert_eq!(
        now,
        json!({"status": "CONNECTED", "platform_type": "CLOUD_API", "is_pin_enabled": true, "id": NEW})
    );
    assert_eq!(
        client
            .send_from(NEW, json!({"text": {"body": "x"}}))
            .await
            .0,
        200
    );
    assert_eq!(
        client.post(&format!("{NEW}/deregister"), json!({})).await.0,
        200
    );
    assert_eq!(status(&client).await["status"], "DISCONNECTED");
    refused(
        &client.post(&format!("{NEW}/deregister"), json!({})).await,
        400,
        133_010,
        "not registered",
    );
}

#[tokio::test]
async fn the_pin_has_to_be_six_digits() {
    let client = Client::demo().await;
    refused(&register(&client, "12345").await, 400, 100, "6-digit");
    refused(&register(&client, "abcdef").await, 400, 100, "6-digit");
    let missing = client
        .post(
            &format!("{NEW}/register"),
            json!({"messaging_product": "whatsapp"}),
        )
        .await;
    refused(&missing, 400, 100, "parameter pin is required");
    let nowhere =
        json!({"messaging_product": "whatsapp", "pin": "123456", "data_localization_region": "FR"});
    refused(
        &client.post(&format!("{NEW}/register"), nowhere).await,
        400,
        100,
        "data_localization_region must be one of {AE, AU",
    );
    refused(
        &client
            .post(&format!("{NEW}/register"), json!({"pin": "123456"}))
            .await,
        400,
        100,
        "messaging_product is required",
    );
}

#[tokio::test]
async fn a_wrong_pin_is_refused_and_too_many_guesses_too() {
    let client = Client::demo().await;
    assert_eq!(client.post(NEW, json!({"pin": "111111"})).await.0, 200);
    for _ in 0..5 {
        refused(&register(&client, "222222").await, 400, 133_005, "PIN");
    }
    refused(&register(&client, "111111").await, 400, 133_008, "12 hours");
    client.sim.clock().advance(Duration::from_secs(12 * 3600));
    assert_eq!(register(&client, "111111").await.0, 200);
}

#[tokio::test]
async fn ten_attempts_in_72_hours_are_the_limit() {
    let client = Client::demo().await;
    for _ in 0..10 {
        assert_eq!(register(&client, "123456").await.0, 200);
    }
    refused(
        &register(&client, "123456").await,
        400,
        133_016,
        "too many attempts",
    );
    client.sim.clock().advance(Duration::from_secs(72 * 3600));
    assert_eq!(register(&client, "123456").await.0, 200);
}

#[tokio::test]
async fn an_unverified_number_has_to_be_verified_first() {
    let client = Client::demo().await;
    client.sim.world(|world| {
        world
            .phone_number_mut(NEW)
            .unwrap()
            .code_verification_status = "NOT_VERIFIED".into()
    });
    refused(&register(&client, "123456").await, 400, 133_006, "verified");
    let ask = json!({"code_method": "SMS", "language": "en_US"});
    assert_eq!(
        client
            .post(&format!("{NEW}/request_code"), ask.clone())
            .await
            .0,
        200
    );
    let wrong = client
        .post(&format!("{NEW}/verify_code"), json!({"code": "000000"}))
        .await;
    refused(&wrong, 400, 136_025, "Verify code error");
    assert_eq!(
        client
            .post(&format!("{NEW}/verify_code"), json!({"code": "123-456"}))
            .await
            .0,
        200
    );
    refused(
        &client.post(&format!("{NEW}/request_code"), ask).await,
        400,
        136_024,
        "Request code error",
    );
    assert_eq!(register(&client, "123456").await.0, 200);
}

#[tokio::test]
async fn a_coexistence_number_cannot_be_deregistered() {
    let client = Client::demo().await;
    client.sim.world(|world| {
        world
            .phone_number_mut(demo::PHONE_NUMBER_ID)
            .unwrap()
            .is_on_biz_app = true
    });
    let answer = client
        .post(&format!("{}/deregister", demo::PHONE_NUMBER_ID), json!({}))
        .await;
    refused(&answer, 400, 100, "WhatsApp Business app");
}
