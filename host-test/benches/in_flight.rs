//! Ten thousand sends on their way at the same time, on one core: how many a second, and how much memory each takes. Prints JSON.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "a bench that fails has to end"
)]

mod support;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use host_test::client::{HttpClient, IncomingResponse, OutgoingRequest, SendError};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use support::{CUSTOMER, TEXT, network};
use tokio::sync::Barrier;

const SENDS: usize = 10_000;

/// Rounds; the best counts for the time, the first for the memory.
const ROUNDS: usize = 5;

/// Answers when all have asked.
struct Together {
    barrier: Arc<Barrier>,
    most: Arc<AtomicU64>,
}

impl HttpClient for Together {
    fn send(&self, _: OutgoingRequest) -> BoxFuture<'_, Result<IncomingResponse, SendError>> {
        async {
            if self.barrier.wait().await.is_leader() {
                self.most.fetch_max(resident(), Ordering::Relaxed);
            }
            Ok(network::accepted())
        }
        .boxed()
    }
}

/// Resident memory of this process in bytes.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.trim().strip_suffix(" kB"));
    number
        .and_then(|number| number.parse::<u64>().ok())
        .unwrap_or_default()
        * 1024
}

fn main() {
    let most = Arc::new(AtomicU64::new(0));
    let client = Together {
        barrier: Arc::new(Barrier::new(SENDS)),
        most: Arc::clone(&most),
    };
    let host = support::builder()
        .http_client(client)
        .max_concurrent_calls(SENDS as u32)
        .http_timeout(Duration::from_secs(300))
        .build()
        .unwrap();
    let before = resident();
    let runtime = support::one_core();
    let mut best = Duration::MAX;
    let mut memory = 0;
    for round in 0..ROUNDS {
        let begun = Instant::now();
        let account = Arc::new(support::account(&host));
        runtime.block_on(async {
            let send = |account: Arc<host_test::Account>| async move {
                account.send_text_to(CUSTOMER, TEXT).await.unwrap();
            };
            let sends: Vec<_> = (0..SENDS)
                .map(|_| tokio::spawn(send(Arc::clone(&account))))
                .collect();
            for send in sends {
                send.await.unwrap();
            }
        });
        best = best.min(begun.elapsed());
        if round == 0 {
            memory = most.load(Ordering::Relaxed).saturating_sub(before);
        }
    }
    let result = json!({
        "sends": SENDS,
        "per_second": (SENDS as f64 / best.as_secs_f64()).round(),
        "bytes_each": memory / SENDS as u64,
    });
    println!("{result}");
}
