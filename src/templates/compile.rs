//! From the values of a form to the components of a message.

use super::fields::{Field, fields};
use super::form::{put, put_text};
use super::kinds::Absent;
use super::names::check_names;
use super::refuse_unless_approved;
use crate::fault::{Fallible, invalid, path};
use crate::json::{Object, kind};
use crate::prelude::*;
use serde_json::Value;

/// The `components` array for sending a template with these values; they have the names of the template's [`super::form`].
///
/// Empty when there is nothing to fill in. Refuses a template that is not approved, and by the field's name (`values.body_1`):
/// values that are missing, that the template has no place for, or that Meta would refuse. A value goes out as it came in.
pub fn compile(template: &Value, values: &Value) -> Fallible<Value> {
    refuse_unless_approved(template)?;
    let fields = fields(template)?;
    match values {
        Value::Object(values) => check_names(values, &fields)?,
        Value::Null => {}
        other => {
            return Err(invalid(
                "values",
                &format!("expected an object, got {}", kind(other)),
                "Give the values by the names of the template's form.",
            ));
        }
    }
    check_complete(&fields, values)?;
    let mut output: Vec<Value> = Vec::new();
    let mut cards: Vec<Value> = Vec::new();
    for group in fields.chunk_by(Field::is_beside) {
        let (Some(component), Some(first)) = (component(group, values)?, group.first()) else {
            continue;
        };
        let Some(position) = first.card else {
            output.push(component);
            continue;
        };
        // Every card begins with a header that is filled in.
        let open = cards
            .last_mut()
            .filter(|card| card["card_index"] == position);
        if let Some(Value::Array(components)) = open.and_then(|card| card.get_mut("components")) {
            components.push(component);
        } else {
            let card = Object::new().with("card_index", position);
            cards.push(
                card.with("components", Value::Array(vec![component]))
                    .into(),
            );
        }
    }
    if !cards.is_empty() {
        let carousel = Object::new().with("type", "carousel");
        output.push(carousel.with("cards", Value::Array(cards)).into());
    }
    Ok(Value::Array(output))
}

fn given<'v>(field: &Field<'_>, values: &'v Value) -> Option<&'v Value> {
    values.get(&field.name).filter(|value| !value.is_null())
}

/// Refuses values that are not all there, with every name that is missing.
fn check_complete(fields: &[Field<'_>], values: &Value) -> Fallible<()> {
    // A card that is not in the template itself has to be complete once it, or one behind it, has a value.
    let with_value = fields.iter().filter(|field| given(field, values).is_some());
    let last = with_value.filter_map(|field| field.card).max();
    let missing = |field: &&Field<'_>| {
        field.required && (!field.more || field.card <= last) && given(field, values).is_none()
    };
    let mut fields = fields.iter().filter(missing);
    let Some(first) = fields.next() else {
        return Ok(());
    };
    let mut problem = format!("no value for {}; {}", first.title(), first.description());
    for other in fields.filter(|other| other.name != first.name) {
        problem = format!("{problem}; {} is missing too", other.name);
    }
    Err(invalid(
        &path("values", &first.name),
        &problem,
        &first.advice(),
    ))
}

/// One component, when it has parameters or has to be there without; `fields` are all that it has.
fn component(fields: &[Field<'_>], values: &Value) -> Fallible<Option<Value>> {
    let mut parameters: Vec<Value> = Vec::new();
    let mut bare = false;
    for (position, field) in fields.iter().enumerate() {
        let kind = field.kind;
        let parameter = match (given(field, values), kind.absent) {
            (Some(value), _) => field.parameter(value)?,
            (None, Absent::Unused) if !field.more => field.parameter(&Value::from("unused"))?,
            (None, absent) => {
                bare |= absent == Absent::Bare;
                continue;
            }
        };
        // Several fields of one button fill one parameter, each with a key of its own.
        if !kind.key.is_empty()
            && let Some(shared) = parameters
                .first_mut()
                .and_then(|it| it.get_mut(kind.parameter))
        {
            put(
                shared,
                kind.key,
                parameter[kind.parameter][kind.key].clone(),
            );
            continue;
        }
        // Numbered variables go by number, not by where they stand.
        let at = match field.number {
            None => parameters.len(),
            number => {
                let earlier = fields.iter().take(position);
                earlier.filter(|other| other.number < number).count()
            }
        };
        parameters.insert(at, parameter);
    }
    let Some(first) = fields.first().filter(|_| bare || !parameters.is_empty()) else {
        return Ok(None);
    };
    let mut component = Object::new().into();
    put_text(&mut component, "type", first.kind.component);
    if first.kind.component == "button" {
        put_text(&mut component, "sub_type", first.kind.when);
        put_text(&mut component, "index", &first.button.to_string());
    }
    if !parameters.is_empty() {
        put(&mut component, "parameters", parameters.into());
    }
    Ok(Some(component))
}
