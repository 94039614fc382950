//! The reference recipe for what an engine does with webhooks: keep them, hand them to triggers, stream them.
//!
//! A delivery goes one way: the component checks and reads it (`handle-json`) and says which triggers get its events (`match-events`);
//! delivery, new events, states and starts are kept in one transaction; then Meta is answered, and subscribers are told. A delivery that
//! breaks off anywhere before the end of the transaction leaves no trace, is answered with 500 if at all, and comes again. One that comes
//! again after that finds its events known. `docs/inbox.md` explains the tables.

mod error;
mod event;
mod log;
mod meta;
mod store;
mod stream;
mod triggers;

use std::collections::BTreeSet;
use std::fs::File;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::sync::{Mutex, watch};
use tokio::time::MissedTickBehavior;

use crate::host::{Account, Host, Session};
use crate::wit::webhooks::{JsonOutcome, Reply, Request, Verification};
pub use error::{ReceiveError, StoreError, TriggerError};
pub use log::{DeliveryLog, Recorded};
use meta::Asked;
pub use meta::{Release, Unasked};
pub use store::{
    Entry, Inbound, Kept, MessageState, NewEvent, Selection, Start, Status, Store, Stored,
    Subscription, Term,
};
pub use stream::Reader;

/// How often to look for what other programs put into the store.
const WATCH_EVERY: Duration = Duration::from_secs(1);

/// Receives webhooks, keeps their events, and hands them on.
pub struct Inbox {
    host: Host,
    store: Store,
    log: Option<DeliveryLog>,
    meta: Option<Account>,
    /// What Meta was asked for. Triggers start and stop one after the other, so that the first and the last of an account are known.
    asked: Mutex<Asked>,
    /// What keeps other programs from the triggers of this one.
    claim: OnceLock<File>,
    news: watch::Sender<News>,
}

/// What subscribers wait for.
#[derive(Clone, Copy, Debug, Default)]
struct News {
    closed: bool,
}

/// What became of a request.
#[derive(Debug)]
pub struct Received {
    /// What to answer.
    pub reply: Reply,
    /// Why the request was refused: for the operator's log, never for the reply.
    pub problem: Option<String>,
    /// What became of the events. None when it was no genuine delivery.
    pub kept: Option<Kept>,
}

impl Inbox {
    /// An inbox that keeps its events in this store. Meta is not asked for anything; see [`Inbox::with_meta`].
    #[must_use]
    pub fn new(host: Host, store: Store) -> Self {
        Self {
            host,
            store,
            log: None,
            meta: None,
            asked: Mutex::default(),
            claim: OnceLock::new(),
            news: watch::Sender::new(News::default()),
        }
    }

    /// Asks Meta for the webhooks of an account when its first trigger starts, and no longer when its last one stops. Of the connection, the
    /// account does not matter; the app's id tells whether the account was subscribed to the app before.
    #[must_use]
    pub fn with_meta(mut self, connection: Account) -> Self {
        self.meta = Some(connection);
        self
    }

    /// Also appends each genuine delivery to a log.
    #[must_use]
    pub fn with_log(mut self, log: DeliveryLog) -> Self {
        self.log = Some(log);
        self
    }

    /// What is kept.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The component.
    #[must_use]
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// Does the exchange of one webhook request that was received at this time, in seconds since 1970. What it returns can be answered:
    /// the events are on the disk.
    ///
    /// # Errors
    /// When the component cannot run, or the delivery cannot be kept or recorded: answer 500, and Meta repeats it.
    pub async fn receive(
        &self,
        request: Request,
        verification: &Verification,
        received_at: u64,
    ) -> Result<Received, ReceiveError> {
        let mut session = self.host.session().await?;
        let outcome = session.webhooks_handle_json(&request, verification).await?;
        let JsonOutcome {
            reply,
            events,
            problem,
        } = outcome;
        let genuine = request.method.eq_ignore_ascii_case("POST") && reply.status == 200;
        if !genuine {
            return Ok(Received {
                reply,
                problem,
                kept: None,
            });
        }
        let news = self.matched(&mut session, &events).await?;
        drop(session);
        if let Some(log) = &self.log {
            // Before it is kept: what is kept is never missing in the log. What is only in the log comes again.
            log.append(Recorded::new(&request, received_at)).await?;
        }
        let kept = self.store.keep(received_at, request.body, news).await?;
        if kept.new > 0 {
            self.news.send_modify(|_| {});
        }
        Ok(Received {
            reply,
            problem,
            kept: Some(kept),
        })
    }

    /// The events with the triggers that get them. Which these are is the component's decision.
    async fn matched(
        &self,
        session: &mut Session,
        events: &str,
    ) -> Result<Vec<NewEvent>, ReceiveError> {
        let mut news = event::read(events)?;
        let accounts: BTreeSet<_> = news
            .iter()
            .map(|event| event.business_account_id.clone())
            .collect();
        let mut stored = self
            .store
            .subscriptions_of(accounts.into_iter().collect())
            .await?;
        if self.claim.get().is_none() && !self.store.is_claimed()? {
            // Nobody runs them: those that end with their program have ended.
            stored.retain(|stored| stored.term == Term::UntilStopped);
        }
        if stored.is_empty() {
            return Ok(news);
        }
        let subscriptions: Vec<_> = stored
            .iter()
            .map(|stored| stored.subscription.to_contract())
            .collect();
        let matches = session
            .webhooks_match_events(events, &subscriptions)
            .await?
            .map_err(|error| ReceiveError::Events {
                detail: crate::CallError::from(error).to_string(),
            })?;
        for problem in matches.problems {
            tracing::warn!(
                trigger = problem.subscription,
                "a trigger gets no events: {}",
                problem.problem
            );
        }
        for start in matches.starts {
            let number = stored
                .iter()
                .find(|stored| stored.subscription.id == start.subscription)
                .map(|stored| stored.number);
            let event = news.get_mut(start.event as usize);
            if let (Some(number), Some(event)) = (number, event) {
                event.starts.push(number);
            }
        }
        Ok(news)
    }

    /// Events from a place in the stream on, as they come. It ends when the inbox is closed, or when the trigger whose events it reads was
    /// stopped.
    #[must_use]
    pub fn read(self: &Arc<Self>, of: Selection, after: i64) -> Reader {
        Reader::new(self.store.clone(), of, after, self.news.subscribe())
    }

    /// Tells the readers what other programs put into the store, such as `replay`; looks for it once a second. Never ends: for a task of its
    /// own.
    pub async fn watch(&self) {
        let mut now_and_then = tokio::time::interval(WATCH_EVERY);
        now_and_then.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut known = None;
        loop {
            now_and_then.tick().await;
            match self.store.data_version().await {
                Ok(version) if known == Some(version) => {}
                // Also after the first look: what changed before it may have been missed.
                Ok(version) => {
                    known = Some(version);
                    self.news.send_modify(|_| {});
                }
                Err(error) => tracing::warn!("{error}"),
            }
        }
    }

    /// Ends every reader.
    pub fn close(&self) {
        self.news.send_modify(|news| news.closed = true);
    }
}

impl std::fmt::Debug for Inbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inbox")
            .field("host", &self.host)
            .field("store", &self.store)
            .finish_non_exhaustive()
    }
}
