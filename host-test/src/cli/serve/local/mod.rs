//! For programs on this machine: the stream of events, and triggers to start and stop.

mod guard;
mod place;
mod socket;
mod sse;
mod triggers;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get};
use axum::{Router, middleware};
use clap::Args;
use host_test::inbox::Inbox;
use serde_json::json;

use super::super::address;
use super::super::problem::Problem;
use super::super::webhook::Listener;

/// How long a subscriber may take to read anything of what it is sent: it is sent something every 15 seconds at least. It connects again and
/// goes on where it was.
const SUBSCRIBER_LIMIT: Duration = Duration::from_secs(300);

/// Where programs get the events.
#[derive(Debug, Args)]
pub struct LocalOptions {
    /// Address and port of the events for programs [default: 127.0.0.1 and the port after that of --listen].
    #[arg(long, value_name = "ADDRESS:PORT", value_parser = address::parse)]
    events_listen: Option<SocketAddr>,
    /// Allow --events-listen to be an address that other machines reach. Whoever reaches it reads what customers wrote and
    /// stops triggers: put something in front of it that checks who may.
    #[arg(long)]
    events_for_all: bool,
}

impl LocalOptions {
    /// The address, if it may be used.
    pub fn address(&self, webhook: SocketAddr) -> Result<Bound, Problem> {
        let next = match webhook.port() {
            0 => 0,
            port => port.checked_add(1).unwrap_or_default(),
        };
        let address = self
            .events_listen
            .unwrap_or_else(|| (Ipv4Addr::LOCALHOST, next).into());
        if address.ip().is_loopback() || self.events_for_all {
            return Ok(Bound {
                address,
                for_all: self.events_for_all,
            });
        }
        Err(Problem::usage(
            format!(
                "--events-listen {address}: other machines reach this address, and whoever reaches it reads what customers wrote"
            ),
            "Use 127.0.0.1. If something in front of it checks who may, add --events-for-all.",
        ))
    }
}

/// Where to listen, and for whom.
#[derive(Clone, Copy, Debug)]
pub struct Bound {
    address: SocketAddr,
    for_all: bool,
}

/// What every request needs.
struct Shared {
    inbox: Arc<Inbox>,
    /// The account of triggers that name none.
    account: Option<String>,
    for_all: bool,
}

/// The running server.
pub struct Local {
    listener: Listener,
}

impl Local {
    /// Listens.
    pub async fn start(
        bound: Bound,
        inbox: Arc<Inbox>,
        account: Option<String>,
    ) -> Result<Self, Problem> {
        let shared = Arc::new(Shared {
            inbox,
            account,
            for_all: bound.for_all,
        });
        let router = Router::new()
            .route("/events", get(sse::stream))
            .route("/events/ws", get(socket::open))
            .route("/subscriptions", get(triggers::list).post(triggers::start))
            .route("/subscriptions/{id}", delete(triggers::stop))
            .route("/triggers", get(triggers::describe))
            .route("/messages/{id}", get(triggers::message))
            .fallback(nothing_here)
            .layer(middleware::from_fn_with_state(
                Arc::clone(&shared),
                guard::check,
            ))
            .with_state(shared);
        let listener =
            Listener::start("--events-listen", bound.address, SUBSCRIBER_LIMIT, router).await?;
        Ok(Self { listener })
    }

    /// Where it is reached on this machine.
    pub fn url(&self) -> String {
        format!("http://{}", self.listener.address)
    }

    /// Ends. The inbox has to be closed before, which ends the streams. Names the connections that had to be cut off.
    pub async fn stop(self) -> Vec<String> {
        self.listener.stop().await
    }
}

async fn nothing_here() -> Response {
    problem(
        StatusCode::NOT_FOUND,
        "usage",
        "there is nothing at this path",
        "`host-test serve --help` lists the paths.",
    )
}

/// An answer that says what is wrong, in the words of the command line's JSON.
fn problem(status: StatusCode, case: &str, message: &str, advice: &str) -> Response {
    let error = json!({"error": {"case": case, "message": message, "advice": advice}});
    answer(status, error.to_string())
}

fn broken(error: &impl std::fmt::Display) -> Response {
    tracing::error!("{error}");
    let advice = "Check the file of --store and its disk, then try again.";
    problem(
        StatusCode::INTERNAL_SERVER_ERROR,
        "failed",
        &error.to_string(),
        advice,
    )
}

fn answer(status: StatusCode, json: String) -> Response {
    let kind = [(axum::http::header::CONTENT_TYPE, "application/json")];
    (status, kind, json).into_response()
}
