//! The way from the simulator to `serve`, which is not always open.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::chance::Chance;

/// An address that stays while `serve` comes and goes.
pub struct Road {
    address: String,
    shared: Arc<Shared>,
}

struct Shared {
    /// Host and port of `serve`; none while it is down.
    serve: Mutex<Option<String>>,
    chance: Mutex<Chance>,
    clear: AtomicBool,
    passed: AtomicU64,
    troubles: AtomicU64,
    lost: AtomicU64,
    unanswered: AtomicU64,
}

impl Road {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let shared = Arc::new(Shared {
            serve: Mutex::new(None),
            chance: Mutex::new(Chance::new(1)),
            clear: AtomicBool::new(true),
            passed: AtomicU64::new(0),
            troubles: AtomicU64::new(0),
            lost: AtomicU64::new(0),
            unanswered: AtomicU64::new(0),
        });
        tokio::spawn({
            let shared = Arc::clone(&shared);
            async move {
                loop {
                    let (stream, _) = listener.accept().await.unwrap();
                    let shared = Arc::clone(&shared);
                    // What breaks is repeated by the simulator.
                    tokio::spawn(async move { shared.carry(stream).await });
                }
            }
        });
        Self { address, shared }
    }

    pub fn url(&self) -> String {
        format!("http://{}/webhook", self.address)
    }

    pub fn leads_to(&self, serve: Option<String>) {
        *self.shared.serve.lock().unwrap() = serve;
    }

    /// Whether everything gets through.
    pub fn set_clear(&self, clear: bool) {
        self.shared.clear.store(clear, Ordering::SeqCst);
    }

    /// Deliveries that got through with their answer, and those that did not.
    pub fn counts(&self) -> (u64, u64) {
        let count = |count: &AtomicU64| count.load(Ordering::SeqCst);
        (count(&self.shared.passed), count(&self.shared.troubles))
    }

    /// What went wrong on the road itself: deliveries that never got there, and those whose answer was lost.
    pub fn losses(&self) -> (u64, u64) {
        let count = |count: &AtomicU64| count.load(Ordering::SeqCst);
        (count(&self.shared.lost), count(&self.shared.unanswered))
    }
}

impl Shared {
    async fn carry(&self, mut from: TcpStream) -> io::Result<()> {
        let request = message(&mut from).await?;
        let fate = match self.clear.load(Ordering::SeqCst) {
            true => 999,
            false => self.chance.lock().unwrap().below(1000),
        };
        self.troubles.fetch_add(1, Ordering::SeqCst);
        // It never gets there.
        if fate < 30 {
            self.lost.fetch_add(1, Ordering::SeqCst);
            return Ok(());
        }
        let serve = self.serve.lock().unwrap().clone();
        let serve = serve.ok_or(io::ErrorKind::NotConnected)?;
        let mut to = TcpStream::connect(serve).await?;
        to.write_all(&request).await?;
        let answer = message(&mut to).await?;
        match fate {
            // It is kept, but nobody hears of it.
            30..70 => {
                self.unanswered.fetch_add(1, Ordering::SeqCst);
                return Ok(());
            }
            // Late: sometimes too late.
            70..80 => tokio::time::sleep(Duration::from_millis(500)).await,
            80..83 => tokio::time::sleep(Duration::from_millis(2500)).await,
            _ => {}
        }
        from.write_all(&answer).await?;
        self.troubles.fetch_sub(1, Ordering::SeqCst);
        self.passed.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

/// One HTTP message, as it is.
async fn message(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, _)) = text.split_once("\r\n\r\n") {
            let head_length = head.len() + 4;
            let lines = head.lines().filter_map(|line| line.split_once(':'));
            let length = lines
                .filter(|(name, _)| name.eq_ignore_ascii_case("content-length"))
                .find_map(|(_, value)| value.trim().parse().ok());
            if bytes.len() >= head_length + length.unwrap_or(0) {
                return Ok(bytes);
            }
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
}
