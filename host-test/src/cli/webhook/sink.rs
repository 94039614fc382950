//! The simplest way to receive: the component reads the request, and somebody in this program takes the events.

use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use host_test::Host;
use host_test::wit::webhooks::{Event, Outcome, Reply, Request};

use super::{Receive, empty};

/// What a request turned out to be.
#[derive(Debug)]
pub enum Arrival {
    /// Meta checked that the endpoint is ours.
    Handshake,
    /// A genuine delivery.
    Events(Vec<Event>),
    /// Not from Meta, or not to be read.
    Refused {
        /// What it was answered with.
        status: u16,
        /// Why, and what to do about it.
        problem: String,
    },
}

/// Takes what arrives. The delivery is only answered with 200 when this succeeds; else Meta repeats it later.
pub type Sink = Arc<dyn Fn(Arrival) -> Result<(), String> + Send + Sync>;

/// Hands events to a sink.
pub struct ToSink {
    host: Host,
    sink: Sink,
}

impl ToSink {
    /// The secrets are those of the host.
    pub fn new(host: Host, sink: Sink) -> Self {
        Self { host, sink }
    }

    /// Only what was taken is acknowledged.
    fn hand_on(&self, handshake: bool, outcome: Outcome) -> Reply {
        let Outcome {
            reply,
            events,
            problem,
        } = outcome;
        let arrival = match problem {
            Some(problem) => Arrival::Refused {
                status: reply.status,
                problem,
            },
            None if handshake => Arrival::Handshake,
            None => Arrival::Events(events),
        };
        match (self.sink)(arrival) {
            Ok(()) => reply,
            Err(problem) => {
                tracing::error!("{problem}; answered with 500, so that Meta repeats the delivery");
                empty(500)
            }
        }
    }
}

impl Receive for ToSink {
    fn receive(&self, request: Request) -> BoxFuture<'_, Reply> {
        async move {
            let verification = self.host.credentials().webhook_verification();
            match self.host.webhooks_handle(&request, &verification).await {
                Ok(outcome) => self.hand_on(request.method == "GET", outcome),
                // The host has logged why. Meta repeats what is not answered with 200.
                Err(_) => empty(500),
            }
        }
        .boxed()
    }

    fn refused(&self, status: u16, problem: String) {
        // A refusal that nobody wants to hear of is still a refusal.
        let _ = (self.sink)(Arrival::Refused { status, problem });
    }
}
