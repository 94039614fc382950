use futures_util::stream;

use super::*;

fn answer(status: u16, headers: &[(&'static str, &str)], pieces: &[&[u8]]) -> IncomingResponse {
    let headers = headers
        .iter()
        .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
        .collect();
    let pieces: Vec<_> = pieces
        .iter()
        .map(|piece| Ok(Bytes::copy_from_slice(piece)))
        .collect();
    IncomingResponse {
        status,
        headers,
        body: Box::pin(stream::iter(pieces)),
    }
}

struct Setup {
    credentials: Credentials,
    blobs: BlobStore,
}

impl Setup {
    fn new() -> Self {
        let credentials = Credentials::new().access_token(Secret::new("EAAG|old").unwrap());
        Self {
            credentials,
            blobs: BlobStore::temporary().unwrap().max_bytes(20),
        }
    }

    fn has_the_old_token(&self) -> bool {
        let token = self.credentials.current_access_token().unwrap();
        token.expose() == "EAAG|old"
    }

    async fn receive(&self, response: IncomingResponse, sink: Sink) -> Result<Response, Failure> {
        let receiver = Receiver {
            credentials: &self.credentials,
            blobs: &self.blobs,
            max_bytes: 100,
        };
        receiver
            .receive(response, &sink)
            .await
            .map(|(response, _)| response)
    }
}

#[tokio::test]
async fn text_is_text_and_the_rest_is_bytes() {
    let setup = Setup::new();
    let body = |response: Response| response.body;
    let split = setup
        .receive(
            answer(200, &[], &["gr\u{fc}".as_bytes().split_at(3).0, &[0xbc]]),
            Sink::Memory,
        )
        .await;
    assert_eq!(split.map(body), Ok(Content::Text("gr\u{fc}".to_owned())));
    let binary = setup
        .receive(answer(200, &[], &[&[0xff, 0]]), Sink::Memory)
        .await;
    assert_eq!(binary.map(body), Ok(Content::Bytes(vec![0xff, 0])));
    let empty = setup.receive(answer(204, &[], &[]), Sink::Memory).await;
    assert_eq!(empty.map(body), Ok(Content::Text(String::new())));
}

#[tokio::test]
async fn the_limit_is_kept_whether_the_size_is_announced_or_not() {
    let setup = Setup::new();
    let exact = setup
        .receive(
            answer(
                200,
                &[("content-length", "100")],
                &[&[b'a'; 60], &[b'a'; 40]],
            ),
            Sink::Memory,
        )
        .await;
    assert!(exact.is_ok());
    let announced = setup
        .receive(answer(200, &[("content-length", "101")], &[]), Sink::Memory)
        .await;
    assert_eq!(announced, Err(Failure::TooLarge(100)));
    let unannounced = setup
        .receive(answer(500, &[], &[&[b'a'; 60], &[b'a'; 41]]), Sink::Blob)
        .await;
    assert_eq!(unannounced, Err(Failure::TooLarge(100)));
}

#[tokio::test]
async fn a_blob_keeps_the_file_here_and_an_error_is_text() {
    let setup = Setup::new();
    let response = setup
        .receive(
            answer(200, &[("content-type", "image/png")], &[b"PN", b"G"]),
            Sink::Blob,
        )
        .await
        .unwrap();
    let Content::Blob(handle) = response.body else {
        panic!("not a blob")
    };
    assert_eq!(setup.blobs.read(&handle).await.unwrap(), b"PNG");
    assert_eq!(
        setup
            .blobs
            .info(&handle)
            .await
            .unwrap()
            .content_type
            .as_deref(),
        Some("image/png")
    );
    let error = setup
        .receive(answer(404, &[], &[b"{}"]), Sink::Blob)
        .await
        .unwrap();
    assert_eq!(error.body, Content::Text("{}".to_owned()));
    let large = setup
        .receive(answer(200, &[], &[&[0; 21]]), Sink::Blob)
        .await;
    assert_eq!(large, Err(Failure::TooLarge(20)));
}

fn value<'r>(response: &'r Response, name: &str) -> Vec<&'r str> {
    let headers = response.headers.iter();
    headers
        .filter(|header| header.name == name)
        .map(|header| header.value.as_str())
        .collect()
}

#[tokio::test]
async fn a_stored_file_comes_with_its_size_and_hash_and_only_from_this_host() {
    let setup = Setup::new();
    // The test vector of FIPS 180-4, in pieces, and a server that claims something else.
    let claims = [
        ("x-blob-size", "1"),
        ("X-Blob-SHA256", "00"),
        ("x-blob-sha256", "11"),
    ];
    let stored = setup
        .receive(answer(200, &claims, &[b"a", b"", b"bc"]), Sink::Blob)
        .await
        .unwrap();
    assert_eq!(value(&stored, "x-blob-size"), ["3"]);
    assert_eq!(
        value(&stored, "x-blob-sha256"),
        ["ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"]
    );
    let empty = setup
        .receive(answer(200, &[], &[]), Sink::Blob)
        .await
        .unwrap();
    assert_eq!(value(&empty, "x-blob-size"), ["0"]);
    assert_eq!(
        value(&empty, "x-blob-sha256"),
        ["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"]
    );
    // What is not stored has no such header, whatever the server says.
    for (status, sink) in [(200, Sink::Memory), (404, Sink::Blob)] {
        let told = setup
            .receive(answer(status, &claims, &[b"abc"]), sink)
            .await
            .unwrap();
        for name in ["x-blob-size", "x-blob-sha256"] {
            assert!(value(&told, name).is_empty(), "{name}: {told:?}");
        }
    }
}

#[tokio::test]
async fn an_issued_token_is_kept_here_and_the_rest_goes_on_without_it() {
    let setup = Setup::new();
    let body =
        br#"{"access_token":"EAAG|new","token_type":"bearer","again":"EAAG%7Cnew EAAG|old"}"#;
    let response = setup
        .receive(
            answer(200, &[], &[body]),
            Sink::AccessToken("access_token".to_owned()),
        )
        .await
        .unwrap();
    let Content::Text(text) = response.body else {
        panic!("not text")
    };
    let rest: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        rest,
        serde_json::json!({"token_type": "bearer", "again": "[redacted] [redacted]"})
    );
    assert_eq!(
        setup.credentials.current_access_token().unwrap().expose(),
        "EAAG|new"
    );
}

#[tokio::test]
async fn an_error_changes_no_token() {
    for status in [302, 400] {
        let setup = Setup::new();
        let response = setup
            .receive(
                answer(status, &[], &[br#"{"access_token":"EAAGnew"}"#]),
                Sink::AccessToken("access_token".to_owned()),
            )
            .await
            .unwrap();
        assert!(setup.has_the_old_token());
        let Content::Text(text) = response.body else {
            panic!("not text")
        };
        assert!(!text.contains("EAAGnew"), "{text}");
    }
}

#[tokio::test]
async fn a_success_without_a_usable_token_is_no_answer_and_shows_nothing_of_it() {
    for (body, problem) in [
        (r#"{"error":{}}"#, "it has no text `access_token`"),
        (r#"{"access_token":5}"#, "it has no text `access_token`"),
        (r#"{"access_token":""}"#, "`access_token`: "),
        (r#"{"access_token":"two words"}"#, "`access_token`: "),
        ("[1]", "it is not a JSON object"),
        ("access_token=EAAGnew", "it is not a JSON object"),
    ] {
        let setup = Setup::new();
        let sink = Sink::AccessToken("access_token".to_owned());
        let answer = answer(200, &[], &[body.as_bytes()]);
        let Err(Failure::NoAnswer(text)) = setup.receive(answer, sink).await else {
            panic!("{body} is taken")
        };
        let expected = format!("the answer holds no access token: {problem}");
        assert!(text.starts_with(&expected), "{text}");
        assert!(
            !text.contains("EAAGnew") && !text.contains("words"),
            "{text}"
        );
        assert!(setup.has_the_old_token());
    }
}

#[tokio::test]
async fn a_redirect_is_no_file() {
    let setup = Setup::new();
    let response = setup
        .receive(answer(302, &[], &[b"moved"]), Sink::Blob)
        .await;
    let body = response.unwrap().body;
    assert_eq!(body, Content::Text("moved".to_owned()));
}

#[tokio::test]
async fn secrets_are_blanked_in_body_and_headers_but_not_elsewhere() {
    let setup = Setup::new();
    let headers = [
        ("location", "https://h/?access_token=EAAG%7Cold&x=1"),
        ("x-fb-trace-id", "abc"),
    ];
    let response = setup
        .receive(
            answer(
                302,
                &headers,
                &[br#"{"next":"EAAG|o", "b": "EA"#, br#"AG|old"}"#],
            ),
            Sink::Memory,
        )
        .await
        .unwrap();
    assert_eq!(
        response.body,
        Content::Text(r#"{"next":"EAAG|o", "b": "[redacted]"}"#.to_owned())
    );
    let value = |name: &str| {
        response
            .headers
            .iter()
            .find(|header| header.name == name)
            .map(|header| header.value.as_str())
    };
    assert_eq!(
        value("location"),
        Some("https://h/?access_token=[redacted]&x=1")
    );
    assert_eq!(value("x-fb-trace-id"), Some("abc"));
    let bytes = setup
        .receive(answer(200, &[], &[b"\xffEAAG|old"]), Sink::Memory)
        .await
        .unwrap();
    assert_eq!(bytes.body, Content::Bytes(b"\xff[redacted]".to_vec()));
}

#[tokio::test]
async fn a_compressed_answer_is_refused_because_it_could_hide_a_secret() {
    let setup = Setup::new();
    for sink in [
        Sink::Memory,
        Sink::Blob,
        Sink::AccessToken("access_token".to_owned()),
    ] {
        let gzip = setup
            .receive(
                answer(200, &[("content-encoding", "gzip")], &[b"\x1f\x8b"]),
                sink,
            )
            .await;
        assert!(matches!(gzip, Err(Failure::NoAnswer(text)) if text.contains("gzip")));
    }
    assert!(
        setup
            .receive(
                answer(200, &[("content-encoding", "identity")], &[b"x"]),
                Sink::Memory
            )
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_body_that_breaks_off_is_no_answer() {
    let setup = Setup::new();
    for sink in [Sink::Memory, Sink::Blob] {
        let body = stream::iter([
            Ok(Bytes::from("{")),
            Err(SendError::NotSent("cut".to_owned())),
        ]);
        let broken = IncomingResponse {
            status: 200,
            headers: HeaderMap::new(),
            body: Box::pin(body),
        };
        assert_eq!(
            setup.receive(broken, sink).await,
            Err(Failure::NoAnswer("cut".to_owned()))
        );
    }
}
