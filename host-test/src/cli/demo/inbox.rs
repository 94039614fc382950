//! What came in by webhook, in order.

use std::sync::Arc;
use std::time::Duration;

use host_test::wit::webhooks::{Event, InboundMessage, MessageStatus, Payload};
use indexmap::IndexMap;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::Instant;

use super::super::event_line;
use super::super::progress::Spinner;
use super::super::webhook::{Arrival, Sink};

/// How often the remaining time is shown.
const SECOND: Duration = Duration::from_secs(1);

/// News of a message of ours.
#[derive(Clone, Debug)]
pub struct News {
    /// `sent`, `delivered`, …
    pub state: String,
    /// Unix seconds.
    pub at: Option<u64>,
    /// Why it failed.
    pub why: String,
}

/// Everything that the webhook endpoint got.
pub struct Inbox {
    arrivals: UnboundedReceiver<Arrival>,
    /// Messages of customers.
    pub messages: Vec<InboundMessage>,
    /// By message, in the order of arrival.
    pub news: IndexMap<String, Vec<News>>,
    /// Status and reason.
    pub refusals: Vec<(u16, String)>,
}

impl Inbox {
    /// An inbox, and the end to put arrivals into.
    pub fn new() -> (Self, Sink) {
        let (sender, arrivals): (UnboundedSender<Arrival>, _) = unbounded_channel();
        let inbox = Self {
            arrivals,
            messages: Vec::new(),
            news: IndexMap::new(),
            refusals: Vec::new(),
        };
        let sink: Sink = Arc::new(move |arrival| {
            sender
                .send(arrival)
                .map_err(|_| "the demo has ended".to_owned())
        });
        (inbox, sink)
    }

    /// Waits until `look` finds something, at most this long. `waiting` says for what.
    pub async fn until<T>(
        &mut self,
        wait: Duration,
        waiting: impl Fn(&Self) -> String,
        mut look: impl FnMut(&Self) -> Option<T>,
    ) -> Option<T> {
        let deadline = Instant::now() + wait;
        let mut spinner: Option<Spinner> = None;
        loop {
            while let Ok(arrival) = self.arrivals.try_recv() {
                self.file(arrival);
            }
            if let Some(found) = look(self) {
                return Some(found);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return None;
            }
            tokio::select! {
                arrival = self.arrivals.recv() => self.file(arrival?),
                () = tokio::time::sleep(left.min(SECOND)) => {
                    let text = format!("{}, {} s left", waiting(self), left.as_secs());
                    match &spinner {
                        Some(spinner) => spinner.say(text),
                        None => spinner = Some(Spinner::start(text)),
                    }
                }
            }
        }
    }

    /// The states of a message so far, such as `sent → delivered`.
    pub fn states(&self, message_id: &str) -> String {
        let news = self.news.get(message_id).map_or(&[][..], Vec::as_slice);
        let states: Vec<_> = news.iter().map(|news| news.state.as_str()).collect();
        states.join(" → ")
    }

    /// Whether a message got so far.
    pub fn has(&self, message_id: &str, state: &str) -> bool {
        self.find(message_id, state).is_some()
    }

    /// The news with this state.
    pub fn find(&self, message_id: &str, state: &str) -> Option<&News> {
        let news = self.news.get(message_id)?;
        news.iter().find(|news| news.state == state)
    }

    fn file(&mut self, arrival: Arrival) {
        match arrival {
            Arrival::Handshake => {}
            Arrival::Refused { status, problem } => self.refusals.push((status, problem)),
            Arrival::Events(events) => events.into_iter().for_each(|event| self.file_event(event)),
        }
    }

    fn file_event(&mut self, event: Event) {
        match event.payload {
            Payload::Message(message) => self.messages.push(message),
            Payload::Status(status) => self.file_status(&status),
            _ => {}
        }
    }

    fn file_status(&mut self, status: &MessageStatus) {
        let state = event_line::state(status);
        let news = self.news.entry(status.message_id.clone()).or_default();
        // Meta may say the same thing twice.
        if news.iter().all(|known| known.state != state) {
            news.push(News {
                state,
                at: status.timestamp,
                why: event_line::reasons(&status.errors),
            });
        }
    }
}
