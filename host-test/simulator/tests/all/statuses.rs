//! What becomes of accepted messages, and the webhooks that tell it.

use std::time::Duration;

use graph_simulator::world::{Customer, Media, MediaContent, UnknownRecipients, demo};
use serde_json::{Value, json};

use crate::common::with_callback;

fn names(statuses: &[Value]) -> Vec<String> {
    statuses
        .iter()
        .map(|s| s["status"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_message_is_sent_delivered_and_read_by_the_clock() {
    let (client, callback) = with_callback().await;
    client.open_window();
    let id = client
        .sent(json!({"text": {"body": "x"}, "biz_opaque_callback_data": "mine"}))
        .await;
    client.sim.settle().await;
    assert_eq!(names(&callback.statuses_seen()), ["sent"]);
    client.sim.advance(Duration::from_secs(1)).await;
    assert_eq!(client.sim.customer(demo::CUSTOMER).reads(), 1);
    assert_eq!(client.sim.customer(demo::CUSTOMER).reads(), 0);
    client.sim.settle().await;

    let statuses = callback.statuses_seen();
    assert_eq!(names(&statuses), ["sent", "delivered", "read"]);
    let now = client.sim.clock().now_seconds();
    assert_eq!(
        statuses[1],
        json!({
            "id": id, "status": "delivered", "timestamp": now.to_string(),
            "recipient_id": demo::CUSTOMER, "recipient_user_id": demo::CUSTOMER_USER_ID,
            "pricing": {"billable": false, "pricing_model": "PMP", "category": "service", "type": "free_customer_service"},
            "biz_opaque_callback_data": "mine",
        })
    );
    assert_eq!(statuses[0]["timestamp"], (now - 1).to_string());
    let delivered = callback
        .posts()
        .into_iter()
        .find(|p| p.body.contains("delivered"))
        .unwrap();
    assert_eq!(
        delivered.value()["contacts"][0]["profile"]["name"],
        "Kim Customer"
    );
    assert_eq!(client.sim.message(&id).unwrap().status(), "read");
}

#[tokio::test]
async fn delays_are_settings_and_a_customer_can_read_by_itself() {
    let (client, callback) = with_callback().await;
    client.sim.world(|world| {
        world.settings.sent_delay_ms = 5000;
        world.settings.delivered_delay_ms = 10_000;
        world.settings.read_delay_ms = Some(20_000);
    });
    client.open_window();
    client.sent(json!({"text": {"body": "x"}})).await;
    client.sim.advance(Duration::from_secs(4)).await;
    assert!(callback.statuses_seen().is_empty());
    client.sim.advance(Duration::from_secs(60)).await;
    assert_eq!(
        names(&callback.statuses_seen()),
        ["sent", "delivered", "read"]
    );
}

#[tokio::test]
async fn templates_are_billed_by_category() {
    let (client, callback) = with_callback().await;
    for name in ["summer_sale", "hello_world"] {
        client.sent(json!({"type": "template", "template": {"name": name, "language": {"code": "en_US"}}})).await;
    }
    client.open_window();
    client.sent(json!({"type": "template", "template": {"name": "hello_world", "language": {"code": "en_US"}}})).await;
    client.sim.settle().await;
    let pricing: Vec<_> = callback
        .statuses_seen()
        .iter()
        .map(|s| {
            (
                s["pricing"]["category"].clone(),
                s["pricing"]["billable"].clone(),
            )
        })
        .collect();
    assert_eq!(
        pricing,
        [
            (json!("marketing"), json!(true)),
            (json!("utility"), json!(true)),
            (json!("utility"), json!(false))
        ]
    );
}

#[tokio::test]
async fn outside_the_window_free_form_is_accepted_and_fails_with_131047() {
    let (client, callback) = with_callback().await;
    client.open_window();
    client.sim.clock().advance(Duration::from_secs(24 * 3600));
    let id = client.sent(json!({"text": {"body": "x"}})).await;
    client.sim.advance(Duration::from_secs(5)).await;
    let statuses = callback.statuses_seen();
    assert_eq!(names(&statuses), ["failed"]);
    let error = &statuses[0]["errors"][0];
    assert_eq!(
        (&error["code"], &error["title"]),
        (&json!(131_047), &json!("Re-engagement message"))
    );
    assert!(
        error["error_data"]["details"]
            .as_str()
            .unwrap()
            .contains("24 hours")
    );
    assert!(error["href"].is_string());
    assert!(statuses[0].get("pricing").is_none());
    assert_eq!(client.sim.message(&id).unwrap().error_code(), Some(131_047));
    let template = client.sent(json!({"type": "template", "template": {"name": "hello_world", "language": {"code": "en_US"}}})).await;
    client.sim.advance(Duration::from_secs(5)).await;
    assert_eq!(client.sim.message(&template).unwrap().status(), "delivered");
}

#[tokio::test]
async fn someone_who_is_not_on_whatsapp_fails_with_131026() {
    let (client, _callback) = with_callback().await;
    client
        .sim
        .world(|world| world.add_customer(Customer::new("15550100555", "No").not_on_whatsapp()));
    let known = client
        .sent(json!({"to": "15550100555", "text": {"body": "x"}}))
        .await;
    client
        .sim
        .world(|world| world.settings.unknown_recipients = UnknownRecipients::NotOnWhatsApp);
    let unknown = client
        .sent(json!({"to": "15550100556", "text": {"body": "x"}}))
        .await;
    client.sim.settle().await;
    for id in [known, unknown] {
        assert_eq!(client.sim.message(&id).unwrap().error_code(), Some(131_026));
    }
}

#[tokio::test]
async fn a_customer_can_fail_with_any_code() {
    let (client, callback) = with_callback().await;
    client
        .sim
        .world(|world| world.customer_mut(demo::CUSTOMER).unwrap().fails_with = Some(131_049));
    client.sent(json!({"type": "template", "template": {"name": "summer_sale", "language": {"code": "en_US"}}})).await;
    client.sim.settle().await;
    assert_eq!(
        callback.statuses_seen()[0]["errors"][0]["title"],
        "Meta chose not to deliver."
    );
}

#[tokio::test]
async fn media_that_does_not_fit_its_type_fails_with_131053() {
    let (client, callback) = with_callback().await;
    client.open_window();
    client.sim.world(|world| {
        world.add_media(Media::new(
            "5",
            demo::PHONE_NUMBER_ID,
            "application/pdf",
            MediaContent::Pattern(9),
        ))
    });
    client
        .sent(json!({"type": "image", "image": {"id": "5"}}))
        .await;
    client.sim.settle().await;
    let details = &callback.statuses_seen()[0]["errors"][0]["error_data"]["details"];
    assert_eq!(
        details,
        "Unsupported Image mime type application/pdf. Please use one of image/jpeg, image/png."
    );
}

#[tokio::test]
async fn reactions_to_unknown_messages_fail_with_131009() {
    let (client, callback) = with_callback().await;
    let target = client.sim.customer(demo::CUSTOMER).say("hi").unwrap();
    let react = |id: &str| json!({"type": "reaction", "reaction": {"message_id": id, "emoji": "\u{1f44d}"}});
    client.sent(react(&target)).await;
    client.sent(react("wamid.unknown")).await;
    client.sim.settle().await;
    let statuses = callback.statuses_seen();
    assert_eq!(names(&statuses), ["sent", "failed"]);
    assert_eq!(statuses[1]["errors"][0]["code"], 131_009);
}

#[tokio::test]
async fn a_changed_identity_fails_with_137000() {
    let (client, callback) = with_callback().await;
    client.open_window();
    client.sim.world(|world| {
        world
            .customer_mut(demo::CUSTOMER)
            .unwrap()
            .identity_key_hash = Some("new".into())
    });
    client
        .sent(json!({"text": {"body": "x"}, "recipient_identity_key_hash": "old"}))
        .await;
    client.sim.settle().await;
    assert_eq!(callback.statuses_seen()[0]["errors"][0]["code"], 137_000);
}

#[tokio::test]
async fn a_username_only_customer_has_no_recipient_id() {
    let (client, callback) = with_callback().await;
    client
        .sim
        .world(|world| world.add_customer(Customer::username_only("DE.1", "sam", "Sam")));
    client.sim.customer("DE.1").say("hi").unwrap();
    client
        .sent(json!({"to": null, "recipient": "DE.1", "text": {"body": "x"}}))
        .await;
    client.sim.settle().await;
    let status = &callback.statuses_seen()[0];
    assert_eq!(status["recipient_user_id"], "DE.1");
    assert!(status.get("recipient_id").is_none());
}
