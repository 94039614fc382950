//! Making errors: every one names the thing, what was expected, what was found, and what to do next.

use crate::contract::whatsapp::connector::types::{Error, Fault};

/// What the connector's functions return. The error is boxed: it is 200 bytes, and most functions only hand it on.
pub type Fallible<T> = Result<T, Box<Error>>;
use crate::json::Object;
use crate::prelude::*;
use serde_json::Value;

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
    match too_long(text, max) {
        None => Ok(()),
        Some((problem, advice)) => Err(invalid(field, &problem, advice)),
    }
}

/// What is wrong with a text of more than `max` characters (0 is no limit), and what to do.
pub fn too_long(text: &str, max: usize) -> Option<(String, &'static str)> {
    // A text has at most as many characters as bytes: the common case needs no count.
    if max == 0 || text.len() <= max {
        return None;
    }
    let length = crate::text::length(text);
    (length > max).then(|| {
        (
            format!("at most {max} characters, got {length}"),
            "Shorten it; nothing is cut off on its own.",
        )
    })
}

/// The fault in an error, to add to it.
pub fn of_error(error: &mut Error) -> Option<&mut Fault> {
    match error {
        Error::ExecutionFailed => None,
        Error::RateLimited(fault)
        | Error::Unavailable(fault)
        | Error::PermanentInvalidInput(fault)
        | Error::PermanentUnauthorized(fault)
        | Error::PermanentWindowClosed(fault)
        | Error::PermanentRejected(fault)
        | Error::PermanentOutcomeUnknown(fault) => Some(fault),
    }
}

/// What an error says, whatever its case.
pub fn into_fault(mut error: Error) -> Fault {
    let empty = || fault("", "");
    of_error(&mut error).map_or_else(empty, |fault| core::mem::replace(fault, empty()))
}

/// Whether the same may work later.
pub fn passes(error: &Error) -> bool {
    matches!(error, Error::RateLimited(_) | Error::Unavailable(_))
}

/// The JSON form of the fault in an error.
pub fn to_value(error: &Error) -> Value {
    let (Error::RateLimited(fault)
    | Error::Unavailable(fault)
    | Error::PermanentInvalidInput(fault)
    | Error::PermanentUnauthorized(fault)
    | Error::PermanentWindowClosed(fault)
    | Error::PermanentRejected(fault)
    | Error::PermanentOutcomeUnknown(fault)) = error
    else {
        return Value::Null;
    };
    let graph = fault.graph.as_ref().map(|graph| {
        Object::new()
            .with("status", graph.status)
            .with("code", graph.code)
            .with_some("subcode", graph.subcode)
            .with("kind", graph.kind.as_str())
            .with("message", graph.message.as_str())
            .with_some("details", graph.details.as_deref())
            .with_some("user_title", graph.user_title.as_deref())
            .with_some("user_message", graph.user_message.as_deref())
            .with_some("trace_id", graph.trace_id.as_deref())
    });
    Object::new()
        .with("message", fault.message.as_str())
        .with("advice", fault.advice.as_str())
        .with_some("field", fault.field.as_deref())
        .with_some("retry_after_ms", fault.retry_after_ms)
        .with_some("graph", graph)
        .into()
}

/// Two capital letters.
pub fn is_country(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// `a` and `b` as a path: `a.b`, or `b` when `a` is empty.
pub fn path(parent: &str, name: &str) -> String {
    if parent.is_empty() {
        name.to_owned()
    } else {
        format!("{parent}.{name}")
    }
}
