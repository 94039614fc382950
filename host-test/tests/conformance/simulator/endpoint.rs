//! A business's webhook endpoint: hands each request to the component and does what the outcome says.

use std::sync::{Arc, Mutex};

use host_test::Host;
use host_test::wit::webhooks::{Event, Header, Request};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[derive(Clone)]
pub struct Endpoint {
    pub url: String,
    host: Host,
    events: Arc<Mutex<Vec<Event>>>,
    problems: Arc<Mutex<Vec<String>>>,
}

impl Endpoint {
    pub async fn start(host: &Host) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = Self {
            url: format!("http://{}/webhook", listener.local_addr().unwrap()),
            host: host.clone(),
            events: Arc::default(),
            problems: Arc::default(),
        };
        let own = endpoint.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                own.answer(stream).await;
            }
        });
        endpoint
    }

    /// The events since the last call.
    pub fn events(&self) -> Vec<Event> {
        std::mem::take(&mut *self.events.lock().unwrap())
    }

    /// Why requests were refused.
    pub fn problems(&self) -> Vec<String> {
        self.problems.lock().unwrap().clone()
    }

    async fn answer(&self, mut stream: TcpStream) {
        let request = read(&mut stream).await;
        let verification = self.host.credentials().webhook_verification();
        let outcome = self.host.webhooks_handle(&request, &verification).await;
        let outcome = outcome.unwrap();
        self.events.lock().unwrap().extend(outcome.events);
        self.problems.lock().unwrap().extend(outcome.problem);
        let reply = format!(
            "HTTP/1.1 {} x\r\ncontent-type: text/plain\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{}",
            outcome.reply.status,
            outcome.reply.body.len(),
            outcome.reply.body
        );
        stream.write_all(reply.as_bytes()).await.unwrap();
    }
}

/// Reads one request of HTTP/1.1 with a body of known length.
async fn read(stream: &mut TcpStream) -> Request {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some(request) = text.split_once("\r\n\r\n").and_then(whole) {
            return request;
        }
        assert_ne!(stream.read_buf(&mut bytes).await.unwrap(), 0, "{text}");
    }
}

/// The request, if the body is all there.
fn whole((head, body): (&str, &str)) -> Option<Request> {
    let mut lines = head.lines();
    let mut first = lines.next().unwrap().split(' ');
    let (method, target) = (first.next().unwrap(), first.next().unwrap());
    let headers = lines.map(|line| {
        let (name, value) = line.split_once(':').unwrap();
        Header {
            name: name.to_owned(),
            value: value.trim().to_owned(),
        }
    });
    let headers: Vec<_> = headers.collect();
    let length = headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case("content-length"))
        .map_or(0, |header| header.value.parse().unwrap());
    (body.len() >= length).then(|| Request {
        method: method.to_owned(),
        query: target
            .split_once('?')
            .map_or("", |(_, query)| query)
            .to_owned(),
        headers,
        body: body.to_owned(),
    })
}
