//! Requests that are not Meta's, or not as Meta sent them.

use crate::delivery::{messages, signature};
use crate::host::{APP_SECRET, Answer, Endpoint, VERIFY_TOKEN};
use crate::sink::{Manner, Sink};
use bytes::Bytes;
use http_body_util::Full;
use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

/// 4 MiB.
const BODY_MAX: usize = 4 * 1024 * 1024;

/// A refusal says nothing to a stranger, and one line to the operator.
fn assert_refused(answer: &Answer, status: u16, words: &str) {
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (status, ""),
        "{:?}",
        answer.log
    );
    assert_eq!(answer.log.len(), 1, "{:?}", answer.log);
    assert!(answer.log[0].contains(words), "{:?}", answer.log);
    assert!(
        answer.log[0].contains(&format!("answered {status}")),
        "{:?}",
        answer.log
    );
}

fn handshake(token: &str) -> String {
    format!("/?hub.mode=subscribe&hub.verify_token={token}&hub.challenge=1158201444")
}

#[tokio::test]
async fn the_handshake_echoes_the_challenge() {
    let endpoint = Endpoint::new(&Sink::good());
    let answer = endpoint.get(&handshake(VERIFY_TOKEN)).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "1158201444"));
    assert_eq!(answer.log, Vec::<String>::new());
}

#[tokio::test]
async fn a_handshake_needs_no_sink() {
    for batch in ["0", "1"] {
        let endpoint = Endpoint::new(&Sink::new([Manner::Away])).with("WHATSAPP_SINK_BATCH", batch);
        assert_eq!(endpoint.get(&handshake(VERIFY_TOKEN)).await.status, 200);
    }
}

#[tokio::test]
async fn a_long_challenge_comes_back_whole() {
    let challenge = "0123456789".repeat(1000);
    let endpoint = Endpoint::new(&Sink::good());
    let target =
        format!("/?hub.mode=subscribe&hub.verify_token={VERIFY_TOKEN}&hub.challenge={challenge}");
    let answer = endpoint.get(&target).await;
    assert_eq!((answer.status, answer.body), (200, challenge));
}

#[tokio::test]
async fn a_handshake_with_another_token_is_refused() {
    let endpoint = Endpoint::new(&Sink::good());
    assert_refused(
        &endpoint.get(&handshake("other")).await,
        403,
        "hub.verify_token",
    );
    assert_refused(&endpoint.get("/").await, 403, "hub.mode");
}

#[tokio::test]
async fn another_method_is_refused() {
    let endpoint = Endpoint::new(&Sink::good());
    let request = http::Request::put("/").body(Full::<Bytes>::default());
    let answer = endpoint.handle(request.expect("is a request")).await;
    assert_refused(&answer, 405, "PUT");
}

#[tokio::test]
async fn only_what_an_app_secret_has_signed_reaches_the_sink() {
    let sink = Sink::good();
    let endpoint = Endpoint::new(&sink);
    let body = messages(1);
    let post = |signature, body: &str| {
        let body = Full::from(body.to_owned());
        let endpoint = &endpoint;
        async move { endpoint.post("/", signature, body).await }
    };
    assert_refused(
        &post(None, &body).await,
        401,
        "X-Hub-Signature-256 is missing",
    );
    let other = signature("another", body.as_bytes());
    assert_refused(
        &post(Some(&other), &body).await,
        401,
        "matches no app secret",
    );
    let right = signature(APP_SECRET, body.as_bytes());
    // The same JSON, but not the same bytes.
    let changed = format!("{body} ");
    assert_refused(
        &post(Some(&right), &changed).await,
        401,
        "matches no app secret",
    );
    assert!(sink.posts().is_empty());
    assert_eq!(post(Some(&right), &body).await.status, 200);
}

#[tokio::test]
async fn each_of_several_app_secrets_will_do() {
    let sink = Sink::good();
    let endpoint = Endpoint::new(&sink).with("WHATSAPP_APP_SECRET", "new-hidden, old-hidden");
    let body = messages(1);
    for (secret, status) in [
        ("new-hidden", 200),
        ("old-hidden", 200),
        ("new-hidden, old-hidden", 401),
    ] {
        let signature = signature(secret, body.as_bytes());
        let answer = endpoint
            .post("/", Some(&signature), Full::from(body.clone()))
            .await;
        assert_eq!(answer.status, status, "{secret}");
    }
}

#[tokio::test]
async fn a_body_that_is_not_utf_8_is_refused() {
    let sink = Sink::good();
    let mut body = messages(1).into_bytes();
    body[40] = 0xff;
    assert_refused(
        &Endpoint::new(&sink).deliver(body).await,
        400,
        "UTF-8 at byte 40",
    );
    assert!(sink.posts().is_empty());
}

#[tokio::test]
async fn a_signed_body_that_is_no_json_is_refused() {
    let answer = Endpoint::new(&Sink::good()).deliver("nonsense").await;
    assert_refused(&answer, 400, "JSON");
}

#[tokio::test]
async fn a_body_of_the_largest_size_is_read_and_no_larger_one() {
    let endpoint = Endpoint::new(&Sink::good());
    // White space behind the JSON: it is signed as well.
    let mut body = messages(1);
    body.push_str(&" ".repeat(BODY_MAX - body.len()));
    assert_eq!(endpoint.deliver(body.clone()).await.status, 200);
    assert_refused(
        &endpoint.deliver(body + " ").await,
        413,
        "more than 4194304 bytes",
    );
}

#[tokio::test]
async fn a_body_that_says_that_it_is_too_large_is_not_waited_for() {
    let endpoint = Endpoint::new(&Sink::good());
    let request = http::Request::post("/")
        .header("content-length", BODY_MAX + 1)
        .body(Silence);
    let answer = endpoint.handle(request.expect("is a request")).await;
    assert_refused(&answer, 413, "bytes");
}

#[tokio::test]
async fn a_body_without_an_end_is_cut_off() {
    let endpoint = Endpoint::new(&Sink::good());
    let answer = endpoint.post("/", None, Endless).await;
    assert_refused(&answer, 413, "bytes");
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for_without_end() {
    let endpoint = Endpoint::new(&Sink::good()).with("WHATSAPP_TIME_LIMIT_SECONDS", "1");
    assert_refused(&endpoint.post("/", None, Silence).await, 408, "TIME_LIMIT");
}

#[tokio::test]
async fn with_a_path_every_other_one_is_refused() {
    let sink = Sink::new([Manner::Away]);
    let endpoint = Endpoint::new(&sink).with("WHATSAPP_WEBHOOK_PATH", "/hook");
    for target in ["/", "/hook/", "/hooks", "/other?/hook", "/Hook"] {
        assert_refused(&endpoint.get(target).await, 404, "/hook");
    }
    let right = handshake(VERIFY_TOKEN).replacen('/', "/hook", 1);
    assert_eq!(endpoint.get(&right).await.status, 200);
}

#[tokio::test]
async fn without_a_path_every_one_will_do() {
    let endpoint = Endpoint::new(&Sink::good());
    let target = handshake(VERIFY_TOKEN).replacen('/', "/any/where", 1);
    assert_eq!(endpoint.get(&target).await.status, 200);
}

/// A body of which nothing ever comes.
struct Silence;

impl http_body::Body for Silence {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Infallible>>> {
        Poll::Pending
    }
}

/// A body that never ends.
struct Endless;

impl http_body::Body for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Infallible>>> {
        let frame = http_body::Frame::data(Bytes::from_static(&[b' '; 60_000]));
        Poll::Ready(Some(Ok(frame)))
    }
}
