//! Blocking users.

use graph_simulator::World;
use graph_simulator::world::{Customer, demo};
use serde_json::{Value, json};

use crate::common::{Answer, Client, read, refused};

const OTHER: &str = "15550100222";

fn path() -> String {
    format!("{}/block_users", demo::PHONE_NUMBER_ID)
}

fn users(users: &[&str]) -> Value {
    let users: Vec<_> = users.iter().map(|user| json!({ "user": user })).collect();
    json!({"messaging_product": "whatsapp", "block_users": users})
}

async fn unblock(client: &Client, body: Value) -> Answer {
    let request = client.http.delete(client.url(&path()));
    read(request.bearer_auth(&client.token).json(&body)).await
}

#[tokio::test]
async fn a_blocked_user_gets_nothing_until_unblocked() {
    let client = Client::demo().await;
    client.open_window();
    let (status, body) = client.post(&path(), users(&["+1 (555) 010-0100"])).await;
    assert_eq!(
        (status, body),
        (
            200,
            json!({"messaging_product": "whatsapp", "block_users": {"added_users": [{"input": "+1 (555) 010-0100", "wa_id": demo::CUSTOMER}]}})
        )
    );
    refused(&client.send_text("x").await, 400, 130_403, "blocked");
    let (_, listed) = client.get(&path()).await;
    assert_eq!(
        listed["data"],
        json!([{"messaging_product": "whatsapp", "wa_id": demo::CUSTOMER}])
    );
    let (_, body) = unblock(&client, users(&[demo::CUSTOMER])).await;
    assert_eq!(
        body["block_users"]["removed_users"][0]["wa_id"],
        demo::CUSTOMER
    );
    assert_eq!(client.send_text("x").await.0, 200);
    assert_eq!(client.get(&path()).await.1, json!({"data": []}));
}

#[tokio::test]
async fn a_mixed_answer_has_both_lists_and_an_error() {
    let client = Client::demo().await;
    client.open_window();
    let answer = client
        .post(&path(), users(&[demo::CUSTOMER, OTHER, "15550100001"]))
        .await;
    refused(&answer, 400, 139_100, "Failed to block/unblock users");
    let lists = &answer.1["block_users"];
    assert_eq!(lists["added_users"].as_array().unwrap().len(), 1);
    let failed = lists["failed_users"].as_array().unwrap();
    assert_eq!(
        (&failed[0]["input"], &failed[0]["errors"][0]["code"]),
        (&json!(OTHER), &json!(131_047))
    );
    assert!(failed[0]["errors"][0]["error_data"]["details"].is_string());
    assert_eq!(failed[1]["errors"][0]["code"], 131_021, "the number itself");
    refused(&client.send_text("x").await, 400, 130_403, "blocked");
}

#[tokio::test]
async fn only_who_wrote_to_this_number_within_a_day_can_be_blocked() {
    let client = Client::demo().await;
    refused(
        &client.post(&path(), users(&[demo::CUSTOMER])).await,
        400,
        139_100,
        "failed_users",
    );
    client.open_window();
    let other_number = format!("{}/block_users", demo::TEST_PHONE_NUMBER_ID);
    refused(
        &client.post(&other_number, users(&[demo::CUSTOMER])).await,
        400,
        139_100,
        "131047",
    );
    client
        .sim
        .clock()
        .advance(std::time::Duration::from_secs(86_400));
    refused(
        &client.post(&path(), users(&[demo::CUSTOMER])).await,
        400,
        139_100,
        "131047",
    );
    for wrong in [json!({"messaging_product": "whatsapp"}), users(&[])] {
        refused(
            &client.post(&path(), wrong).await,
            400,
            100,
            "block_users is required",
        );
    }
    let nobody = json!({"messaging_product": "whatsapp", "block_users": [{}]});
    refused(
        &client.post(&path(), nobody).await,
        400,
        100,
        "block_users[0]['user'] is required",
    );
}

#[tokio::test]
async fn the_list_is_paged() {
    let mut world = World::demo();
    for n in 0..3 {
        let mut customer = Customer::new(format!("1555010030{n}"), "B");
        customer.blocked = true;
        world.add_customer(customer);
    }
    let client = Client::with(world).await;
    let (_, first) = client.get(&format!("{}?limit=2", path())).await;
    let (_, second) = read(client.http.get(first["paging"]["next"].as_str().unwrap())).await;
    assert_eq!(second["data"][0]["wa_id"], "15550100302");
    assert!(second["paging"].get("next").is_none());
}
