//! Faults over HTTP.

use serde_json::{Value, json};

use super::input::ControlError;
use super::{Order, Outcome, done};
use crate::faults::Fault;

pub(super) fn list(order: &Order) -> Outcome {
    Ok(json!(order.shared.faults().list()))
}

pub(super) fn add(order: &Order) -> Outcome {
    let fault: Fault = serde_json::from_value(Value::Object(order.request.params.clone())).map_err(|error| {
        ControlError::new(
            "fault",
            format!("a fault, but {error}"),
            "send for example {\"fault\": {\"kind\": \"cut_after_handling\"}, \"times\": 1, \"method\": \"POST\", \"path\": \"/messages\"}",
        )
    })?;
    order.shared.faults().add(fault);
    list(order)
}

pub(super) fn clear(order: &Order) -> Outcome {
    order.no_body()?;
    order.shared.faults().clear();
    done()
}
