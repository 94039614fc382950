//! The table of actions: what the typed door exports, by name.

use super::refuse;
use crate::actions::{connection, media, phone_numbers, registration, template, text};
use crate::fault::Fallible;
use crate::graph::Graph;
use crate::json::{self, Read, Write};
use crate::prelude::*;
use serde_json::Value;

/// One action.
pub struct Action {
    /// Its name: that of the WIT function.
    pub name: &'static str,
    /// Runs it. The second argument is the name.
    pub run: fn(&Graph<'_>, &'static str, &Value) -> Fallible<String>,
}

/// Every action, in the order of the contract.
pub const ACTIONS: &[Action] = &[
    Action {
        name: "send-text",
        run: |graph, name, input| run(graph, name, input, text::send),
    },
    Action {
        name: "send-media",
        run: |graph, name, input| run(graph, name, input, media::send),
    },
    Action {
        name: "send-template",
        run: |graph, name, input| run(graph, name, input, template::send),
    },
    Action {
        name: "list-phone-numbers",
        run: |graph, name, input| run(graph, name, input, phone_numbers::list),
    },
    Action {
        name: "ensure-registered",
        run: |graph, name, input| run(graph, name, input, registration::ensure),
    },
    Action {
        name: "validate-connection",
        run: |graph, name, input| run(graph, name, input, connection::validate),
    },
];

/// Reads the input, runs the action, writes the output.
fn run<I: Read, O: Write>(
    graph: &Graph<'_>,
    name: &str,
    input: &Value,
    action: fn(&Graph<'_>, I) -> Fallible<O>,
) -> Fallible<String> {
    let input = json::read("", input).map_err(|problem| refuse(problem, Some(name)))?;
    action(graph, input).map(|output| json::to_text(&output.write()))
}
