//! From one value to one parameter. A value is checked against the very schema that the form shows.

use super::fields::{Field, list, text};
use super::form::{put, put_text};
use super::kinds::MONEY_OR_DATE;
use crate::actions::media::check_address;
use crate::actions::template_components::check_variable;
use crate::fault::{Fallible, check_text, invalid, path};
use crate::json::{Object, from_text, kind, to_text};
use crate::prelude::*;
use serde_json::Value;

impl Field<'_> {
    /// The JSON Schema of its value.
    pub fn schema(&self) -> Value {
        let mut schema = parse(self.kind.shape.schema);
        if self.max != usize::MAX {
            put(&mut schema, "maxLength", self.max.into());
        }
        schema
    }

    /// What to give for it.
    pub fn advice(&self) -> String {
        let expected = self.kind.shape.expected;
        match self.example() {
            Some(example) => format!("Give {expected}, for example {}.", to_text(&example)),
            None => format!("Give {expected}."),
        }
    }

    /// Meta's parameter for a value: `{"type": "text", "text": "…"}`.
    pub fn parameter(&self, given: &Value) -> Fallible<Value> {
        let at = path("values", &self.name);
        let kind = self.kind;
        let mut of = kind.parameter;
        let mut value = given.clone();
        let other = given.get("currency").or(given.get("date_time")).is_some();
        if other && of == "text" && kind.component != "button" {
            check(&at, &parse(MONEY_OR_DATE), given, &self.advice())?;
            (of, value) = money_or_date(&at, given)?;
        } else {
            check(&at, &self.schema(), given, &self.advice())?;
        }
        if !kind.key.is_empty() {
            value = Object::new().with(kind.key, value).into();
        }
        let mut parameter = Object::new().with(of, value).into();
        put_text(&mut parameter, "type", of);
        if let Some(name) = self.parameter_name() {
            put_text(&mut parameter, "parameter_name", name);
        }
        Ok(parameter)
    }
}

/// Reads a schema. They are written in a table, and a test reads each of them.
fn parse(schema: &str) -> Value {
    from_text(schema).unwrap_or_default()
}

/// The type and the value of a parameter that is an amount of money or a date.
fn money_or_date(at: &str, given: &Value) -> Fallible<(&'static str, Value)> {
    let Some(money) = given.get("currency") else {
        let date = Object::new().with("fallback_value", text(given, "date_time"));
        return Ok(("date_time", date.into()));
    };
    let code = text(money, "code");
    if code.len() != 3 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Err(invalid(
            &format!("{at}.currency.code"),
            &format!("expected three capital letters such as EUR, got `{code}`"),
            "Give the currency's ISO 4217 code.",
        ));
    }
    // Built anew: removing a field from a map would be 5 KB of code.
    let mut output = Object::new().into();
    for (name, metas) in [
        ("fallback_value", "fallback_value"),
        ("code", "code"),
        ("amount1000", "amount_1000"),
    ] {
        put(&mut output, metas, money.get(name).cloned().into());
    }
    Ok(("currency", output))
}

/// Checks a value against a schema, as far as the schemas of [`super::kinds`] go.
fn check(at: &str, schema: &Value, given: &Value, advice: &str) -> Fallible<()> {
    let problem = match (text(schema, "type"), given) {
        ("string", Value::String(given)) => {
            let max = schema.get("maxLength").and_then(Value::as_u64);
            check_text(at, given, max.unwrap_or_default() as usize)?;
            return if schema.get("pattern").is_some() {
                check_variable(at, given)
            } else if schema.get("format").is_some() {
                check_address(at, given)
            } else {
                Ok(())
            };
        }
        ("number", Value::Number(_)) => return check_range(at, schema, given, advice),
        ("integer", Value::Number(number)) if !number.is_f64() => {
            return check_range(at, schema, given, advice);
        }
        ("array", Value::Array(items)) => {
            check_range(at, schema, &items.len().into(), advice)?;
            let schema = schema.get("items").unwrap_or(&Value::Null);
            for (position, item) in items.iter().enumerate() {
                check(&format!("{at}[{position}]"), schema, item, advice)?;
            }
            return Ok(());
        }
        ("object", Value::Object(members)) => {
            let known = schema.get("properties");
            for (name, member) in members {
                if let Some(known) = known {
                    let none = Value::Null;
                    let schema = known.get(name).unwrap_or(&none);
                    check(&path(at, name), schema, member, advice)?;
                }
            }
            let choices = list(schema, "oneOf");
            let made = choices
                .iter()
                .filter(|choice| missing(choice, given).is_none());
            if let Some(name) = missing(schema, given) {
                format!("{name} is missing")
            } else if members.is_empty() {
                "expected at least one field".to_owned()
            } else if !choices.is_empty() && made.count() != 1 {
                let names: Vec<&str> = choices
                    .iter()
                    .filter_map(|choice| missing(choice, &Value::Null))
                    .collect();
                format!("expected exactly one of {}", names.joined(" and "))
            } else {
                return Ok(());
            }
        }
        ("", _) => "there is no such field".to_owned(),
        // The number is not repeated: it may be a one-time password.
        (expected, Value::Number(_)) => format!("expected {expected}, got a number"),
        (expected, given) => format!("expected {expected}, got {}", kind(given)),
    };
    Err(invalid(at, &problem, advice))
}

/// A required field that is not there.
fn missing<'s>(schema: &'s Value, given: &Value) -> Option<&'s str> {
    let names = list(schema, "required").iter();
    names
        .filter_map(Value::as_str)
        .find(|name| given.get(*name).is_none())
}

/// Checks a number, or how many items a list has.
fn check_range(at: &str, schema: &Value, given: &Value, advice: &str) -> Fallible<()> {
    let bound = |name: &str, other: &str| {
        schema
            .get(name)
            .or(schema.get(other))
            .unwrap_or(&Value::Null)
    };
    let (min, max) = (bound("minimum", "minItems"), bound("maximum", "maxItems"));
    if max.is_null() || given.as_f64() >= min.as_f64() && given.as_f64() <= max.as_f64() {
        return Ok(());
    }
    let problem = format!(
        "expected {} to {}, got {}",
        to_text(min),
        to_text(max),
        to_text(given)
    );
    Err(invalid(at, &problem, advice))
}
