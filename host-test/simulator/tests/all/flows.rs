//! WhatsApp Flows: management, and Flows in messages.

use graph_simulator::world::demo;
use serde_json::{Value, json};

use crate::common::{Answer, Client, read, refused};

const SCREENS: &str = r#"{"version":"7.0","screens":[]}"#;

fn path() -> String {
    format!("{}/flows", demo::WABA_ID)
}

async fn draft(client: &Client, name: &str) -> String {
    let (status, body) = client
        .post(&path(), json!({"name": name, "categories": ["SURVEY"]}))
        .await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(body["validation_errors"], json!([]));
    body["id"].as_str().unwrap().to_owned()
}

async fn upload(client: &Client, id: &str, json: &str) -> Answer {
    let part = reqwest::multipart::Part::text(json.to_owned()).file_name("flow.json");
    let form = reqwest::multipart::Form::new()
        .text("name", "flow.json")
        .text("asset_type", "FLOW_JSON")
        .part("file", part);
    let request = client.http.post(client.url(&format!("{id}/assets")));
    read(request.bearer_auth(&client.token).multipart(form)).await
}

async fn status(client: &Client, id: &str) -> Value {
    client.get(&format!("{id}?fields=status")).await.1["status"].clone()
}

fn message(flow: Value) -> Value {
    let mut parameters = json!({"flow_message_version": "3", "flow_cta": "Go"});
    parameters
        .as_object_mut()
        .unwrap()
        .extend(flow.as_object().unwrap().clone());
    json!({"type": "interactive", "interactive": {
        "type": "flow", "body": {"text": "b"}, "action": {"name": "flow", "parameters": parameters},
    }})
}

#[tokio::test]
async fn a_flow_lives_from_draft_to_deprecated() {
    let client = Client::demo().await;
    let id = draft(&client, "first").await;
    assert_eq!(status(&client, &id).await, "DRAFT");
    let publish = format!("{id}/publish");
    refused(
        &client.post(&publish, json!({})).await,
        400,
        139_002,
        "has no screens",
    );
    let (_, wrong) = upload(&client, &id, "{\n  \"version\": }").await;
    assert_eq!(wrong["success"], true);
    assert_eq!(wrong["validation_errors"][0]["line_start"], 2);
    refused(
        &client.post(&publish, json!({})).await,
        400,
        139_002,
        "validation errors",
    );
    let (_, wrong) = upload(&client, &id, r#"{"version":"7.0"}"#).await;
    assert!(
        wrong["validation_errors"][0]["message"]
            .as_str()
            .unwrap()
            .contains("screens"),
        "{wrong}"
    );
    assert_eq!(
        upload(&client, &id, SCREENS).await.1["validation_errors"],
        json!([])
    );

    let (_, assets) = client.get(&format!("{id}/assets")).await;
    let url = assets["data"][0]["download_url"].as_str().unwrap();
    assert_eq!(
        client
            .http
            .get(url)
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap(),
        SCREENS
    );

    refused(
        &client.post(&format!("{id}/deprecate"), json!({})).await,
        400,
        139_003,
        "deprecated",
    );
    assert_eq!(client.post(&publish, json!({})).await.0, 200);
    assert_eq!(status(&client, &id).await, "PUBLISHED");
    refused(&upload(&client, &id, SCREENS).await, 400, 139_001, "updat");
    refused(&client.delete(&id).await, 400, 139_004, "draft");
    assert_eq!(
        client.post(&format!("{id}/deprecate"), json!({})).await.0,
        200
    );
    assert_eq!(status(&client, &id).await, "DEPRECATED");
}

#[tokio::test]
async fn flows_are_listed_changed_cloned_and_deleted() {
    let client = Client::demo().await;
    let (_, listed) = client.get(&path()).await;
    assert_eq!(
        listed["data"],
        json!([{"id": demo::FLOW_ID, "name": "feedback", "status": "PUBLISHED", "categories": ["SURVEY"], "validation_errors": []}])
    );
    let (_, whole) = client
        .get(&format!(
            "{}?fields=preview,json_version,whatsapp_business_account,application,health_status",
            demo::FLOW_ID
        ))
        .await;
    assert_eq!(whole["json_version"], "7.0");
    assert_eq!(whole["whatsapp_business_account"]["id"], demo::WABA_ID);
    assert_eq!(whole["health_status"]["entities"][0]["entity_type"], "FLOW");
    assert_eq!(whole["preview"]["expires_at"], "2026-12-21T09:00:00+0000");

    // In a form, lists are texts.
    let form = [
        ("name", "copy"),
        ("categories", r#"["OTHER","SIGN_UP"]"#),
        ("clone_flow_id", demo::FLOW_ID),
    ];
    let request = client
        .http
        .post(client.url(&path()))
        .bearer_auth(&client.token)
        .form(&form);
    let (code, copy) = read(request).await;
    assert_eq!(code, 200, "{copy}");
    let copy = copy["id"].as_str().unwrap();
    let (_, shown) = client
        .get(&format!("{copy}?fields=status,categories,json_version"))
        .await;
    assert_eq!(
        shown,
        json!({"id": copy, "status": "DRAFT", "categories": ["OTHER", "SIGN_UP"], "json_version": "7.0"})
    );
    let change = json!({"name": "better", "endpoint_uri": "https://example.com/flow"});
    assert_eq!(client.post(copy, change).await.0, 200);
    let (_, shown) = client
        .get(&format!("{copy}?fields=name,endpoint_uri"))
        .await;
    assert_eq!(
        (&shown["name"], &shown["endpoint_uri"]),
        (&json!("better"), &json!("https://example.com/flow"))
    );
    assert_eq!(client.delete(copy).await.0, 200);
    refused(&client.get(copy).await, 400, 100, "does not exist");
}

#[tokio::test]
async fn a_flow_can_be_published_as_it_is_created() {
    let client = Client::demo().await;
    let order = |json: &str| json!({"name": "at once", "categories": ["OTHER"], "flow_json": json, "publish": true});
    refused(
        &client.post(&path(), order("{}")).await,
        400,
        139_002,
        "validation errors",
    );
    assert_eq!(
        client.get(&path()).await.1["data"]
            .as_array()
            .unwrap()
            .len(),
        1,
        "nothing was kept"
    );
    let (_, made) = client.post(&path(), order(SCREENS)).await;
    assert_eq!(
        status(&client, made["id"].as_str().unwrap()).await,
        "PUBLISHED"
    );
}

#[tokio::test]
async fn wrong_flows_are_refused() {
    let client = Client::demo().await;
    draft(&client, "taken").await;
    for (order, part) in [
        (json!({"categories": ["OTHER"]}), "name is required"),
        (json!({"name": "x"}), "categories is required"),
        (
            json!({"name": "x", "categories": []}),
            "at least one element",
        ),
        (
            json!({"name": "x", "categories": ["OTHER", "FUN"]}),
            "categories[1] must be one of {APPOINTMENT_BOOKING",
        ),
        (
            json!({"name": "n".repeat(201), "categories": ["OTHER"]}),
            "1 to 200",
        ),
        (
            json!({"name": "taken", "categories": ["OTHER"]}),
            "no other flow",
        ),
        (
            json!({"name": "x", "categories": ["OTHER"], "clone_flow_id": "1"}),
            "clone_flow_id",
        ),
    ] {
        refused(&client.post(&path(), order).await, 400, 100, part);
    }
    refused(
        &client.post(demo::FLOW_ID, json!({"name": "taken"})).await,
        400,
        100,
        "no other flow",
    );
    assert_eq!(
        client
            .post(demo::FLOW_ID, json!({"name": "feedback"}))
            .await
            .0,
        200,
        "its own name"
    );
}

#[tokio::test]
async fn the_state_of_a_known_flow_decides_whether_it_can_be_sent() {
    let client = Client::demo().await;
    assert_eq!(
        client
            .send(message(json!({"flow_name": "feedback"})))
            .await
            .0,
        200
    );
    let id = draft(&client, "unfinished").await;
    let drafted = message(json!({"flow_id": id}));
    refused(
        &client.send(drafted.clone()).await,
        400,
        131_009,
        "flow is a draft",
    );
    assert_eq!(
        client
            .send(message(json!({"flow_id": id, "mode": "draft"})))
            .await
            .0,
        200
    );
    for (state, code) in [
        ("DEPRECATED", 131_009),
        ("BLOCKED", 132_068),
        ("THROTTLED", 132_069),
    ] {
        client.sim.world(|world| {
            let flow = world.flows.iter_mut().find(|flow| flow.id == id).unwrap();
            flow.status = state.into();
        });
        refused(&client.send(drafted.clone()).await, 400, code, "low");
    }
    assert_eq!(
        client.send(message(json!({"flow_id": "404"}))).await.0,
        200,
        "flows nobody made are let through"
    );
}
