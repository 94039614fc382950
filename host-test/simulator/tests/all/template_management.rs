//! Listing, creating, editing and deleting templates.

use std::time::Duration;

use graph_simulator::world::demo;
use serde_json::{Value, json};

use crate::common::{Answer, Client, read, refused};

const DAY: Duration = Duration::from_secs(24 * 3600);

pub fn path() -> String {
    format!("{}/message_templates", demo::WABA_ID)
}

async fn names(client: &Client, query: &str) -> Vec<String> {
    let (status, body) = client.get(&format!("{}?{query}", path())).await;
    assert_eq!(status, 200, "{body}");
    let data = body["data"].as_array().unwrap();
    data.iter()
        .map(|t| t["name"].as_str().unwrap().to_owned())
        .collect()
}

pub fn body(text: &str, examples: &[&str]) -> Value {
    match examples {
        [] => json!({"type": "BODY", "text": text}),
        examples => json!({"type": "BODY", "text": text, "example": {"body_text": [examples]}}),
    }
}

pub fn buttons(list: Value) -> Value {
    json!({"type": "BUTTONS", "buttons": list})
}

/// A template with these components and members.
pub async fn create(client: &Client, name: &str, components: Value, more: Value) -> Answer {
    let mut template =
        json!({"name": name, "language": "en_US", "category": "UTILITY", "components": components});
    for (member, value) in more.as_object().unwrap() {
        template[member] = value.clone();
    }
    client.post(&path(), template).await
}

/// The id of a template that was created and then approved.
async fn approved(client: &Client, name: &str, components: Value) -> String {
    let (status, answer) = create(client, name, components, json!({})).await;
    assert_eq!(
        (status, &answer["status"]),
        (200, &json!("PENDING")),
        "{answer}"
    );
    let review = format!("templates/{name}/en_US");
    client
        .control("PATCH", &review, json!({"status": "APPROVED"}))
        .await;
    answer["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn templates_are_listed_with_filters_and_pages() {
    let client = Client::demo().await;
    assert_eq!(names(&client, "").await.len(), 13);
    for (query, expected) in [
        ("status=paused&fields=name,status", &["paused_offer"][..]),
        (
            "status=[\"PAUSED\",\"REJECTED\"]",
            &["paused_offer", "rejected_offer"],
        ),
        ("name=order_up", &["order_update"]),
        ("category=AUTHENTICATION", &["login_code"]),
        ("language=de", &[]),
        ("language=en_US&name=hello", &["hello_world"]),
        ("quality_score=GREEN", &["appointment"]),
        ("content=CONGRATULATIONS", &["hello_world"]),
        ("name_or_content=parcel", &["parcel_ready"]),
        ("name_or_content=code&category=MARKETING", &["flash_sale"]),
    ] {
        client.sim.world(|world| {
            world.template_mut("appointment", "en_US").unwrap().quality = "GREEN".into()
        });
        assert_eq!(names(&client, query).await, expected, "{query}");
    }
    refused(
        &client
            .get(&format!("{}?status=approved,nearly", path()))
            .await,
        400,
        100,
        "Param status[1] must be one of {APPROVED",
    );
    let (_, first) = client.get(&format!("{}?fields=name&limit=8", path())).await;
    assert_eq!(
        first["data"][0].as_object().unwrap().len(),
        2,
        "only name and id"
    );
    let (_, second) = read(client.http.get(first["paging"]["next"].as_str().unwrap())).await;
    assert_eq!(second["data"].as_array().unwrap().len(), 5);
    let one = first["data"][1]["id"].as_str().unwrap();
    assert_eq!(client.get(one).await.1["name"], "order_update");
    let (_, chosen) = client
        .get(&format!("{one}?fields=status,rejected_reason"))
        .await;
    assert_eq!(
        chosen,
        json!({"id": one, "status": "APPROVED", "rejected_reason": "NONE"})
    );
}

#[tokio::test]
async fn a_new_template_is_reviewed_and_comes_back_in_metas_form() {
    let client = Client::demo().await;
    let handle = client.upload(b"PNG", "image/png").await;
    let components = json!([
        {"type": "header", "format": "image", "example": {"header_handle": [handle]}},
        {"type": "body", "text": "Hi {{name}}, your order is there.", "example": {"body_text_named_params": [{"param_name": "name", "example": "Kim"}]}},
        {"type": "footer", "text": "Bye"},
        {"type": "buttons", "buttons": [
            {"type": "url", "text": "Open", "url": "https://example.com/{{1}}", "example": ["https://example.com/1"]},
            {"type": "quick_reply", "text": "Stop"},
        ]},
    ]);
    let more =
        json!({"parameter_format": "named", "category": "utility", "message_send_ttl_seconds": 60});
    let (status, answer) = create(&client, "new_one", components, more).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(
        (&answer["status"], &answer["category"]),
        (&json!("PENDING"), &json!("UTILITY"))
    );
    let id = answer["id"].as_str().unwrap();
    let fields = "name,parameter_format,components,language,status,message_send_ttl_seconds,last_updated_time";
    let (_, kept) = client.get(&format!("{id}?fields={fields}")).await;
    assert_eq!(kept["parameter_format"], "NAMED");
    assert_eq!(kept["message_send_ttl_seconds"], 60);
    assert_eq!(kept["last_updated_time"], "2026-11-21T09:00:00+0000");
    let components = &kept["components"];
    assert_eq!(
        (&components[0]["type"], &components[0]["format"]),
        (&json!("HEADER"), &json!("IMAGE"))
    );
    let example = components[0]["example"]["header_handle"][0]
        .as_str()
        .unwrap();
    assert!(example.starts_with("https://"), "{example}");
    assert_eq!(components[3]["buttons"][1]["type"], "QUICK_REPLY");

    // Until it is approved it does not exist for senders.
    let message = json!({"type": "template", "template": {"name": "new_one", "language": {"code": "en_US"}, "components": [
        {"type": "header", "parameters": [{"type": "image", "image": {"link": "https://example.com/a.png"}}]},
        {"type": "body", "parameters": [{"type": "text", "parameter_name": "name", "text": "Kim"}]},
        {"type": "button", "sub_type": "url", "index": "0", "parameters": [{"type": "text", "text": "1"}]},
    ]}});
    refused(
        &client.send(message.clone()).await,
        404,
        132_001,
        "does not exist",
    );
    client
        .control(
            "PATCH",
            "templates/new_one/en_US",
            json!({"status": "APPROVED"}),
        )
        .await;
    assert_eq!(client.send(message).await.0, 200);
}

#[tokio::test]
async fn templates_are_edited_within_metas_limits() {
    let client = Client::demo().await;
    let components = |text: &str| json!({"components": [body(text, &[])]});
    let id = approved(&client, "editable", json!([body("Hello", &[])])).await;
    refused(
        &client.post(&id, json!({})).await,
        400,
        100,
        "components is required",
    );
    refused(
        &client
            .post(&id, json!({"components": [{"type": "BODY"}]}))
            .await,
        400,
        100,
        "missing expected field(s) (text)",
    );
    refused(
        &client.post(&id, json!({"category": "MARKETING"})).await,
        400,
        100,
        "category of an approved template",
    );
    assert_eq!(client.post(&id, components("Hello again")).await.0, 200);
    let waiting = client.post(&id, components("Once more")).await;
    refused(&waiting, 400, 100, "this one is PENDING");
    assert_eq!(waiting.1["error"]["error_subcode"], 2_388_039);
    let review = |status: &str| {
        let status = status.to_owned();
        client
            .sim
            .world(|world| world.template_mut("editable", "en_US").unwrap().status = status);
    };
    review("APPROVED");
    refused(
        &client.post(&id, components("Once more")).await,
        400,
        100,
        "once in 24 hours",
    );
    for _ in 0..9 {
        client.sim.clock().advance(DAY);
        review("APPROVED");
        assert_eq!(client.post(&id, components("Once more")).await.0, 200);
    }
    client.sim.clock().advance(DAY);
    review("APPROVED");
    refused(
        &client.post(&id, components("Eleventh")).await,
        400,
        100,
        "10 times in 30 days",
    );
    review("REJECTED");
    let change = json!({"category": "MARKETING", "message_send_ttl_seconds": 43_200});
    assert_eq!(
        client.post(&id, change).await.0,
        200,
        "rejected ones as often as you like"
    );
    assert_eq!(client.get(&id).await.1["category"], "MARKETING");
}

#[tokio::test]
async fn templates_are_deleted_by_name_or_id_and_hold_their_name() {
    let client = Client::demo().await;
    let hello = || json!([body("Hello", &[])]);
    let id = approved(&client, "passing", hello()).await;
    let german = create(&client, "passing", hello(), json!({"language": "de"})).await;
    let german = german.1["id"].as_str().unwrap();
    let exists = create(&client, "passing", hello(), json!({})).await;
    refused(&exists, 400, 100, "already content in this language");
    assert_eq!(exists.1["error"]["error_subcode"], 2_388_024);

    let delete = async |query: String| client.delete(&format!("{}?{query}", path())).await;
    refused(
        &delete(format!("hsm_id={german}")).await,
        400,
        100,
        "parameter name is required",
    );
    refused(
        &delete(format!("hsm_id={german}&name=other")).await,
        400,
        100,
        "not found",
    );
    assert_eq!(delete(format!("hsm_id={german}&name=passing")).await.0, 200);
    assert_eq!(names(&client, "name=passing").await.len(), 1);
    assert_eq!(delete("name=passing".into()).await.0, 200);
    let gone = delete("name=passing".into()).await;
    refused(&gone, 400, 100, "not found");
    assert_eq!(gone.1["error"]["error_subcode"], 2_593_002);
    refused(&client.get(&id).await, 400, 100, "does not exist");

    let held = create(&client, "passing", hello(), json!({})).await;
    refused(&held, 400, 100, "is being deleted");
    assert_eq!(held.1["error"]["error_subcode"], 2_388_023);
    let again = create(&client, "passing", hello(), json!({"language": "de"})).await;
    assert_eq!(again.0, 200, "the German one was never approved");
    client.sim.clock().advance(30 * DAY);
    assert_eq!(create(&client, "passing", hello(), json!({})).await.0, 200);

    refused(
        &delete("name=disabled_offer".into()).await,
        400,
        100,
        "disabled can't be deleted",
    );
    let ids = client.sim.world(|world| {
        let own = world
            .templates
            .iter()
            .filter(|template| template.name == "passing");
        own.map(|template| template.id.clone())
            .collect::<Vec<_>>()
            .join(",")
    });
    refused(
        &delete(format!("hsm_ids=[{ids},1]")).await,
        400,
        100,
        "not found",
    );
    refused(
        &delete(format!("hsm_ids=[{ids}]&name=passing")).await,
        400,
        100,
        "can't be combined",
    );
    assert_eq!(delete(format!("hsm_ids=[{ids}]")).await.0, 200);
    assert!(names(&client, "name=passing").await.is_empty());
}
