//! What can be printed holds no secret: every public type that holds one, and what errors say.

use std::fmt::Debug;

use host_test::testing::ScriptedClient;
use host_test::wit::http::{Body, Credential, Method, Placement, Request, Secret as Named, Sink};
use host_test::wit::types::Connection;
use host_test::{Config, Credentials, Host, HostError, Secret};

use crate::guest::{POST, WITH_HTTP, component};

const TOKEN: &str = "EAAGtoken-of-this-test";
const APP_SECRET: &str = "0123456789abcdef-of-this-test";
const VERIFY_TOKEN: &str = "verify-token-of-this-test";

fn credentials() -> Credentials {
    let secret = |text| Secret::new(text).unwrap();
    Credentials::new()
        .access_token(secret(TOKEN))
        .app_secret(secret(APP_SECRET))
        .verify_token(secret(VERIFY_TOKEN))
}

fn shows_none(what: &str, text: &str) {
    for secret in [TOKEN, APP_SECRET, VERIFY_TOKEN] {
        assert!(!text.contains(secret), "{what} shows {secret}: {text}");
    }
}

fn check(what: &str, value: &dyn Debug) {
    shows_none(what, &format!("{value:?}"));
    shows_none(what, &format!("{value:#?}"));
}

#[tokio::test]
async fn what_holds_a_secret_does_not_show_it() {
    let client = ScriptedClient::new().json(200, "{}").json(200, "{}");
    let host = Host::builder()
        .component_bytes(component(WITH_HTTP, POST))
        .allow_missing_exports(true)
        .credentials(credentials())
        .http_client(client.clone())
        .build()
        .unwrap();
    let credential = |secret, placement| Credential { secret, placement };
    let query = |name: &str| Placement::Query(name.to_owned());
    let request = Request {
        method: Method::Get,
        url: "https://graph.facebook.com/v25.0/debug_token".to_owned(),
        headers: vec![],
        body: Body::Empty,
        credentials: vec![
            credential(Named::AccessToken, Placement::Bearer),
            credential(Named::AccessToken, query("input_token")),
            credential(Named::AppSecret, query("client_secret")),
        ],
        timeout_ms: None,
        sink: Sink::Memory,
    };
    host.http_send(request.clone()).await.unwrap();
    host.invoke("https://graph.facebook.com/x", "{}", "{}")
        .await
        .unwrap()
        .unwrap();

    // The control: they are in there.
    let requests = client.requests();
    assert!(requests[0].url.contains(TOKEN) && requests[0].url.contains(APP_SECRET));
    assert!(
        requests[1].headers["authorization"]
            .to_str()
            .unwrap()
            .contains(TOKEN)
    );
    let verification = credentials().webhook_verification();
    assert_eq!(verification.verify_token, VERIFY_TOKEN);

    check("Secret", &Secret::new(TOKEN).unwrap());
    check("Credentials", &credentials());
    check("WebhookVerification", &verification);
    check("Host", &host);
    check("Account", &host.connect(Connection::default()));
    check("the contract's request", &request);
    check("ScriptedClient", &client);
    check("RecordedRequest", &requests);
    let config = Config {
        connection: Connection::default(),
        credentials: credentials(),
    };
    check("Config", &config);
}

#[tokio::test]
async fn an_error_says_what_it_is_about_without_the_secret() {
    // The network repeats all it was sent, as the worst client would.
    struct Telltale;
    impl host_test::client::HttpClient for Telltale {
        fn send(
            &self,
            request: host_test::client::OutgoingRequest,
        ) -> futures_util::future::BoxFuture<
            '_,
            Result<host_test::client::IncomingResponse, host_test::client::SendError>,
        > {
            let text = format!(
                "{} {:?}",
                request.url,
                request.headers["authorization"].to_str()
            );
            Box::pin(async { Err(host_test::client::SendError::NoAnswer(text)) })
        }
    }
    let host = Host::builder()
        .component_bytes(component(WITH_HTTP, POST))
        .allow_missing_exports(true)
        .credentials(credentials())
        .http_client(Telltale)
        .build()
        .unwrap();
    let error = host
        .invoke("https://graph.facebook.com/x", "{}", "{}")
        .await
        .unwrap_err();
    assert!(matches!(error, HostError::Trap { .. }), "{error:?}");
    check("the host's error", &error);
    shows_none("the host's error", &error.to_string());
    let request = Request {
        method: Method::Get,
        url: "https://graph.facebook.com/x".to_owned(),
        headers: vec![],
        body: Body::Empty,
        credentials: vec![Credential {
            secret: Named::AccessToken,
            placement: Placement::Bearer,
        }],
        timeout_ms: None,
        sink: Sink::Memory,
    };
    let failure = host.http_send(request).await.unwrap_err();
    check("the contract's failure", &failure);
    assert!(
        format!("{failure:?}").contains("Bearer [redacted]"),
        "{failure:?}"
    );
}
