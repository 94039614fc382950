//! Events through a WebSocket.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::rejection::QueryRejection;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use host_test::inbox::{Entry, Reader};

use super::{Shared, place, problem};

/// A subscriber that went without a word is noticed after this.
const PING: Duration = Duration::from_secs(30);

/// `GET /events/ws`
pub async fn open(
    State(shared): State<Arc<Shared>>,
    query: Result<Query<place::Query>, QueryRejection>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade,
        Err(rejection) => {
            return problem(
                StatusCode::BAD_REQUEST,
                "usage",
                &format!(
                    "expected the handshake of a WebSocket, but {}",
                    rejection.body_text()
                ),
                "Open it as ws://…/events/ws, or read /events, which needs no WebSocket.",
            );
        }
    };
    let query = match query {
        Ok(Query(query)) => query,
        Err(rejection) => return super::triggers::misread(&rejection.body_text()),
    };
    match place::reader(&shared, query, &headers).await {
        Ok(reader) => upgrade.on_upgrade(|socket| send(socket, reader)),
        Err(refusal) => refusal,
    }
}

async fn send(mut socket: WebSocket, mut reader: Reader) {
    let mut ping = tokio::time::interval(PING);
    loop {
        let message = tokio::select! {
            entry = reader.next() => match entry {
                Ok(Some(entry)) => Message::Text(frame(&entry).into()),
                Ok(None) => Message::Close(None),
                Err(error) => {
                    tracing::error!("{error}; a stream of events breaks off");
                    Message::Close(None)
                }
            },
            // Nothing is expected of the subscriber; pings are answered by the library.
            received = socket.recv() => match received {
                Some(Ok(_)) => continue,
                Some(Err(_)) | None => return,
            },
            _ = ping.tick() => Message::Ping(Vec::new().into()),
        };
        let ends = matches!(message, Message::Close(_));
        if socket.send(message).await.is_err() || ends {
            return;
        }
    }
}

/// The parts of a server-sent event, under the same names.
fn frame(entry: &Entry) -> String {
    let Entry {
        sequence,
        name,
        event,
    } = entry;
    let name = serde_json::Value::from(name.as_str());
    format!("{{\"id\":{sequence},\"event\":{name},\"data\":{event}}}")
}
