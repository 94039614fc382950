//! Looking at the world, and small changes to it.

use serde_json::{Value, json};

use super::input::{ControlError, merged, required};
use super::{Order, Outcome, done};

fn to_json(value: &impl serde::Serialize) -> Outcome {
    serde_json::to_value(value).map_err(|error| {
        ControlError::new(
            "state",
            error.to_string(),
            "report this as a bug of the simulator",
        )
    })
}

pub(super) fn state(order: &Order) -> Outcome {
    let mut state = to_json(&*order.shared.world())?;
    state["now_ms"] = json!(order.now_ms);
    Ok(state)
}

/// Back to the world the simulator was started with; the clock, the faults and the recorded requests too are cleared,
/// except that time never goes back.
pub(super) fn reset(order: &Order) -> Outcome {
    order.no_body()?;
    *order.shared.world() = order.shared.initial.clone();
    order.shared.faults().clear();
    order.shared.recorder().requests.clear();
    done()
}

pub(super) fn change_settings(order: &Order) -> Outcome {
    let mut world = order.shared.world();
    world.settings = merged(&world.settings, &order.request.params)?;
    to_json(&world.settings)
}

pub(super) fn messages(order: &Order) -> Outcome {
    to_json(&order.shared.world().messages)
}

pub(super) fn inbound(order: &Order) -> Outcome {
    to_json(&order.shared.world().inbound)
}

pub(super) fn requests(order: &Order) -> Outcome {
    to_json(&order.shared.recorder().requests)
}

pub(super) fn forget_requests(order: &Order) -> Outcome {
    order.no_body()?;
    order.shared.recorder().requests.clear();
    done()
}

pub(super) fn change_template(order: &Order) -> Outcome {
    let body = order.body(&["status"])?;
    let status: String = required(
        body,
        "status",
        "a template status such as PAUSED",
        "{\"status\": \"PAUSED\"}",
    )?;
    let (name, language) = (order.segment(1), order.segment(2));
    let mut world = order.shared.world();
    let Some(template) = world.template_mut(name, language) else {
        return Err(ControlError::new(
            "path",
            format!("name and language of a template, but there is no {name} in {language}"),
            "use one of `templates` in GET /_simulator/state",
        ));
    };
    template.status = status.to_ascii_uppercase();
    Ok(Value::from(template.status.clone()))
}
