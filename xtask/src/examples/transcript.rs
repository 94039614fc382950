//! What the cases made a host do, one line for each, compared with what they make the host in Rust do.
//!
//! Languages write JSON differently (JavaScript has one kind of number, for example), so the lines are compared as JSON; the bodies of requests are texts
//! in it, and so compared byte by byte.

use crate::run::target;
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// What the tests in Rust wrote down.
pub fn of_rust() -> PathBuf {
    target().join("tmp/transcript.jsonl")
}

/// Compares two transcripts; the number of cases when they are equal.
pub fn compare(expected: &Path, found: &Path) -> Result<usize> {
    let (expected, found) = (read(expected)?, read(found)?);
    let name = |line: &Value| {
        line["case"]
            .as_str()
            .or(line["delivery"].as_str())
            .unwrap_or_default()
            .to_owned()
    };
    for (expected, found) in expected.iter().zip(&found) {
        ensure!(
            name(expected) == name(found),
            "it ran {} where {} comes next",
            name(found),
            name(expected)
        );
        ensure!(
            expected == found,
            "{} differs.\nexpected: {expected}\nfound:    {found}",
            name(expected)
        );
    }
    ensure!(
        expected.len() == found.len(),
        "it ran {} cases of {}",
        found.len(),
        expected.len()
    );
    Ok(expected.len())
}

/// The lines of a transcript.
pub fn read(path: &Path) -> Result<Vec<Value>> {
    let text = fs::read_to_string(path).with_context(|| {
        format!(
            "cannot read {} (`cargo xtask test` writes it)",
            path.display()
        )
    })?;
    let lines = text
        .lines()
        .map(|line| serde_json::from_str(line).map(same_numbers));
    lines
        .collect::<Result<_, _>>()
        .with_context(|| path.display().to_string())
}

/// The same value, in which a number without a fraction is whole.
pub fn same_numbers(value: Value) -> Value {
    match value {
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() && float.fract() == 0.0 => Value::from(float as i64),
            _ => Value::Number(number),
        },
        Value::Array(items) => items.into_iter().map(same_numbers).collect(),
        Value::Object(fields) => {
            let fields = fields.into_iter();
            Value::Object(
                fields
                    .map(|(name, value)| (name, same_numbers(value)))
                    .collect(),
            )
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(found: &str) -> Result<usize> {
        let folder = tempfile::tempdir()?;
        let (one, other) = (folder.path().join("one"), folder.path().join("other"));
        fs::write(
            &one,
            "{\"case\": \"a/b\", \"requests\": [{\"body\": {\"json\": \"{}\"}}]}\n{\"delivery\": \"c\", \"events\": [7]}\n",
        )?;
        fs::write(&other, found)?;
        compare(&one, &other)
    }

    #[test]
    fn equal_transcripts_may_be_spelled_differently() {
        let found = "{\"requests\":[{\"body\":{\"json\":\"\\u007b}\"}}],\"case\":\"a/b\"}\n{\"delivery\":\"c\",\"events\":[7.0]}";
        assert_eq!(compared(found).unwrap(), 2);
    }

    #[test]
    fn a_blank_more_in_a_body_differs() {
        let found = "{\"case\": \"a/b\", \"requests\": [{\"body\": {\"json\": \"{ }\"}}]}\n{\"delivery\": \"c\", \"events\": []}";
        assert!(
            compared(found)
                .unwrap_err()
                .to_string()
                .starts_with("a/b differs")
        );
    }

    #[test]
    fn a_case_that_was_not_run_is_missed() {
        let found = "{\"case\": \"a/b\", \"requests\": [{\"body\": {\"json\": \"{}\"}}]}";
        assert_eq!(
            compared(found).unwrap_err().to_string(),
            "it ran 1 cases of 2"
        );
        let found = "{\"delivery\": \"c\", \"events\": []}";
        assert_eq!(
            compared(found).unwrap_err().to_string(),
            "it ran c where a/b comes next"
        );
    }
}
