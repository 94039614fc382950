//! From the values of a form to the components of a message.

use super::fields::{Field, fields};
use super::length::check_rendered;
use super::names::check_names;
use super::part::{Part, carousel, component, value_place};
use super::refuse_unless_approved;
use crate::fault::{Fallible, invalid};
use crate::json::kind;
use crate::prelude::*;
use serde_json::Value;

/// The components for sending a template with these values; they have the names of the template's [`super::form`].
///
/// Empty when there is nothing to fill in. Refuses a template that is not approved (`field` is the input that it comes from) or has a part
/// that is not known here, and by the field's name (`values.body_1`) values that are missing, that the template has no place for, or that
/// Meta would refuse: alone, or because they make a text too long. A value goes out as it came in.
pub fn compile(field: &str, template: &Value, values: &Value) -> Fallible<Vec<Value>> {
    refuse_unless_approved(field, template)?;
    let fields = fields(template)?;
    let Value::Object(members) = values else {
        return Err(invalid(
            "values",
            &format!("expected a JSON object, got {}", kind(values)),
            // The field's own help text.
            "",
        ));
    };
    check_names(members, &fields)?;
    check_complete(&fields, values)?;
    let mut output: Vec<Value> = Vec::new();
    let mut cards: Vec<Vec<Value>> = Vec::new();
    for group in fields.chunk_by(Field::is_beside) {
        let Some(first) = group.first() else { continue };
        let mut parts: Vec<Part<'_>> = Vec::new();
        for field in group {
            parts.push(Part {
                kind: field.kind,
                value: given(field, values),
                place: value_place(&field.name),
                name: field.parameter_name(),
                number: field.number,
                max: field.max,
                more: field.more,
                fixed: field.fixed(),
            });
        }
        if first.card.is_some_and(|card| card >= cards.len()) {
            cards.push(Vec::new());
        }
        let components = match cards.last_mut() {
            Some(card) if first.card.is_some() => card,
            _ => &mut output,
        };
        component(components, &parts, first.button as u64)?;
        check_rendered(group, &parts)?;
    }
    // Every card begins with a header that is filled in; those that may be left out as a whole are the last ones.
    cards.retain(|card| !card.is_empty());
    carousel(&mut output, cards);
    Ok(output)
}

fn given<'v>(field: &Field<'_>, values: &'v Value) -> Option<&'v Value> {
    values.get(&field.name).filter(|value| !value.is_null())
}

/// Refuses values that are not all there, with every name that is missing.
fn check_complete(fields: &[Field<'_>], values: &Value) -> Fallible<()> {
    // A card that is not in the template itself has to be complete once it, or one behind it, has a value.
    let mut last = None;
    for field in fields {
        if given(field, values).is_some() {
            last = last.max(field.card);
        }
    }
    let mut first: Option<&Field<'_>> = None;
    let (mut count, mut names) = (0_usize, String::new());
    for field in fields {
        if !field.required || field.more && field.card > last || given(field, values).is_some() {
            continue;
        }
        if first.is_none() {
            first = Some(field);
        } else if first.is_some_and(|first| first.name == field.name) {
            continue;
        } else {
            names.push_str(", ");
        }
        names.push_str(&field.name);
        count += 1;
    }
    let Some(field) = first else { return Ok(()) };
    let place = value_place(&field.name);
    if count > 1 {
        let problem = format!("{count} values are missing: {names}");
        let advice = "Give each a value; describe-template shows what they are.";
        return Err(invalid(&place, &problem, advice));
    }
    let problem = ["no value for ", &field.title(), &field.where_it_stands()].joined("");
    Err(invalid(&place, &problem, &field.advice()))
}
