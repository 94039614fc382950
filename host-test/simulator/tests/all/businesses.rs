//! The user behind a token, portfolios, and their WABAs.

use graph_simulator::World;
use graph_simulator::world::{Business, HealthProblem, Token, Waba, demo};
use serde_json::{Value, json};

use crate::common::{Client, read, refused};

async fn partner() -> Client {
    let mut client = Client::demo().await;
    client.token = demo::BUSINESS_TOKEN.into();
    client
}

fn ids(body: &Value) -> Vec<&str> {
    body["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["id"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn the_way_from_a_token_to_its_wabas_and_numbers() {
    let client = partner().await;
    let (_, me) = client.get("me").await;
    assert_eq!(me["id"], "122000000000001");
    let (_, businesses) = client.get("me/businesses").await;
    assert_eq!(
        ids(&businesses),
        [demo::BUSINESS_ID, demo::CLIENT_BUSINESS_ID]
    );
    assert_eq!(businesses["data"][0]["name"], "Simulated Business");

    let edge = |name: &str| format!("{}/{name}_whatsapp_business_accounts", demo::BUSINESS_ID);
    let (_, owned) = client.get(&edge("owned")).await;
    assert_eq!(ids(&owned), [demo::WABA_ID]);
    assert_eq!(owned["data"][0]["timezone_id"], "1");
    let (_, shared) = client
        .get(&format!(
            "{}?fields=name,phone_numbers{{display_phone_number}}",
            edge("client")
        ))
        .await;
    assert_eq!(ids(&shared), [demo::CLIENT_WABA_ID]);
    assert_eq!(
        shared["data"][0]["phone_numbers"]["data"][0],
        json!({"id": demo::CLIENT_PHONE_NUMBER_ID, "display_phone_number": "+1 555-010-0101"})
    );
    let (_, none) = client.get(&format!("{}?find=1", edge("owned"))).await;
    assert_eq!(none, json!({"data": []}));
}

#[tokio::test]
async fn everything_in_one_call_by_nested_fields() {
    let client = partner().await;
    let (_, me) = client
        .get("me?fields=businesses{owned_whatsapp_business_accounts{name}}")
        .await;
    assert_eq!(
        me["businesses"]["data"][1]["owned_whatsapp_business_accounts"]["data"],
        json!([{"id": demo::CLIENT_WABA_ID, "name": "Client's Business Account"}])
    );
    let (_, business) = client
        .get(&format!("{}?fields=verification_status", demo::BUSINESS_ID))
        .await;
    assert_eq!(
        business,
        json!({"id": demo::BUSINESS_ID, "verification_status": "verified"})
    );
    let (_, assigned) = client
        .get("me/assigned_whatsapp_business_accounts?fields=id")
        .await;
    assert_eq!(ids(&assigned), [demo::WABA_ID, demo::CLIENT_WABA_ID]);
}

#[tokio::test]
async fn a_token_sees_only_what_it_was_granted_for() {
    let mut client = Client::demo().await;
    refused(
        &client.get("me/businesses").await,
        403,
        200,
        "business_management",
    );
    let (_, permissions) = client.get("me/permissions").await;
    assert_eq!(permissions["data"].as_array().unwrap().len(), 2);
    // Its portfolio has access to the client's WABA, but the token was not granted for that.
    let shared = format!("{}/client_whatsapp_business_accounts", demo::BUSINESS_ID);
    assert_eq!(client.get(&shared).await.1, json!({"data": []}));
    refused(
        &client.get(demo::CLIENT_BUSINESS_ID).await,
        400,
        100,
        "does not exist",
    );
    refused(
        &client.get(demo::CLIENT_WABA_ID).await,
        400,
        100,
        "does not exist",
    );
    client.token = format!("{}|{}", demo::APP_ID, demo::APP_SECRET);
    refused(&client.get("me").await, 400, 100, "does not exist");
    assert_eq!(client.get("app").await.1["id"], demo::APP_ID);
    assert_eq!(client.get(demo::APP_ID).await.1["name"], "Simulated App");
}

#[tokio::test]
async fn owned_wabas_are_paged() {
    let mut world = World::demo();
    world.add_business(Business::new("3", "Large"));
    for n in 1..=3 {
        world.add_waba(Waba::new(format!("20{n}"), "One").owned_by("3"));
    }
    world.add_token(Token::new("EAAall").with_scopes(["business_management"]));
    let mut client = Client::with(world).await;
    client.token = "EAAall".into();
    let (_, first) = client
        .get("3/owned_whatsapp_business_accounts?limit=2&fields=id")
        .await;
    assert_eq!(ids(&first), ["201", "202"]);
    let (_, second) = read(client.http.get(first["paging"]["next"].as_str().unwrap())).await;
    assert_eq!(ids(&second), ["203"]);
}

#[tokio::test]
async fn a_waba_can_be_renamed_and_names_its_owner() {
    let client = partner().await;
    let fields = format!(
        "{}?fields=name,currency,timezone_id,message_template_namespace,account_review_status,owner_business_info",
        demo::WABA_ID
    );
    let (_, waba) = client.get(&fields).await;
    assert_eq!(
        waba["owner_business_info"],
        json!({"id": demo::BUSINESS_ID, "name": "Simulated Business"})
    );
    assert_eq!(
        (&waba["currency"], &waba["account_review_status"]),
        (&json!("USD"), &json!("APPROVED"))
    );
    let change = json!({"name": "New name", "timezone_id": "7"});
    assert_eq!(client.post(demo::WABA_ID, change).await.0, 200);
    let (_, waba) = client.get(&fields).await;
    assert_eq!(
        (&waba["name"], &waba["timezone_id"]),
        (&json!("New name"), &json!("7"))
    );
    refused(
        &client.post(demo::WABA_ID, json!({"name": ""})).await,
        400,
        100,
        "Param name must be",
    );
}

#[tokio::test]
async fn health_names_every_entity_and_the_worst_of_them_counts() {
    let client = Client::demo().await;
    let health = async |id: &str| {
        let (status, body) = client.get(&format!("{id}?fields=health_status")).await;
        assert_eq!(status, 200, "{body}");
        body["health_status"].clone()
    };
    let of_number = health(demo::PHONE_NUMBER_ID).await;
    assert_eq!(of_number["can_send_message"], "AVAILABLE");
    let kinds: Vec<_> = of_number["entities"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entity| entity["entity_type"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(kinds, ["PHONE_NUMBER", "WABA", "BUSINESS", "APP"]);

    let unregistered = health(demo::UNREGISTERED_PHONE_NUMBER_ID).await;
    assert_eq!(unregistered["can_send_message"], "BLOCKED");
    assert_eq!(
        unregistered["entities"][0]["errors"][0]["error_code"],
        141_000
    );

    client.sim.world(|world| {
        let unverified =
            HealthProblem::blocked(demo::BUSINESS_ID, 141_010, "Not verified.", "Verify.");
        world.health_problems.push(unverified.limited());
    });
    let of_waba = health(demo::WABA_ID).await;
    assert_eq!(of_waba["can_send_message"], "LIMITED");
    assert_eq!(
        of_waba["entities"][1],
        json!({
            "entity_type": "BUSINESS", "id": demo::BUSINESS_ID, "can_send_message": "LIMITED",
            "errors": [{"error_code": 141_010, "error_description": "Not verified.", "possible_solution": "Verify."}],
        })
    );
    assert_eq!(
        health(demo::UNREGISTERED_PHONE_NUMBER_ID).await["can_send_message"],
        "BLOCKED",
        "a limit does not hide a block"
    );

    let path = format!(
        "{}/message_templates?name=paused_offer&fields=id",
        demo::WABA_ID
    );
    let paused = client.get(&path).await.1["data"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let of_template = health(&paused).await;
    assert_eq!(
        of_template["entities"][0]["entity_type"],
        "MESSAGE_TEMPLATE"
    );
    assert_eq!(of_template["can_send_message"], "BLOCKED");
}
