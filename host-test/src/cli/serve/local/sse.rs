//! Events as server-sent events.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use host_test::inbox::Reader;

use super::{Shared, place};

/// `GET /events`
pub async fn stream(
    State(shared): State<Arc<Shared>>,
    query: Result<Query<place::Query>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let query = match query {
        Ok(Query(query)) => query,
        Err(rejection) => return super::triggers::misread(&rejection.body_text()),
    };
    match place::reader(&shared, query, &headers).await {
        Ok(reader) => Sse::new(stream::unfold(reader, next))
            .keep_alive(KeepAlive::default())
            .into_response(),
        Err(refusal) => refusal,
    }
}

async fn next(mut reader: Reader) -> Option<(Result<Event, Infallible>, Reader)> {
    match reader.next().await {
        Ok(entry) => {
            let entry = entry?;
            let event = Event::default()
                .id(entry.sequence.to_string())
                .event(entry.name)
                .data(entry.event);
            Some((Ok(event), reader))
        }
        Err(error) => {
            // The subscriber connects again and goes on where it was.
            tracing::error!("{error}; a stream of events breaks off");
            None
        }
    }
}
