//! Reading the events as they come.

use std::collections::VecDeque;

use tokio::sync::watch;

use super::News;
use super::error::StoreError;
use super::store::{Entry, Selection, Store};

/// How many events a reader holds. One that is slow holds no more, and keeps nobody waiting: what it has not read yet is in the store.
const BATCH: u32 = 100;

/// Reads events from a place in the stream on.
#[derive(Debug)]
pub struct Reader {
    store: Store,
    of: Selection,
    after: i64,
    news: watch::Receiver<News>,
    batch: VecDeque<Entry>,
}

impl Reader {
    pub(super) fn new(
        store: Store,
        of: Selection,
        after: i64,
        news: watch::Receiver<News>,
    ) -> Self {
        Self {
            store,
            of,
            after,
            news,
            batch: VecDeque::new(),
        }
    }

    /// The next event; waits until there is one. None at the end. May be dropped while it waits: nothing is lost.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn next(&mut self) -> Result<Option<Entry>, StoreError> {
        loop {
            // Seen before the store is read: what is kept after that is news again.
            if self.news.borrow_and_update().closed {
                return Ok(None);
            }
            if let Some(entry) = self.batch.pop_front() {
                self.after = entry.sequence;
                return Ok(Some(entry));
            }
            match self.store.entries(&self.of, self.after, BATCH).await? {
                None => return Ok(None),
                Some(batch) if !batch.is_empty() => self.batch = batch.into(),
                Some(_) => {
                    if self.news.changed().await.is_err() {
                        return Ok(None);
                    }
                }
            }
        }
    }
}
