//! What holds for every error.

use crate::network::Answer;
use serde_json::Value;
use whatsapp_connector::contract::whatsapp::connector::types::{Error, Fault};

/// The longest wait that an error may ask for, in milliseconds: a day.
const LONGEST_WAIT_MS: u64 = 24 * 60 * 60 * 1000;

/// Fields of inputs that nobody but Meta may see. Some of Meta's codes are four digits that may stand anywhere; these are not looked for.
const SECRET: [&str; 3] = ["pin", "verify_token", "code"];
const SECRET_MIN: usize = 6;

/// Checks what an error says: what, where and what to do.
pub fn check(error: &Error) {
    let fault = fault(error);
    assert!(!fault.message.is_empty(), "no message: {error:?}");
    assert!(!fault.advice.is_empty(), "no advice: {error:?}");
    assert!(
        fault
            .retry_after_ms
            .is_none_or(|wait| wait <= LONGEST_WAIT_MS),
        "{error:?}"
    );
    assert!(
        fault.field.as_ref().is_none_or(|field| !field.is_empty()),
        "{error:?}"
    );
    if let (Error::PermanentInvalidInput(_), None) = (error, &fault.graph) {
        let field = fault
            .field
            .as_ref()
            .expect("our own refusal names the field");
        assert!(fault.message.starts_with(&**field), "{error:?}");
    }
}

/// Checks that an error says no secret of the input, unless the network said it. The function does the same call with another input.
pub fn check_secrets(
    error: &Error,
    input: &Value,
    heard: &[Answer],
    again: impl Fn(&Value) -> Option<Box<Error>>,
) {
    if fault(error).graph.is_some() {
        // Meta's words are Meta's.
        return;
    }
    let said = format!("{error:?}");
    let heard = format!("{heard:?}");
    for name in SECRET {
        let Some(secret) = input.get(name).and_then(Value::as_str) else {
            continue;
        };
        let is_elsewhere = input.to_string().matches(secret).count() > 1;
        if secret.len() >= SECRET_MIN && !is_elsewhere && !heard.contains(secret) {
            let is_told = said.contains(secret) && !is_ours(name, secret, input, &again);
            assert!(!is_told, "{name} is told: {said}");
        }
    }
}

/// Whether the words are the connector's, as an example in an advice: they stand there as well when the secret is another one.
fn is_ours(
    name: &str,
    secret: &str,
    input: &Value,
    again: &impl Fn(&Value) -> Option<Box<Error>>,
) -> bool {
    let mut other = input.clone();
    other[name] = secret.chars().map(changed).collect::<String>().into();
    again(&other).is_some_and(|error| format!("{error:?}").contains(secret))
}

/// Another character: a digit for a digit.
fn changed(character: char) -> char {
    match character {
        '0'..='8' => char::from(character as u8 + 1),
        '9' => '0',
        'x' => 'y',
        _ => 'x',
    }
}

/// What an error says, whatever its case.
pub fn fault(error: &Error) -> &Fault {
    match error {
        Error::ExecutionFailed => panic!("only a host says so"),
        Error::RateLimited(fault)
        | Error::Unavailable(fault)
        | Error::PermanentInvalidInput(fault)
        | Error::PermanentUnauthorized(fault)
        | Error::PermanentWindowClosed(fault)
        | Error::PermanentRejected(fault)
        | Error::PermanentOutcomeUnknown(fault) => fault,
    }
}
