//! Checking inputs against the tables of their types: structure, and the limits of texts and lists. The first problem counts.

use super::{Place, kind, names::alike};
use crate::door::{Kind, Names, Record, Type, Width};
use crate::prelude::*;
use serde_json::Value;

/// Why an input is refused.
#[derive(Debug, PartialEq, Eq)]
pub struct Problem {
    /// The place: `buttons[1].index`.
    pub field: String,
    /// What was expected and what was found.
    pub text: String,
    /// What to do, when more is known than the field's help text.
    pub advice: Option<String>,
}

/// Checks a record; `root` is how the place of its fields begins, usually empty.
pub fn check(root: &str, value: &Value, record: Record) -> Result<(), Problem> {
    let place = (!root.is_empty()).then(|| Place::field(None, root));
    object(value, record, place.as_ref())
}

/// Checks a value that stands at `root`.
pub fn check_value(root: &str, value: &Value, ty: Type) -> Result<(), Problem> {
    one(value, ty, &Place::field(None, root))
}

fn object(value: &Value, record: Record, place: Option<&Place<'_>>) -> Result<(), Problem> {
    let Value::Object(fields) = value else {
        return Err(refuse(value, "an object", place));
    };
    if let Some(name) = fields.keys().find(|name| record.field(name).is_none()) {
        let names = record.names();
        let advice = match names.iter().find(|known| alike(known, name)) {
            Some(known) => format!("Did you mean `{known}`?"),
            None => "Remove it, or correct its name.".to_owned(),
        };
        return Err(Problem {
            field: Place::field(place, name).path(),
            text: format!("unknown field; the fields here are {}", names.joined(", ")),
            advice: Some(advice),
        });
    }
    inner_fields(value, record, place)
}

fn inner_fields(value: &Value, record: Record, place: Option<&Place<'_>>) -> Result<(), Problem> {
    for field in record.fields() {
        if let Some(inner) = field.inline() {
            inner_fields(value, inner, place)?;
            continue;
        }
        let value = value.get(field.name()).unwrap_or(&Value::Null);
        one(value, field.ty, &Place::field(place, field.name()))?;
    }
    Ok(())
}

fn one(value: &Value, ty: Type, place: &Place<'_>) -> Result<(), Problem> {
    let expected = match (ty.kind(), value) {
        (Kind::Optional(_), Value::Null) => return Ok(()),
        (Kind::Optional(inner), _) => return one(value, inner, place),
        (Kind::Text { empty, max }, Value::String(text)) => {
            return self::text(text, empty, max, place);
        }
        (Kind::List { item, min, max }, Value::Array(items)) => {
            for (index, value) in items.iter().enumerate() {
                one(value, item, &Place::item(place, index))?;
            }
            return count(items.len(), min.into(), max.into(), place);
        }
        (Kind::Record(record), _) => return object(value, record, Some(place)),
        (Kind::Choice(names), Value::String(text)) => return choice(text, names, place),
        (Kind::Choice(names), _) => {
            return Err(problem(
                place,
                format!(
                    "expected one of {}; got {}",
                    names.list(),
                    super::kind(value)
                ),
            ));
        }
        (Kind::Flag, Value::Bool(_)) => return Ok(()),
        (Kind::Number, Value::Number(_)) => return Ok(()),
        (Kind::Json, Value::Null) => "a JSON value",
        (Kind::Json, _) => return Ok(()),
        // The number is not repeated: it may be a secret, such as a PIN.
        (Kind::Text { .. }, Value::Number(_)) => {
            return Err(problem(
                place,
                "expected a text in quotes, got a number".to_owned(),
            ));
        }
        (Kind::Text { .. }, _) => "a text",
        (Kind::List { .. }, _) => "a list",
        (Kind::Flag, _) => "true or false",
        (Kind::Number, _) => "a number",
        (Kind::Whole(width), _) => {
            let fits = match width {
                Width::U16 => value
                    .as_u64()
                    .is_some_and(|number| number <= u64::from(u16::MAX)),
                Width::U32 => value
                    .as_u64()
                    .is_some_and(|number| number <= u64::from(u32::MAX)),
                Width::U64 => value.is_u64(),
                Width::S64 => value.is_i64(),
            };
            match (fits, width) {
                (true, _) => return Ok(()),
                (_, Width::S64) => "a whole number",
                _ => "a whole number, 0 or more",
            }
        }
        (Kind::Open(_) | Kind::Variant(_), _) => return Ok(()),
    };
    Err(refuse(value, expected, Some(place)))
}

fn choice(text: &str, names: Names, place: &Place<'_>) -> Result<(), Problem> {
    if names.position(text).is_some() {
        return Ok(());
    }
    // Meta's own words are in capitals.
    let meant = names.all().find(|known| alike(known, text));
    Err(Problem {
        advice: meant.map(|known| ["Did you mean `", known, "`?"].joined("")),
        ..problem(
            place,
            format!("expected one of {}; got `{text}`", names.list()),
        )
    })
}

fn text(text: &str, empty: bool, max: u16, place: &Place<'_>) -> Result<(), Problem> {
    if !empty && text.trim_ascii().is_empty() {
        return Err(Problem {
            advice: Some("Fill it in.".to_owned()),
            ..problem(place, "expected some text, got an empty one".to_owned())
        });
    }
    match crate::fault::too_long(text, usize::from(max)) {
        None => Ok(()),
        Some((text, advice)) => Err(Problem {
            advice: Some(advice.to_owned()),
            ..problem(place, text)
        }),
    }
}

fn count(count: usize, min: usize, max: usize, place: &Place<'_>) -> Result<(), Problem> {
    if count >= min && (max == 0 || count <= max) {
        return Ok(());
    }
    let expected = match (min, max) {
        (0, _) => format!("at most {max}"),
        (_, 0) => format!("at least {min}"),
        _ => format!("{min} to {max}"),
    };
    Err(Problem {
        advice: Some("Change the number of items; nothing is left out on its own.".to_owned()),
        ..problem(place, format!("expected {expected}, got {count}"))
    })
}

fn refuse(value: &Value, expected: &str, place: Option<&Place<'_>>) -> Problem {
    let required = if value.is_null() { "required; " } else { "" };
    Problem {
        field: place.map_or_else(String::new, Place::path),
        text: format!("{required}expected {expected}, got {}", kind(value)),
        advice: None,
    }
}

fn problem(place: &Place<'_>, text: String) -> Problem {
    Problem {
        field: place.path(),
        text,
        advice: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::tables::{CONNECTION, SIGNATURES};
    use serde_json::json;

    #[test]
    fn the_first_problem_comes_with_its_path() {
        let list = |buttons: Value| json!({"to": "1", "body": "b", "buttons": buttons});
        let button = |title: Value| json!({"id": "1", "title": title});
        let cases = [
            (
                list(json!([button(json!("a")), {"id": "2"}])),
                "buttons[1].title",
                "required; expected a text, got none",
            ),
            (list(json!([])), "buttons", "expected 1 to 3, got 0"),
            (
                list(json!([1])),
                "buttons[0]",
                "expected an object, got the number 1",
            ),
            (
                list(json!(vec![button(json!("a")); 4])),
                "buttons",
                "expected 1 to 3, got 4",
            ),
            (
                list(json!([button(json!(" "))])),
                "buttons[0].title",
                "expected some text, got an empty one",
            ),
            (
                list(json!([button(json!("ä".repeat(21)))])),
                "buttons[0].title",
                "at most 20 characters, got 21",
            ),
            (
                list(json!([button(json!(1))])),
                "buttons[0].title",
                "expected a text in quotes, got a number",
            ),
            (list(json!({})), "buttons", "expected a list, got an object"),
            (json!([]), "", "expected an object, got a list"),
        ];
        let record = input("send-buttons");
        for (value, field, text) in cases {
            let problem = check("", &value, record).expect_err("wrong");
            assert_eq!(
                (problem.field.as_str(), problem.text.as_str()),
                (field, text),
                "{value}"
            );
        }
        let good = list(json!([button(json!("ä".repeat(20)))]));
        assert_eq!(check("", &good, record), Ok(()));
        let problem = check("", &json!({"to": "1", "bdy": 1}), record).expect_err("wrong");
        assert_eq!(problem.field, "bdy");
        assert_eq!(problem.advice.as_deref(), Some("Did you mean `body`?"));
        let problem = check("", &json!({"to": "1", "": 1}), record).expect_err("wrong");
        assert_eq!(problem.field, "\"\"");
        let problem = check("connection", &json!({"app_id": 1}), CONNECTION).expect_err("wrong");
        assert_eq!(problem.field, "connection.app_id");
    }

    #[test]
    fn an_optional_field_may_be_null_and_a_number_has_a_range() {
        let value = json!({"to": "1", "name": "n", "language": "en", "header": null, "buttons": [{"index": 4_294_967_296_u64, "url": "x"}]});
        let problem = check("", &value, input("send-template")).expect_err("wrong");
        assert_eq!(problem.field, "buttons[0].index");
        assert_eq!(
            problem.text,
            "expected a whole number, 0 or more, got the number 4294967296"
        );
    }

    fn input(action: &str) -> Record {
        let signature = SIGNATURES.iter().find(|known| known.name == action);
        signature.expect("there is such an action").input
    }
}
