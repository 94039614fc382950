//! The time limit of an exchange.

use crate::bindings::wasi::clocks::monotonic_clock::subscribe_duration;
use crate::bindings::wasi::io::poll::{Pollable, poll};

const NANOSECONDS_PER_MS: u64 = 1_000_000;

/// When the time is over.
pub struct Deadline(Pollable);

/// The time is over.
pub struct Over;

impl Deadline {
    /// So many milliseconds from now.
    pub fn after(ms: u32) -> Self {
        Self(subscribe_duration(u64::from(ms) * NANOSECONDS_PER_MS))
    }

    /// Waits for one thing.
    pub fn wait(&self, pollable: &Pollable) -> Result<(), Over> {
        let ready = poll(&[pollable, &self.0]);
        if ready.contains(&0) {
            Ok(())
        } else {
            Err(Over)
        }
    }
}
