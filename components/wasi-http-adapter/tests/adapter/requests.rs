//! What leaves, and what comes back.

use crate::host::{TOKEN, invoke};
use crate::network::{Manner, Network};
use serde_json::{Value, json};

const ACCEPTED: &str = r#"{"messaging_product":"whatsapp","contacts":[{"input":"+15550100100","wa_id":"15550100100"}],"messages":[{"id":"wamid.1"}]}"#;

fn connection() -> Value {
    json!({"phone_number_id": "106540352242922"})
}

fn text() -> Value {
    json!({"to": "+15550100100", "body": "Hello"})
}

#[tokio::test]
async fn a_message_leaves_once_with_the_token_as_bearer() {
    let network = Network::new(Manner::good(ACCEPTED));
    let output = invoke(&network, &[], "send-text", &connection(), &text())
        .await
        .unwrap();
    assert_eq!(output["message_id"], "wamid.1");
    let [sent] = &network.sent()[..] else {
        panic!("{:?}", network.sent())
    };
    assert_eq!(sent.method, "POST");
    assert!(
        sent.url.starts_with("https://graph.facebook.com/v")
            && sent.url.ends_with("/106540352242922/messages"),
        "{}",
        sent.url
    );
    let header = |name: &str| sent.headers.get(name).map(|value| value.to_str().unwrap());
    assert_eq!(
        header("authorization"),
        Some(format!("Bearer {TOKEN}").as_str())
    );
    assert_eq!(header("content-type"), Some("application/json"));
    assert!(header("user-agent").is_some_and(|agent| agent.starts_with("whatsapp-connector/")));
    let body: Value = serde_json::from_slice(&sent.body).unwrap();
    assert_eq!(body["text"]["body"], "Hello");
    let length = header("content-length").map(|length| length.parse::<usize>().unwrap());
    assert_eq!(length, Some(sent.body.len()));
}

#[tokio::test]
async fn a_token_in_the_query_is_encoded_and_blanked_in_the_answer() {
    let answer = json!({"data": {"is_valid": true, "type": "SYSTEM_USER", "application": format!("App {TOKEN}"), "scopes": []}});
    let network = Network::new(Manner::good(&answer.to_string()));
    let output = invoke(
        &network,
        &[],
        "validate-connection",
        &connection(),
        &json!({}),
    )
    .await
    .unwrap();
    assert_eq!(output["application"], "App [redacted]");
    let [sent] = &network.sent()[..] else {
        panic!("{:?}", network.sent())
    };
    assert!(
        sent.url.contains("input_token=EAA%7Chidden%2Ftoken"),
        "{}",
        sent.url
    );
}

#[tokio::test]
async fn a_file_goes_as_multipart() {
    let network = Network::new(Manner::good(r#"{"id":"4711"}"#));
    let input =
        json!({"bytes_base64": "iVBORw0KGgo=", "mime_type": "image/png", "filename": "a.png"});
    let output = invoke(&network, &[], "upload-media", &connection(), &input)
        .await
        .unwrap();
    assert_eq!(output["id"], "4711");
    let [sent] = &network.sent()[..] else {
        panic!("{:?}", network.sent())
    };
    let kind = sent.headers["content-type"].to_str().unwrap();
    let boundary = kind.strip_prefix("multipart/form-data; boundary=").unwrap();
    let body = String::from_utf8_lossy(&sent.body);
    assert!(
        body.starts_with(&format!("--{boundary}\r\n"))
            && body.ends_with(&format!("--{boundary}--\r\n")),
        "{body}"
    );
    assert!(
        body.contains("name=\"file\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n"),
        "{body}"
    );
    assert!(
        sent.body
            .windows(8)
            .any(|bytes| bytes == b"\x89PNG\r\n\x1a\n")
    );
}

#[tokio::test]
async fn the_wait_of_an_answer_reaches_the_engine_and_nothing_is_repeated() {
    let body = json!({"error": {"code": 130429, "message": "too many", "type": "OAuthException"}});
    let headers = vec![
        ("Retry-After", "7".to_owned()),
        ("Set-Cookie", "a=hidden".to_owned()),
    ];
    let network = Network::new(Manner::Answer(429, headers, body.to_string()));
    let problem = invoke(&network, &[], "send-text", &connection(), &text())
        .await
        .unwrap_err();
    assert_eq!(problem.case, "rate-limited", "{problem:?}");
    assert_eq!(network.sent().len(), 1);
}

#[tokio::test]
async fn a_redirect_is_an_answer() {
    let headers = vec![("Location", "https://evil.example/".to_owned())];
    let network = Network::new(Manner::Answer(302, headers, String::new()));
    let problem = invoke(&network, &[], "send-text", &connection(), &text())
        .await
        .unwrap_err();
    assert_eq!(problem.case, "permanent-rejected", "{problem:?}");
    assert_eq!(network.sent().len(), 1);
}
