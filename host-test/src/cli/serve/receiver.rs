//! From a request to the inbox and back to Meta.

use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use host_test::inbox::{Inbox, ReceiveError};
use host_test::wit::webhooks::{Reply, Request};

use super::super::webhook::{Receive, empty};
use super::now;

/// Hands requests to an inbox.
pub struct Receiver {
    inbox: Arc<Inbox>,
}

impl Receiver {
    pub fn new(inbox: Arc<Inbox>) -> Self {
        Self { inbox }
    }
}

impl Receive for Receiver {
    fn receive(&self, request: Request) -> BoxFuture<'_, Reply> {
        let inbox = Arc::clone(&self.inbox);
        // On a task of its own: a sender that hangs up does not stop what has begun.
        let work = tokio::spawn(async move { exchange(&inbox, request).await });
        async move { work.await.unwrap_or_else(|_| empty(500)) }.boxed()
    }

    fn refused(&self, status: u16, problem: String) {
        tracing::warn!("refused with {status}: {problem}");
    }
}

async fn exchange(inbox: &Inbox, request: Request) -> Reply {
    let verification = inbox.host().credentials().webhook_verification();
    let received = match inbox.receive(request, &verification, now()).await {
        Ok(received) => received,
        Err(error) => {
            // The host has logged its own errors.
            if !matches!(error, ReceiveError::Host(_)) {
                tracing::error!("{error}; answered with 500, so that Meta repeats the delivery");
            }
            return empty(500);
        }
    };
    match (&received.problem, &received.kept) {
        (Some(problem), _) => {
            tracing::warn!("refused with {}: {problem}", received.reply.status);
        }
        (None, None) => tracing::info!("answered the handshake"),
        (None, Some(kept)) => tracing::info!(
            events = kept.events,
            new = kept.new,
            starts = kept.starts,
            "kept a delivery"
        ),
    }
    received.reply
}
