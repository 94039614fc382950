//! The network: answers out of the fuzzer's input, and what holds for every request.

use std::cell::{Cell, RefCell};
use whatsapp_connector::contract::whatsapp::connector::http::{
    Body, Content, Failure, Header, Request, Response, Sink,
};
use whatsapp_connector::graph::transport::Transport;

/// More requests than any action makes, even over the longest list.
const REQUESTS_MAX: usize = 1200;

/// An answer, or why there is none.
pub type Answer = Result<Response, Failure>;

/// Gives answers in their order, and keeps the requests.
pub struct Network {
    answers: Vec<Answer>,
    next: Cell<usize>,
    requests: RefCell<Vec<Request>>,
}

impl Network {
    /// Gives these answers; behind the last, nothing can be sent.
    pub fn new(answers: Vec<Answer>) -> Self {
        Self {
            answers,
            next: Cell::new(0),
            requests: RefCell::default(),
        }
    }

    /// The requests that were sent.
    pub fn requests(self) -> Vec<Request> {
        self.requests.into_inner()
    }
}

impl Transport for Network {
    fn send(&self, request: &Request) -> Result<Response, Failure> {
        self.requests.borrow_mut().push(request.clone());
        let next = self.next.replace(self.next.get() + 1);
        assert!(next < REQUESTS_MAX, "it never ends");
        let answer = self.answers.get(next).cloned();
        answer.unwrap_or_else(|| Err(Failure::NotSent("no answer is left".to_owned())))
    }
}

/// An answer: a line with the status, or the word for a failure and what it says, and, behind tabs, `name=value` of each header, or `blob`, or `bytes`;
/// then the body.
pub fn answer(text: &str) -> Answer {
    let (line, body) = text.split_once('\n').unwrap_or((text, ""));
    let mut words = line.split('\t');
    let status = words.next().unwrap_or_default();
    let (word, said) = status.split_once(' ').unwrap_or((status, ""));
    match word {
        "denied" => return Err(Failure::Denied(said.to_owned())),
        "not-sent" => return Err(Failure::NotSent(said.to_owned())),
        "no-answer" => return Err(Failure::NoAnswer(said.to_owned())),
        "too-large" => return Err(Failure::TooLarge(said.parse().unwrap_or_default())),
        _ => {}
    }
    let mut content = Content::Text(body.to_owned());
    let mut headers = Vec::new();
    for word in words {
        match word.split_once('=') {
            Some((name, value)) => headers.push(Header {
                name: name.to_owned(),
                value: value.to_owned(),
            }),
            None if word == "blob" => content = Content::Blob(body.to_owned()),
            None if word == "bytes" => content = Content::Bytes(body.as_bytes().to_vec()),
            None => {}
        }
    }
    Ok(Response {
        status: word.parse().unwrap_or(200),
        headers,
        body: content,
    })
}

/// Checks a request: it goes to the connection's address, and nothing of the input has left its place.
pub fn check(request: &Request, base: &str) {
    let url = request.url.as_str();
    assert!(url.bytes().all(|byte| byte.is_ascii_graphic()), "{url:?}");
    let is_file = matches!(request.sink, Sink::Blob);
    let path = match url.strip_prefix(base) {
        Some(rest) if !is_file => rest,
        _ => {
            assert!(
                is_file && (url.starts_with("https://") || url.starts_with(base)),
                "{url}"
            );
            return check_headers(request);
        }
    };
    assert!(path.starts_with("/v"), "{url}");
    assert!(!path.contains(['#', '\\', '@']), "{url}");
    let path = path.split('?').next().unwrap_or_default();
    for segment in path.split('/').skip(1) {
        assert!(!["", ".", ".."].contains(&segment), "{url}");
    }
    check_headers(request);
}

fn check_headers(request: &Request) {
    for header in &request.headers {
        let is_odd = |text: &str| text.contains(['\r', '\n', '\0']);
        assert!(!is_odd(&header.name) && !is_odd(&header.value));
    }
    if let Body::Json(text) = &request.body {
        let body: Result<serde_json::Value, _> = serde_json::from_str(text);
        assert!(body.is_ok(), "{body:?}: {text}");
    }
}
