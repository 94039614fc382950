//! `conversational_automation`: welcome messages, ice breakers, commands.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::number;
use crate::graph_error::GraphError;
use crate::reply::Reply;
use crate::request::scalar_text;
use crate::router::Call;

/// Limits of the conversational components page (the OpenAPI document says 3 prompts and 30 characters of a command).
const PROMPTS: usize = 4;
const PROMPT_CHARACTERS: usize = 80;
const COMMANDS: usize = 30;
const COMMAND_CHARACTERS: usize = 32;
const DESCRIPTION_CHARACTERS: usize = 256;

/// `GET /{phone-number-id}/conversational_automation`.
pub(crate) fn show(call: &mut Call) -> Result<Reply, GraphError> {
    let id = call.node.to_owned();
    let automation = &number::of(call)?.automation;
    Ok(Reply::graph(
        &json!({"conversational_automation": automation, "id": id}),
    ))
}

/// `POST /{phone-number-id}/conversational_automation`: what is named changes. Parameters may stand in the query.
pub(crate) fn update(call: &mut Call) -> Result<Reply, GraphError> {
    let mut changes = Map::new();
    if let Some(text) = call.request.text("enable_welcome_message") {
        let enabled = text.parse::<bool>();
        let enabled = enabled
            .map_err(|_| GraphError::param("Param enable_welcome_message must be a boolean"))?;
        changes.insert("enable_welcome_message".into(), json!(enabled));
    }
    if let Some(prompts) = list(call, "prompts", PROMPTS)? {
        for (at, prompt) in prompts.iter().enumerate() {
            at_most(&format!("prompts[{at}]"), prompt, PROMPT_CHARACTERS)?;
        }
        changes.insert("prompts".into(), json!(prompts));
    }
    if let Some(commands) = list(call, "commands", COMMANDS)? {
        check_commands(&commands)?;
        changes.insert("commands".into(), json!(commands));
    }
    if let Some(automation) = number::of(call)?.automation.as_object_mut() {
        automation.extend(changes);
    }
    Ok(Reply::success())
}

fn list(call: &Call, name: &str, most: usize) -> Result<Option<Vec<Value>>, GraphError> {
    let in_query = || {
        call.request
            .query(name)
            .and_then(|text| serde_json::from_str(text).ok())
    };
    let Some(given) = call.request.params.get(name).cloned().or_else(in_query) else {
        return Ok(None);
    };
    match given {
        Value::Array(list) if list.len() <= most => Ok(Some(list)),
        _ => Err(GraphError::param(format_args!(
            "Param {name} must be an array of at most {most} elements."
        ))),
    }
}

fn at_most(path: &str, value: &Value, most: usize) -> Result<String, GraphError> {
    let text = scalar_text(value).unwrap_or_default();
    if (1..=most).contains(&text.chars().count()) {
        return Ok(text);
    }
    Err(GraphError::param(format_args!(
        "Param {path} must be 1 to {most} characters long."
    )))
}

fn check_commands(commands: &[Value]) -> Result<(), GraphError> {
    let mut names = HashSet::new();
    for (at, command) in commands.iter().enumerate() {
        let member = |name: &str| command.get(name).unwrap_or(&Value::Null);
        let path = |name: &str| format!("commands[{at}]['{name}']");
        let name = at_most(
            &path("command_name"),
            member("command_name"),
            COMMAND_CHARACTERS,
        )?;
        at_most(
            &path("command_description"),
            member("command_description"),
            DESCRIPTION_CHARACTERS,
        )?;
        if !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
            return Err(GraphError::param(format_args!(
                "Param {} must contain only letters, digits and underscores.",
                path("command_name")
            )));
        }
        if !names.insert(name) {
            return Err(GraphError::param("Command names must be unique."));
        }
    }
    Ok(())
}
