//! What does not leave, and what may have arrived.

use crate::host::invoke;
use crate::network::{Manner, Network};
use serde_json::json;
use wasmtime_wasi_http::Error;

/// Sends a text and returns the case of the error and its message.
async fn fails(
    manner: Manner,
    environment: &[(&str, &str)],
    connection: serde_json::Value,
) -> (String, String, usize) {
    let network = Network::new(manner);
    let input = json!({"to": "+15550100100", "body": "Hello"});
    let problem = invoke(&network, environment, "send-text", &connection, &input)
        .await
        .unwrap_err();
    (problem.case, problem.message, network.sent().len())
}

fn connection() -> serde_json::Value {
    json!({"phone_number_id": "106540352242922"})
}

#[tokio::test]
async fn what_did_not_leave_may_be_tried_again() {
    for error in [
        || Error::ConnectionRefused,
        || Error::DestinationUnavailable,
        || Error::TlsCertificateError,
    ] {
        let (case, message, sent) = fails(Manner::Fails(error), &[], connection()).await;
        assert_eq!((case.as_str(), sent), ("unavailable", 0), "{message}");
    }
}

#[tokio::test]
async fn what_may_have_arrived_is_not_tried_again() {
    for error in [
        || Error::ConnectionTerminated,
        || Error::ConnectionReadTimeout,
        || Error::HttpProtocolError,
    ] {
        let (case, message, sent) = fails(Manner::Breaks(error), &[], connection()).await;
        assert_eq!(
            (case.as_str(), sent),
            ("permanent-outcome-unknown", 1),
            "{message}"
        );
    }
}

#[tokio::test]
async fn the_time_ends() {
    let limit = [("WHATSAPP_TIMEOUT_MS", "50")];
    let (case, message, sent) = fails(Manner::Silence, &limit, connection()).await;
    assert_eq!(
        (case.as_str(), sent),
        ("permanent-outcome-unknown", 1),
        "{message}"
    );
}

#[tokio::test]
async fn an_answer_has_an_end() {
    let limit = [("WHATSAPP_MAX_RESPONSE_BYTES", "1000")];
    let (case, message, sent) = fails(Manner::good(&" ".repeat(1001)), &limit, connection()).await;
    assert_eq!(
        (case.as_str(), sent),
        ("permanent-outcome-unknown", 1),
        "{message}"
    );
}

#[tokio::test]
async fn nothing_leaves_to_another_host_or_without_a_token() {
    let away = json!({"phone_number_id": "1", "base_url": "https://evil.example"});
    let (case, message, sent) = fails(Manner::good("{}"), &[], away).await;
    assert!(
        message.contains("https://evil.example") && message.contains("WHATSAPP_BASE_URL"),
        "{case}: {message}"
    );
    assert_eq!(sent, 0);
    let (case, message, sent) = fails(
        Manner::good("{}"),
        &[("WHATSAPP_ACCESS_TOKEN", "")],
        connection(),
    )
    .await;
    assert!(
        message.contains("WHATSAPP_ACCESS_TOKEN"),
        "{case}: {message}"
    );
    assert_eq!(sent, 0);
}

#[tokio::test]
async fn a_host_without_files_says_so() {
    let network = Network::new(Manner::good("{}"));
    let input =
        json!({"to": "+15550100100", "kind": "image", "blob": "blob:1", "mime_type": "image/png"});
    let problem = invoke(&network, &[], "send-media", &connection(), &input)
        .await
        .unwrap_err();
    assert!(problem.message.contains("keeps no files"), "{problem:?}");
    assert_eq!(network.sent().len(), 0);
}
