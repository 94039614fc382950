//! How fast may be sent: per business number, and per pair of business number and customer.

use crate::graph_error::GraphError;
use crate::world::{PhoneNumber, World};

const SECOND_MS: u64 = 1000;

/// Counts one message, or refuses it with 130429 (throughput) or 131056 (pair rate).
pub(super) fn check(
    world: &mut World,
    sender: &PhoneNumber,
    recipient: &str,
    now_ms: u64,
) -> Result<(), GraphError> {
    let sends = world.usage.sends.entry(sender.id.clone()).or_default();
    while sends
        .front()
        .is_some_and(|at| now_ms.saturating_sub(*at) >= SECOND_MS)
    {
        sends.pop_front();
    }
    if world.settings.throughput_limit && sends.len() >= sender.messages_per_second() {
        return Err(GraphError::new(130_429));
    }
    if let Some(burst) = world.settings.pair_burst {
        let pair = (sender.id.clone(), recipient.to_owned());
        let (left, counted_ms) = world
            .usage
            .pairs
            .entry(pair)
            .or_insert((f64::from(burst), now_ms));
        let refill_ms = world.settings.pair_refill_ms.max(1);
        // Precise enough: both numbers are far below 2^53.
        let refilled = now_ms.saturating_sub(*counted_ms) as f64 / refill_ms as f64;
        *left = (*left + refilled).min(f64::from(burst));
        *counted_ms = now_ms;
        if *left < 1.0 {
            return Err(GraphError::new(131_056));
        }
        *left -= 1.0;
    }
    sends.push_back(now_ms);
    Ok(())
}
