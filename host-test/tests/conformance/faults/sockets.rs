//! The faults that the big table makes in the client, once more on real sockets, with real time-outs: for a read, a write that may be
//! repeated, and a message. No assertion is about how long something takes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use host_test::{Credentials, Host, Secret};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::classes::Class;
use super::kinds::UNKNOWN;
use crate::component;

/// Time of a request: what hangs is cut off after it.
const SHORT: Duration = Duration::from_millis(500);
const LONG: Duration = Duration::from_secs(100);
/// Largest answer that the host takes, in bytes.
const LARGEST: u64 = 1024 * 1024;
/// What two sockets and the libraries between them may hold beyond that.
const BUFFERED: u64 = 16 * 1024 * 1024;
const HUGE: u64 = 100 * 1024 * 1024;

/// One action of each class, with an input.
const ACTIONS: [(Class, &str, &str); 3] = [
    (Class::Read, "list-phone-numbers", "{}"),
    (
        Class::Idempotent,
        "update-business-profile",
        r#"{"about": "Hi"}"#,
    ),
    (
        Class::Once,
        "send-text",
        r#"{"to": "+491701234567", "body": "Hi"}"#,
    ),
];

#[derive(Clone, Copy, Debug)]
enum Server {
    /// Reads the request and says nothing.
    Silent,
    /// A byte now and then.
    Dripping,
    /// 100 MB.
    Huge,
    /// Half an answer, then a reset.
    Resetting,
    /// Half an answer, then the end.
    Ending,
    /// Nothing at all: closes as soon as it has the request.
    Closing,
}

/// What arrived.
#[derive(Default)]
struct Log {
    requests: AtomicUsize,
    written: AtomicU64,
}

async fn serve(mut stream: TcpStream, server: Server, log: Arc<Log>) -> std::io::Result<()> {
    let mut request = Vec::new();
    loop {
        if stream.read_buf(&mut request).await? == 0 {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&request);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "));
        if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
            break;
        }
    }
    log.requests.fetch_add(1, Ordering::SeqCst);
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
    match server {
        Server::Silent => {
            stream.read_u8().await?;
        }
        Server::Dripping => {
            stream
                .write_all(format!("{head}content-length: 1000000\r\n\r\n").as_bytes())
                .await?;
            loop {
                stream.write_all(b" ").await?;
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        Server::Huge => {
            // Without a length in front, so that only counting helps.
            stream
                .write_all(format!("{head}connection: close\r\n\r\n").as_bytes())
                .await?;
            let piece = vec![b'x'; 64 * 1024];
            while log.written.load(Ordering::SeqCst) < HUGE {
                stream.write_all(&piece).await?;
                log.written.fetch_add(64 * 1024, Ordering::SeqCst);
            }
        }
        Server::Resetting | Server::Ending => {
            let half = format!("{head}content-length: 100\r\n\r\n{{\"messages\": [");
            stream.write_all(half.as_bytes()).await?;
            if matches!(server, Server::Resetting) {
                stream.set_zero_linger()?;
            }
        }
        Server::Closing => {}
    }
    Ok(())
}

/// A host that may reach all of these, and gives a request so long.
fn host<'u>(base_urls: impl IntoIterator<Item = &'u String>, time: Duration) -> Host {
    let builder = Host::builder()
        .component(component::path())
        .credentials(Credentials::new().access_token(Secret::new("EAAGtoken").unwrap()))
        .http_timeout(time)
        .max_response_bytes(LARGEST);
    let urls = base_urls.into_iter();
    urls.fold(builder, |builder, url| builder.allow_base_url(url))
        .build()
        .unwrap()
}

/// The case that an action ends with, and its message.
async fn run(host: &Host, base_url: &str, action: &str, input: &str) -> (&'static str, String) {
    let connection =
        json!({"base_url": base_url, "phone_number_id": "4711", "business_account_id": "4712"});
    let result = host.invoke(action, &connection.to_string(), input).await;
    let error = result.unwrap().unwrap_err();
    (error.case(), error.fault().unwrap().message.clone())
}

/// A running server.
struct Running {
    server: Server,
    base_url: String,
    log: Arc<Log>,
    accepting: JoinHandle<()>,
}

impl Running {
    async fn start(server: Server) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let log = Arc::new(Log::default());
        Self {
            server,
            base_url: format!("http://{}", listener.local_addr().unwrap()),
            log: Arc::clone(&log),
            accepting: tokio::spawn(async move {
                loop {
                    let (stream, _) = listener.accept().await.unwrap();
                    tokio::spawn(serve(stream, server, Arc::clone(&log)));
                }
            }),
        }
    }

    async fn check(self, host: &Host, (class, action, input): (Class, &str, &str)) {
        let (case, message) = run(host, &self.base_url, action, input).await;
        self.accepting.abort();
        let expected = match (class, self.server) {
            (Class::Once, _) => UNKNOWN,
            (Class::Read, Server::Huge) => "permanent-rejected",
            _ => "unavailable",
        };
        let place = format!("{:?}, {action}: {message}", self.server);
        assert_eq!(case, expected, "{place}");
        // On a machine that is busy the time may be over before the request has arrived.
        assert!(self.log.requests.load(Ordering::SeqCst) <= 1, "{place}");
        let written = self.log.written.load(Ordering::SeqCst);
        assert!(written < LARGEST + BUFFERED, "{place}: {written} bytes");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_wrong_after_the_request_has_left() {
    let hanging = [Server::Silent, Server::Dripping];
    let answering = [
        Server::Huge,
        Server::Resetting,
        Server::Ending,
        Server::Closing,
    ];
    // Who answers has all the time that a busy machine needs.
    let groups = [(&hanging[..], SHORT), (&answering[..], LONG)];
    for (servers, time) in groups {
        let mut running = Vec::new();
        for server in servers {
            for action in ACTIONS {
                running.push((Running::start(*server).await, action));
            }
        }
        let host = host(running.iter().map(|(server, _)| &server.base_url), time);
        let checks = running.into_iter();
        join_all(checks.map(|(server, action)| server.check(&host, action))).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_wrong_before_the_request_has_left() {
    // A port that was free a moment ago.
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let refusing = format!("http://{}", gone.local_addr().unwrap());
    drop(gone);
    let plain = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let no_tls = format!("https://{}", plain.local_addr().unwrap());
    let taking = tokio::spawn(async move {
        loop {
            let (mut stream, _) = plain.accept().await.unwrap();
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    // RFC 6761: no such name exists. A resolver that does not answer is cut off, and that is the same.
    let nameless = "http://graph.invalid".to_owned();
    let mut urls = vec![refusing, no_tls, nameless];
    let full = full().await;
    urls.extend(full.as_ref().map(|(url, _)| url.clone()));
    let host = &host(&urls, SHORT);
    let cells = urls.iter().flat_map(|url| {
        ACTIONS.map(|(_, action, input)| async move {
            let (case, message) = run(host, url, action, input).await;
            assert_eq!(case, "unavailable", "{url}, {action}: {message}");
        })
    });
    join_all(cells).await;
    taking.abort();
}

/// A server whose queue is full, so that a connection does not come about. Systems differ in how they treat such a queue; where one takes more
/// than it should there is no such server.
async fn full() -> Option<(String, Vec<TcpStream>)> {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    // Never accepted: it has to live as long as the test.
    std::mem::forget(listener);
    let mut waiting = Vec::new();
    for _ in 0..16 {
        match tokio::time::timeout(SHORT, TcpStream::connect(address)).await {
            Ok(stream) => waiting.push(stream.ok()?),
            Err(_) => return Some((format!("http://{address}"), waiting)),
        }
    }
    None
}
