//! JSON from the command line, from a file, or from stdin.

use std::io::Read;

use serde_json::{Map, Value};

use super::problem::Problem;

/// Reads a JSON object: the text itself, `@file`, or `-` for stdin. `option` is what the user typed before it.
pub fn object(option: &str, given: &str) -> Result<Map<String, Value>, Problem> {
    let (place, text) = read(option, given)?;
    let advice = if place.is_empty() {
        "Quote the JSON for your shell ('{\"to\": \"+16505551234\"}'), or put it into a file and give @FILE."
    } else {
        "Give an object with the fields by name, such as {\"to\": \"+16505551234\"}."
    };
    let found = match serde_json::from_str(&text) {
        Ok(Value::Object(object)) => return Ok(object),
        Ok(Value::Array(_)) => "a list".to_owned(),
        Ok(_) => "a single value".to_owned(),
        Err(_) if text.trim().is_empty() => "nothing".to_owned(),
        Err(error) => format!("a mistake: {error}"),
    };
    Err(Problem::usage(
        format!("{option}{place}: expected a JSON object, but found {found}"),
        advice,
    ))
}

/// Where the text came from, to be added to the option's name, and the text.
fn read(option: &str, given: &str) -> Result<(String, String), Problem> {
    if let Some(path) = given.strip_prefix('@') {
        let text = std::fs::read_to_string(path).map_err(|error| {
            Problem::usage(
                format!("{option}: cannot read the file {path}: {error}"),
                "Check the path, which counts from the current folder.",
            )
        })?;
        return Ok((format!(" @{path}"), text));
    }
    if given != "-" {
        return Ok((String::new(), given.to_owned()));
    }
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .map_err(|error| {
            Problem::usage(
                format!("{option} -: cannot read stdin: {error}"),
                "Send UTF-8 text into it, or give @FILE.",
            )
        })?;
    Ok((" - (stdin)".to_owned(), text))
}
