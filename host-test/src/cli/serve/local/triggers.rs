//! Triggers over HTTP: what there is, what runs, start and stop.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use host_test::CallError;
use host_test::inbox::{Stored, Subscription, Term, TriggerError};
use serde::Serialize;

use super::super::triggers::Wanted;
use super::{Shared, answer, broken, place, problem};

/// A trigger that runs, as it is told.
#[derive(Serialize)]
struct Running<'s> {
    #[serde(flatten)]
    subscription: &'s Subscription,
    term: Term,
}

/// `GET /subscriptions`
pub async fn list(State(shared): State<Arc<Shared>>) -> Response {
    match shared.inbox.store().subscriptions().await {
        Ok(all) => {
            let all: Vec<_> = all.iter().map(Running::of).collect();
            json(StatusCode::OK, &all)
        }
        Err(error) => broken(&error),
    }
}

/// `POST /subscriptions`
pub async fn start(State(shared): State<Arc<Shared>>, body: String) -> Response {
    let wanted: Wanted = match serde_json::from_str(&body) {
        Ok(wanted) => wanted,
        Err(error) => {
            return problem(
                StatusCode::BAD_REQUEST,
                "usage",
                &format!(
                    "expected a JSON object that says which trigger, but found a mistake: {error}"
                ),
                "Send {\"trigger\": \"new-message\", \"business_account_id\": \"102290129340398\"}; `filter` and `id` may stand beside.",
            );
        }
    };
    let Some(subscription) = wanted.complete(shared.account.as_deref()) else {
        return problem(
            StatusCode::BAD_REQUEST,
            "usage",
            "business_account_id: expected the WhatsApp Business Account whose events start it, but found none",
            "Add \"business_account_id\", or start `serve` with WHATSAPP_BUSINESS_ACCOUNT_ID.",
        );
    };
    let id = subscription.id.clone();
    // On a task of its own: a caller that hangs up leaves nothing half done.
    let inbox = Arc::clone(&shared.inbox);
    let work = tokio::spawn(async move { inbox.start(subscription, Term::UntilStopped).await });
    match work.await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => return refused("", &error),
        Err(error) => return broken(&error),
    }
    match shared.inbox.store().subscription(&id).await {
        Ok(Some(stored)) => json(StatusCode::CREATED, &Running::of(&stored)),
        // Stopped again in the meantime.
        Ok(None) => place::no_such_trigger(&id),
        Err(error) => broken(&error),
    }
}

/// `DELETE /subscriptions/{id}`
pub async fn stop(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Response {
    let inbox = Arc::clone(&shared.inbox);
    let wanted = id.clone();
    let work = tokio::spawn(async move { inbox.stop(&wanted).await });
    match work.await {
        Ok(Ok(true)) => StatusCode::NO_CONTENT.into_response(),
        Ok(Ok(false)) => place::no_such_trigger(&id),
        Ok(Err(error)) => {
            tracing::error!("{error}");
            refused("the trigger has stopped, but ", &error)
        }
        Err(error) => broken(&error),
    }
}

/// `GET /triggers`
pub async fn describe(State(shared): State<Arc<Shared>>) -> Response {
    match shared.inbox.host().webhooks_describe_triggers().await {
        Ok(triggers) => answer(StatusCode::OK, triggers),
        Err(error) => broken(&error),
    }
}

/// `GET /messages/{id}`
pub async fn message(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Response {
    match shared.inbox.store().message_states(&id).await {
        Ok(states) if states.is_empty() => problem(
            StatusCode::NOT_FOUND,
            "usage",
            &format!("no status of the message {id:?} has come"),
            "Statuses come seconds after a message was sent; without any, see `host-test invoke diagnose`.",
        ),
        Ok(states) => json(StatusCode::OK, &states),
        Err(error) => broken(&error),
    }
}

/// A query that is not as expected.
pub fn misread(why: &str) -> Response {
    problem(
        StatusCode::BAD_REQUEST,
        "usage",
        why,
        "A stream takes `subscription` or `account`, and `after`.",
    )
}

/// `before` is what has been done all the same.
fn refused(before: &str, error: &TriggerError) -> Response {
    let (status, case, advice) = match error {
        TriggerError::Wrong { .. } => (
            StatusCode::BAD_REQUEST,
            "usage",
            "GET /triggers lists the triggers with their filters.".to_owned(),
        ),
        TriggerError::Taken { .. } => (
            StatusCode::CONFLICT,
            "usage",
            "GET /subscriptions lists the triggers that run.".to_owned(),
        ),
        TriggerError::Meta {
            doing,
            account,
            source: CallError::Refused(refusal),
        } => {
            let fault = refusal.fault();
            let (why, advice) = fault.map_or(("it broke off", "Try again."), |fault| {
                (&fault.message, &fault.advice)
            });
            // What would be refused again is the caller's to change; the rest is worth another try.
            let status = if error.may_pass() {
                StatusCode::BAD_GATEWAY
            } else {
                StatusCode::UNPROCESSABLE_ENTITY
            };
            let message = format!("{before}{doing} account {account} failed: {why}");
            return problem(status, refusal.case(), &message, advice);
        }
        TriggerError::Meta { .. } => (
            StatusCode::BAD_GATEWAY,
            "execution-failed",
            "Try again.".to_owned(),
        ),
        other => return broken(other),
    };
    problem(status, case, &format!("{before}{error}"), &advice)
}

fn json(status: StatusCode, value: &impl Serialize) -> Response {
    match serde_json::to_string(value) {
        Ok(text) => answer(status, text),
        Err(error) => broken(&error),
    }
}

impl<'s> Running<'s> {
    fn of(stored: &'s Stored) -> Self {
        Self {
            subscription: &stored.subscription,
            term: stored.term,
        }
    }
}
