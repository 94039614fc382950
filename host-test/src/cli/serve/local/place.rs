//! Which events a request asks for, and from where on.

use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use host_test::inbox::{Reader, Selection};
use serde::Deserialize;

use super::{Shared, broken, problem};

/// Where a browser says what it had last.
const LAST_EVENT_ID: &str = "last-event-id";

/// What stands behind the `?`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Query {
    subscription: Option<String>,
    account: Option<String>,
    after: Option<String>,
}

/// A reader for the request.
pub async fn reader(
    shared: &Shared,
    query: Query,
    headers: &HeaderMap,
) -> Result<Reader, Response> {
    let bad =
        |message: String, advice: &str| problem(StatusCode::BAD_REQUEST, "usage", &message, advice);
    let store = shared.inbox.store();
    let of = match (query.subscription, query.account) {
        (None, None) => Selection::All,
        (None, Some(account)) => Selection::Account(account),
        (Some(_), Some(_)) => {
            return Err(bad(
                "expected `subscription` or `account`, but found both".to_owned(),
                "A trigger has one account anyway: leave `account` out.",
            ));
        }
        (Some(id), None) => match store.subscription(&id).await {
            Ok(Some(stored)) => Selection::Subscription(stored.number),
            Ok(None) => return Err(no_such_trigger(&id)),
            Err(error) => return Err(broken(&error)),
        },
    };
    let last = store.last().await.map_err(|error| broken(&error))?;
    let header = headers
        .get(LAST_EVENT_ID)
        .map(|id| String::from_utf8_lossy(id.as_bytes()).into_owned());
    // The header goes first: a browser that connects again repeats the address, with the place at which it once began.
    let after = match header.or(query.after) {
        None => last,
        Some(id) => match id.trim().parse::<i64>() {
            // Of a store that is not there any more: nothing of this one has been seen.
            Ok(after) if after > last => 0,
            Ok(after) => after,
            Err(_) => {
                return Err(bad(
                    format!(
                        "expected the id of an event as Last-Event-ID or `after`, but found {id:?}"
                    ),
                    "Give back the id that the last event had, or 0 to begin with the first.",
                ));
            }
        },
    };
    Ok(shared.inbox.read(of, after))
}

/// There is no such trigger.
pub fn no_such_trigger(id: &str) -> Response {
    problem(
        StatusCode::NOT_FOUND,
        "usage",
        &format!("there is no trigger {id:?}"),
        "GET /subscriptions lists those that run.",
    )
}
