//! Events on stdout: a reader like any other, so a pipe that nobody empties keeps no delivery waiting.

use std::sync::Arc;

use host_test::inbox::{Entry, Inbox, Selection};
use serde_json::Value;
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::task::JoinHandle;

use super::super::event_line;
use super::super::out::Out;
use super::super::problem::Problem;

/// Prints what is new from now on.
pub struct Printer {
    feeding: JoinHandle<()>,
    printed: oneshot::Receiver<()>,
}

impl Printer {
    /// Starts. Tells `unread` when nobody takes the events any more.
    pub async fn start(inbox: &Arc<Inbox>, out: Out, unread: Arc<Notify>) -> Result<Self, Problem> {
        let after = inbox.store().last().await.map_err(super::broken)?;
        let (sender, mut entries) = mpsc::channel::<Entry>(1);
        let (done, printed) = oneshot::channel();
        // Writing to a pipe can block for ever; a thread of its own does not keep the program from ending.
        std::thread::spawn(move || {
            while let Some(entry) = entries.blocking_recv() {
                if print(&entry, out).is_err() {
                    unread.notify_one();
                    break;
                }
            }
            let _ = done.send(());
        });
        let feeding = tokio::spawn(feed(Arc::clone(inbox), after, sender));
        Ok(Self { feeding, printed })
    }

    /// Waits until everything is printed, after the inbox was closed.
    pub async fn end(self) {
        let _ = self.feeding.await;
        let _ = self.printed.await;
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
    if out.is_json() {
        return out.line(&entry.event);
    }
    let event: Value = serde_json::from_str(&entry.event).map_err(Problem::not_json)?;
    out.line(event_line::of(&event))
}
