//! The limit on management calls, and the headers that tell how much of it is used.

use serde_json::json;

use crate::graph_error::GraphError;
use crate::reply::Reply;
use crate::request::GraphRequest;
use crate::world::World;

const HOUR_MS: u64 = 60 * 60 * 1000;

/// Percent from which answers carry usage headers: Meta sends them "only after enough calls".
const NOTABLE_PERCENT: usize = 10;

/// Calls per hour and WABA (about-the-platform page): 5,000 with a registered number, 200 without.
fn limit(world: &World, waba_id: &str) -> usize {
    let active = || {
        world
            .phone_numbers
            .iter()
            .any(|number| number.waba_id == waba_id && number.is_registered())
    };
    world
        .settings
        .management_calls_per_hour
        .unwrap_or_else(|| if active() { 5000 } else { 200 })
}

/// Counts a management call, or refuses it with 80007.
pub(crate) fn count_management_call(
    world: &mut World,
    waba_id: &str,
    now_ms: u64,
) -> Result<(), GraphError> {
    let limit = limit(world, waba_id);
    let calls = world
        .usage
        .management
        .entry(waba_id.to_owned())
        .or_default();
    while calls
        .front()
        .is_some_and(|at| now_ms.saturating_sub(*at) >= HOUR_MS)
    {
        calls.pop_front();
    }
    if calls.len() >= limit {
        return Err(GraphError::core(
            80007,
            "(#80007) There have been too many calls to this WhatsApp Business account. Wait a bit and try again.",
        ));
    }
    calls.push_back(now_ms);
    Ok(())
}

/// Adds the usage headers when the usage of the WABA that the request is about is notable.
pub(crate) fn add_headers(world: &World, request: &GraphRequest, now_ms: u64, reply: &mut Reply) {
    let node = request.segments.first().map_or("", String::as_str);
    let waba_id = world
        .phone_number(node)
        .map_or(node, |number| &number.waba_id);
    let Some(calls) = world.usage.management.get(waba_id) else {
        return;
    };
    let recent = calls
        .iter()
        .filter(|at| now_ms.saturating_sub(**at) < HOUR_MS);
    let percent = recent.count() * 100 / limit(world, waba_id).max(1);
    if percent < NOTABLE_PERCENT {
        return;
    }
    // Minutes until the oldest counted call leaves the hour; 0 while nothing is refused.
    let wait = match calls.front() {
        Some(oldest) if percent >= 100 => {
            (oldest + HOUR_MS).saturating_sub(now_ms).div_ceil(60_000)
        }
        _ => 0,
    };
    let business = json!({waba_id: [{
        "type": "whatsapp",
        "call_count": percent,
        "total_cputime": percent / 4,
        "total_time": percent / 4,
        "estimated_time_to_regain_access": wait,
    }]});
    let app =
        json!({"call_count": percent, "total_cputime": percent / 4, "total_time": percent / 4});
    reply.set_named("x-business-use-case-usage", &business.to_string());
    reply.set_named("x-app-usage", &app.to_string());
}
