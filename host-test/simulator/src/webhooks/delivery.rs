//! Posting webhooks over HTTP, with retries by the simulator's clock.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use super::outbox::{Attempt, collect_due};
use crate::shared::Shared;

/// Bytes read of a callback's answer; only handshakes look at them.
const ANSWER_LIMIT: usize = 64 * 1024;

/// A plain HTTP client (callbacks of tests are on the loopback interface; there is no TLS here).
#[derive(Clone, Debug)]
pub(crate) struct HttpPoster {
    client: Client<HttpConnector, Full<Bytes>>,
    timeout: Duration,
}

/// What came back.
#[derive(Clone, Debug)]
pub(crate) enum HttpOutcome {
    Answer { status: u16, body: Bytes },
    NoAnswer(String),
}

impl HttpPoster {
    pub(crate) fn new(timeout: Duration) -> Self {
        // Every POST on a connection of its own: a callback may be restarted between two webhooks.
        let client = Client::builder(TokioExecutor::new())
            .pool_max_idle_per_host(0)
            .build_http();
        Self { client, timeout }
    }

    pub(crate) async fn get(&self, url: &str) -> HttpOutcome {
        self.exchange(Method::GET, url, None).await
    }

    async fn exchange(&self, method: Method, url: &str, post: Option<(&str, &str)>) -> HttpOutcome {
        let mut request = Request::builder()
            .method(method)
            .uri(url)
            .header(header::USER_AGENT, "facebookexternalua")
            .header(header::ACCEPT, "*/*");
        let mut body = Bytes::new();
        if let Some((text, signature)) = post {
            request = request
                .header(header::CONTENT_TYPE, "application/json")
                .header("X-Hub-Signature-256", signature);
            body = Bytes::copy_from_slice(text.as_bytes());
        }
        let request = match request.body(Full::new(body)) {
            Ok(request) => request,
            Err(error) => {
                return HttpOutcome::NoAnswer(format!("the callback url is not usable: {error}"));
            }
        };
        let exchange = async {
            let answer = self.client.request(request).await.map_err(|e| chain(&e))?;
            let status = answer.status().as_u16();
            let body = Limited::new(answer.into_body(), ANSWER_LIMIT)
                .collect()
                .await
                .map(|body| body.to_bytes())
                .unwrap_or_default();
            Ok((status, body))
        };
        match tokio::time::timeout(self.timeout, exchange).await {
            Ok(Ok((status, body))) => HttpOutcome::Answer { status, body },
            Ok(Err(error)) => HttpOutcome::NoAnswer(error),
            Err(_) => HttpOutcome::NoAnswer(format!(
                "no answer within {} seconds",
                self.timeout.as_secs()
            )),
        }
    }
}

/// The error with its causes: hyper's own text is only "client error (Connect)".
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}

/// Delivers everything that is due by now, one POST after another in the order in which it was queued.
pub(crate) async fn deliver_due(shared: &Shared) {
    // One at a time, else two callers would post the same delivery.
    let _turn = shared.delivering.lock().await;
    loop {
        let now_ms = shared.clock.now_ms();
        let due = {
            let mut world = shared.world();
            collect_due(&mut world, now_ms);
            world.outbox.due_delivery(now_ms).cloned()
        };
        let Some(due) = due else { return };
        let outcome = shared
            .poster
            .exchange(Method::POST, &due.url, Some((&due.body, &due.signature)))
            .await;
        let (http_status, error) = match outcome {
            HttpOutcome::Answer { status, .. } => (Some(status), None),
            HttpOutcome::NoAnswer(error) => (None, Some(error)),
        };
        let (id, url) = (due.id, &due.url);
        match (http_status, &error) {
            (Some(status), _) => tracing::info!("webhook {id} to {url} {status}"),
            (None, problem) => tracing::info!(
                "webhook {id} to {url}: {}",
                problem.as_deref().unwrap_or_default()
            ),
        }
        shared.world().outbox.record_attempt(
            due.id,
            Attempt {
                at_ms: now_ms,
                http_status,
                error,
            },
        );
    }
}

/// Delivers for as long as the simulator lives: whenever something is queued, the clock is moved, or real time passes.
pub(crate) async fn run(shared: Arc<Shared>) {
    let mut moves = shared.clock.moves();
    loop {
        deliver_due(&shared).await;
        let wait = match (
            shared.clock.is_manual(),
            shared.world().outbox.next_due_ms(),
        ) {
            (false, Some(due)) => Duration::from_millis(due.saturating_sub(shared.clock.now_ms())),
            // Nothing planned, or a clock that only moves by hand: the other two branches wake us.
            _ => Duration::from_secs(3600),
        };
        tokio::select! {
            () = shared.queued.notified() => {}
            _ = moves.changed() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}
