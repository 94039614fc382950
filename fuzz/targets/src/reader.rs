//! Our reader and writer of JSON beside those of serde_json.

use serde_json::Value;
use std::collections::HashSet;
use whatsapp_connector::json::{Tree, check_syntax, from_text, to_text};

/// What serde_json refuses besides a wrong syntax: there our check of the syntax, which judges neither, may pass.
const JUDGED: [&str; 5] = [
    "recursion limit exceeded",
    "number out of range",
    "lone leading surrogate",
    "lone trailing surrogate",
    "unexpected end of hex escape",
];

/// Reads a text as serde_json does; nothing when both refuse it.
pub fn read(text: &str) -> Option<Value> {
    let expected: Result<Value, _> = serde_json::from_str(text);
    let found = from_text(text);
    let syntax = check_syntax(text);
    match (&found, &expected) {
        (Ok(found), Ok(expected)) => {
            assert!(same(found, expected), "read {found}, expected {expected}");
            assert_eq!(syntax, Ok(()));
            check_writer(found);
        }
        (Err(_), Err(problem)) => {
            let problem = problem.to_string();
            let is_judged = JUDGED.iter().any(|judged| problem.starts_with(judged));
            assert!(syntax.is_err() || is_judged, "let through: {problem}");
        }
        _ => panic!("read {found:?}, expected {expected:?}"),
    }
    found.ok()
}

/// What we write, serde_json would have written, and it is read as what it was.
fn check_writer(value: &Value) {
    let written = to_text(value);
    assert_eq!(written, serde_json::to_string(value).expect("is written"));
    let again = from_text(&written).expect("what was written is JSON");
    assert!(same(&again, value), "read again as {again}");
}

/// Whether two values are the same, but for the last digits of numbers that are far from the point.
pub fn same(found: &Value, expected: &Value) -> bool {
    match (found, expected) {
        (Value::Number(a), Value::Number(b)) if a.is_f64() && b.is_f64() => {
            let (a, b) = (
                a.as_f64().unwrap_or_default(),
                b.as_f64().unwrap_or_default(),
            );
            // Below the normal numbers there are fewer digits.
            a == b || (a / b - 1.0).abs() < 1e-14 || (a - b).abs() < f64::MIN_POSITIVE
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            let beside = |(name, a)| b.get(name).is_some_and(|b| same(a, b));
            a.len() == b.len() && a.iter().all(beside)
        }
        _ => found == expected,
    }
}

/// The text again with other white space, other escapes and the fields of objects the other way round; nothing when that is not the same thing: a
/// name that is there twice, or a number that cannot be written as it is.
pub fn rewritten(text: &str) -> Option<String> {
    let tree = Tree::try_read(text).ok()?;
    let value = tree.to_value();
    let is_exact = from_text(&to_text(&value)) == Ok(value);
    let mut output = String::new();
    (is_exact && write(&tree, &mut output)).then_some(output)
}

fn write(tree: &Tree<'_>, output: &mut String) -> bool {
    match tree {
        Tree::Text(text) => escaped(text, output),
        Tree::List(items) => {
            output.push('[');
            for (index, item) in items.iter().enumerate() {
                output.push_str(if index > 0 { " ,\n" } else { "\t" });
                if !write(item, output) {
                    return false;
                }
            }
            output.push(']');
        }
        Tree::Object(fields) => {
            output.push_str("{ ");
            let mut names = HashSet::new();
            for (index, (name, value)) in fields.iter().enumerate().rev() {
                if !names.insert(name.as_ref()) {
                    return false;
                }
                escaped(name, output);
                output.push_str(": ");
                if !write(value, output) {
                    return false;
                }
                output.push_str(if index > 0 { ",\r\n" } else { " " });
            }
            output.push('}');
        }
        other => output.push_str(&to_text(&other.to_value())),
    }
    true
}

/// Every character as an escape.
fn escaped(text: &str, output: &mut String) {
    output.push('"');
    for unit in text.encode_utf16() {
        output.push_str(&format!("\\u{unit:04X}"));
    }
    output.push('"');
}
