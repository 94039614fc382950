//! The dynamic door: the same actions by name, JSON in and JSON out.

use crate::prelude::*;
pub mod help;

use crate::contract::whatsapp::connector::types::Error;
use crate::fault::{Fallible, invalid, of_error};
use crate::graph::transport::Transport;
use crate::text::split_once;
use crate::{actions::ACTIONS, archive, door, json, triggers};
use serde_json::Value;

/// The manifest, as JSON. The build makes it from `wit/`, `src/plugin/catalog/` and `src/plugin/platform.json`.
pub fn describe() -> String {
    let texts = archive::unpack(triggers::TEXTS);
    let (manifest, triggers) = split_once(&texts, b'\n').unwrap_or_default();
    let inside = manifest.strip_suffix('}').unwrap_or_default();
    let triggers = triggers::with_samples(triggers);
    [inside, ",\"triggers\":", &triggers, "}"].joined("")
}

/// The manifest without the triggers.
pub fn actions() -> String {
    archive::first_line(triggers::TEXTS)
}

/// Runs one action by name.
pub fn invoke(
    transport: &dyn Transport,
    action: &str,
    connection: &str,
    input: &str,
) -> Fallible<String> {
    let Some(index) = door::index_of(action) else {
        return Err(unknown_action(action));
    };
    let connection = match connection.trim_ascii() {
        "" => "{}",
        text => text,
    };
    let connection = parse(
        "connection",
        connection,
        r#"{"phone_number_id": "106540352242922"}"#,
    )?;
    let input = parse("input", input, r#"{"to": "+16505551234"}"#);
    door::run(transport, index, &connection, input).map(|output| json::to_text(&output))
}

fn unknown_action(name: &str) -> Box<Error> {
    let mut known = Vec::new();
    for action in ACTIONS {
        known.push(action.name);
    }
    invalid(
        "action",
        &format!("expected one of {}; got `{name}`", known.joined(", ")),
        "Take a name from the list; describe tells what each one does.",
    )
}

/// Parses a JSON object.
fn parse(what: &str, text: &str, example: &str) -> Fallible<Value> {
    let problem = match json::from_text(text) {
        Ok(value @ Value::Object(_)) => return Ok(value),
        Ok(other) => format!("expected a JSON object, got {}", json::kind(&other)),
        Err(problem) => format!("expected a JSON object, but it is not valid JSON: {problem}"),
    };
    Err(invalid(
        what,
        &problem,
        &format!("Give an object with the fields by name, for example {example}."),
    ))
}

/// The error for an input that is not the action's record, or, without an action, for a connection that is none. The field's own help
/// text is the best advice there is.
pub fn refuse(problem: json::Problem, action: Option<&str>) -> Box<Error> {
    let advice = match problem.advice {
        // Who looks for a place for a secret has to hear where it is.
        Some(_) if is_secret(&problem.field) => Some(NO_SECRETS.to_owned()),
        Some(advice) => Some(advice),
        None => help::of(action, &problem.field),
    };
    let advice = advice.unwrap_or_else(|| NO_HELP.to_owned());
    invalid(&problem.field, &problem.text, &advice)
}

/// A refusal without advice gets the help text of its field. What Meta refused names no field that the action does not have: the table of
/// codes does not know the action.
pub fn advise(mut error: Box<Error>, action: &str) -> Box<Error> {
    if let Some(fault) = of_error(&mut error)
        && let Some(field) = &fault.field
        && (fault.graph.is_some() || fault.advice.is_empty())
    {
        let help = help::of(Some(action), field);
        if fault.advice.is_empty() {
            fault.advice = help.unwrap_or_else(|| NO_HELP.to_owned());
        } else if help.is_none() {
            fault.field = None;
        }
    }
    error
}

/// Advice for a field without help.
pub const NO_HELP: &str = "Correct it; describe tells what the field takes.";

/// Where secrets belong.
const NO_SECRETS: &str = "Remove it: no secret comes in here. The access token and the app secret belong to the host, which puts them \
                          into requests itself.";

fn is_secret(field: &str) -> bool {
    field.ends_with("token") || field.ends_with("secret")
}
