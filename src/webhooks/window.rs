//! The customer service window, out of times that the caller keeps.

use crate::actions::window::OPEN_S;
use crate::contract::tables::WINDOW_STATE;
use crate::door::{Lowered, Node};
use crate::prelude::*;

/// Whether the window is open. The result is a `window-state`.
pub fn service_window(last_inbound_at: Option<u64>, now: u64) -> Lowered {
    let closes_at = last_inbound_at.map(closes_at);
    let seconds_left = closes_at.unwrap_or_default().saturating_sub(now);
    let fields = vec![
        // Open through its last second, as everywhere else here.
        ("open", Node::Flag(closes_at.is_some_and(|end| now <= end))),
        ("closes_at", Node::whole_or_absent(closes_at)),
        ("seconds_left", Node::whole_or_absent(Some(seconds_left))),
    ];
    Lowered::of_record(WINDOW_STATE, &Node::record(fields))
}

/// When the window closes that a message or call of this time opens.
pub fn closes_at(time: u64) -> u64 {
    // Nothing later can be written.
    time.saturating_add(OPEN_S).min(i64::MAX as u64)
}
