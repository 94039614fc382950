//! Business profiles.

use graph_simulator::world::demo;
use serde_json::{Value, json};

use crate::common::{Client, refused};

fn path() -> String {
    format!("{}/whatsapp_business_profile", demo::PHONE_NUMBER_ID)
}

async fn update(client: &Client, members: Value) -> (u16, Value) {
    let mut order = json!({"messaging_product": "whatsapp"});
    order
        .as_object_mut()
        .unwrap()
        .extend(members.as_object().unwrap().clone());
    client.post(&path(), order).await
}

#[tokio::test]
async fn what_is_named_changes_and_the_rest_stays() {
    let client = Client::demo().await;
    let picture = client.upload(b"JPEG", "image/jpeg").await;
    let whole = json!({
        "about": "Open", "address": "Street 1", "description": "d".repeat(512), "email": "a@example.com", "vertical": "RETAIL",
        "websites": ["https://example.com/", "http://example.com/shop"], "profile_picture_handle": picture,
    });
    assert_eq!(
        update(&client, whole).await,
        (200, json!({"success": true}))
    );
    assert_eq!(
        update(&client, json!({"about": "Closed", "vertical": ""}))
            .await
            .0,
        200
    );
    let fields = "about,address,description,email,profile_picture_url,websites,vertical";
    let (_, body) = client.get(&format!("{}?fields={fields}", path())).await;
    let profile = &body["data"][0];
    assert_eq!(
        (&profile["about"], &profile["address"]),
        (&json!("Closed"), &json!("Street 1"))
    );
    assert_eq!(
        (&profile["vertical"], &profile["messaging_product"]),
        (&json!(""), &json!("whatsapp"))
    );
    assert_eq!(profile["websites"].as_array().unwrap().len(), 2);
    assert!(
        profile["profile_picture_url"]
            .as_str()
            .unwrap()
            .starts_with("https://")
    );
    let (_, short) = client.get(&path()).await;
    assert_eq!(
        short["data"][0],
        json!({"messaging_product": "whatsapp", "about": "Closed"})
    );
}

#[tokio::test]
async fn wrong_values_are_refused_and_change_nothing() {
    let client = Client::demo().await;
    for (members, part) in [
        (json!({"about": ""}), "about must not be empty"),
        (json!({"about": "a".repeat(140)}), "at most 139"),
        (json!({"description": "d".repeat(513)}), "at most 512"),
        (
            json!({"about": "Changed", "email": "nobody"}),
            "valid email address",
        ),
        (
            json!({"vertical": "SPACE"}),
            "vertical must be one of {ALCOHOL",
        ),
        (
            json!({"websites": ["https://a.b", "https://a.c", "https://a.d"]}),
            "at most 2",
        ),
        (
            json!({"websites": ["example.com"]}),
            "websites[0] must be a valid URI",
        ),
        (
            json!({"websites": "https://a.b"}),
            "websites must be an array",
        ),
        (
            json!({"profile_picture_handle": "4::aW1hZ2UvanBlZw=="}),
            "not the handle",
        ),
        (
            json!({"messaging_product": "telegram"}),
            "must be one of {WHATSAPP}",
        ),
    ] {
        refused(&update(&client, members).await, 400, 100, part);
    }
    let (_, body) = client.get(&path()).await;
    assert_eq!(body["data"][0]["about"], "A simulated business");
    refused(
        &client.get(&format!("{}?fields=shoe_size", path())).await,
        400,
        100,
        "nonexisting field (shoe_size)",
    );
    refused(
        &client.post(&path(), json!({"about": "x"})).await,
        400,
        100,
        "messaging_product is required",
    );
}
