//! A server that says exactly which bytes come and go, and when a connection ends.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What the server does with one request.
pub enum Reply {
    /// Writes this and keeps the connection for the next reply.
    Keep(String),
    /// Writes this and closes.
    Close(String),
    /// Writes this, then nothing until the client gives up.
    Hang(String),
}

/// An answer with a right `content-length`.
pub fn ok(headers: &str, body: &str) -> String {
    answer("200 OK", headers, body)
}

pub fn answer(status: &str, headers: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\ncontent-length: {}\r\n{headers}\r\n{body}",
        body.len()
    )
}

/// A running server.
pub struct Server {
    pub base_url: String,
    log: Arc<Mutex<Log>>,
    accepting: JoinHandle<()>,
}

#[derive(Default)]
struct Log {
    requests: Vec<String>,
    replies: VecDeque<Reply>,
}

impl Server {
    /// Starts a server that gives `replies` in their order, whatever the connection. Further requests find their connection closed.
    pub async fn start(replies: Vec<Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let log = Arc::new(Mutex::new(Log {
            requests: Vec::new(),
            replies: replies.into(),
        }));
        let accepting = tokio::spawn({
            let log = Arc::clone(&log);
            async move {
                loop {
                    let (stream, _) = listener.accept().await.unwrap();
                    tokio::spawn(serve(stream, Arc::clone(&log)));
                }
            }
        });
        Self {
            base_url,
            log,
            accepting,
        }
    }

    /// All requests that the server got, head and body as sent. Whatever a client sent before its call ended is among them: this goes
    /// through the door of the server once more and so comes after it.
    pub async fn requests(&self) -> Vec<String> {
        let mut last = TcpStream::connect(self.base_url.strip_prefix("http://").unwrap())
            .await
            .unwrap();
        last.write_all(LAST.as_bytes()).await.unwrap();
        last.read_u8().await.unwrap();
        self.log.lock().unwrap().requests.clone()
    }

    /// Ends the server: its port refuses connections from now on.
    pub async fn stop(self) {
        self.accepting.abort();
        let _ = self.accepting.await;
    }
}

/// Sent by the test itself.
const LAST: &str = "LAST / HTTP/1.1\r\n\r\n";

async fn serve(mut stream: TcpStream, log: Arc<Mutex<Log>>) {
    while let Some(request) = read_request(&mut stream).await {
        if request == LAST {
            return stream.write_all(b".").await.unwrap();
        }
        let reply = {
            let mut log = log.lock().unwrap();
            log.requests.push(request);
            log.replies.pop_front()
        };
        match reply {
            Some(Reply::Keep(text)) => stream.write_all(text.as_bytes()).await.unwrap(),
            Some(Reply::Close(text)) => return stream.write_all(text.as_bytes()).await.unwrap(),
            Some(Reply::Hang(text)) => {
                stream.write_all(text.as_bytes()).await.unwrap();
                let _ = stream.read(&mut [0]).await;
                return;
            }
            None => return,
        }
    }
}

/// Reads one request; `None` when the connection ends before it begins, or begins with a TLS handshake. Bytes that are not ASCII become `?`.
async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let text: String = bytes
            .iter()
            .map(|byte: &u8| {
                if byte.is_ascii() {
                    char::from(*byte)
                } else {
                    '?'
                }
            })
            .collect();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let header = |name: &str| {
                head.lines()
                    .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
            };
            assert_eq!(
                header("transfer-encoding"),
                None,
                "a request of unknown length"
            );
            let length: usize =
                header("content-length").map_or(0, |length| length.parse().unwrap());
            if body.len() >= length {
                return Some(text);
            }
        }
        if stream.read_buf(&mut bytes).await.unwrap_or(0) == 0 || bytes[0] == 0x16 {
            return None;
        }
    }
}
