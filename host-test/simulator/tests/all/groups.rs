//! Groups of a number.

use graph_simulator::World;
use graph_simulator::world::{Group, JoinRequest, demo};
use serde_json::{Value, json};

use crate::common::{Answer, Client, read, refused, with_callback};

fn path() -> String {
    format!("{}/groups", demo::PHONE_NUMBER_ID)
}

fn order(members: Value) -> Value {
    let mut order = json!({"messaging_product": "whatsapp"});
    order
        .as_object_mut()
        .unwrap()
        .extend(members.as_object().unwrap().clone());
    order
}

async fn delete(client: &Client, path: &str, members: Value) -> Answer {
    let request = client.http.delete(client.url(path));
    read(request.bearer_auth(&client.token).json(&order(members))).await
}

/// A client with a group of two people, where a third asks to come in.
async fn with_group() -> Client {
    let mut world = World::demo();
    world.groups.push(Group {
        id: "G1".into(),
        phone_number_id: demo::PHONE_NUMBER_ID.into(),
        participants: vec![demo::CUSTOMER.into(), "15550100222".into()],
        subject: "Friends".into(),
        approval_required: true,
        invite: Some("old".into()),
        join_requests: vec![JoinRequest {
            id: "J1".into(),
            wa_id: "15550100333".into(),
            created_at: 1,
        }],
        created_at: 2,
        ..Group::default()
    });
    Client::with(world).await
}

#[tokio::test]
async fn a_new_group_is_told_by_webhook_under_the_answered_request() {
    let (client, callback) = with_callback().await;
    let new = order(json!({"subject": " New purchase ", "description": "About cars"}));
    let (status, body) = client.post(&path(), new).await;
    assert_eq!(status, 200, "{body}");
    client.sim.settle().await;
    let posts = callback.posts();
    assert_eq!(posts.len(), 1);
    assert_eq!(
        posts[0].json()["entry"][0]["changes"][0]["field"],
        "group_lifecycle_update"
    );
    let value = posts[0].value();
    assert_eq!(value["metadata"]["phone_number_id"], demo::PHONE_NUMBER_ID);
    let event = &value["groups"][0];
    assert_eq!(
        (&event["type"], &event["request_id"]),
        (&json!("group_create"), &body["request_id"])
    );
    assert_eq!(
        (&event["subject"], &event["join_approval_mode"]),
        (&json!("New purchase"), &json!("auto_approve"))
    );
    let id = event["group_id"].as_str().unwrap();
    let link = event["invite_link"].as_str().unwrap();
    assert!(link.starts_with("https://chat.whatsapp.com/"), "{link}");
    assert_eq!(
        client.get(&format!("{id}/invite_link")).await.1["invite_link"],
        link
    );

    let (_, listed) = client.get(&path()).await;
    assert_eq!(listed["data"]["groups"][0]["id"], id);
    let fields =
        "subject,description,participants,total_participant_count,suspended,join_approval_mode";
    let (_, shown) = client.get(&format!("{id}?fields={fields}")).await;
    assert_eq!(
        shown,
        json!({
            "id": id, "subject": "New purchase", "description": "About cars", "participants": [], "total_participant_count": 0,
            "suspended": false, "join_approval_mode": "auto_approve",
        })
    );
    assert_eq!(client.delete(id).await.0, 200);
    client.sim.settle().await;
    assert_eq!(
        callback.posts()[1].value()["groups"][0]["type"],
        "group_delete"
    );
    assert_eq!(client.get(&path()).await.1, json!({"data": {"groups": []}}));
}

#[tokio::test]
async fn wrong_groups_are_refused() {
    let client = Client::demo().await;
    for (members, part) in [
        (json!({}), "subject is required"),
        (json!({"subject": "  "}), "subject is required"),
        (json!({"subject": "s".repeat(129)}), "at most 128"),
        (
            json!({"subject": "s", "description": "d".repeat(2049)}),
            "at most 2048",
        ),
        (
            json!({"subject": "s", "join_approval_mode": "maybe"}),
            "join_approval_mode must be one of",
        ),
        (
            json!({"subject": "s", "messaging_product": "x"}),
            "messaging_product must be one of",
        ),
    ] {
        refused(&client.post(&path(), order(members)).await, 400, 100, part);
    }
    refused(
        &client.get(&format!("{}?after=x", path())).await,
        400,
        131_059,
        "cursor",
    );
}

#[tokio::test]
async fn a_group_can_be_changed_and_its_invitation_renewed() {
    let client = with_group().await;
    assert_eq!(
        client
            .post("G1", order(json!({"subject": "Best friends"})))
            .await
            .0,
        200
    );
    assert_eq!(client.get("G1").await.1["subject"], "Best friends");
    let link = client.get("G1/invite_link").await.1["invite_link"].clone();
    assert_eq!(link, "https://chat.whatsapp.com/old");
    let (_, renewed) = client.post("G1/invite_link", order(json!({}))).await;
    assert_ne!(renewed["invite_link"], link);
    assert_eq!(client.get("G1/invite_link").await.1, renewed);
}

#[tokio::test]
async fn participants_leave_and_come_in() {
    let client = with_group().await;
    let users = |user: &str| json!({"participants": [{"user": user}]});
    refused(
        &delete(&client, "G1/participants", json!({})).await,
        400,
        100,
        "participants is required",
    );
    refused(
        &delete(&client, "G1/participants", users("15550100999")).await,
        400,
        131_212,
        "not in group",
    );
    assert_eq!(
        delete(&client, "G1/participants", users("+15550100222"))
            .await
            .0,
        200
    );

    let (_, open) = client.get("G1/join_requests").await;
    assert_eq!(
        (
            &open["data"][0]["join_request_id"],
            &open["data"][0]["wa_id"]
        ),
        (&json!("J1"), &json!("15550100333"))
    );
    let (_, decided) = client
        .post(
            "G1/join_requests",
            order(json!({"join_requests": ["J1", "J2"]})),
        )
        .await;
    assert_eq!(decided["approved_join_requests"], json!(["J1"]));
    assert_eq!(
        decided["failed_join_requests"][0]["errors"][0]["code"],
        131_213
    );
    let (_, shown) = client.get("G1?fields=participants").await;
    assert_eq!(
        shown["participants"],
        json!([{"wa_id": demo::CUSTOMER}, {"wa_id": "15550100333"}])
    );
    let (_, rejected) = delete(
        &client,
        "G1/join_requests",
        json!({"join_requests": ["J1"]}),
    )
    .await;
    assert_eq!(rejected["rejected_join_requests"], json!([]));
}
