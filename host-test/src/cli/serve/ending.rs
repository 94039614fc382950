//! The end, in steps of which none can keep the others from being done.

use std::time::Duration;

use host_test::inbox::{Inbox, Release};
use tokio::time::timeout;

use super::super::webhook::Server;
use super::asking::named;
use super::local::Local;
use super::printer::Printer;

/// How long Meta's answers to `unsubscribe-webhooks` may take. With the steps after it, it stays below the 10 seconds after which a
/// container is killed.
const META: Duration = Duration::from_secs(4);
/// How long stdout may take to take what is left.
const PRINTER: Duration = Duration::from_secs(2);

/// What has to come to an end.
pub struct Running {
    pub server: Server,
    pub local: Local,
    pub printer: Printer,
}

/// Ends everything, and says what was left.
pub async fn wind_down(inbox: &Inbox, running: Running, undo: bool) {
    let mut left = Vec::new();
    match timeout(META, inbox.end(undo)).await {
        Ok(ended) => tell(inbox, ended, undo),
        Err(_) => left.push("Meta's answer to unsubscribe-webhooks".to_owned()),
    }
    // After that: what Meta had on its way is still received.
    left.extend(running.server.stop().await);
    inbox.close();
    let (unprinted, subscribers) = tokio::join!(
        running.printer.end(PRINTER),
        // Its streams have been told to end.
        running.local.stop(),
    );
    left.extend(unprinted);
    left.extend(subscribers);
    if !left.is_empty() {
        tracing::warn!("ended without waiting for: {}", left.join("; "));
    }
}

/// What became of the accounts at Meta's, and why.
fn tell(inbox: &Inbox, ended: Vec<(String, Release)>, undo: bool) {
    let (mut kept, mut unsubscribed, mut not_ours) = (Vec::new(), Vec::new(), Vec::new());
    for (account, release) in ended {
        match release {
            Release::Kept => kept.push(account),
            Release::Unsubscribed => unsubscribed.push(account),
            Release::NotOurs => not_ours.push(account),
            Release::Failed(error) => {
                let then = match inbox.store().is_temporary() {
                    true => "`host-test invoke unsubscribe-webhooks` ends it",
                    false => {
                        "the next start with this store tries again, unless the trigger is given again"
                    }
                };
                tracing::error!("{error}; Meta goes on sending them: {then}");
            }
        }
    }
    if !kept.is_empty() {
        let why = match undo {
            true => "for triggers that run until they are stopped",
            false => {
                "so that a restart with this store loses nothing (--unsubscribe-at-exit undoes it instead)"
            }
        };
        anstream::eprintln!("Meta still sends the webhooks of {}, {why}.", named(&kept));
    }
    if !unsubscribed.is_empty() {
        let why = match inbox.store().is_temporary() {
            true => "without --store nothing goes on with the next start",
            false => "as --unsubscribe-at-exit says",
        };
        anstream::eprintln!(
            "Meta no longer sends the webhooks of {}: {why}.",
            named(&unsubscribed)
        );
    }
    if !not_ours.is_empty() {
        anstream::eprintln!(
            "Meta still sends the webhooks of {}: subscribed before, and not by this program, which so leaves it.",
            named(&not_ours)
        );
    }
}
