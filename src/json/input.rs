//! Inputs from JSON. The first difference from what is expected is kept with its path; reading goes on with stand-ins, so that the
//! code of each record is a plain list of its fields.

use super::{kind, to_text};
use crate::prelude::*;
use core::fmt::Write;
use serde_json::Value;

/// Why an input is refused.
#[derive(Debug)]
pub struct Problem {
    /// The place: `buttons[1].index`.
    pub field: String,
    /// What was expected and what was found.
    pub text: String,
    /// What to do, when more is known than the field's help text.
    pub advice: Option<String>,
}

/// Can be read from JSON. Implemented for the contract's records by the build.
pub trait Read: Sized {
    /// Reads a value; on a problem the result is a stand-in.
    fn read(input: &mut Input<'_, '_>) -> Self;
}

/// A record of the contract.
pub trait Record: Sized {
    /// The names of its fields in JSON.
    const NAMES: &'static [&'static str];

    /// Reads its fields from an object.
    fn fields(input: &mut Input<'_, '_>) -> Self;
}

/// A value to read, and where it stands.
pub struct Input<'p, 'v> {
    value: &'v Value,
    place: Place<'p>,
    problem: &'p mut Option<Problem>,
}

#[derive(Clone, Copy)]
struct Place<'p> {
    parent: Option<&'p Place<'p>>,
    step: Step<'p>,
}

#[derive(Clone, Copy)]
enum Step<'p> {
    Field(&'p str),
    Item(usize),
}

/// Reads a whole value; `root` is how the place of its fields begins, usually empty.
pub fn read<T: Read>(root: &str, value: &Value) -> Result<T, Problem> {
    let mut problem = None;
    let output = T::read(&mut Input {
        value,
        place: Place {
            parent: None,
            step: Step::Field(root),
        },
        problem: &mut problem,
    });
    problem.map_or(Ok(output), Err)
}

impl<'v> Input<'_, 'v> {
    /// Checks that this is an object and has no other fields than these.
    pub fn object(&mut self, names: &[&str]) {
        let Value::Object(fields) = self.value else {
            return self.refuse("an object");
        };
        if let Some(name) = fields.keys().find(|name| !names.contains(&name.as_str())) {
            let advice = match names.iter().find(|known| alike(known, name)) {
                Some(known) => format!("Did you mean `{known}`?"),
                None => "Remove it, or correct its name.".to_owned(),
            };
            let text = format!("unknown field; the fields here are {}", names.join(", "));
            let place = Place {
                parent: Some(&self.place),
                step: Step::Field(name),
            };
            let field = place.path();
            self.keep(field, text, Some(advice));
        }
    }

    /// Reads a field of the object; an absent one reads as null.
    pub fn field<T: Read>(&mut self, name: &str) -> T {
        let value = self.value.get(name).unwrap_or(&Value::Null);
        self.inner(value, Step::Field(name))
    }

    /// The position of a text in a list of choices.
    pub fn choice(&mut self, names: &[&str]) -> usize {
        let found = match self.value {
            Value::String(text) => match names.iter().position(|name| name == text) {
                Some(position) => return position,
                None => format!("`{text}`"),
            },
            other => kind(other),
        };
        let text = format!("expected one of {}; got {found}", names.join(", "));
        self.keep(self.place.path(), text, None);
        0
    }

    fn inner<T: Read>(&mut self, value: &'v Value, step: Step<'_>) -> T {
        T::read(&mut Input {
            value,
            place: Place {
                parent: Some(&self.place),
                step,
            },
            problem: self.problem,
        })
    }

    fn refuse(&mut self, expected: &str) {
        let required = if self.value.is_null() {
            "required; "
        } else {
            ""
        };
        let text = format!("{required}expected {expected}, got {}", kind(self.value));
        self.keep(self.place.path(), text, None);
    }

    /// Keeps the first problem.
    fn keep(&mut self, field: String, text: String, advice: Option<String>) {
        self.problem.get_or_insert(Problem {
            field,
            text,
            advice,
        });
    }
}

impl Place<'_> {
    fn path(&self) -> String {
        let mut path = self.parent.map_or_else(String::new, Place::path);
        match self.step {
            Step::Item(index) => {
                let _ = write!(path, "[{index}]");
            }
            Step::Field(name) => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(name);
            }
        }
        path
    }
}

/// Equal but for case and separators (`phoneNumberId`), one the beginning of the other, or one letter off.
fn alike(known: &str, name: &str) -> bool {
    let plain = |text: &str| -> Vec<u8> {
        let letters = text.bytes().filter(u8::is_ascii_alphanumeric);
        letters.map(|byte| byte.to_ascii_lowercase()).collect()
    };
    let (known, name) = (plain(known), plain(name));
    if known.len().min(name.len()) < 3 {
        return known == name;
    }
    let same_start = known.iter().zip(&name).take_while(|(a, b)| a == b).count();
    let known_rest = &known[same_start..];
    let name_rest = &name[same_start..];
    let one_off = |a: &[u8], b: &[u8]| a.get(1..).is_some_and(|a| a == b);
    known_rest.is_empty()
        || name_rest.is_empty()
        || one_off(known_rest, name_rest)
        || one_off(name_rest, known_rest)
        || known_rest.get(1..) == name_rest.get(1..)
        || swapped(known_rest, name_rest)
}

/// Equal but for the order of the first two.
fn swapped(a: &[u8], b: &[u8]) -> bool {
    matches!((a, b), ([a1, a2, a @ ..], [b1, b2, b @ ..]) if a1 == b2 && a2 == b1 && a == b)
}

/// JSON text: any value.
pub struct Raw(
    /// The value as text.
    pub String,
);

impl Read for Raw {
    fn read(input: &mut Input<'_, '_>) -> Self {
        if input.value.is_null() {
            input.refuse("a JSON value");
        }
        Self(to_text(input.value))
    }
}

impl Read for String {
    fn read(input: &mut Input<'_, '_>) -> Self {
        match input.value {
            Value::String(text) => text.clone(),
            Value::Number(_) => {
                // The number is not repeated: it may be a secret, such as a PIN.
                let text = "expected a text in quotes, got a number".to_owned();
                input.keep(input.place.path(), text, None);
                Self::new()
            }
            _ => {
                input.refuse("a text");
                Self::new()
            }
        }
    }
}

impl Read for bool {
    fn read(input: &mut Input<'_, '_>) -> Self {
        input.value.as_bool().unwrap_or_else(|| {
            input.refuse("true or false");
            false
        })
    }
}

impl Read for u32 {
    fn read(input: &mut Input<'_, '_>) -> Self {
        let number = input
            .value
            .as_u64()
            .and_then(|number| Self::try_from(number).ok());
        number.unwrap_or_else(|| {
            input.refuse("a whole number, 0 or more");
            0
        })
    }
}

impl Read for i64 {
    fn read(input: &mut Input<'_, '_>) -> Self {
        input.value.as_i64().unwrap_or_else(|| {
            input.refuse("a whole number");
            0
        })
    }
}

impl Read for f64 {
    fn read(input: &mut Input<'_, '_>) -> Self {
        input.value.as_f64().unwrap_or_else(|| {
            input.refuse("a number");
            0.0
        })
    }
}

impl<T: Read> Read for Option<T> {
    fn read(input: &mut Input<'_, '_>) -> Self {
        (!input.value.is_null()).then(|| T::read(input))
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(input: &mut Input<'_, '_>) -> Self {
        let Value::Array(items) = input.value else {
            input.refuse("a list");
            return Self::new();
        };
        let item = |(index, value)| input.inner(value, Step::Item(index));
        items.iter().enumerate().map(item).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_misspelt_name_is_recognised() {
        for (known, name) in [
            ("body", "bodi"),
            ("body", "bdoy"),
            ("body", "bod"),
            ("body", "boddy"),
            ("phone_number_id", "phoneNumberId"),
            ("callback_data", "callback"),
            ("to", "To"),
        ] {
            assert!(alike(known, name), "{known} {name}");
        }
        for (known, name) in [
            ("body", "text"),
            ("to", "t"),
            ("link", "id"),
            ("pin", "pan_number"),
            ("to", "token"),
        ] {
            assert!(!alike(known, name), "{known} {name}");
        }
    }

    #[test]
    fn the_first_problem_is_kept_with_its_path() {
        let problem =
            read::<Vec<Vec<u32>>>("list", &json!([[1], [2, "3"], null])).expect_err("wrong");
        assert_eq!(problem.field, "list[1][1]");
        assert_eq!(
            problem.text,
            "expected a whole number, 0 or more, got a text"
        );
    }
}
