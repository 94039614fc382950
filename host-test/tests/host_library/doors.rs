//! Loading components, and the way of a call through the host, with a network made of prepared answers.

use futures_util::future::BoxFuture;
use host_test::client::OutgoingBody;
use host_test::testing::ScriptedClient;
use host_test::wit::{http, types};
use host_test::{CredentialStore, Credentials, Host, HostBuilder, HostError, Secret};

use crate::guest::{MANIFEST, PLUGIN_ONLY, POST, WITH_HTTP, component};

const TOKEN: &str = "EAAGtoken-that-must-not-be-seen";
const URL: &str = "https://graph.facebook.com/v25.0/1/messages";

fn builder(client: &ScriptedClient) -> HostBuilder {
    let credentials = Credentials::new().access_token(Secret::new(TOKEN).unwrap());
    let guest = component(WITH_HTTP, POST);
    Host::builder()
        .component_bytes(guest)
        .allow_missing_exports(true)
        .credentials(credentials)
        .http_client(client.clone())
}

#[tokio::test]
async fn a_request_of_the_guest_gets_its_secret_outside_and_its_answer_without_it() {
    let client = ScriptedClient::new().json(200, format!(r#"{{"echo":"{TOKEN}"}}"#));
    let host = builder(&client).build().unwrap();
    let answer = host.invoke(URL, "{}", r#"{"a":1}"#).await.unwrap().unwrap();
    assert_eq!(answer, r#"{"echo":"[redacted]"}"#);
    let requests = client.requests();
    let [request] = requests.as_slice() else {
        panic!("{requests:?}")
    };
    assert_eq!(
        (request.method.as_str(), request.url.as_str()),
        ("POST", URL)
    );
    assert_eq!(request.body, OutgoingBody::Bytes(r#"{"a":1}"#.into()));
    assert_eq!(
        request.headers["authorization"],
        format!("Bearer {TOKEN}").as_str()
    );
    assert_eq!(request.headers["content-type"], "application/json");
}

#[tokio::test]
async fn each_customer_sends_with_their_own_token() {
    let client = ScriptedClient::new().json(200, "{}").json(200, "{}");
    let first = builder(&client).build().unwrap();
    let second =
        first.with_credentials(Credentials::new().access_token(Secret::new("EAAGsecond").unwrap()));
    second.invoke(URL, "{}", "{}").await.unwrap().unwrap();
    first.invoke(URL, "{}", "{}").await.unwrap().unwrap();
    let sent: Vec<_> = client
        .requests()
        .iter()
        .map(|request| request.headers["authorization"].clone())
        .collect();
    assert_eq!(sent, ["Bearer EAAGsecond", &format!("Bearer {TOKEN}")]);
}

#[tokio::test]
async fn nothing_of_one_call_is_left_for_the_next() {
    // `invoke` of this guest returns what an earlier call left in its memory, then leaves a mark.
    let guest = component(
        PLUGIN_ONLY,
        "(i32.store (i32.const 1032) (i32.const 4000)) (i32.store (i32.const 1036) (i32.load (i32.const 3996)))
         (i32.store8 (i32.const 4000) (i32.const 0x58)) (i32.store (i32.const 3996) (i32.const 1))",
    );
    let host = Host::builder()
        .component_bytes(guest)
        .allow_missing_exports(true)
        .build()
        .unwrap();
    for _ in 0..3 {
        assert_eq!(host.invoke("", "", "").await.unwrap().unwrap(), "");
    }
    // The control: one instance does remember.
    let mut session = host.session().await.unwrap();
    assert_eq!(session.invoke("", "", "").await.unwrap().unwrap(), "");
    assert_eq!(session.invoke("", "", "").await.unwrap().unwrap(), "X");
}

#[tokio::test]
async fn any_function_can_be_called_and_from_other_tasks() {
    let host = builder(&ScriptedClient::new()).build().unwrap();
    let other = host.clone();
    let task = tokio::spawn(async move { other.call(("plugin", "describe"), ()).await });
    let manifest: String = task.await.unwrap().unwrap();
    assert_eq!(manifest, MANIFEST);
    // The names and types of a call are only known when it is made.
    let unknown = host.call::<(), String>(("plugin", "forget"), ()).await;
    let unknown = unknown.unwrap_err().to_string();
    assert!(
        unknown.contains("found no function `plugin.forget`"),
        "{unknown}"
    );
    let wrong = host
        .call::<(u32,), String>(("plugin", "describe"), (1,))
        .await;
    let wrong = wrong.unwrap_err().to_string();
    assert!(
        wrong.contains("found `plugin.describe` with other types: "),
        "{wrong}"
    );
}

#[tokio::test]
async fn the_memory_of_a_session_can_be_searched() {
    let client = ScriptedClient::new().json(
        200,
        format!(r#"{{"echo":"{TOKEN}","other":"MARK-ANSWER"}}"#),
    );
    let host = builder(&client).memory_dumps(true).build().unwrap();
    let mut session = host.session().await.unwrap();
    session
        .invoke(URL, "{}", r#"{"input":"MARK-INPUT"}"#)
        .await
        .unwrap()
        .unwrap();
    let memory = session.memory_dump().await.unwrap();
    let holds = |text: &str| {
        memory
            .windows(text.len())
            .any(|window| window == text.as_bytes())
    };
    // The controls: what went in and what came back is there.
    assert!(holds("MARK-INPUT") && holds("MARK-ANSWER") && holds("[redacted]"));
    assert!(!holds(TOKEN));
    // And the token would be found if it were there.
    let mut session = host.session().await.unwrap();
    let _ = session.invoke("https://denied.example/", "{}", TOKEN).await;
    assert!(matches!(
        session.memory_dump().await,
        Err(HostError::SessionSpent)
    ));
    let quiet = Host::builder()
        .component_bytes(component(PLUGIN_ONLY, ""))
        .allow_missing_exports(true)
        .memory_dumps(true)
        .build()
        .unwrap();
    let mut session = quiet.session().await.unwrap();
    session.invoke("", "", TOKEN).await.unwrap().unwrap();
    let memory = session.memory_dump().await.unwrap();
    assert!(
        memory
            .windows(TOKEN.len())
            .any(|window| window == TOKEN.as_bytes())
    );
}

#[tokio::test]
async fn memory_dumps_have_to_be_asked_for() {
    let host = builder(&ScriptedClient::new()).build().unwrap();
    let error = host
        .session()
        .await
        .unwrap()
        .memory_dump()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("memory_dumps(true)"), "{error}");
}

#[tokio::test]
async fn an_interface_that_is_missing_is_named_at_the_call() {
    let host = builder(&ScriptedClient::new()).build().unwrap();
    let error = host
        .connect(types::Connection::default())
        .send_text_to("+49", "hi")
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("found no function `messages.send-text`"),
        "{error}"
    );
}

#[tokio::test]
async fn an_interface_of_somebody_else_is_not_the_contracts() {
    let foreign = r#"(component
        (core module $module (func (export "describe") (result i32) i32.const 1))
        (core instance $core (instantiate $module))
        (func $describe (result u32) (canon lift (core func $core "describe")))
        (instance $plugin (export "describe" (func $describe)))
        (export "acme:other/plugin@0.1.0" (instance $plugin)))"#;
    let host = Host::builder()
        .component_bytes(wat::parse_str(foreign).unwrap())
        .allow_missing_exports(true)
        .build()
        .unwrap();
    let found = host.call::<(), u32>(("plugin", "describe"), ()).await;
    let error = found.unwrap_err().to_string();
    assert!(
        error.contains("found no function `plugin.describe`"),
        "{error}"
    );
}

#[test]
fn what_is_not_the_connector_is_refused_with_the_reason() {
    let refusal = |bytes: Vec<u8>| Host::builder().component_bytes(bytes).build().unwrap_err();
    let error = refusal(b"hello".to_vec());
    assert!(matches!(error, HostError::NotAComponent { .. }), "{error}");
    let error = refusal(wat::parse_str("(module)").unwrap());
    assert!(
        matches!(&error, HostError::NotAComponent { .. })
            && error.to_string().contains("cargo xtask build"),
        "{error}"
    );
    let error = refusal(component(PLUGIN_ONLY, ""));
    assert!(
        matches!(&error, HostError::WrongWorld { detail } if detail.contains("whatsapp:connector/accounts@0.1.0")),
        "{error}"
    );
    let import = wat::parse_str(
        r#"(component (import "wasi:cli/environment@0.2.0" (instance (export "f" (func)))))"#,
    )
    .unwrap();
    let error = refusal(import);
    assert!(
        matches!(&error, HostError::WrongWorld { detail } if detail.contains("wasi:cli/environment@0.2.0")),
        "{error}"
    );
}

#[test]
fn a_missing_file_and_a_bad_base_url_are_named() {
    let error = Host::builder()
        .component("no/such/file.wasm")
        .build()
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("no/such/file.wasm") && error.contains("cargo xtask build"),
        "{error}"
    );
    let error = builder(&ScriptedClient::new())
        .allow_base_url("ftp://x")
        .build()
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("base URL") && error.contains("http://127.0.0.1:8080"),
        "{error}"
    );
    assert!(matches!(
        Host::builder().build(),
        Err(HostError::NoComponent)
    ));
}

#[tokio::test]
async fn a_media_host_gets_the_token_as_bearer_and_gives_none() {
    let client = ScriptedClient::new().json(200, "{}");
    let host = builder(&client).build().unwrap();
    let download = http::Request {
        method: http::Method::Get,
        url: "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1".to_owned(),
        headers: vec![],
        body: http::Body::Empty,
        credentials: vec![http::Credential {
            secret: http::Secret::AccessToken,
            placement: http::Placement::Bearer,
        }],
        timeout_ms: None,
        sink: http::Sink::Memory,
    };
    host.http_send(download.clone()).await.unwrap();
    let sink = http::Sink::AccessToken("access_token".to_owned());
    let refused = host.http_send(http::Request { sink, ..download }).await;
    assert!(matches!(refused, Err(http::Failure::Denied(text)) if text.contains("media host")));
    let requests = client.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(
        requests[0].headers["authorization"],
        format!("Bearer {TOKEN}").as_str()
    );
}

#[tokio::test]
async fn an_issued_token_is_handed_to_the_store_and_a_store_that_fails_does_not_lose_it() {
    struct Store(std::sync::Arc<std::sync::Mutex<Vec<String>>>);
    impl CredentialStore for Store {
        fn keep_access_token<'a>(&'a self, token: &'a Secret) -> BoxFuture<'a, Result<(), String>> {
            self.0.lock().unwrap().push(token.expose().to_owned());
            Box::pin(async { Err("the disk is full".to_owned()) })
        }
    }
    let kept = std::sync::Arc::default();
    let credentials = Credentials::new()
        .app_secret(Secret::new("0123").unwrap())
        .store(Store(std::sync::Arc::clone(&kept)));
    let client = ScriptedClient::new().json(200, r#"{"access_token":"EAAGissued"}"#);
    let host = builder(&client).credentials(credentials).build().unwrap();
    let exchange = http::Request {
        method: http::Method::Get,
        url: "https://graph.facebook.com/v25.0/oauth/access_token?client_id=1&code=2".to_owned(),
        headers: vec![],
        body: http::Body::Empty,
        credentials: vec![http::Credential {
            secret: http::Secret::AppSecret,
            placement: http::Placement::Query("client_secret".to_owned()),
        }],
        timeout_ms: None,
        sink: http::Sink::AccessToken("access_token".to_owned()),
    };
    host.http_send(exchange).await.unwrap();
    assert!(
        client.requests()[0]
            .url
            .ends_with("?client_id=1&code=2&client_secret=0123")
    );
    assert_eq!(*kept.lock().unwrap(), ["EAAGissued"]);
    assert_eq!(
        host.credentials().current_access_token().unwrap().expose(),
        "EAAGissued"
    );
}
