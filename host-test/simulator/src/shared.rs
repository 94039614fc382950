//! What the server, the webhook task and the handle have in common.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::clock::Clock;
use crate::faults::FaultSet;
use crate::recorder::Recorder;
use crate::webhooks::delivery::HttpPoster;
use crate::world::World;

#[derive(Debug)]
pub(crate) struct Shared {
    world: Mutex<World>,
    faults: Mutex<FaultSet>,
    recorder: Mutex<Recorder>,
    pub(crate) clock: Clock,
    pub(crate) poster: HttpPoster,
    /// Held while webhooks are posted.
    pub(crate) delivering: tokio::sync::Mutex<()>,
    /// Tells the webhook task that something may have been queued.
    pub(crate) queued: Notify,
    /// The world as it was at the start, for a reset.
    pub(crate) initial: World,
    /// `http://127.0.0.1:PORT`.
    pub(crate) base_url: String,
}

impl Shared {
    pub(crate) fn new(world: World, clock: Clock, base_url: String) -> Self {
        let timeout = std::time::Duration::from_secs(world.settings.callback_timeout_seconds);
        Self {
            initial: world.clone(),
            world: Mutex::new(world),
            faults: Mutex::default(),
            recorder: Mutex::default(),
            clock,
            poster: HttpPoster::new(timeout),
            delivering: tokio::sync::Mutex::new(()),
            queued: Notify::new(),
            base_url,
        }
    }

    // A test that panics while it holds one of these leaves plain data behind, which stays usable.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn faults(&self) -> MutexGuard<'_, FaultSet> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn recorder(&self) -> MutexGuard<'_, Recorder> {
        self.recorder.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
