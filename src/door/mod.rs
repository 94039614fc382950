//! The doors to the actions: typed functions by the canonical ABI, and the same by name with JSON. Both lead to [`run`].
//!
//! Inside, an input is its JSON form. The typed door makes it out of the call's memory, and the result's memory out of the
//! output's JSON form, by the tables that the build writes from `wit/` (`build/door/`). So the two doors cannot differ.

mod kind;
mod lift;
mod lower;
mod memory;
mod node;
mod render;

pub use kind::{Field, Kind, Names, Record, Signature, Type, Variant, Width};
pub use lift::Lift;
pub use lower::{Lowered, PAYLOAD, text_result};
pub use memory::{Block, Memory};
pub use node::Node;
pub use render::render;

use crate::actions::ACTIONS;
use crate::contract::tables::{CONNECTION, SIGNATURES};
use crate::fault::Fallible;
use crate::graph::{Graph, transport::Transport};
use crate::json::{Input, check};
use crate::plugin;
use crate::prelude::*;
use serde_json::Value;

/// Runs an action: checks the connection and the input by their tables, then does what the action does. A problem of the connection
/// counts before one of the input.
pub fn run(
    transport: &dyn Transport,
    index: usize,
    connection: &Value,
    input: Fallible<Value>,
) -> Fallible<Value> {
    let signature = &SIGNATURES[index];
    check("connection", connection, CONNECTION).map_err(|problem| plugin::refuse(problem, None))?;
    let graph = Graph::new(Input::new(connection, CONNECTION), transport)?;
    let input = input?;
    check("", &input, signature.input)
        .map_err(|problem| plugin::refuse(problem, Some(signature.name)))?;
    let mut output = (ACTIONS[index].run)(&graph, &Input::new(&input, signature.input))
        .map_err(|error| plugin::advise(error, signature.name))?;
    complete(&mut output, signature.output);
    Ok(output)
}

/// Every field of an output is there in its JSON form; an absent one is null.
fn complete(output: &mut Value, record: Record) {
    let Value::Object(fields) = output else {
        return;
    };
    for field in record.fields() {
        match fields.get_mut(field.name()) {
            Some(value) => complete_value(value, field.ty),
            None => {
                fields.insert(field.name().to_owned(), Value::Null);
            }
        }
    }
}

fn complete_value(value: &mut Value, ty: Type) {
    match (ty.kind(), value) {
        (Kind::Optional(inner), value) => complete_value(value, inner),
        (Kind::Record(record), value) => complete(value, record),
        (Kind::List { item, .. }, Value::Array(items)) => {
            items
                .iter_mut()
                .for_each(|value| complete_value(value, item));
        }
        _ => {}
    }
}

/// The number of an action.
pub fn index_of(name: &str) -> Option<usize> {
    SIGNATURES.iter().position(|known| known.name == name)
}

/// Runs an action with arguments out of memory; the result is what the memory at its place has to hold.
pub fn typed<M: Memory>(
    transport: &dyn Transport,
    index: usize,
    memory: &mut M,
    arguments: u32,
) -> Lowered {
    let signature = &SIGNATURES[index];
    let mut lift = lift::Lift::new(memory);
    let connection = lift.record(arguments, CONNECTION);
    let input = lift.record(arguments + u32::from(signature.input_at), signature.input);
    let problem = lift.finish(arguments, signature.arguments());
    let input = match problem {
        Some(problem) => Err(plugin::refuse(problem, Some(signature.name))),
        None => Ok(input),
    };
    let result = run(transport, index, &connection, input);
    lower::result(result, signature.output)
}

// The table of the actions is written by hand, the tables of their types by the build.
const _: () = {
    assert!(
        ACTIONS.len() == SIGNATURES.len(),
        "src/actions/mod.rs lists not all actions of wit/"
    );
    let mut index = 0;
    while index < ACTIONS.len() {
        let (ours, theirs) = (
            ACTIONS[index].name.as_bytes(),
            SIGNATURES[index].name.as_bytes(),
        );
        assert!(
            ours.len() == theirs.len(),
            "src/actions/mod.rs has not the order of wit/"
        );
        let mut at = 0;
        while at < ours.len() {
            assert!(
                ours[at] == theirs[at],
                "src/actions/mod.rs has not the order of wit/"
            );
            at += 1;
        }
        index += 1;
    }
};
