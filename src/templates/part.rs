//! From values to a component: what a form's values and the typed parts of `send-template` have in common.

use super::kinds::{Absent, How, Kind, MINUTES, MOMENT};
use crate::actions::{commerce, location, media};
use crate::contract::tables::SIGNATURES;
use crate::contract::whatsapp::connector::types::Error;
use crate::door::{self, Record, Type};
use crate::fault::{Fallible, check_length, invalid, path};
use crate::json::{Input, Object, check_value, kind, to_text};
use crate::plugin::help;
use crate::prelude::*;
use serde_json::Value;

/// The action in whose input every kind of value has a place.
pub const ACTION: &str = "send-template";

/// Where the type of a variable stands that is an amount of money or a date.
const VARIABLE: &str = "body[]";

/// Spaces in a row that Meta refuses in a variable's text are those beyond this number.
const SPACES_MAX: usize = 4;

/// A value on its way into a component.
pub struct Part<'v> {
    /// What it is.
    pub kind: &'static Kind,
    /// The value, if there is one.
    pub value: Option<&'v Value>,
    /// Where it stands in the input.
    pub place: String,
    /// The name of a named variable.
    pub name: Option<&'v str>,
    /// The number of a numbered variable: they go by number, not by where they stand.
    pub number: Option<usize>,
    /// Most characters, where the template decides; 0 is as the type says.
    pub max: usize,
    /// Whether it is in a card that may be left out as a whole.
    pub more: bool,
}

/// Adds a component, when it has parameters or has to be there without; `parts` are all that it has.
pub fn component(output: &mut Vec<Value>, parts: &[Part<'_>], button: u64) -> Fallible<()> {
    let Some(first) = parts.first() else {
        return Ok(());
    };
    let unused = Value::from("unused");
    let mut parameters: Vec<Value> = Vec::new();
    let mut bare = false;
    for (position, part) in parts.iter().enumerate() {
        let row = part.kind;
        // An empty text stands for none where the component alone says something.
        let value = part
            .value
            .filter(|value| row.absent != Absent::Bare || *value != "");
        let given = match (value, row.absent) {
            (Some(value), _) => value,
            (None, Absent::Unused) if !part.more => &unused,
            (None, absent) => {
                bare |= absent == Absent::Bare;
                continue;
            }
        };
        let (of, mut value) = part.parameter(given)?;
        if !row.key.is_empty() {
            // Several parts of one button fill one parameter, each with a key of its own.
            if let Some(shared) = parameters.first_mut().and_then(|it| it.get_mut(of)) {
                put(shared, row.key, value);
                continue;
            }
            value = Object::new().with(row.key, value).into();
        }
        let parameter = Object::new().with("type", of).with(of, value);
        let parameter = parameter.with_some("parameter_name", part.name);
        let mut at = parameters.len();
        if part.number.is_some() {
            at = 0;
            for earlier in parts.get(..position).unwrap_or_default() {
                at += usize::from(earlier.number < part.number);
            }
        }
        parameters.insert(at.min(parameters.len()), parameter.into());
    }
    if parameters.is_empty() && !bare {
        return Ok(());
    }
    let row = first.kind;
    let mut component = Object::new().with("type", row.component);
    if row.component == "button" {
        component = component
            .with("sub_type", row.when)
            .with("index", button.to_string());
    }
    if !parameters.is_empty() {
        component = component.with("parameters", Value::Array(parameters));
    }
    output.push(component.into());
    Ok(())
}

/// Adds the component that holds the cards, each with its components, if there are any.
pub fn carousel(output: &mut Vec<Value>, cards: Vec<Vec<Value>>) {
    let mut list: Vec<Value> = Vec::new();
    for components in cards {
        let card = Object::new().with("card_index", list.len());
        list.push(card.with("components", Value::Array(components)).into());
    }
    if !list.is_empty() {
        let carousel = Object::new().with("type", "carousel");
        output.push(carousel.with("cards", Value::Array(list)).into());
    }
}

impl Part<'_> {
    /// Type and value of Meta's parameter.
    fn parameter(&self, given: &Value) -> Fallible<(&'static str, Value)> {
        let row = self.kind;
        // An amount or a date. One that brings a name along has that of the variable.
        let own = given.get("name");
        let is_variable = row.how == How::Line
            && row.component != "button"
            && (given.get("currency").is_some() || given.get("date_time").is_some())
            && (own.is_none() || own.and_then(Value::as_str) == self.name);
        let typed = if is_variable { VARIABLE } else { row.typed };
        self.value(given, typed, is_variable)
            .map_err(|error| self.advise(error, typed))
    }

    fn value(
        &self,
        given: &Value,
        typed: &str,
        is_variable: bool,
    ) -> Fallible<(&'static str, Value)> {
        let ty = type_at(typed);
        if let Some(ty) = ty {
            check_value(&self.place, given, ty).map_err(|problem| {
                invalid(
                    &problem.field,
                    &problem.text,
                    &problem.advice.unwrap_or_default(),
                )
            })?;
        }
        let place = self.place.as_str();
        let input = Input::at(given, place, ty);
        let row = self.kind;
        if is_variable {
            return variable(&input);
        }
        let value = match row.how {
            How::Plain => given.clone(),
            How::Line => {
                let text = given.as_str().unwrap_or_default();
                check_length(place, text, self.max)?;
                check_variable(place, text)?;
                given.clone()
            }
            How::File => media::file(&input)?.into(),
            How::Place => location::place(&input)?.into(),
            How::Object => match given {
                Value::Object(members) if !members.is_empty() => given.clone(),
                Value::Object(_) => {
                    let problem = "expected at least one field, got an empty object";
                    return Err(invalid(place, problem, ""));
                }
                _ => {
                    let problem = format!("expected a JSON object, got {}", kind(given));
                    return Err(invalid(place, &problem, ""));
                }
            },
            How::Moment => in_range(place, given, MOMENT)?,
            How::Minutes => in_range(place, given, MINUTES)?,
            How::Sections => commerce::sections(place, Input::items(given, place, ty))?,
        };
        Ok((row.parameter, value))
    }

    /// A refusal without advice gets the help text of the same place in the input of `send-template`.
    fn advise(&self, mut error: Box<Error>, typed: &str) -> Box<Error> {
        if let Error::PermanentInvalidInput(fault) = &mut *error
            && fault.advice.is_empty()
            && let Some(inner) = fault.field.as_deref()
        {
            let inner = inner.strip_prefix(&*self.place).unwrap_or_default();
            let place = [typed, inner].concat();
            fault.advice = help::of(Some(ACTION), &place).unwrap_or_default();
        }
        error
    }
}

/// The type of a place in the input of `send-template`.
pub fn type_at(place: &str) -> Option<Type> {
    let signature = SIGNATURES.get(door::index_of(ACTION)?)?;
    let mut record: Option<Record> = Some(signature.input);
    let mut found = None;
    for step in place.split('.') {
        let name = step.strip_suffix("[]");
        let field = record?.field(name.unwrap_or(step))?;
        let ty = field.ty.inner(name.is_some());
        (record, found) = (ty.record(), Some(ty));
    }
    found
}

/// A variable that is an amount of money or a date.
pub fn variable(input: &Input<'_>) -> Fallible<(&'static str, Value)> {
    let kind = input.one_of(&["text", "currency", "date_time"])?;
    let value = match input.object("currency") {
        Some(currency) => money(&currency)?.into(),
        None => {
            check_variable(&input.path(kind), input.need(kind))?;
            match kind {
                "date_time" => Object::new()
                    .with("fallback_value", input.need(kind))
                    .into(),
                _ => Value::from(input.need(kind)),
            }
        }
    };
    Ok((kind, value))
}

fn money(input: &Input<'_>) -> Fallible<Object> {
    check_variable(&input.path("fallback_value"), input.need("fallback_value"))?;
    let code = input.need("code");
    if code.len() != 3 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Err(input.refuse(
            "code",
            &format!("expected three capital letters such as EUR, got `{code}`"),
            "Give the currency's ISO 4217 code.",
        ));
    }
    let amount = input.json("amount1000").cloned();
    Ok(input
        .pick(&["fallback_value", "code"])
        .with("amount_1000", amount))
}

fn in_range(place: &str, given: &Value, (min, max): (u64, u64)) -> Fallible<Value> {
    let number = given.as_u64().unwrap_or_default();
    if number < min || number > max {
        let problem = format!("expected {min} to {max}, got {}", to_text(given));
        return Err(invalid(place, &problem, ""));
    }
    Ok(given.clone())
}

/// Meta refuses new-lines, tabs and more than four spaces in a row in a variable's text (132018).
pub fn check_variable(field: &str, text: &str) -> Fallible<()> {
    let mut spaces = 0;
    for byte in text.bytes() {
        spaces = if byte == b' ' { spaces + 1 } else { 0 };
        let found = match byte {
            b'\n' | b'\r' => "a new line",
            b'\t' => "a tab",
            _ if spaces > SPACES_MAX => "more than four spaces in a row",
            _ => continue,
        };
        let problem = [
            "expected one line without tabs and without more than four spaces in a row, got ",
            found,
        ];
        return Err(invalid(
            field,
            &problem.concat(),
            "Meta refuses these in a variable. Put them into the template's own text, or remove them.",
        ));
    }
    Ok(())
}

/// Sets a field of an object.
#[inline(never)]
pub fn put(object: &mut Value, name: &str, value: Value) {
    if let Value::Object(object) = object {
        object.insert(name.to_owned(), value);
    }
}

/// Where a value of a form stands.
pub fn value_place(name: &str) -> String {
    path("values", name)
}
