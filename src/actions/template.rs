//! `send-template`.

use super::{address, message, template_components, templates};
use crate::fault::Fallible;
use crate::graph::Graph;
use crate::json::Input;
use crate::prelude::*;
use crate::templates::{compile, text};
use serde_json::Value;

/// The ways to say what goes into a template; the last two exclude all others.
static WAYS: [&str; 8] = [
    "header",
    "body",
    "buttons",
    "cards",
    "limited_time_offer",
    "order_status",
    "values",
    "components",
];

/// Sends a template.
pub fn send(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    for whole in &WAYS[6..] {
        for way in &WAYS {
            if way != whole && input.has(whole) && input.has(way) {
                return Err(input.refuse(
                    way,
                    &["cannot go together with ", whole].joined(""),
                    "Say what goes into the template in one way: by values, by its parts, or by components.",
                ));
            }
        }
    }
    let template = input.raw_object("template")?;
    let components = match (input.raw_object("values")?, input.raw_array("components")?) {
        (Some(values), _) => compiled(graph, input, template, values)?,
        (None, given) => {
            if template.is_some() {
                return Err(input.refuse(
                    "template",
                    "goes with values, and there are none",
                    "Give values, or leave it out.",
                ));
            }
            match given.and_then(Value::as_array) {
                Some(given) => Some(given.clone()),
                None => template_components::build(input)?,
            }
        }
    };
    let content = template_components::content(input, components);
    message::post(graph, input, "template", content.into(), false)
}

/// The components that the values of a form make.
fn compiled(
    graph: &Graph<'_>,
    input: &Input<'_>,
    template: Option<&Value>,
    values: &Value,
) -> Fallible<Option<Vec<Value>>> {
    let components = match template {
        Some(template) => {
            for name in &["name", "language"] {
                let found = text(template, name);
                let given = input.need(name);
                if !found.is_empty() && found != given {
                    return Err(input.refuse(
                        name,
                        &["expected `", found, "`, as in template; got `", given, "`"].joined(""),
                        "Give the template that name and language mean.",
                    ));
                }
            }
            compile("template.status", template, values)?
        }
        None => {
            // Everything that can be refused is refused before the template is read.
            graph.phone_number_id(input)?;
            address::fields(input)?;
            let template = templates::by_name(graph, input)?;
            compile("name", &template, values)?
        }
    };
    Ok((!components.is_empty()).then_some(components))
}
