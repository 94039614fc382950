//! Deliveries: signature, retries, duplicates, batches, order, routing.

use std::time::Duration;

use graph_simulator::world::demo;
use graph_simulator::{FlushOrder, Simulator};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;

use crate::common::{Callback, VERIFY_TOKEN, with_callback};

#[tokio::test]
async fn a_delivery_is_signed_over_its_bytes() {
    let (client, callback) = with_callback().await;
    client.sim.customer(demo::CUSTOMER).say("é").unwrap();
    client.sim.settle().await;
    let post = callback.posts().pop().unwrap();
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(demo::APP_SECRET.as_bytes()).unwrap();
    mac.update(post.body.as_bytes());
    let hex: String = mac
        .finalize()
        .into_bytes()
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    assert_eq!(post.headers["x-hub-signature-256"], format!("sha256={hex}"));
    assert_eq!(post.headers["user-agent"], "facebookexternalua");
    assert_eq!(post.headers["content-type"], "application/json");
}

#[tokio::test]
async fn a_callback_has_to_echo_the_challenge() {
    let callback = Callback::start().await;
    let sim = Simulator::builder().start().await.unwrap();
    sim.set_callback(&callback.url, VERIFY_TOKEN).await.unwrap();
    let query = callback.gets.lock().unwrap()[0].clone();
    assert!(
        query.contains("hub.mode=subscribe")
            && query.contains("hub.challenge=")
            && query.contains("hub.verify_token=right"),
        "{query}"
    );
    let wrong = sim
        .verify_callback(&callback.url, "wrong")
        .await
        .unwrap_err();
    assert!(
        wrong.to_string().contains("HTTP Status Code = 403"),
        "{wrong}"
    );
    assert!(sim.set_callback("http://127.0.0.1:1/", "x").await.is_err());
    assert!(sim.set_callback("not a url", "x").await.is_err());
    assert_eq!(
        sim.world(|world| world.app.callback_url.clone()),
        Some(callback.url)
    );
}

#[tokio::test]
async fn a_failed_delivery_is_tried_again_with_falling_frequency_until_200() {
    let (client, callback) = with_callback().await;
    *callback.statuses.lock().unwrap() = vec![500, 201, 500];
    client.sim.customer(demo::CUSTOMER).say("x").unwrap();
    client.sim.settle().await;
    assert_eq!(callback.posts().len(), 1);
    client.sim.advance(Duration::from_secs(9)).await;
    assert_eq!(callback.posts().len(), 1);
    client.sim.advance(Duration::from_secs(1)).await;
    assert_eq!(callback.posts().len(), 2, "anything but 200 is a failure");
    client.sim.advance(Duration::from_secs(30)).await;
    client.sim.advance(Duration::from_secs(60)).await;
    let posts = callback.posts();
    assert_eq!(posts.len(), 4);
    assert!(posts.iter().all(|post| post.body == posts[0].body));
    let delivery = client.sim.deliveries().pop().unwrap();
    let statuses: Vec<_> = delivery.attempts.iter().map(|a| a.http_status).collect();
    assert_eq!(statuses, [Some(500), Some(201), Some(500), Some(200)]);
    assert!(delivery.is_delivered() && !delivery.is_given_up());
    client.sim.advance(Duration::from_secs(86_400)).await;
    assert_eq!(callback.posts().len(), 4);
}

#[tokio::test]
async fn a_delivery_is_given_up_after_about_seven_days() {
    let sim = Simulator::builder().start().await.unwrap();
    sim.world(|world| world.app.callback_url = Some("http://127.0.0.1:1/".into()));
    sim.customer(demo::CUSTOMER).say("x").unwrap();
    sim.settle().await;
    for _ in 0..6 * 24 {
        sim.advance(Duration::from_secs(3600)).await;
    }
    let delivery = || sim.deliveries().pop().unwrap();
    assert!(!delivery().is_given_up());
    for _ in 0..24 {
        sim.advance(Duration::from_secs(3600)).await;
    }
    let delivery = delivery();
    assert!(delivery.is_given_up());
    assert!(
        delivery.attempts[0]
            .error
            .as_ref()
            .unwrap()
            .contains("refused"),
        "{:?}",
        delivery.attempts[0]
    );
}

#[tokio::test]
async fn deliveries_can_be_repeated() {
    let (client, callback) = with_callback().await;
    assert_eq!(client.sim.redeliver(None), None);
    client.sim.deliver_twice(1);
    client.sim.customer(demo::CUSTOMER).say("one").unwrap();
    client.sim.settle().await;
    client.sim.customer(demo::CUSTOMER).say("two").unwrap();
    client.sim.settle().await;
    assert_eq!(client.sim.redeliver(None), Some(4));
    assert_eq!(client.sim.redeliver(Some(1)), Some(5));
    client.sim.settle().await;
    let bodies: Vec<_> = callback
        .posts()
        .iter()
        .map(|p| {
            p.value()["messages"][0]["text"]["body"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert_eq!(bodies, ["one", "one", "two", "two", "one"]);
    assert_eq!(client.sim.deliveries()[4].repeats, Some(1));
}

#[tokio::test]
async fn a_batch_holds_several_messages_statuses_and_numbers() {
    let (client, callback) = with_callback().await;
    client.sim.begin_batch();
    let kim = client.sim.customer(demo::CUSTOMER);
    kim.say("one").unwrap();
    kim.say("two").unwrap();
    kim.clone()
        .to(demo::TEST_PHONE_NUMBER_ID)
        .say("three")
        .unwrap();
    client.sent(json!({"text": {"body": "x"}})).await;
    client.sim.advance(Duration::from_secs(1)).await;
    assert!(callback.posts().is_empty());
    assert_eq!(client.sim.flush_batch(FlushOrder::OnePost).await, 5);
    let posts = callback.posts();
    assert_eq!(posts.len(), 1);
    let changes = posts[0].json()["entry"][0]["changes"].clone();
    assert_eq!(changes[0]["value"]["messages"].as_array().unwrap().len(), 2);
    assert_eq!(changes[0]["value"]["contacts"].as_array().unwrap().len(), 1);
    assert_eq!(
        changes[1]["value"]["metadata"]["phone_number_id"],
        demo::TEST_PHONE_NUMBER_ID
    );
    assert_eq!(changes[2]["value"]["statuses"].as_array().unwrap().len(), 2);
    kim.say("after").unwrap();
    client.sim.settle().await;
    assert_eq!(
        callback.posts().len(),
        2,
        "after a flush every update is posted again"
    );
}

#[tokio::test]
async fn a_batch_can_be_posted_in_reverse_order() {
    let (client, callback) = with_callback().await;
    client.open_window();
    client.sim.settle().await;
    client.sim.begin_batch();
    client.sent(json!({"text": {"body": "x"}})).await;
    client.sim.advance(Duration::from_secs(1)).await;
    client.sim.flush_batch(FlushOrder::Reversed).await;
    let statuses: Vec<_> = callback
        .statuses_seen()
        .iter()
        .map(|s| s["status"].clone())
        .collect();
    assert_eq!(statuses, ["delivered", "sent"]);
}

#[tokio::test]
async fn a_thousand_updates_fit_into_one_post() {
    let (client, callback) = with_callback().await;
    client.sim.begin_batch();
    for n in 0..1001 {
        client
            .sim
            .customer(demo::CUSTOMER)
            .say(&n.to_string())
            .unwrap();
    }
    client.sim.flush_batch(FlushOrder::OnePost).await;
    let counts: Vec<_> = client.sim.deliveries().iter().map(|d| d.updates).collect();
    assert_eq!(counts, [1000, 1]);
    assert_eq!(callback.posts().len(), 2);
}

#[tokio::test]
async fn overrides_go_before_the_apps_callback_for_messages_only() {
    let (client, app) = with_callback().await;
    let (waba, number) = (Callback::start().await, Callback::start().await);
    let path = format!("{}/subscribed_apps", demo::WABA_ID);
    let order = json!({"override_callback_uri": waba.url, "verify_token": VERIFY_TOKEN});
    assert_eq!(client.post(&path, order).await.0, 200);
    client
        .sim
        .customer(demo::CUSTOMER)
        .say("to the WABA's")
        .unwrap();
    client.sim.settle().await;
    let order = json!({"webhook_configuration": {"override_callback_uri": number.url, "verify_token": VERIFY_TOKEN}});
    assert_eq!(client.post(demo::PHONE_NUMBER_ID, order).await.0, 200);
    client
        .sim
        .customer(demo::CUSTOMER)
        .say("to the number's")
        .unwrap();
    client.sim.send_webhook(
        demo::WABA_ID,
        "message_template_status_update",
        json!({"event": "PAUSED"}),
    );
    client.sim.settle().await;
    assert_eq!(
        [waba.posts().len(), number.posts().len(), app.posts().len()],
        [1, 1, 1]
    );
    let change = app.posts()[0].json();
    assert_eq!(change["entry"][0]["time"], client.sim.clock().now_seconds());
    assert_eq!(
        change["entry"][0]["changes"][0],
        json!({"field": "message_template_status_update", "value": {"event": "PAUSED"}})
    );
    let remove = json!({"webhook_configuration": {"override_callback_uri": ""}});
    assert_eq!(client.post(demo::PHONE_NUMBER_ID, remove).await.0, 200);
    client
        .sim
        .customer(demo::CUSTOMER)
        .say("to the WABA's again")
        .unwrap();
    client.sim.settle().await;
    assert_eq!(waba.posts().len(), 2);
}

#[tokio::test]
async fn deliveries_happen_without_being_asked_for() {
    let (client, callback) = with_callback().await;
    client.sim.customer(demo::CUSTOMER).say("x").unwrap();
    // No settle: the simulator's own task delivers. The loop ends as soon as it did.
    while callback.posts().is_empty() {
        tokio::task::yield_now().await;
    }
}
