//! Events on stdout: a reader like any other, so a pipe that nobody empties keeps no delivery waiting.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use host_test::inbox::{Entry, Inbox, Selection};
use serde_json::Value;
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::super::event_line;
use super::super::out::Out;
use super::super::problem::Problem;
use super::super::style::DIM;

/// Prints what comes after a place in the stream.
pub struct Printer {
    /// Where it began.
    pub after: i64,
    last: Arc<AtomicI64>,
    feeding: JoinHandle<()>,
    printed: oneshot::Receiver<()>,
}

impl Printer {
    /// Starts after this place, or with what comes from now on. Tells `unread` when nobody takes the events any more.
    pub async fn start(
        inbox: &Arc<Inbox>,
        after: Option<u64>,
        out: Out,
        unread: Arc<Notify>,
    ) -> Result<Self, Problem> {
        let last = inbox.store().last().await;
        let last = last.map_err(|error| Problem::broken_store(&error))?;
        let after = match after.map(i64::try_from) {
            None => last,
            Some(Ok(after)) if after <= last => after,
            // Of a store that is not there any more: nothing of this one has been seen.
            Some(_) => 0,
        };
        let (sender, mut entries) = mpsc::channel::<Entry>(1);
        let (done, printed) = oneshot::channel();
        let last = Arc::new(AtomicI64::new(after));
        let reached = Arc::clone(&last);
        // Writing to a pipe can block for ever; a thread of its own does not keep the program from ending.
        std::thread::spawn(move || {
            while let Some(entry) = entries.blocking_recv() {
                if print(&entry, out).is_err() {
                    unread.notify_one();
                    break;
                }
                reached.store(entry.sequence, Ordering::Relaxed);
            }
            let _ = done.send(());
        });
        let feeding = tokio::spawn(feed(Arc::clone(inbox), after, sender));
        Ok(Self {
            after,
            last,
            feeding,
            printed,
        })
    }

    /// Waits until everything is printed, after the inbox was closed. When that takes longer than this, says what was not.
    pub async fn end(self, limit: Duration) -> Option<String> {
        let Self {
            last,
            mut feeding,
            printed,
            ..
        } = self;
        let done = async {
            let _ = (&mut feeding).await;
            let _ = printed.await;
        };
        let late = timeout(limit, done).await.is_err();
        feeding.abort();
        late.then(|| {
            format!(
                "stdout, which nobody reads (printed up to event #{})",
                last.load(Ordering::Relaxed)
            )
        })
    }
}

async fn feed(inbox: Arc<Inbox>, mut after: i64, printer: mpsc::Sender<Entry>) {
    let mut reader = inbox.read(Selection::All, after);
    while let Some(entry) = reader.next().await.unwrap_or_else(unreadable) {
        after = entry.sequence;
        if printer.send(entry).await.is_err() {
            return;
        }
    }
    // What came before the inbox was closed.
    loop {
        let rest = inbox.store().entries(&Selection::All, after, 100).await;
        let rest = rest.unwrap_or_else(unreadable).unwrap_or_default();
        if rest.is_empty() {
            return;
        }
        for entry in rest {
            after = entry.sequence;
            if printer.send(entry).await.is_err() {
                return;
            }
        }
    }
}

fn unreadable<T>(error: host_test::inbox::StoreError) -> Option<T> {
    tracing::error!("{error}; no further events are printed");
    None
}

fn print(entry: &Entry, out: Out) -> Result<(), Problem> {
    let Entry {
        sequence, event, ..
    } = entry;
    if out.is_json() {
        return out.line(with_sequence(*sequence, event));
    }
    let event: Value = serde_json::from_str(event).map_err(Problem::not_json)?;
    out.line(format!(
        "{DIM}#{sequence:<4}{DIM:#} {}",
        event_line::of(&event)
    ))
}

/// The event as the component gave it, with its place before the other fields.
fn with_sequence(sequence: i64, event: &str) -> String {
    match event.strip_prefix('{') {
        Some(fields) => format!("{{\"sequence\":{sequence},{fields}"),
        None => event.to_owned(),
    }
}
