//! What each failure is called, and that none leads to a second request.

use std::time::Duration;

use super::*;

#[tokio::test]
async fn a_refused_connection_is_not_sent() {
    let server = Server::start(vec![]).await;
    let (host, request) = (host(&server), post(&server));
    server.stop().await;
    let failure = host.http_send(request).await.unwrap_err();
    assert!(
        matches!(&failure, Failure::NotSent(text) if text.contains("efused")),
        "{failure:?}"
    );
}

#[tokio::test]
async fn a_failed_tls_handshake_is_not_sent() {
    let server = Server::start(vec![]).await;
    let base_url = server.base_url.replace("http://", "https://");
    let host = builder(&server).allow_base_url(&base_url).build().unwrap();
    let url = format!("{base_url}/v25.0/1/messages");
    let failure = host
        .http_send(Request {
            url,
            ..post(&server)
        })
        .await
        .unwrap_err();
    assert!(matches!(failure, Failure::NotSent(_)), "{failure:?}");
    assert_eq!(server.requests().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_connection_that_closes_before_the_answer_is_no_answer_and_the_request_is_not_repeated() {
    let server = Server::start(vec![Reply::Close(String::new()), Reply::Keep(ok("", "{}"))]).await;
    let failure = host(&server).http_send(post(&server)).await.unwrap_err();
    assert!(matches!(failure, Failure::NoAnswer(_)), "{failure:?}");
    assert_eq!(server.requests().await.len(), 1);
}

#[tokio::test]
async fn a_kept_connection_that_closes_does_not_repeat_the_request_either() {
    let server = Server::start(vec![
        Reply::Keep(ok("", "{}")),
        Reply::Close(String::new()),
        Reply::Keep(ok("", "{}")),
    ])
    .await;
    let host = host(&server);
    host.http_send(post(&server)).await.unwrap();
    let failure = host.http_send(post(&server)).await.unwrap_err();
    assert!(matches!(failure, Failure::NoAnswer(_)), "{failure:?}");
    assert_eq!(server.requests().await.len(), 2);
}

#[tokio::test]
async fn a_truncated_answer_is_no_answer() {
    for (sink, head) in [
        (Sink::Memory, "content-length: 100\r\n\r\n{\"messages\":"),
        (Sink::Blob, "content-length: 100\r\n\r\nPNG"),
        (
            Sink::Memory,
            "transfer-encoding: chunked\r\n\r\n5\r\n{\"a\"",
        ),
    ] {
        let server = Server::start(vec![Reply::Close(format!("HTTP/1.1 200 OK\r\n{head}"))]).await;
        let failure = host(&server)
            .http_send(Request {
                sink,
                ..post(&server)
            })
            .await
            .unwrap_err();
        assert!(matches!(failure, Failure::NoAnswer(_)), "{failure:?}");
    }
}

#[tokio::test]
async fn an_answer_above_the_limit_is_too_large_whether_announced_or_not() {
    let body = "a".repeat(101);
    let chunked = format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n65\r\n{body}\r\n");
    for reply in [ok("", &body), chunked] {
        let server = Server::start(vec![Reply::Hang(reply)]).await;
        let host = builder(&server).max_response_bytes(100).build().unwrap();
        assert_eq!(
            host.http_send(post(&server)).await,
            Err(Failure::TooLarge(100))
        );
    }
}

#[tokio::test]
async fn silence_is_no_answer_before_and_within_the_answer() {
    for begun in [
        "",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n{",
    ] {
        let server = Server::start(vec![Reply::Hang(begun.to_owned())]).await;
        let host = builder(&server)
            .http_timeout(Duration::from_secs(3600))
            .build()
            .unwrap();
        let failure = host
            .http_send(Request {
                timeout_ms: Some(50),
                ..post(&server)
            })
            .await
            .unwrap_err();
        assert_eq!(
            failure,
            Failure::NoAnswer("no complete answer within 50 ms".to_owned())
        );
    }
}

#[tokio::test]
async fn something_that_is_not_http_is_no_answer() {
    let server = Server::start(vec![Reply::Close("SSH-2.0-OpenSSH_9.9\r\n".to_owned())]).await;
    let failure = host(&server).http_send(post(&server)).await.unwrap_err();
    assert!(matches!(failure, Failure::NoAnswer(_)), "{failure:?}");
}
