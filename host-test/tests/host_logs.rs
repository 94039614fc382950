//! What stands in the log: enough to see what happened, and no secret, no content, no query, at any level, from the host and from what it sends with.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that panics has failed, as it should"
)]

#[path = "host_library/guest.rs"]
#[allow(dead_code, reason = "shared with the tests of the library")]
mod guest;
#[path = "host_library/server.rs"]
#[allow(dead_code, reason = "shared with the tests of the library")]
mod server;

use std::io::Write;
use std::sync::{Arc, Mutex};

use host_test::wit::http::{Body, Credential, Method, Placement, Request, Secret as Named, Sink};
use host_test::{Credentials, Host, Secret};
use server::{Reply, Server, ok};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_log_says_what_happened_and_no_more() {
    const CRATES: &str =
        "host_test=trace,reqwest=trace,hyper=trace,hyper_util=trace,h2=trace,rustls=trace";
    let log = Log::default();
    let writer = log.clone();
    tracing_subscriber::fmt()
        .with_env_filter(CRATES)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .init();

    let echo = ok("x-echo: EAAGtoken\r\n", "EAAGtoken ANSWER-TEXT");
    let server = Server::start(vec![Reply::Keep(echo), Reply::Close(String::new())]).await;
    let credentials = Credentials::new()
        .access_token(Secret::new("EAAGtoken").unwrap())
        .app_secret(Secret::new("0123secret").unwrap());
    let guest = guest::component(guest::PLUGIN_ONLY, "");
    let builder = Host::builder()
        .component_bytes(guest)
        .allow_missing_exports(true)
        .credentials(credentials);
    let host = builder.allow_base_url(&server.base_url).build().unwrap();
    let credential = |secret, placement| Credential { secret, placement };
    let request = Request {
        method: Method::Post,
        url: format!("{}/v25.0/4711/messages?to=QUERY-VALUE", server.base_url),
        headers: vec![],
        body: Body::Json(r#"{"body":"MESSAGE-TEXT"}"#.to_owned()),
        credentials: vec![
            credential(Named::AccessToken, Placement::Bearer),
            credential(
                Named::AccessToken,
                Placement::Query("input_token".to_owned()),
            ),
            credential(
                Named::AppSecret,
                Placement::Query("client_secret".to_owned()),
            ),
        ],
        timeout_ms: None,
        sink: Sink::Memory,
    };
    host.http_send(request.clone()).await.unwrap();
    host.http_send(request.clone()).await.unwrap_err();
    host.http_send(Request {
        url: "https://elsewhere.example/x?to=QUERY-VALUE".to_owned(),
        ..request
    })
    .await
    .unwrap_err();
    let _ = format!("{host:?}");
    tracing::info!(target: "host_test", ?host, "the host itself");

    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(
        text.contains("hyper"),
        "the HTTP crates' own lines are missing, so they were not checked:\n{text}"
    );
    for hidden in [
        "EAAGtoken",
        "0123secret",
        "MESSAGE-TEXT",
        "ANSWER-TEXT",
        "QUERY-VALUE",
    ] {
        assert!(!text.contains(hidden), "{hidden}:\n{text}");
    }
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| line.contains("host_test::gateway"))
        .collect();
    let [sent, broken, denied] = lines.as_slice() else {
        panic!("{lines:#?}")
    };
    for (line, says) in [
        (
            sent,
            &[
                "INFO",
                "method=POST",
                "host=\"127.0.0.1\"",
                "path=\"/v25.0/4711/messages\"",
                "status=200",
                "ms=",
                "bytes=21",
            ][..],
        ),
        (
            broken,
            &[
                "WARN",
                "no answer",
                "path=\"/v25.0/4711/messages\"",
                "before you repeat it",
            ][..],
        ),
        (
            denied,
            &[
                "WARN",
                "denied",
                "https://elsewhere.example",
                "WHATSAPP_BASE_URL",
            ][..],
        ),
    ] {
        for part in says {
            assert!(line.contains(part), "{part}: {line}");
        }
    }
}
