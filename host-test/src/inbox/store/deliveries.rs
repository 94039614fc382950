//! Keeping a delivery.

use rusqlite::{Transaction, params};

use super::Store;
use super::windows::{self, Inbound};
use crate::inbox::error::StoreError;

/// An event that may be new.
#[derive(Clone, Debug)]
pub struct NewEvent {
    /// `envelope.id`.
    pub id: String,
    /// `envelope.business_account_id`.
    pub business_account_id: String,
    /// The case of the payload.
    pub kind: String,
    /// All of it, as JSON text.
    pub event: String,
    /// What it says about a message of ours, if it is a status.
    pub status: Option<Status>,
    /// That a customer wrote or called, if it says so.
    pub inbound: Option<Inbound>,
    /// Numbers of the subscriptions that get it.
    pub starts: Vec<i64>,
}

/// How far a message of ours is.
#[derive(Clone, Debug)]
pub struct Status {
    /// `message_id`.
    pub message_id: String,
    /// `rank`.
    pub rank: i64,
    /// `state`.
    pub state: String,
}

/// What became of a delivery.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Events in it.
    pub events: usize,
    /// Those that were not known.
    pub new: usize,
    /// Triggers that got one of these.
    pub starts: usize,
    /// The place of the last new event in the stream.
    pub last: Option<i64>,
}

impl Store {
    /// Keeps a delivery and those of its events that are not known yet, all of it or nothing. Once this has returned, Meta may be answered.
    ///
    /// # Errors
    /// When the database refuses. Nothing was kept: answer 500, and Meta repeats the delivery.
    pub async fn keep(
        &self,
        received_at: u64,
        body: String,
        events: Vec<NewEvent>,
    ) -> Result<Kept, StoreError> {
        let keep = move |transaction: &Transaction<'_>| {
            let received_at = seconds(received_at);
            let mut insert = transaction
                .prepare_cached("INSERT INTO deliveries (received_at, body) VALUES (?1, ?2)")?;
            let delivery = insert.insert(params![received_at, body])?;
            let mut kept = Kept {
                events: events.len(),
                ..Kept::default()
            };
            for event in &events {
                let Some(sequence) = add(transaction, delivery, event)? else {
                    continue;
                };
                kept.new += 1;
                kept.last = Some(sequence);
                kept.starts += start(transaction, sequence, event)?;
                if let Some(status) = &event.status {
                    advance(transaction, &event.business_account_id, status, received_at)?;
                }
                if let Some(inbound) = &event.inbound {
                    windows::note(transaction, &event.business_account_id, inbound)?;
                }
            }
            // What only repeats needs no room of its own.
            if kept.events > 0 && kept.new == 0 {
                transaction.execute("DELETE FROM deliveries WHERE number = ?1", [delivery])?;
            }
            Ok(kept)
        };
        self.write("keep the delivery", keep).await
    }

    /// Forgets what came before this time, in seconds since 1970. Returns how many deliveries that were.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn forget_before(&self, time: u64) -> Result<usize, StoreError> {
        self.write("forget what is old", move |transaction| {
            let time = seconds(time);
            transaction.execute("DELETE FROM message_states WHERE updated_at < ?1", [time])?;
            transaction.execute(
                "DELETE FROM service_windows WHERE last_inbound_at < ?1",
                [time],
            )?;
            // Their events and starts go with them.
            transaction.execute("DELETE FROM deliveries WHERE received_at < ?1", [time])
        })
        .await
    }
}

/// The place of the event in the stream; none when it is known.
fn add(
    transaction: &Transaction<'_>,
    delivery: i64,
    event: &NewEvent,
) -> rusqlite::Result<Option<i64>> {
    let mut insert = transaction.prepare_cached(
        "INSERT INTO events (id, business_account_id, kind, event, delivery) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (id, business_account_id) DO NOTHING",
    )?;
    let values = params![
        event.id,
        event.business_account_id,
        event.kind,
        event.event,
        delivery
    ];
    let added = insert.execute(values)? == 1;
    Ok(added.then(|| transaction.last_insert_rowid()))
}

/// Hands an event to its triggers: those that are still there, and of its account. The component has seen to the latter; this is the second
/// lock on that door.
fn start(
    transaction: &Transaction<'_>,
    sequence: i64,
    event: &NewEvent,
) -> rusqlite::Result<usize> {
    let mut insert = transaction.prepare_cached(
        "INSERT INTO starts (subscription, sequence)
         SELECT number, ?2 FROM subscriptions WHERE number = ?1 AND business_account_id = ?3",
    )?;
    let mut started = 0;
    for subscription in &event.starts {
        started += insert.execute(params![subscription, sequence, event.business_account_id])?;
    }
    Ok(started)
}

/// Moves a message on, never back.
fn advance(
    transaction: &Transaction<'_>,
    account: &str,
    status: &Status,
    received_at: i64,
) -> rusqlite::Result<()> {
    let mut insert = transaction.prepare_cached(
        "INSERT INTO message_states (business_account_id, message_id, rank, state, updated_at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (message_id, business_account_id)
         DO UPDATE SET rank = excluded.rank, state = excluded.state, updated_at = excluded.updated_at
         WHERE excluded.rank > message_states.rank",
    )?;
    let Status {
        message_id,
        rank,
        state,
    } = status;
    insert.execute(params![account, message_id, rank, state, received_at])?;
    Ok(())
}

/// As SQLite keeps it.
pub(super) fn seconds(time: u64) -> i64 {
    i64::try_from(time).unwrap_or(i64::MAX)
}
