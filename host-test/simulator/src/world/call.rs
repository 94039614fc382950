//! Calls of the Calling API.

use serde::Serialize;

/// A call that the business started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Call {
    /// Call id (`wacid.…`).
    pub id: String,
    /// The business number.
    pub phone_number_id: String,
    /// wa_id of the other side.
    pub customer: String,
    /// `connect`, then the last action on it: `pre_accept`, `accept`, `reject`, `terminate`.
    pub last_action: String,
    /// Unix milliseconds of the start.
    pub started_at_ms: u64,
}

impl Call {
    /// Whether it is over.
    pub fn is_over(&self) -> bool {
        ["reject", "terminate"].contains(&self.last_action.as_str())
    }
}
