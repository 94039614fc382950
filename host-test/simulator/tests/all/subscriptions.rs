//! subscribed_apps.

use graph_simulator::world::demo;
use serde_json::json;

use crate::common::{VERIFY_TOKEN, refused, with_callback};

#[tokio::test]
async fn subscriptions_can_be_made_listed_and_removed() {
    let (client, callback) = with_callback().await;
    let path = format!("{}/subscribed_apps", demo::WABA_ID);
    let (_, body) = client.get(&path).await;
    assert_eq!(
        body["data"][0]["whatsapp_business_api_data"]["id"],
        demo::APP_ID
    );
    assert_eq!(client.delete(&path).await.0, 200);
    assert_eq!(client.get(&path).await.1, json!({"data": []}));
    client
        .sim
        .customer(demo::CUSTOMER)
        .say("nobody hears it")
        .unwrap();
    client.sim.settle().await;
    assert!(callback.posts().is_empty());
    let url = client.url(&path);
    let (status, _) = crate::common::read(client.http.post(url).bearer_auth(&client.token)).await;
    assert_eq!(status, 200, "a POST without a body subscribes");
    client.sim.customer(demo::CUSTOMER).say("heard").unwrap();
    client.sim.settle().await;
    assert_eq!(callback.posts().len(), 1);
}

#[tokio::test]
async fn an_override_is_verified_before_it_is_taken() {
    let (client, callback) = with_callback().await;
    let path = format!("{}/subscribed_apps", demo::WABA_ID);
    let order = |token: &str| json!({"override_callback_uri": callback.url, "verify_token": token});
    refused(
        &client.post(&path, order("wrong")).await,
        400,
        2200,
        "HTTP Status Code = 403",
    );
    refused(
        &client
            .post(&path, json!({"override_callback_uri": callback.url}))
            .await,
        400,
        100,
        "verify_token is required",
    );
    let long = json!({"override_callback_uri": format!("{}{}", callback.url, "x".repeat(200)), "verify_token": "x"});
    refused(&client.post(&path, long).await, 400, 100, "at most 200");
    assert_eq!(client.post(&path, order(VERIFY_TOKEN)).await.0, 200);
    assert_eq!(
        client.get(&path).await.1["data"][0]["override_callback_uri"],
        callback.url
    );
    assert_eq!(client.post(&path, json!({})).await.0, 200);
    assert!(
        client.get(&path).await.1["data"][0]
            .get("override_callback_uri")
            .is_none()
    );
}
