//! What became of the messages of which the workflow does not know.

use crate::bindings::obelisk::{
    types::execution::ExecutionId,
    webhook::webhook_support::{TryGetError, try_get},
};
use crate::{Answer, exists, key, start};
use serde::Deserialize;
use serde_json::{Value, json};

/// What is asked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    /// Execution id of a `send`: of its unknown contacts.
    broadcast: Option<String>,
    /// The contacts themselves, when the broadcast is another server's.
    contacts: Option<Vec<Value>>,
    /// Whether those of the `broadcast` without a status are sent again.
    #[serde(default)]
    send_again: bool,
}

/// What is expected, for an error.
const EXPECTED: &str = r#"expected {"broadcast": "E_…", "send_again": false} or {"contacts": [{"key": "…", "to": "…"}]}"#;

/// Sorts contacts into those of which a status came, and the others. Asked twice, it sends again once: that broadcast's id is made of the
/// first one's.
pub fn answer(body: &[u8]) -> Answer {
    let order: Order =
        serde_json::from_slice(body).map_err(|why| (400, format!("{EXPECTED}: {why}")))?;
    let (broadcast, report) = match (order.broadcast, order.contacts) {
        (None, Some(contacts)) if !order.send_again => {
            let (sent, without_status) = sort(contacts)?;
            return Ok(json!({"sent": sent, "without_status": without_status, "again": null}));
        }
        (Some(broadcast), None) => {
            let report = report(&broadcast)?;
            (broadcast, report)
        }
        _ => return Err((400, EXPECTED.to_owned())),
    };
    let unknown = report["unknown"].as_array().cloned().unwrap_or_default();
    let (sent, without_status) = sort(unknown)?;
    let again = key::execution("again", &broadcast);
    if order.send_again && !without_status.is_empty() {
        start(&again, "send", &json!([report["message"], without_status]))?;
    }
    let again = exists(&again)?.then_some(again.id);
    Ok(json!({"sent": sent, "without_status": without_status, "again": again}))
}

/// Those of which a status came, and the others.
fn sort(contacts: Vec<Value>) -> Result<(Vec<Value>, Vec<Value>), (u16, String)> {
    let (mut sent, mut without_status) = (Vec::new(), Vec::new());
    for contact in contacts {
        let key = contact["key"].as_str().unwrap_or_default();
        if exists(&key::execution("status", key))? {
            sent.push(contact);
        } else {
            without_status.push(contact);
        }
    }
    Ok((sent, without_status))
}

/// What the broadcast returned.
fn report(broadcast: &str) -> Result<Value, (u16, String)> {
    let id = ExecutionId {
        id: broadcast.to_owned(),
    };
    let returned = try_get(&id, None).map_err(|problem| match problem {
        TryGetError::NotFinishedYet => (
            409,
            format!("broadcast: {broadcast} has not ended; ask again when it has"),
        ),
        TryGetError::NotFound => (404, format!("broadcast: there is no execution {broadcast}")),
        TryGetError::ExecutionIdParsingError(why) => (400, format!("broadcast: {why}")),
    })?;
    match returned {
        Ok(Some(report)) => {
            serde_json::from_str(&report).map_err(|why| (500, format!("broadcast: {why}")))
        }
        other => Err((
            422,
            format!("broadcast: {broadcast} has no report: {other:?}"),
        )),
    }
}
