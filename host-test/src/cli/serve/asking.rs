//! Asking Meta for the webhooks of triggers: a few times at the start, then again and again in the background.

use std::sync::Arc;
use std::time::Duration;

use host_test::CallError;
use host_test::inbox::{Inbox, StoreError, TriggerError, Unasked};

use super::super::problem::Problem;

/// Pauses after the first tries, which the start waits for.
const AT_START: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(1)];
/// First pause in the background; each is twice the one before.
const LATER: Duration = Duration::from_secs(2);
/// Longest pause.
const LONGEST: Duration = Duration::from_secs(300);

/// Asks, at most some times. Returns the accounts for which that is to go on in the background: Meta could not be reached.
pub async fn at_start(inbox: &Inbox) -> Result<Vec<String>, Problem> {
    let tries = AT_START.len() + 1;
    let mut pauses = AT_START.into_iter();
    let mut number = 1;
    loop {
        let unasked = inbox.ask_meta().await;
        let unasked = unasked.map_err(|error| Problem::broken_store(&error))?;
        let (pending, refused): (Vec<_>, Vec<_>) =
            unasked.into_iter().partition(|one| one.error.may_pass());
        for Unasked {
            of_earlier, error, ..
        } in refused
        {
            if !of_earlier {
                inbox.abandon().await;
                return Err(self::refused(error));
            }
            give_up(&error);
        }
        for one in &pending {
            tracing::warn!("try {number} of {tries}: {}", one.error);
        }
        let accounts: Vec<_> = pending.into_iter().map(|one| one.account).collect();
        match pauses.next() {
            Some(pause) if !accounts.is_empty() => tokio::time::sleep(pause).await,
            _ => return Ok(accounts),
        }
        number += 1;
    }
}

/// Says that it goes on without, and asks until Meta has answered. For a task of its own.
pub async fn later(inbox: Arc<Inbox>, mut accounts: Vec<String>) {
    if accounts.is_empty() {
        return;
    }
    tracing::warn!(
        "serving all the same: what Meta sends is received, but Meta could not be asked to send the webhooks of {}. It is asked again in the background, at least every {} minutes",
        named(&accounts),
        LONGEST.as_secs() / 60
    );
    let mut pause = LATER;
    while !accounts.is_empty() {
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST);
        match inbox.ask_meta().await {
            Ok(unasked) => accounts = still_pending(&accounts, unasked),
            Err(error) => unreadable(&error),
        }
    }
}

fn still_pending(before: &[String], unasked: Vec<Unasked>) -> Vec<String> {
    let done: Vec<_> = before
        .iter()
        .filter(|account| unasked.iter().all(|one| one.account != **account))
        .cloned()
        .collect();
    if !done.is_empty() {
        anstream::eprintln!("Meta now sends the webhooks of {}.", named(&done));
    }
    let (pending, refused): (Vec<_>, Vec<_>) =
        unasked.into_iter().partition(|one| one.error.may_pass());
    for one in refused.iter().filter(|one| before.contains(&one.account)) {
        give_up(&one.error);
    }
    pending.into_iter().map(|one| one.account).collect()
}

fn give_up(error: &TriggerError) {
    tracing::error!(
        "{error}; the triggers of this account get nothing until that is mended and the program is started again"
    );
}

fn unreadable(error: &StoreError) {
    tracing::warn!("{error}");
}

/// `account 1`, `accounts 1, 2`
pub fn named(accounts: &[String]) -> String {
    let plural = if accounts.len() == 1 { "" } else { "s" };
    format!("account{plural} {}", accounts.join(", "))
}

/// A trigger of the command line that does not start.
pub fn refused(error: TriggerError) -> Problem {
    match error {
        TriggerError::Meta {
            source: CallError::Refused(refusal),
            account,
            ..
        } => {
            let said = refusal.fault();
            let (message, advice) = said.map_or_else(
                || (refusal.case().to_owned(), String::new()),
                |fault| (fault.message.clone(), fault.advice.clone()),
            );
            Problem::failed(
                format!("Meta does not send the webhooks of account {account}: {message}"),
                format!("{advice} Or leave Meta's side as it is with --leave-meta."),
            )
        }
        TriggerError::Wrong { .. } => Problem::usage(
            format!("a trigger cannot be started: {error}"),
            "`host-test describe` lists the triggers, and `host-test describe TRIGGER` its filters. A name of your own has letters, digits and . _ - @.",
        ),
        TriggerError::Taken { .. } => Problem::usage(
            format!("a trigger cannot be started: {error}"),
            "It was started by POST /subscriptions and stays until DELETE /subscriptions/ID: give this one a name of its own (NAME=TRIGGER…), or start without it and delete the other.",
        ),
        TriggerError::Store(error @ StoreError::InUse { .. }) => Problem::store(&error),
        TriggerError::Store(error) => Problem::broken_store(&error),
        other => Problem::failed(other.to_string(), "No trigger was started."),
    }
}
