//! `send-flow`.

use super::interactive::{Texts, object, send};
use crate::contract::exports::whatsapp::connector::interactive::{Flow, FlowAction, FlowMode};
use crate::contract::whatsapp::connector::types::Sent;
use crate::fault::{Fallible, check_text, exactly_one, invalid};
use crate::graph::Graph;
use crate::json::Object;

/// Version of the messages that open a Flow. Source: Meta's OpenAPI document.
const MESSAGE_VERSION: &str = "3";

/// Most characters on the button. Source: Meta's page "Sending a Flow".
pub const CTA_MAX: usize = 30;

/// Sends a Flow.
pub fn send_flow(graph: &Graph<'_>, input: Flow) -> Fallible<Sent> {
    let alternatives = [
        ("flow_id", input.flow_id.is_some()),
        ("flow_name", input.flow_name.is_some()),
    ];
    let key = exactly_one("", &alternatives)?;
    let flow = input.flow_id.as_deref().or(input.flow_name.as_deref());
    let flow = flow.unwrap_or_default();
    check_text(key, flow, usize::MAX)?;
    check_text("cta", &input.cta, CTA_MAX)?;
    let navigates = input.action != Some(FlowAction::DataExchange);
    let parameters = Object::new()
        .with("flow_message_version", MESSAGE_VERSION)
        .with(key, flow)
        .with("flow_cta", input.cta.as_str())
        .with_some("flow_token", input.token.as_deref())
        .with_some("mode", input.mode.map(mode))
        .with_some("flow_action", input.action.map(action))
        .with_some("flow_action_payload", payload(&input, navigates)?);
    let texts = Texts::body(&input.body).with(&input.header, &input.footer);
    let action = Object::new()
        .with("name", "flow")
        .with("parameters", parameters);
    send(graph, &input.address, "flow", texts, action)
}

fn payload(input: &Flow, navigates: bool) -> Fallible<Option<Object>> {
    let Some(screen) = &input.screen else {
        if input.data.is_some() {
            return Err(invalid(
                "data",
                "goes with screen, and there is none",
                "Name the first screen, or leave data out.",
            ));
        }
        return Ok(None);
    };
    if !navigates {
        return Err(invalid(
            "screen",
            "goes with the action navigate, and action is data_exchange",
            "Leave screen out: your endpoint says which screen comes first.",
        ));
    }
    check_text("screen", screen, usize::MAX)?;
    let data = match &input.data {
        Some(data) => Some(object("data", data)?),
        None => None,
    };
    if data
        .as_ref()
        .and_then(|data| data.as_object())
        .is_some_and(|data| data.is_empty())
    {
        return Err(invalid(
            "data",
            "expected at least one field, got an empty object",
            "Leave data out when the screen needs none.",
        ));
    }
    Ok(Some(
        Object::new()
            .with("screen", screen.as_str())
            .with_some("data", data),
    ))
}

fn mode(mode: FlowMode) -> &'static str {
    match mode {
        FlowMode::Draft => "draft",
        FlowMode::Published => "published",
    }
}

fn action(action: FlowAction) -> &'static str {
    match action {
        FlowAction::Navigate => "navigate",
        FlowAction::DataExchange => "data_exchange",
    }
}
