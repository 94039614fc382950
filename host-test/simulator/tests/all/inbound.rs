//! Messages that customers write.

use graph_simulator::world::{Customer, demo};
use serde_json::{Value, json};

use crate::common::{Callback, Client, with_callback};

async fn last(client: &Client, callback: &Callback) -> Value {
    client.sim.settle().await;
    callback.posts().last().unwrap().value()["messages"][0].clone()
}

#[tokio::test]
async fn a_text_arrives_in_metas_envelope() {
    let (client, callback) = with_callback().await;
    let id = client
        .sim
        .customer(demo::CUSTOMER)
        .say("héllo / 👍")
        .unwrap();
    client.sim.settle().await;
    let post = callback.posts().pop().unwrap();
    assert!(post.body.is_ascii());
    assert!(
        post.body.contains(r"h\u00e9llo \/ \ud83d\udc4d"),
        "{}",
        post.body
    );
    assert_eq!(
        post.json(),
        json!({"object": "whatsapp_business_account", "entry": [{"id": demo::WABA_ID, "changes": [{
            "field": "messages",
            "value": {
                "messaging_product": "whatsapp",
                "metadata": {"display_phone_number": "15550100001", "phone_number_id": demo::PHONE_NUMBER_ID},
                "contacts": [{"profile": {"name": "Kim Customer"}, "wa_id": demo::CUSTOMER, "user_id": demo::CUSTOMER_USER_ID}],
                "messages": [{
                    "from": demo::CUSTOMER, "from_user_id": demo::CUSTOMER_USER_ID, "id": id,
                    "timestamp": client.sim.clock().now_seconds().to_string(), "type": "text", "text": {"body": "héllo / 👍"},
                }],
            },
        }]}]})
    );
}

#[tokio::test]
async fn every_kind_has_metas_shape() {
    let (client, callback) = with_callback().await;
    let template = client.sent(json!({"type": "template", "template": {"name": "hello_world", "language": {"code": "en_US"}}})).await;
    let kim = client
        .sim
        .customer(demo::CUSTOMER)
        .to(demo::PHONE_NUMBER_ID);

    kim.clone()
        .replying_to(&template)
        .tap_button("STOP", "Stop updates")
        .unwrap();
    let button = last(&client, &callback).await;
    assert_eq!(
        button["button"],
        json!({"payload": "STOP", "text": "Stop updates"})
    );
    assert_eq!(
        button["context"],
        json!({"from": "15550100001", "id": template})
    );

    kim.reply_button("yes", "Yes").unwrap();
    assert_eq!(
        last(&client, &callback).await["interactive"],
        json!({"type": "button_reply", "button_reply": {"id": "yes", "title": "Yes"}})
    );
    assert_eq!(
        last(&client, &callback).await["context"]["id"],
        template,
        "a tap quotes what it answers"
    );
    kim.list_reply("a", "A", "first").unwrap();
    assert_eq!(
        last(&client, &callback).await["interactive"]["list_reply"]["description"],
        "first"
    );
    kim.flow_reply(&json!({"flow_token": "t"})).unwrap();
    assert_eq!(
        last(&client, &callback).await["interactive"]["nfm_reply"]["response_json"],
        "{\"flow_token\":\"t\"}"
    );
    kim.react(&template, "👍").unwrap();
    assert_eq!(
        last(&client, &callback).await["reaction"],
        json!({"message_id": template, "emoji": "👍"})
    );
    kim.react(&template, "").unwrap();
    assert_eq!(
        last(&client, &callback).await["reaction"],
        json!({"message_id": template})
    );
    kim.location(1.5, -2.5, Some("Here")).unwrap();
    assert_eq!(
        last(&client, &callback).await["location"],
        json!({"latitude": 1.5, "longitude": -2.5, "name": "Here"})
    );
    kim.contacts(json!([{"name": {"formatted_name": "A"}}]))
        .unwrap();
    assert_eq!(
        last(&client, &callback).await["contacts"][0]["name"]["formatted_name"],
        "A"
    );
    kim.order(
        "C",
        json!([{"product_retailer_id": "p", "quantity": 1, "item_price": 2, "currency": "EUR"}]),
        "please",
    )
    .unwrap();
    assert_eq!(last(&client, &callback).await["order"]["catalog_id"], "C");
    kim.send_voice(b"ogg").unwrap();
    assert_eq!(last(&client, &callback).await["audio"]["voice"], true);
    kim.send_document(b"pdf", "application/pdf", "a.pdf")
        .unwrap();
    assert_eq!(
        last(&client, &callback).await["document"]["filename"],
        "a.pdf"
    );
    kim.with_context(json!({"forwarded": true})).send(json!({"type": "system", "id": "wamid.own", "timestamp": "1", "system": {"type": "user_changed_number"}})).unwrap();
    let raw = last(&client, &callback).await;
    assert_eq!(
        (&raw["id"], &raw["timestamp"], &raw["context"]["forwarded"]),
        (&json!("wamid.own"), &json!("1"), &json!(true))
    );
}

#[tokio::test]
async fn an_image_can_be_downloaded_from_its_id_and_url() {
    let (client, callback) = with_callback().await;
    client
        .sim
        .customer(demo::CUSTOMER)
        .send_image(b"JPEG", Some("look"))
        .unwrap();
    let image = last(&client, &callback).await["image"].clone();
    assert_eq!(
        (&image["mime_type"], &image["caption"]),
        (&json!("image/jpeg"), &json!("look"))
    );
    assert!(image.get("base64").is_none());
    assert_eq!(
        client.get(image["id"].as_str().unwrap()).await.1["file_size"],
        4
    );
    let bytes = client
        .http
        .get(image["url"].as_str().unwrap())
        .bearer_auth(&client.token)
        .send()
        .await
        .unwrap()
        .bytes()
        .await
        .unwrap();
    assert_eq!(bytes, "JPEG");
    client
        .sim
        .clock()
        .advance(std::time::Duration::from_secs(7 * 86_400));
    assert_eq!(
        client.get(image["id"].as_str().unwrap()).await.0,
        400,
        "media of webhooks lives 7 days"
    );
}

#[tokio::test]
async fn a_username_only_customer_has_no_phone_number_anywhere() {
    let (client, callback) = with_callback().await;
    client
        .sim
        .world(|world| world.add_customer(Customer::username_only("DE.1", "sam", "Sam")));
    client.sim.customer("DE.1").say("hi").unwrap();
    client.sim.settle().await;
    let value = callback.posts().pop().unwrap().value();
    assert_eq!(
        value["contacts"],
        json!([{"profile": {"name": "Sam", "username": "sam"}, "user_id": "DE.1"}])
    );
    assert!(value["messages"][0].get("from").is_none());
    assert_eq!(value["messages"][0]["from_user_id"], "DE.1");
}

#[tokio::test]
async fn strangers_can_write_and_wrong_numbers_are_told() {
    let client = Client::demo().await;
    client.sim.customer("15550107777").say("hi").unwrap();
    assert!(
        client
            .sim
            .world(|world| world.customer("15550107777").is_some())
    );
    let wrong = client.sim.customer("1").to("404").say("hi").unwrap_err();
    assert!(wrong.to_string().contains("404"), "{wrong}");
    assert!(
        client
            .sim
            .customer("1")
            .send(json!({}))
            .unwrap_err()
            .to_string()
            .contains("type")
    );
    assert!(
        client
            .sim
            .customer("1")
            .send(json!({"type": "image"}))
            .unwrap_err()
            .to_string()
            .contains("image")
    );
}
