//! The login exchange and token refresh.

use std::time::Duration;

use graph_simulator::world::{LoginCode, Token, demo};
use serde_json::json;

use crate::common::{Answer, Client, read, refused};

/// `/oauth/access_token` with the app's id and secret; no token is needed.
async fn exchange(client: &Client, parameters: &[(&str, &str)]) -> Answer {
    let request = client
        .http
        .get(client.url("oauth/access_token"))
        .query(&[
            ("client_id", demo::APP_ID),
            ("client_secret", demo::APP_SECRET),
        ])
        .query(parameters);
    read(request).await
}

#[tokio::test]
async fn a_login_leads_to_the_wabas_it_was_for() {
    let mut client = Client::demo().await;
    let (status, body) = exchange(&client, &[("code", demo::LOGIN_CODE)]).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(body["expires_in"], 60 * 86_400);
    client.token = body["access_token"].as_str().unwrap().into();
    let input = client.token.clone();
    let (_, about) = client
        .get(&format!("debug_token?input_token={input}"))
        .await;
    let scopes = &about["data"]["granular_scopes"];
    assert_eq!(scopes[0]["scope"], "business_management");
    assert_eq!(
        scopes[0]["target_ids"],
        json!([demo::BUSINESS_ID, demo::CLIENT_BUSINESS_ID])
    );
    assert_eq!(scopes[1]["scope"], "whatsapp_business_management");
    assert_eq!(scopes[1]["target_ids"].as_array().unwrap().len(), 2);
    let now = client.sim.clock().now_seconds();
    assert_eq!(about["data"]["expires_at"], now + 60 * 86_400);
    assert_eq!(about["data"]["issued_at"], now);

    // It dies by the simulator's clock; before, it can be changed for a fresh one, also by form.
    client.sim.clock().advance(Duration::from_secs(59 * 86_400));
    let form = [
        ("grant_type", "fb_exchange_token"),
        ("client_id", demo::APP_ID),
        ("client_secret", demo::APP_SECRET),
        ("fb_exchange_token", &input),
        ("set_token_expires_in_60_days", "true"),
    ];
    let (status, fresh) = read(
        client
            .http
            .post(client.url("oauth/access_token"))
            .form(&form),
    )
    .await;
    assert_eq!(status, 200, "{fresh}");
    client.sim.clock().advance(Duration::from_secs(86_400));
    refused(&client.get("me").await, 401, 190, "expired");
    let old = exchange(&client, &[("fb_exchange_token", &input)]).await;
    refused(&old, 401, 190, "Session has expired");
    client.token = fresh["access_token"].as_str().unwrap().into();
    assert_eq!(client.get("me").await.0, 200);
}

#[tokio::test]
async fn codes_work_once_in_time_and_for_their_address() {
    let client = Client::demo().await;
    let now = client.sim.clock().now_ms();
    client.sim.world(|world| {
        let code = LoginCode {
            token: demo::ACCESS_TOKEN.into(),
            redirect_uri: Some("https://example.com/login".into()),
            expires_at_ms: Some(now + 30_000),
        };
        world.login_codes.insert("one".into(), code.clone());
        world.login_codes.insert("two".into(), code);
    });
    let with = |code, address| [("code", code), ("redirect_uri", address)];
    let wrong = exchange(&client, &with("one", "https://example.com/login/")).await;
    refused(&wrong, 400, 100, "redirect_uri is identical");
    assert_eq!(wrong.1["error"]["error_subcode"], 36_008);
    let right = with("one", "https://example.com/login");
    assert_eq!(exchange(&client, &right).await.0, 200);
    let again = exchange(&client, &right).await;
    refused(&again, 400, 100, "has been used");
    assert_eq!(again.1["error"]["error_subcode"], 36_009);
    client.sim.clock().advance(Duration::from_secs(30));
    let late = exchange(&client, &with("two", "https://example.com/login")).await;
    refused(&late, 400, 100, "has expired");
    assert_eq!(late.1["error"]["error_subcode"], 36_007);
    let unknown = exchange(&client, &[("code", "three")]).await;
    refused(&unknown, 400, 100, "Invalid verification code format");
}

#[tokio::test]
async fn what_is_wrong_with_the_app_or_the_grant_is_told() {
    let client = Client::demo().await;
    let url = client.url("oauth/access_token");
    refused(
        &read(client.http.get(&url)).await,
        400,
        101,
        "Missing client_id",
    );
    let other = client
        .http
        .get(&url)
        .query(&[("client_id", "1"), ("client_secret", "x")]);
    refused(&read(other).await, 400, 101, "Invalid application ID");
    let secret = client.http.get(&url).query(&[("client_id", demo::APP_ID)]);
    refused(&read(secret).await, 400, 1, "client secret");
    refused(
        &exchange(&client, &[]).await,
        400,
        1,
        "Missing authorization code",
    );
    refused(
        &exchange(&client, &[("grant_type", "password")]).await,
        400,
        100,
        "Invalid grant_type: 'password'",
    );
    let (_, body) = exchange(&client, &[("grant_type", "client_credentials")]).await;
    assert_eq!(
        body["access_token"],
        format!("{}|{}", demo::APP_ID, demo::APP_SECRET)
    );
}

#[tokio::test]
async fn a_persons_token_tells_until_when_their_data_can_be_read() {
    let mut client = Client::demo().await;
    client.sim.world(|world| {
        let mut token = Token::new("EAAperson").for_wabas([demo::WABA_ID]);
        token.kind = "USER".into();
        world.add_token(token);
    });
    let (_, body) = exchange(&client, &[("fb_exchange_token", "EAAperson")]).await;
    client.token = body["access_token"].as_str().unwrap().into();
    let path = format!("debug_token?input_token={}", client.token);
    let (_, about) = client.get(&path).await;
    let now = client.sim.clock().now_seconds();
    assert_eq!(about["data"]["data_access_expires_at"], now + 90 * 86_400);
    assert_eq!(about["data"]["type"], "USER");
}

#[tokio::test]
async fn codes_come_over_http_and_are_not_kept() {
    let client = Client::demo().await;
    let order = json!({"redirect_uri": "https://example.com/", "seconds": 30});
    let (status, body) = client.control("POST", "login_codes", order).await;
    assert_eq!(status, 200, "{body}");
    let code = body["code"].as_str().unwrap();
    let parameters = [("code", code), ("redirect_uri", "https://example.com/")];
    let (_, token) = exchange(&client, &parameters).await;
    let token = token["access_token"].as_str().unwrap();
    exchange(&client, &[("fb_exchange_token", token)]).await;
    exchange(&client, &[("fb_exchange_token", "EAAunknownToken")]).await;
    exchange(&client, &parameters).await;
    let (_, requests) = client.control("GET", "requests", json!(null)).await;
    let (_, state) = client.control("GET", "state", json!(null)).await;
    for secret in [
        code,
        token,
        "EAAunknownToken",
        demo::APP_SECRET,
        demo::LOGIN_CODE,
    ] {
        assert!(!requests.to_string().contains(secret), "{secret}");
        assert!(!state.to_string().contains(secret), "{secret}");
    }
    let wrong = json!({"token": "EAAnobody"});
    assert_eq!(client.control("POST", "login_codes", wrong).await.0, 400);
}
