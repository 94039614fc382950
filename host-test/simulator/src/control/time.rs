//! The clock over HTTP.

use std::time::Duration;

use serde_json::json;

use super::input::{ControlError, optional};
use super::{Order, Outcome};

pub(super) fn clock(order: &Order) -> Outcome {
    Ok(json!({
        "now_ms": order.shared.clock.now_ms(),
        "now_seconds": order.shared.clock.now_seconds(),
        "manual": order.shared.clock.is_manual(),
    }))
}

/// Moves the clock; webhooks that became due are delivered before the answer.
pub(super) fn advance(order: &Order) -> Outcome {
    let body = order.body(&["seconds", "milliseconds"])?;
    let seconds: Option<u64> = optional(
        body,
        "seconds",
        "a whole number of seconds, not negative",
        "{\"seconds\": 60}",
    )?;
    let millis: Option<u64> = optional(
        body,
        "milliseconds",
        "a whole number of milliseconds, not negative",
        "{\"milliseconds\": 500}",
    )?;
    if seconds.is_none() && millis.is_none() {
        return Err(ControlError::new(
            "seconds",
            "a whole number of seconds (or `milliseconds`)",
            "send {\"seconds\": 60}",
        ));
    }
    let by = Duration::from_secs(seconds.unwrap_or(0))
        .saturating_add(Duration::from_millis(millis.unwrap_or(0)));
    order.shared.clock.advance(by);
    clock(order)
}
