//! Small things of a number: conversational components, QR codes, shop settings, the key of Flows.

use graph_simulator::world::demo;
use serde_json::{Value, json};

use crate::common::{Client, read, refused};

fn path(edge: &str) -> String {
    format!("{}/{edge}", demo::PHONE_NUMBER_ID)
}

#[tokio::test]
async fn conversational_components_are_set_and_shown() {
    let client = Client::demo().await;
    let edge = path("conversational_automation");
    let commands = json!([{"command_name": "tickets", "command_description": "Book flights"}]);
    let order =
        json!({"enable_welcome_message": true, "commands": commands, "prompts": ["Book a flight"]});
    assert_eq!(
        client.post(&edge, order).await,
        (200, json!({"success": true}))
    );
    let query = client
        .http
        .post(client.url(&edge))
        .bearer_auth(&client.token)
        .query(&[
            ("enable_welcome_message", "false"),
            ("prompts", r#"["Plan a trip"]"#),
        ]);
    assert_eq!(
        read(query).await.0,
        200,
        "parameters in the query, as on Meta's page"
    );
    let expected =
        json!({"enable_welcome_message": false, "commands": commands, "prompts": ["Plan a trip"]});
    assert_eq!(
        client.get(&edge).await.1["conversational_automation"],
        expected
    );
    let field = format!("{}?fields=conversational_automation", demo::PHONE_NUMBER_ID);
    assert_eq!(
        client.get(&field).await.1["conversational_automation"],
        expected
    );

    let command =
        |name: &str, text: &str| json!({"command_name": name, "command_description": text});
    for (order, part) in [
        (
            json!({"enable_welcome_message": "perhaps"}),
            "must be a boolean",
        ),
        (json!({"prompts": ["a", "b", "c", "d", "e"]}), "at most 4"),
        (
            json!({"prompts": ["p".repeat(81)]}),
            "prompts[0] must be 1 to 80",
        ),
        (
            json!({"commands": vec![command("a", "b"); 31]}),
            "at most 30",
        ),
        (json!({"commands": [command("a b", "c")]}), "only letters"),
        (
            json!({"commands": [command("a", "b"), command("a", "c")]}),
            "unique",
        ),
        (
            json!({"commands": [command("a", "")]}),
            "commands[0]['command_description']",
        ),
    ] {
        refused(&client.post(&edge, order).await, 400, 100, part);
    }
    assert_eq!(
        client.get(&edge).await.1["conversational_automation"],
        expected
    );
}

#[tokio::test]
async fn qr_codes_are_made_changed_listed_and_deleted() {
    let client = Client::demo().await;
    let edge = path("message_qrdls");
    let new = json!({"prefilled_message": "Hello", "generate_qr_image": "SVG"});
    let (status, made) = client.post(&edge, new).await;
    assert_eq!(status, 200, "{made}");
    let code = made["code"].as_str().unwrap().to_owned();
    assert_eq!(code.len(), 14);
    assert_eq!(
        made["deep_link_url"],
        format!("https://wa.me/message/{code}")
    );
    assert!(
        made["qr_image_url"].as_str().unwrap().ends_with(".svg"),
        "{made}"
    );
    let (_, plain) = client
        .post(&edge, json!({"prefilled_message": "Second"}))
        .await;
    assert!(plain.get("qr_image_url").is_none(), "{plain}");
    let (_, changed) = client
        .post(&edge, json!({"code": code, "prefilled_message": "Bye"}))
        .await;
    assert_eq!(
        (&changed["code"], &changed["prefilled_message"]),
        (&json!(code), &json!("Bye"))
    );

    let one = format!("{edge}/{code}");
    let expected =
        json!({"code": code, "prefilled_message": "Bye", "deep_link_url": made["deep_link_url"]});
    assert_eq!(client.get(&one).await.1["data"], json!([expected]));
    assert_eq!(
        client.get(&format!("{edge}?code={code}")).await.1["data"],
        json!([expected])
    );
    let (_, image) = client
        .get(&format!("{one}?fields=code,qr_image_url.format(SVG)"))
        .await;
    assert!(
        image["data"][0]["qr_image_url"]
            .as_str()
            .unwrap()
            .ends_with(".svg"),
        "{image}"
    );
    let (_, first) = client
        .get(&format!("{edge}?limit=1&fields=prefilled_message"))
        .await;
    assert_eq!(first["data"], json!([{"prefilled_message": "Bye"}]));
    let (_, second) = read(client.http.get(first["paging"]["next"].as_str().unwrap())).await;
    assert_eq!(second["data"], json!([{"prefilled_message": "Second"}]));

    assert_eq!(client.delete(&one).await.0, 200);
    refused(&client.get(&one).await, 400, 100, "does not exist");
    refused(&client.delete(&one).await, 400, 100, "does not exist");
    for (order, part) in [
        (json!({}), "prefilled_message is required"),
        (json!({"prefilled_message": "m".repeat(141)}), "1 to 140"),
        (
            json!({"prefilled_message": "m", "generate_qr_image": "GIF"}),
            "must be one of {PNG, SVG}",
        ),
        (
            json!({"prefilled_message": "m", "code": code}),
            "does not exist",
        ),
    ] {
        refused(&client.post(&edge, order).await, 400, 100, part);
    }
    refused(
        &client.get(&format!("{one}/more")).await,
        400,
        2500,
        "Unknown path components",
    );
}

#[tokio::test]
async fn shop_settings_and_the_key_of_flows_are_kept() {
    let client = Client::demo().await;
    let shop = path("whatsapp_commerce_settings");
    assert_eq!(
        client
            .post(&format!("{shop}?is_catalog_visible=true"), json!({}))
            .await
            .0,
        200
    );
    assert_eq!(
        client.get(&shop).await.1["data"],
        json!([{"id": demo::PHONE_NUMBER_ID, "is_cart_enabled": true, "is_catalog_visible": true}])
    );
    refused(
        &client.post(&shop, json!({"is_cart_enabled": 7})).await,
        400,
        100,
        "must be a boolean",
    );

    let keys = path("whatsapp_business_encryption");
    assert_eq!(client.get(&keys).await.1, json!({"data": []}));
    let post = async |key: &str| {
        let request = client
            .http
            .post(client.url(&keys))
            .bearer_auth(&client.token);
        read(request.form(&[("business_public_key", key)])).await
    };
    refused(
        &post("abc").await,
        400,
        100,
        "Business public key is invalid",
    );
    let key = "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n";
    assert_eq!(post(key).await.0, 200);
    let (_, body): (u16, Value) = client.get(&keys).await;
    assert_eq!(
        body["data"],
        json!([{"business_public_key": key, "business_public_key_signature_status": "VALID"}])
    );
}
