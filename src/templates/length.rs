//! How long a text is with its values in it.

use super::fields::{Field, text};
use super::kinds::{BODY_TEXT, HEADER_TEXT};
use super::part::{Part, value_place};
use super::placeholders::next;
use crate::fault::{Fallible, invalid};
use crate::prelude::*;
use crate::text::length as characters;
use serde_json::Value;

/// Most characters of a header with its values.
const HEADER_MAX: usize = 60;

/// Refuses a body or header that its values make too long; `fields` and `parts` are all that it has, in the same order.
pub fn check_rendered(fields: &[Field<'_>], parts: &[Part<'_>]) -> Fallible<()> {
    let kind = |field: &&Field<'_>| [HEADER_TEXT.name, BODY_TEXT.name].contains(&field.kind.name);
    let Some(first) = fields.first().filter(kind) else {
        return Ok(());
    };
    let max = if first.max == 0 {
        HEADER_MAX
    } else {
        first.max
    };
    let template = text(first.source, "text");
    let (mut length, mut from) = (characters(template), 0);
    let (mut longest, mut place) = (0, String::new());
    while let Some(variable) = next(template, from) {
        from = variable.end;
        for (field, part) in fields.iter().zip(parts) {
            if field.placeholder.name != variable.name {
                continue;
            }
            let value = characters(shown(part.value.unwrap_or(&Value::Null)));
            let name = variable.part(variable.start, variable.end);
            length = length + value - characters(name);
            if value > longest {
                longest = value;
                place = value_place(&field.name);
            }
        }
    }
    if length <= max {
        return Ok(());
    }
    let component = first.kind.component;
    let problem =
        format!("the {component} has {length} characters with these values, at most {max}");
    let advice = "Shorten it, or another value of the same text; nothing is cut off on its own.";
    Err(invalid(&place, &problem, advice))
}

/// What a reader sees of a value: a text, or that of an amount or a date.
fn shown(value: &Value) -> &str {
    let inner = value.get("currency").unwrap_or(value);
    match text(inner, "fallback_value") {
        "" => value.as_str().unwrap_or_else(|| text(value, "date_time")),
        amount => amount,
    }
}
