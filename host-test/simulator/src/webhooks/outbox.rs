//! What is still to be told to the business: scheduled updates, and posts with their attempts.

use std::collections::VecDeque;

use serde::Serialize;
use serde_json::Value;

use super::envelope::{self, Item};
use super::{signature, status};
use crate::world::World;

/// Updates that Meta puts into one POST at most (create-webhook-endpoint page).
const UPDATES_PER_POST: usize = 1000;

/// Waits between attempts, in seconds of simulator time, with falling frequency; after the last one the delivery is
/// given up, between 6 and 7 days after the first attempt ("up to 7 days", webhooks overview page).
static RETRY_AFTER_SECONDS: &[u64] = &[
    10, 30, 60, 300, 900, 1800, 3600, 7200, 14_400, 28_800, 43_200, 86_400, 86_400, 86_400, 86_400,
    86_400,
];

/// One attempt to post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attempt {
    /// Unix milliseconds.
    pub at_ms: u64,
    /// What the callback answered; `None` when no answer came.
    pub http_status: Option<u16>,
    /// Why no answer came.
    pub error: Option<String>,
}

/// One webhook POST and how it went.
#[derive(Clone, Debug, Serialize)]
pub struct Delivery {
    /// Number of the delivery, from 1.
    pub id: u64,
    /// The callback.
    pub url: String,
    /// The exact text that is posted.
    pub body: String,
    /// The `X-Hub-Signature-256` header.
    pub signature: String,
    /// How many updates (messages, statuses, …) the body holds.
    pub updates: usize,
    /// Attempts so far.
    pub attempts: Vec<Attempt>,
    /// When to try next (unix milliseconds); `None` once delivered or given up.
    pub next_attempt_ms: Option<u64>,
    /// The delivery that this one repeats.
    pub repeats: Option<u64>,
}

impl Delivery {
    /// Whether the callback answered 200.
    pub fn is_delivered(&self) -> bool {
        self.attempts
            .last()
            .is_some_and(|attempt| attempt.http_status == Some(200))
    }

    /// Whether no further attempt will be made although none succeeded.
    pub fn is_given_up(&self) -> bool {
        self.next_attempt_ms.is_none() && !self.is_delivered()
    }

    /// The body, parsed.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }
}

/// How collected updates are posted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FlushOrder {
    /// All in one POST.
    #[default]
    OnePost,
    /// One POST each, the newest first: what Meta's missing order guarantee allows.
    Reversed,
}

/// Something that becomes known to the business at a certain time.
#[derive(Clone, Debug)]
pub(crate) enum Update {
    /// An item that is already complete.
    Item(Item),
    /// A sent message changes its status; rendered when due, because it depends on what happened before.
    Status {
        message_id: String,
        status: &'static str,
        error: Option<(u32, Option<String>)>,
    },
}

#[derive(Clone, Debug)]
struct Scheduled {
    due_ms: u64,
    update: Update,
}

/// All pending and past webhooks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outbox {
    scheduled: VecDeque<Scheduled>,
    pub(crate) deliveries: Vec<Delivery>,
    collecting: Option<Vec<Item>>,
    deliver_twice: u32,
}

impl Outbox {
    /// Plans an update; updates due at the same time keep the order in which they were planned.
    pub(crate) fn schedule(&mut self, due_ms: u64, update: Update) {
        let at = self
            .scheduled
            .partition_point(|planned| planned.due_ms <= due_ms);
        self.scheduled.insert(at, Scheduled { due_ms, update });
    }

    pub(crate) fn begin_batch(&mut self) {
        self.collecting.get_or_insert_default();
    }

    pub(crate) fn deliver_twice(&mut self, times: u32) {
        self.deliver_twice = times;
    }

    /// When something has to be done next.
    pub(crate) fn next_due_ms(&self) -> Option<u64> {
        let update = self.scheduled.front().map(|planned| planned.due_ms);
        let attempt = self
            .deliveries
            .iter()
            .filter_map(|d| d.next_attempt_ms)
            .min();
        update.into_iter().chain(attempt).min()
    }

    /// Posts a delivery once more, as a new delivery. Returns its number.
    pub(crate) fn redeliver(&mut self, id: Option<u64>, now_ms: u64) -> Option<u64> {
        let original = match id {
            Some(id) => self.deliveries.iter().find(|d| d.id == id)?,
            None => self.deliveries.last()?,
        };
        let mut copy = original.clone();
        copy.repeats = Some(original.repeats.unwrap_or(original.id));
        copy.attempts.clear();
        copy.next_attempt_ms = Some(now_ms);
        Some(self.push(copy))
    }

    fn push(&mut self, mut delivery: Delivery) -> u64 {
        delivery.id = self.deliveries.len() as u64 + 1;
        let id = delivery.id;
        self.deliveries.push(delivery);
        id
    }

    /// Notes how an attempt went and plans the next one.
    pub(crate) fn record_attempt(&mut self, id: u64, attempt: Attempt) {
        let Some(delivery) = self.deliveries.iter_mut().find(|d| d.id == id) else {
            return;
        };
        let wait = RETRY_AFTER_SECONDS.get(delivery.attempts.len());
        delivery.next_attempt_ms = match attempt.http_status {
            Some(200) => None,
            _ => wait.map(|seconds| attempt.at_ms.saturating_add(seconds * 1000)),
        };
        delivery.attempts.push(attempt);
    }

    /// The first delivery whose next attempt is due.
    pub(crate) fn due_delivery(&self, now_ms: u64) -> Option<&Delivery> {
        self.deliveries
            .iter()
            .find(|d| d.next_attempt_ms.is_some_and(|at| at <= now_ms))
    }
}

/// Turns every update that is due by now into deliveries (or collects it), and lets it happen in the world.
pub(crate) fn collect_due(world: &mut World, now_ms: u64) {
    let is_due = |planned: &mut Scheduled| planned.due_ms <= now_ms;
    while let Some(planned) = world.outbox.scheduled.pop_front_if(is_due) {
        let item = match planned.update {
            Update::Item(item) => Some(item),
            Update::Status {
                message_id,
                status,
                error,
            } => status::apply(world, &message_id, status, error, planned.due_ms),
        };
        let Some(item) = item else { continue };
        if !is_subscribed(world, &item.waba_id) {
            continue;
        }
        match &mut world.outbox.collecting {
            Some(collected) => collected.push(item),
            None => post(world, vec![item], now_ms),
        }
    }
}

/// Ends collecting and posts what was collected. Returns how many updates that were.
pub(crate) fn flush_batch(world: &mut World, order: FlushOrder, now_ms: u64) -> usize {
    collect_due(world, now_ms);
    let items = world.outbox.collecting.take().unwrap_or_default();
    let count = items.len();
    match order {
        FlushOrder::OnePost => post(world, items, now_ms),
        FlushOrder::Reversed => {
            for item in items.into_iter().rev() {
                post(world, vec![item], now_ms);
            }
        }
    }
    count
}

/// Everything that was delivered to a customer (by one business number, or all) becomes read. Returns how many.
pub(crate) fn customer_reads(
    world: &mut World,
    customer: &str,
    phone_number_id: Option<&str>,
    now_ms: u64,
) -> usize {
    collect_due(world, now_ms);
    let key = world
        .customer(customer)
        .map_or(customer, |known| known.key());
    let unread: Vec<String> = world
        .messages
        .iter()
        .filter(|m| m.recipient == key && m.has_been("delivered") && !m.has_been("read"))
        .filter(|m| phone_number_id.is_none_or(|id| id == m.phone_number_id))
        .map(|m| m.id.clone())
        .collect();
    for message_id in &unread {
        let update = Update::Status {
            message_id: message_id.clone(),
            status: "read",
            error: None,
        };
        world.outbox.schedule(now_ms, update);
    }
    collect_due(world, now_ms);
    unread.len()
}

fn is_subscribed(world: &World, waba_id: &str) -> bool {
    world
        .subscriptions
        .iter()
        .any(|s| s.waba_id == waba_id && s.app_id == world.app.id)
}

/// Creates deliveries of the items, one per callback and thousand.
fn post(world: &mut World, items: Vec<Item>, now_ms: u64) {
    let mut by_url: Vec<(String, Vec<Item>)> = Vec::new();
    for item in items {
        let Some(url) = callback_of(world, &item) else {
            tracing::info!(
                field = item.field,
                "no callback is configured; the update is dropped"
            );
            continue;
        };
        match by_url.iter_mut().find(|(known, _)| *known == url) {
            Some((_, group)) => group.push(item),
            None => by_url.push((url, vec![item])),
        }
    }
    for (url, items) in by_url {
        for chunk in items.chunks(UPDATES_PER_POST) {
            let body = envelope::body(chunk, now_ms);
            let delivery = Delivery {
                id: 0,
                url: url.clone(),
                signature: signature::sign(&world.app.secret, body.as_bytes()),
                body,
                updates: chunk.len(),
                attempts: Vec::new(),
                next_attempt_ms: Some(now_ms),
                repeats: None,
            };
            let id = world.outbox.push(delivery);
            if world.outbox.deliver_twice > 0 {
                world.outbox.deliver_twice -= 1;
                world.outbox.redeliver(Some(id), now_ms);
            }
        }
    }
}

/// Fields whose callback a number or WABA can override; all others go to the app's callback (webhook overrides page).
static OVERRIDABLE: &[&str] = &[
    "messages",
    "message_echoes",
    "calls",
    "consumer_profile",
    "messaging_handovers",
    "group_lifecycle_update",
    "group_participants_update",
    "group_settings_update",
    "group_status_update",
    "smb_message_echoes",
    "smb_app_state_sync",
    "history",
    "account_settings_update",
];

fn callback_of(world: &World, item: &Item) -> Option<String> {
    let overridden = || {
        let number = item
            .phone_number_id
            .as_deref()
            .and_then(|id| world.phone_number(id))
            .and_then(|number| number.override_callback_uri.clone());
        number.or_else(|| world.waba_override(&item.waba_id).map(str::to_owned))
    };
    let overridable = OVERRIDABLE.contains(&item.field.as_str());
    overridable
        .then(overridden)
        .flatten()
        .or_else(|| world.app.callback_url.clone())
}
