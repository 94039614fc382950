//! The time limit of a request.

use crate::bindings::wasi::{
    clocks::monotonic_clock::subscribe_duration,
    io::poll::{Pollable, poll},
};
use alloc::vec::Vec;

const NANOSECONDS: u64 = 1_000_000_000;

/// When the time for a request is over.
pub struct Deadline {
    over: Pollable,
}

/// The time is over.
#[derive(Debug)]
pub struct Over;

impl Deadline {
    /// So many seconds from now.
    pub fn after(seconds: u64) -> Self {
        Self {
            over: subscribe_duration(seconds * NANOSECONDS),
        }
    }

    /// Waits until one of these is ready.
    pub fn wait<'p>(&'p self, others: impl IntoIterator<Item = &'p Pollable>) -> Result<(), Over> {
        let mut all: Vec<&Pollable> = others.into_iter().collect();
        all.push(&self.over);
        poll(&all);
        if self.over.ready() { Err(Over) } else { Ok(()) }
    }
}
