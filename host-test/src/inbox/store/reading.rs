//! Reading the stream of events.

use rusqlite::{OptionalExtension, Row, Transaction, params};
use serde::Serialize;

use super::Store;
use crate::inbox::error::StoreError;

/// Which events a subscriber gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// Those of every account.
    All,
    /// Those of one account.
    Account(String),
    /// Those that one trigger got, by its number.
    Subscription(i64),
}

/// An event in the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its place. Higher ones came later.
    pub sequence: i64,
    /// The trigger's name when a trigger's events are read, else the case of the payload.
    pub name: String,
    /// The event, as JSON text in one line.
    pub event: String,
}

/// How far a message of ours is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MessageState {
    /// The account that sent it.
    pub business_account_id: String,
    /// Meta's id of it.
    pub message_id: String,
    /// The highest so far.
    pub rank: i64,
    /// What it is called.
    pub state: String,
    /// When that was received, in seconds since 1970.
    pub updated_at: i64,
}

impl Store {
    /// The next events after a place, at most so many. None when the trigger is not there any more.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn entries(
        &self,
        of: &Selection,
        after: i64,
        limit: u32,
    ) -> Result<Option<Vec<Entry>>, StoreError> {
        let of = of.clone();
        self.read("read events", move |transaction| match of {
            Selection::All => {
                let query = "SELECT sequence, kind, event FROM events WHERE sequence > ?1 ORDER BY sequence LIMIT ?2";
                rows(transaction, query, params![after, limit]).map(Some)
            }
            Selection::Account(account) => {
                let query = "SELECT sequence, kind, event FROM events WHERE business_account_id = ?3 AND sequence > ?1
                             ORDER BY sequence LIMIT ?2";
                rows(transaction, query, params![after, limit, account]).map(Some)
            }
            Selection::Subscription(number) => {
                let query = "SELECT trigger FROM subscriptions WHERE number = ?1";
                let trigger: Option<String> =
                    transaction.query_row(query, [number], |row| row.get(0)).optional()?;
                let Some(trigger) = trigger else {
                    return Ok(None);
                };
                let query = "SELECT sequence, ?4, event FROM starts JOIN events USING (sequence)
                             WHERE starts.subscription = ?3 AND sequence > ?1 ORDER BY sequence LIMIT ?2";
                rows(transaction, query, params![after, limit, number, trigger]).map(Some)
            }
        })
        .await
    }

    /// The place of the last event; 0 when there never was one.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn last(&self) -> Result<i64, StoreError> {
        self.read("read events", |transaction| {
            // Also of those that were forgotten since.
            let query = "SELECT seq FROM sqlite_sequence WHERE name = 'events'";
            let last = transaction
                .query_row(query, [], |row| row.get(0))
                .optional()?;
            Ok(last.unwrap_or_default())
        })
        .await
    }

    /// How far a message is, for each account that says so: one, unless somebody made up an id.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn message_states(&self, message_id: &str) -> Result<Vec<MessageState>, StoreError> {
        let message_id = message_id.to_owned();
        self.read("read the state of a message", move |transaction| {
            let mut query = transaction.prepare_cached(
                "SELECT business_account_id, message_id, rank, state, updated_at FROM message_states WHERE message_id = ?1",
            )?;
            let states = query.query_map([message_id], |row| {
                Ok(MessageState {
                    business_account_id: row.get(0)?,
                    message_id: row.get(1)?,
                    rank: row.get(2)?,
                    state: row.get(3)?,
                    updated_at: row.get(4)?,
                })
            })?;
            states.collect()
        })
        .await
    }
}

fn rows(
    transaction: &Transaction<'_>,
    query: &str,
    values: impl rusqlite::Params,
) -> rusqlite::Result<Vec<Entry>> {
    let entry = |row: &Row<'_>| {
        Ok(Entry {
            sequence: row.get(0)?,
            name: row.get(1)?,
            event: row.get(2)?,
        })
    };
    transaction
        .prepare_cached(query)?
        .query_map(values, entry)?
        .collect()
}
