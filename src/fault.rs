//! Making errors: every one names the thing, what was expected, what was found, and what to do next.

use crate::contract::whatsapp::connector::types::{Error, Fault};

/// What the connector's functions return. The error is boxed: it is 200 bytes, and most functions only hand it on.
pub type Fallible<T> = Result<T, Box<Error>>;
use crate::prelude::*;

/// A fault without a field, a delay or an answer of Meta.
pub fn fault(message: impl Into<String>, advice: impl Into<String>) -> Fault {
    Fault {
        message: message.into(),
        advice: advice.into(),
        field: None,
        retry_after_ms: None,
        graph: None,
    }
}

/// `permanent-invalid-input`: the message reads "`field`: `problem`".
pub fn invalid(field: &str, problem: &str, advice: &str) -> Box<Error> {
    Box::new(Error::PermanentInvalidInput(Fault {
        field: Some(field.to_owned()),
        ..fault(format!("{field}: {problem}"), advice)
    }))
}

/// Refuses a text that is empty or longer than `max` characters (Unicode code points: the most lenient reading of Meta's limits).
pub fn check_text(field: &str, text: &str, max: usize) -> Fallible<()> {
    if text.trim_ascii().is_empty() {
        return Err(invalid(
            field,
            "expected some text, got an empty one",
            "Fill it in.",
        ));
    }
    check_length(field, text, max)
}

/// Refuses a text that is longer than `max` characters.
pub fn check_length(field: &str, text: &str, max: usize) -> Fallible<()> {
    // A text has at most as many characters as bytes: the common case needs no count.
    if text.len() <= max {
        return Ok(());
    }
    let length = text.chars().count();
    if length <= max {
        return Ok(());
    }
    Err(invalid(
        field,
        &format!("at most {max} characters, got {length}"),
        "Shorten it; nothing is cut off on its own.",
    ))
}

/// The name of the one alternative that is given; refuses none and several.
///
/// `field` is the place of the alternatives, for example `header`; empty for the input itself.
pub fn exactly_one(field: &str, alternatives: &[(&'static str, bool)]) -> Fallible<&'static str> {
    let names = || {
        let names: Vec<_> = alternatives.iter().map(|(name, _)| *name).collect();
        names.join(", ")
    };
    let mut given = alternatives
        .iter()
        .filter(|(_, given)| *given)
        .map(|(name, _)| *name);
    match (given.next(), given.next()) {
        (Some(name), None) => Ok(name),
        (Some(first), Some(second)) => Err(invalid(
            &path(field, second),
            &format!(
                "expected exactly one of {}; got {first} and {second}",
                names()
            ),
            "Keep one of them and remove the others.",
        )),
        (None, _) => {
            let first = alternatives.first().map_or("", |(name, _)| *name);
            Err(invalid(
                if field.is_empty() { first } else { field },
                &format!("expected exactly one of {}; got none", names()),
                "Fill in one of them.",
            ))
        }
    }
}

/// `a` and `b` as a path: `a.b`, or `b` when `a` is empty.
pub fn path(parent: &str, name: &str) -> String {
    if parent.is_empty() {
        name.to_owned()
    } else {
        format!("{parent}.{name}")
    }
}
