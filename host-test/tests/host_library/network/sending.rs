//! What leaves and what comes back.

use super::*;

/// The head of a request as sorted lines, without the ones that vary.
fn head(request: &str) -> Vec<&str> {
    let (head, _) = request.split_once("\r\n\r\n").unwrap();
    let mut lines: Vec<&str> = head
        .split("\r\n")
        .filter(|line| !line.starts_with("host: "))
        .collect();
    lines.sort_unstable();
    lines
}

#[tokio::test]
async fn exactly_these_headers_are_sent() {
    let server = Server::start(vec![Reply::Keep(ok("", "{}"))]).await;
    let header = |name: &str, value: &str| Header {
        name: name.to_owned(),
        value: value.to_owned(),
    };
    let guests = [
        "authorization",
        "Host",
        "cookie",
        "content-length",
        "transfer-encoding",
        "connection",
        "proxy-authorization",
        "accept-encoding",
    ];
    let mut headers: Vec<Header> = guests.iter().map(|name| header(name, "gzip")).collect();
    headers.push(header("x-mine", "1"));
    let response = host(&server)
        .http_send(Request {
            headers,
            ..post(&server)
        })
        .await
        .unwrap();
    assert_eq!((response.status, text(&response)), (200, "{}"));
    let host = server.base_url.replace("http://", "host: ");
    let requests = server.requests().await;
    assert!(
        requests[0].contains(&format!("{host}\r\n")),
        "{}",
        requests[0]
    );
    let version = env!("CARGO_PKG_VERSION");
    let expected = [
        "POST /v25.0/1/messages HTTP/1.1",
        "accept-encoding: identity",
        "accept: */*",
        "authorization: Bearer EAAG|token/1",
        "content-length: 2",
        "content-type: application/json",
        &format!("user-agent: whatsapp-connector/{version}"),
        "x-mine: 1",
    ];
    assert_eq!(head(&requests[0]), expected);
    assert_eq!(requests.len(), 1);
}

#[tokio::test]
async fn a_post_without_a_body_says_that_it_is_empty() {
    let server = Server::start(vec![Reply::Keep(ok("", "{}")), Reply::Keep(ok("", "{}"))]).await;
    let host = host(&server);
    host.http_send(request(Method::Post, &server, "/a"))
        .await
        .unwrap();
    host.http_send(request(Method::Delete, &server, "/b?x=1"))
        .await
        .unwrap();
    let requests = server.requests().await;
    assert!(
        head(&requests[0]).contains(&"content-length: 0"),
        "{}",
        requests[0]
    );
    assert!(
        requests[1].starts_with("DELETE /b?x=1 HTTP/1.1"),
        "{}",
        requests[1]
    );
}

#[tokio::test]
async fn a_form_arrives_byte_by_byte() {
    let server = Server::start(vec![Reply::Keep(ok("", r#"{"id":"9"}"#))]).await;
    let host = host(&server);
    let handle = host.blobs().put(b"PNG-bytes".to_vec(), None).await.unwrap();
    let part = |name: &str, filename: Option<&str>, content_type: Option<&str>, content| Part {
        name: name.to_owned(),
        filename: filename.map(str::to_owned),
        content_type: content_type.map(str::to_owned),
        content,
    };
    let body = Body::Multipart(vec![
        part(
            "messaging_product",
            None,
            None,
            Content::Text("whatsapp".to_owned()),
        ),
        part(
            "file",
            Some("a \"b\".png"),
            Some("image/png"),
            Content::Blob(handle),
        ),
        part("raw", None, None, Content::Bytes(b"\r\n--x".to_vec())),
    ]);
    let response = host
        .http_send(Request {
            body,
            ..request(Method::Post, &server, "/1/media")
        })
        .await
        .unwrap();
    assert_eq!(text(&response), r#"{"id":"9"}"#);
    let requests = server.requests().await;
    let (head, body) = requests[0].split_once("\r\n\r\n").unwrap();
    let line = head
        .lines()
        .find_map(|line| line.strip_prefix("content-type: multipart/form-data; boundary="))
        .unwrap();
    let expected = format!(
        "--{line}\r\nContent-Disposition: form-data; name=\"messaging_product\"\r\n\r\nwhatsapp\r\n\
         --{line}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a \\\"b\\\".png\"\r\ncontent-type: image/png\r\n\r\nPNG-bytes\r\n\
         --{line}\r\nContent-Disposition: form-data; name=\"raw\"\r\n\r\n\r\n--x\r\n\
         --{line}--\r\n"
    );
    assert_eq!(body, expected);
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let elsewhere = Server::start(vec![]).await;
    let location = format!("location: {}/steal\r\n", elsewhere.base_url);
    let server = Server::start(vec![Reply::Keep(answer("302 Found", &location, ""))]).await;
    let host = builder(&server)
        .allow_base_url(&elsewhere.base_url)
        .build()
        .unwrap();
    let response = host.http_send(post(&server)).await.unwrap();
    assert_eq!(response.status, 302);
    assert_eq!(server.requests().await.len(), 1);
    assert_eq!(elsewhere.requests().await, Vec::<String>::new());
}

#[tokio::test]
async fn nothing_goes_to_an_origin_that_was_not_allowed() {
    let allowed = Server::start(vec![]).await;
    let other = Server::start(vec![]).await;
    let Err(Failure::Denied(text)) = host(&allowed).http_send(post(&other)).await else {
        panic!("it went out")
    };
    assert!(
        text.contains(&other.base_url) && !text.contains(TOKEN),
        "{text}"
    );
    assert_eq!(other.requests().await, Vec::<String>::new());
    assert_eq!(allowed.requests().await, Vec::<String>::new());
}

#[tokio::test]
async fn an_answer_that_repeats_the_token_is_blanked() {
    let body = r#"{"paging":{"next":"https://graph.facebook.com/x?access_token=EAAG%7Ctoken%2F1&after=a"},"raw":"EAAG|token\/1"}"#;
    let server = Server::start(vec![Reply::Keep(ok(
        "x-echo: Bearer EAAG|token/1\r\nset-cookie: a=b\r\n",
        body,
    ))])
    .await;
    let response = host(&server)
        .http_send(request(Method::Get, &server, "/list"))
        .await
        .unwrap();
    assert_eq!(
        text(&response),
        r#"{"paging":{"next":"https://graph.facebook.com/x?access_token=[redacted]&after=a"},"raw":"[redacted]"}"#
    );
    let headers: Vec<_> = response
        .headers
        .iter()
        .map(|header| (header.name.as_str(), header.value.as_str()))
        .collect();
    assert_eq!(
        headers,
        [
            ("content-length", &*body.len().to_string()),
            ("x-echo", "Bearer [redacted]")
        ]
    );
}

#[tokio::test]
async fn an_issued_token_is_used_from_the_next_request_on() {
    let issued = ok("", r#"{"access_token":"EAAGissued","token_type":"bearer"}"#);
    let server = Server::start(vec![Reply::Keep(issued), Reply::Keep(ok("", "{}"))]).await;
    let host = host(&server);
    let exchange = Request {
        sink: Sink::AccessToken("access_token".to_owned()),
        ..request(Method::Get, &server, "/oauth/access_token")
    };
    let response = host.http_send(exchange).await.unwrap();
    assert_eq!(text(&response), r#"{"token_type":"bearer"}"#);
    host.http_send(request(Method::Get, &server, "/me"))
        .await
        .unwrap();
    let requests = server.requests().await;
    assert!(
        requests[0].contains("authorization: Bearer EAAG|token/1"),
        "{}",
        requests[0]
    );
    assert!(
        requests[1].contains("authorization: Bearer EAAGissued"),
        "{}",
        requests[1]
    );
}

#[tokio::test]
async fn a_download_stays_with_the_host() {
    let server = Server::start(vec![
        Reply::Keep(ok("content-type: image/png\r\n", "PNG")),
        Reply::Keep(answer("404 Not Found", "", "gone")),
    ])
    .await;
    let host = host(&server);
    let download = || Request {
        sink: Sink::Blob,
        ..request(Method::Get, &server, "/media/1")
    };
    let response = host.http_send(download()).await.unwrap();
    let Content::Blob(handle) = response.body else {
        panic!("not a blob")
    };
    assert_eq!(host.blobs().read(&handle).await.unwrap(), b"PNG");
    let response = host.http_send(download()).await.unwrap();
    assert_eq!((response.status, text(&response)), (404, "gone"));
}
