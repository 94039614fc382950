//! Programs that read the stream of `serve`, and what they are told.

use futures_util::StreamExt;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use crate::program::{Running, url_in};
use crate::raw_http::{exchange, parts};

/// Where programs get the events. The program has to have said where Meta reaches it.
pub async fn events_url(program: &mut Running) -> String {
    let url = url_in(&program.stderr_with("Events for programs").await);
    url.strip_suffix("/events").unwrap().to_owned()
}

/// An event of the stream.
#[derive(Debug, PartialEq)]
pub struct Told {
    pub id: i64,
    pub event: String,
    pub data: Value,
}

impl Told {
    /// The id of the event in the data.
    pub fn key(&self) -> &str {
        self.data["envelope"]["id"].as_str().unwrap()
    }
}

/// A reader of server-sent events.
pub struct Sse {
    response: reqwest::Response,
    text: String,
}

/// A client without TLS.
fn client() -> reqwest::Client {
    // Another test may have done it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().unwrap()
}

/// Opens `/events` with this query, after what was had last.
pub async fn sse(url: &str, query: &str, last: Option<i64>) -> Sse {
    let mut request = client().get(format!("{url}/events{query}"));
    if let Some(last) = last {
        request = request.header("last-event-id", last);
    }
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    let kind = response.headers()["content-type"].to_str().unwrap();
    assert!(kind.starts_with("text/event-stream"), "{kind}");
    Sse {
        response,
        text: String::new(),
    }
}

impl Sse {
    /// The next event; none when the stream has ended.
    pub async fn next(&mut self) -> Option<Told> {
        loop {
            while let Some((block, rest)) = self.text.split_once("\n\n") {
                let told = told(block);
                self.text = rest.to_owned();
                if told.is_some() {
                    return told;
                }
            }
            let chunk = self.response.chunk().await.ok()??;
            self.text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }
}

fn told(block: &str) -> Option<Told> {
    let field = |name: &str| {
        let lines = block.lines();
        let mut values = lines.filter_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        values.next()
    };
    Some(Told {
        id: field("id")?.parse().unwrap(),
        event: field("event")?.to_owned(),
        data: serde_json::from_str(field("data")?).unwrap(),
    })
}

/// A WebSocket.
pub struct Socket(WebSocketStream<TcpStream>);

/// Opens `/events/ws` with this query.
pub async fn socket(url: &str, query: &str) -> Socket {
    let address = url.strip_prefix("http://").unwrap();
    let stream = TcpStream::connect(address).await.unwrap();
    let url = format!("ws://{address}/events/ws{query}");
    let (socket, _) = tokio_tungstenite::client_async(url, stream).await.unwrap();
    Socket(socket)
}

impl Socket {
    /// The next event; none when the stream has ended.
    pub async fn next(&mut self) -> Option<Told> {
        loop {
            match self.0.next().await?.ok()? {
                Message::Text(text) => {
                    let frame: Value = serde_json::from_str(&text).unwrap();
                    return Some(Told {
                        id: frame["id"].as_i64().unwrap(),
                        event: frame["event"].as_str().unwrap().to_owned(),
                        data: frame["data"].clone(),
                    });
                }
                Message::Close(_) => return None,
                _ => {}
            }
        }
    }
}

/// Status and JSON of a request to the local address; null when there is no body.
pub async fn ask(method: &str, url: &str, body: &str) -> (u16, Value) {
    let answer = exchange(method, url, "", body.as_bytes()).await;
    let (status, body) = parts(&answer);
    let json = match body {
        "" => Value::Null,
        text => serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {answer}")),
    };
    (status.parse().unwrap(), json)
}
