//! The starts that an engine works off: what is to be run, and what was.

use rusqlite::params;

use super::Store;
use super::deliveries::seconds;
use crate::inbox::error::StoreError;

/// A flow that is to be run for an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// Number of the subscription that got the event.
    pub subscription: i64,
    /// Its id.
    pub id: String,
    /// The event's place in the stream.
    pub sequence: i64,
    /// The event, as JSON text in one line.
    pub event: String,
}

impl Store {
    /// The starts that are not done, oldest first, at most so many.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn starts_to_run(&self, limit: u32) -> Result<Vec<Start>, StoreError> {
        self.read("read starts", move |transaction| {
            let mut query = transaction.prepare_cached(
                "SELECT starts.subscription, subscriptions.id, starts.sequence, events.event
                 FROM starts JOIN events USING (sequence) JOIN subscriptions ON subscriptions.number = starts.subscription
                 WHERE starts.done_at IS NULL ORDER BY starts.sequence LIMIT ?1",
            )?;
            let starts = query.query_map([limit], |row| {
                Ok(Start {
                    subscription: row.get(0)?,
                    id: row.get(1)?,
                    sequence: row.get(2)?,
                    event: row.get(3)?,
                })
            })?;
            starts.collect()
        })
        .await
    }

    /// Marks a start as done, at this time in seconds since 1970. False when it was done already, or went with its trigger.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn mark_done(
        &self,
        subscription: i64,
        sequence: i64,
        at: u64,
    ) -> Result<bool, StoreError> {
        self.write("mark a start as done", move |transaction| {
            let mut update = transaction.prepare_cached(
                "UPDATE starts SET done_at = ?3 WHERE subscription = ?1 AND sequence = ?2 AND done_at IS NULL",
            )?;
            Ok(update.execute(params![subscription, sequence, seconds(at)])? == 1)
        })
        .await
    }
}
