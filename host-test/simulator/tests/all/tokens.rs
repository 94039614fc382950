//! Tokens: where they may stand, what happens without, and what debug_token says.

use graph_simulator::World;
use graph_simulator::world::{Token, Waba, demo};
use serde_json::json;

use crate::common::{Client, read, refused};

const PATH: &str = demo::PHONE_NUMBER_ID;

#[tokio::test]
async fn without_a_token_code_104_asks_for_one() {
    let client = Client::demo().await;
    let answer = read(client.http.get(client.url(PATH))).await;
    refused(
        &answer,
        401,
        104,
        "An access token is required to request this resource",
    );
}

#[tokio::test]
async fn a_token_is_taken_from_header_query_json_and_form() {
    let client = Client::demo().await;
    let http = &client.http;
    let token = demo::ACCESS_TOKEN;
    let oauth = format!("OAuth {token}");
    let marked = json!({"access_token": token, "pin": "123456"});
    for request in [
        http.get(client.url(PATH)).header("authorization", oauth),
        http.get(client.url(PATH)).query(&[("access_token", token)]),
        http.post(client.url(PATH)).json(&marked),
        http.post(client.url(PATH))
            .form(&[("access_token", token), ("pin", "123456")]),
    ] {
        let (status, body) = read(request).await;
        assert_eq!(status, 200, "{body}");
    }
}

#[tokio::test]
async fn bad_tokens_are_refused_with_190() {
    let mut client = Client::demo().await;
    client.token = "EAAwrong".into();
    let answer = client.get(PATH).await;
    refused(&answer, 401, 190, "Cannot parse access token");
    assert!(answer.1["error"].get("error_data").is_none());

    client.token = demo::EXPIRED_TOKEN.into();
    let answer = client.get(PATH).await;
    refused(&answer, 401, 190, "Session has expired");
    assert_eq!(answer.1["error"]["error_subcode"], 463);

    client.token = demo::REVOKED_TOKEN.into();
    let answer = client.get(PATH).await;
    refused(&answer, 401, 190, "session is invalid");
    assert_eq!(answer.1["error"]["error_subcode"], 467);
}

#[tokio::test]
async fn a_token_expires_by_the_movable_clock() {
    let client = Client::demo().await;
    let soon = client.sim.clock().now_seconds() + 60;
    client
        .sim
        .world(|world| world.token_mut(demo::ACCESS_TOKEN).unwrap().expires_at = Some(soon));
    assert_eq!(client.get(PATH).await.0, 200);
    client
        .sim
        .clock()
        .advance(std::time::Duration::from_secs(60));
    refused(&client.get(PATH).await, 401, 190, "expired");
}

#[tokio::test]
async fn a_missing_permission_is_code_10_for_messages_and_200_for_management() {
    let mut world = World::demo();
    world.add_token(Token::new("EAAnothing").with_scopes(["public_profile"]));
    let mut client = Client::with(world).await;
    client.token = "EAAnothing".into();
    refused(&client.send_text("x").await, 403, 10, "permission");
    let templates = format!("{}/message_templates", demo::WABA_ID);
    refused(
        &client.get(&templates).await,
        403,
        200,
        "whatsapp_business_management",
    );
}

#[tokio::test]
async fn an_object_of_another_waba_looks_as_if_it_did_not_exist() {
    let mut world = World::demo();
    world.add_waba(Waba::new("200000000000009", "Other"));
    let client = Client::with(world).await;
    let answer = client.get("200000000000009").await;
    refused(
        &answer,
        400,
        100,
        "Object with ID '200000000000009' does not exist",
    );
    assert_eq!(answer.1["error"]["error_subcode"], 33);
    assert_eq!(answer.1["error"]["type"], "GraphMethodException");
}

#[tokio::test]
async fn debug_token_describes_a_valid_token() {
    let mut world = World::demo();
    let mut newer = Waba::new("200000000000002", "Newer");
    newer.created_at += 1;
    world.add_waba(newer);
    world.add_token(Token::new("EAAtwo").for_wabas([demo::WABA_ID, "200000000000002"]));
    let client = Client::with(world).await;
    let (status, body) = client.get("debug_token?input_token=EAAtwo").await;
    assert_eq!(status, 200);
    let data = &body["data"];
    assert_eq!(data["is_valid"], true);
    assert_eq!(data["app_id"], demo::APP_ID);
    assert_eq!(data["expires_at"], 0);
    assert_eq!(data["data_access_expires_at"], 0);
    assert_eq!(
        data["scopes"],
        json!([
            "whatsapp_business_management",
            "whatsapp_business_messaging"
        ])
    );
    assert_eq!(
        data["granular_scopes"][0]["target_ids"],
        json!(["200000000000002", demo::WABA_ID])
    );
}

#[tokio::test]
async fn debug_token_answers_200_for_bad_input_tokens() {
    let client = Client::demo().await;
    for (input, subcode) in [
        ("nonsense", None),
        (demo::EXPIRED_TOKEN, Some(463)),
        (demo::REVOKED_TOKEN, Some(467)),
    ] {
        let (status, body) = client
            .get(&format!("debug_token?input_token={input}"))
            .await;
        assert_eq!(status, 200);
        assert_eq!(body["data"]["is_valid"], false);
        assert_eq!(body["data"]["error"]["code"], 190);
        assert_eq!(
            body["data"]["error"].get("subcode"),
            subcode.map(|s| json!(s)).as_ref()
        );
    }
    refused(
        &client.get("debug_token").await,
        400,
        100,
        "input_token is required",
    );
}

#[tokio::test]
async fn debug_token_takes_the_apps_own_token_and_refuses_bad_access_tokens() {
    let mut client = Client::demo().await;
    let path = format!("debug_token?input_token={}", demo::ACCESS_TOKEN);
    client.token = format!("{}|{}", demo::APP_ID, demo::APP_SECRET);
    assert_eq!(client.get(&path).await.1["data"]["is_valid"], true);
    client.token = "EAAwrong".into();
    refused(&client.get(&path).await, 401, 190, "Cannot parse");
}

#[tokio::test]
async fn a_login_code_is_exchanged_once_for_a_token_that_works() {
    let mut client = Client::demo().await;
    client.sim.world(|world| {
        world
            .login_codes
            .insert("CODE".into(), demo::ACCESS_TOKEN.into())
    });
    let path = |code: &str, secret: &str| {
        format!(
            "oauth/access_token?client_id={}&client_secret={secret}&{code}",
            demo::APP_ID
        )
    };
    let wrong = client.get(&path("code=CODE", "wrong")).await;
    refused(&wrong, 400, 1, "client secret");
    let (status, body) = client.get(&path("code=CODE", demo::APP_SECRET)).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(body["token_type"], "bearer");
    let again = client.get(&path("code=CODE", demo::APP_SECRET)).await;
    refused(&again, 400, 100, "has been used");

    client.token = body["access_token"].as_str().unwrap().into();
    assert_eq!(client.get(PATH).await.0, 200);
    let exchange = format!(
        "grant_type=fb_exchange_token&fb_exchange_token={}",
        client.token
    );
    assert_eq!(client.get(&path(&exchange, demo::APP_SECRET)).await.0, 200);
}
