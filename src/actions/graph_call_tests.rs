use crate::contract::whatsapp::connector::http::{
    Content, Credential, Failure, Placement, Request, Response, Secret,
};
use crate::contract::whatsapp::connector::types::{Error, Fault};
use crate::graph::transport::Transport;
use crate::plugin;
use serde_json::{Value, json};
use std::cell::RefCell;

const ROOT: &str = "https://graph.facebook.com/v25.0/";

/// Keeps the requests.
#[derive(Default)]
struct Network(RefCell<Vec<Request>>);

impl Transport for Network {
    fn send(&self, request: &Request) -> Result<Response, Failure> {
        self.0.borrow_mut().push(request.clone());
        Ok(Response {
            status: 200,
            headers: Vec::new(),
            body: Content::Text("{}".to_owned()),
        })
    }
}

/// The one request of an input, or why it was refused.
fn call(input: &Value) -> Result<Request, Box<Fault>> {
    let network = Network::default();
    let result = plugin::invoke(&network, "graph-call", "{}", &input.to_string());
    let mut requests = network.0.into_inner();
    match result.map_err(|error| *error) {
        Ok(_) => {
            assert_eq!(requests.len(), 1);
            Ok(requests.remove(0))
        }
        Err(Error::PermanentInvalidInput(fault)) => {
            assert!(requests.is_empty(), "sent in spite of {fault:?}");
            Err(fault.into())
        }
        Err(error) => unreachable!("{input}: {error:?}"),
    }
}

fn of_path(path: &str) -> Result<Request, Box<Fault>> {
    call(&json!({"method": "get", "path": path}))
}

#[test]
fn a_path_that_could_lead_elsewhere_is_refused() {
    let fixed = [
        "https://evil.example/x",
        "http:evil",
        "//evil.example/x",
        "///x",
        "/",
        "a//b",
        "a/",
        "a/./b",
        "..",
        "../x",
        "a/../../x",
        "a/..",
        "a/...",
        "%2e%2e/x",
        "a/%2e%2e/b",
        "a%2fb",
        "a%2Fb",
        "%252e%252e/x",
        "\\\\evil.example\\x",
        "a\\..\\b",
        "/\\evil.example",
        "@evil.example/x",
        "user:secret@evil.example",
        ":8080/x",
        ".evil.example:80",
        "a?access_token=x",
        "a#x",
        "a;b",
        "a b",
        "a\tb",
        "a\r\nhost: evil.example",
        "a\u{0}b",
        "a\u{7f}",
        "ａ/b",
        "a/‥/b",
        "a／b",
        "a\u{2028}b",
        "évil",
        "a/\u{202e}b",
        "{id}/messages",
        "v25.0",
        "v24.0/me",
        "v25.0/v25.0/../me",
        "v26.0/106540352242922/messages",
    ];
    for path in fixed {
        match of_path(path) {
            Err(fault) => {
                assert_eq!(fault.field.as_deref(), Some("path"), "{path:?}");
                assert!(!fault.advice.is_empty(), "{path:?}");
            }
            Ok(request) => unreachable!("{path:?} became {}", request.url),
        }
    }
}

/// Texts made of the pieces that path tricks are made of, in every combination of three.
#[test]
fn what_is_sent_is_the_path_letter_by_letter_below_the_version() {
    const PIECES: [&str; 22] = [
        "a", "1", "/", "//", ".", "..", "%2e", "%2f", "%5c", "\\", "?", "#", "@", ":", "https:",
        " ", "\n", "é", "v25.0", "_-", "％", "\u{0}",
    ];
    let mut sent = 0;
    for first in PIECES {
        for second in PIECES {
            for third in PIECES {
                let path = [first, second, third].concat();
                let Ok(request) = of_path(&path) else {
                    continue;
                };
                sent += 1;
                let rest = request.url.strip_prefix(ROOT);
                let rest = rest.unwrap_or_else(|| unreachable!("{path:?}: {}", request.url));
                let given = path.strip_prefix('/').unwrap_or(&path);
                assert_eq!(given.strip_prefix("v25.0/").unwrap_or(given), rest);
                for part in rest.split('/') {
                    let plain = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
                    assert!(part.chars().all(plain), "{path:?}: {}", request.url);
                    assert!(part.chars().any(|c| c != '.'), "{path:?}: {}", request.url);
                }
            }
        }
    }
    assert!(sent > 50, "the control: {sent} paths were taken");
}

#[test]
fn the_token_goes_nowhere_but_into_the_header() {
    for path in [
        "106540352242922/message_qrdls/4O4YGZEG3RIVE1",
        "/me",
        "v25.0/me",
        "a.b/c_d-e",
    ] {
        let request = of_path(path).unwrap_or_else(|fault| unreachable!("{path}: {fault:?}"));
        assert!(request.url.starts_with(ROOT), "{}", request.url);
        assert_eq!(request.headers.len(), 0);
        let [
            Credential {
                secret: Secret::AccessToken,
                placement: Placement::Bearer,
            },
        ] = request.credentials[..]
        else {
            unreachable!("{:?}", request.credentials)
        };
    }
}

#[test]
fn a_query_cannot_become_more_than_a_query() {
    let query =
        json!({"a&b": "c&d=e#f", "x/../y": "?z", "n": 1, "f": 1.5, "t": true, "l": [{"k": "v"}]});
    let input = json!({"method": "get", "path": "me", "query": query});
    let request = call(&input).unwrap_or_else(|fault| unreachable!("{fault:?}"));
    let expected =
        "me?a%26b=c%26d%3De%23f&f=1.5&l=%5B%7B%22k%22%3A%22v%22%7D%5D&n=1&t=true&x%2F..%2Fy=%3Fz";
    assert_eq!(request.url, [ROOT, expected].concat());
}

#[test]
fn a_secret_is_refused_by_its_name_wherever_it_stands() {
    for name in [
        "access_token",
        "ACCESS_TOKEN",
        "access_token[]",
        " access_token",
        "client_secret",
        "input_token",
        "appsecret_proof",
        "fb_exchange_token",
    ] {
        for (field, method) in [("query", "get"), ("query", "delete"), ("body", "post")] {
            let flat = json!({"method": method, "path": "me", field: {name: "x"}});
            let deep =
                json!({"method": method, "path": "me", field: {"batch": [{"q": {name: "x"}}]}});
            for (input, place) in [(flat, ""), (deep, "batch[0].q.")] {
                let fault = call(&input)
                    .err()
                    .unwrap_or_else(|| unreachable!("{input}"));
                assert_eq!(fault.field, Some(format!("{field}.{place}{name}")));
                assert!(!fault.message.contains("`x`"), "{}", fault.message);
            }
        }
    }
    let input =
        json!({"method": "post", "path": "1/subscribed_apps", "body": {"verify_token": "x"}});
    assert!(
        call(&input).is_ok(),
        "a verify token is no secret of the connection"
    );
}

#[test]
fn a_query_cannot_change_the_method() {
    let input = json!({"method": "get", "path": "me", "query": {"method": "delete"}});
    let fault = call(&input).err();
    assert_eq!(
        fault.and_then(|fault| fault.field).as_deref(),
        Some("query.method")
    );
}
