//! From values to a component: what a form's values and the typed parts of `send-template` have in common.

use super::kinds::{Absent, How, Kind, MINUTES, MOMENT, URL_SUFFIX};
use crate::actions::{commerce, location, media};
use crate::contract::tables::SIGNATURES;
use crate::contract::whatsapp::connector::types::Error;
use crate::door::{self, Record, Type};
use crate::fault::{Fallible, check_length, invalid, path};
use crate::json::{Input, Object, check_value, kind};
use crate::plugin::{NO_HELP, help};
use crate::prelude::*;
use crate::text::{number, split};
use serde_json::Value;

/// The action in whose input every kind of value has a place.
pub const ACTION: &str = "send-template";

/// Where the type of a variable stands that is an amount of money or a date.
const VARIABLE: &str = "body[]";

/// What a variable may be beside a text.
static VARIABLES: [&str; 2] = ["currency", "date_time"];

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
    /// What stands before it in the address of a button; empty where that is not known.
    pub fixed: &'v str,
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
            .with("index", number(button));
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
        let mut of = row.parameter;
        for other in &VARIABLES {
            if row.how == How::Line
                && row.component != "button"
                && given.get(other).is_some()
                && given
                    .get("name")
                    .is_none_or(|own| own.as_str() == self.name)
            {
                of = other;
            }
        }
        let typed = if of == row.parameter {
            row.typed
        } else {
            VARIABLE
        };
        match self.value(given, typed, of) {
            Ok(value) => Ok((of, value)),
            Err(error) => Err(self.advise(error, typed)),
        }
    }

    fn value(&self, given: &Value, typed: &str, of: &str) -> Fallible<Value> {
        let place = self.place.as_str();
        let ty = type_at(typed);
        if let Some(ty) = ty
            && let Err(problem) = check_value(place, given, ty)
        {
            let advice = problem.advice.unwrap_or_default();
            return Err(invalid(&problem.field, &problem.text, &advice));
        }
        let input = Input::at(given, place, ty);
        if typed == VARIABLE {
            return amount_or_date(&input, of);
        }
        match self.kind.how {
            How::Plain => {}
            How::Line => {
                let text = given.as_str().unwrap_or_default();
                check_length(place, text, self.max)?;
                check_variable(place, text)?;
                if self.kind.name == URL_SUFFIX {
                    check_suffix(place, text, self.fixed)?;
                }
            }
            How::File => return Ok(media::file(&input)?.into()),
            How::Place => return Ok(location::place(&input)?.into()),
            How::Object => {
                let found = match given {
                    Value::Object(members) if members.is_empty() => "an empty one",
                    Value::Object(_) => return Ok(given.clone()),
                    _ => &kind(given),
                };
                let problem = ["expected a JSON object with something in it, got ", found];
                return Err(invalid(place, &problem.joined(""), ""));
            }
            How::Moment => check_range(place, given, MOMENT)?,
            How::Minutes => check_range(place, given, MINUTES)?,
            How::Sections => return commerce::sections(place, Input::items(given, place, ty)),
        }
        Ok(given.clone())
    }

    /// A refusal without advice gets the help text of the same place in the input of `send-template`.
    fn advise(&self, mut error: Box<Error>, typed: &str) -> Box<Error> {
        if let Error::PermanentInvalidInput(fault) = &mut *error
            && fault.advice.is_empty()
            && let Some(inner) = fault.field.as_deref()
        {
            let inner = inner.strip_prefix(&*self.place).unwrap_or_default();
            let place = [typed, inner].joined("");
            let advice = help::of(Some(ACTION), &place);
            fault.advice = advice.unwrap_or_else(|| NO_HELP.to_owned());
        }
        error
    }
}

/// The type of a place in the input of `send-template`.
pub fn type_at(place: &str) -> Option<Type> {
    let signature = SIGNATURES.get(door::index_of(ACTION)?)?;
    let mut record: Option<Record> = Some(signature.input);
    let mut found = None;
    for step in split(place, b'.') {
        let name = step.strip_suffix("[]");
        let field = record?.field(name.unwrap_or(step))?;
        let ty = field.ty.inner(name.is_some());
        (record, found) = (ty.record(), Some(ty));
    }
    found
}

/// The value of a variable that is an amount of money or a date, whichever `of` says.
fn amount_or_date(input: &Input<'_>, of: &str) -> Fallible<Value> {
    input.one_of(&["text", "currency", "date_time"])?;
    let Some(money) = input.object("currency") else {
        check_variable(&input.path(of), input.need(of))?;
        return Ok(Object::new().with("fallback_value", input.need(of)).into());
    };
    check_variable(&money.path("fallback_value"), money.need("fallback_value"))?;
    let code = money.need("code");
    if code.len() != 3 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Err(money.refuse(
            "code",
            &[
                "expected three capital letters such as EUR, got `",
                code,
                "`",
            ]
            .joined(""),
            "Give the currency's ISO 4217 code.",
        ));
    }
    Ok(money
        .pick(&["fallback_value", "code"])
        .with_some("amount_1000", money.json("amount1000").cloned())
        .into())
}

/// Refuses a whole address where only its end goes: Meta would put it behind the address of the template.
fn check_suffix(place: &str, text: &str, fixed: &str) -> Fallible<()> {
    let problem = if text.bytes().any(|byte| byte == b' ') {
        "expected the end of an address, got a text with blanks"
    } else if text.starts_with("https://") || text.starts_with("http://") {
        "expected only the end of the address, got a whole one"
    } else if !fixed.is_empty() && text.starts_with(fixed) {
        "expected only the end of the address, got its beginning too"
    } else {
        return Ok(());
    };
    let advice = match fixed {
        "" => "Give only what comes behind the address in the template.",
        fixed => &["Give only what comes behind ", fixed, " in the address."].joined(""),
    };
    Err(invalid(place, problem, advice))
}

fn check_range(place: &str, given: &Value, (min, max): (u64, u64)) -> Fallible<()> {
    let number = given.as_u64().unwrap_or_default();
    if number < min || number > max {
        let problem = format!("expected {min} to {max}, got {number}");
        return Err(invalid(place, &problem, ""));
    }
    Ok(())
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
            &problem.joined(""),
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
