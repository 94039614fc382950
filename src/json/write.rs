//! Writing JSON. (serde_json's writer does the same with 2 KB more, most of it a second writer of whole numbers.)

use super::syntax::run_end;
use crate::prelude::*;
use crate::text::number;
use serde_json::{Number, Value};

/// A value as JSON text, without white space.
pub fn to_text(value: &Value) -> String {
    let mut output = String::new();
    write(value, &mut output);
    output
}

fn write(value: &Value, output: &mut String) {
    match value {
        Value::Null => output.push_str("null"),
        Value::Bool(flag) => output.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) => output.push_str(&digits(number)),
        Value::String(text) => quote(text, output),
        Value::Array(items) => {
            output.push('[');
            for (index, item) in items.iter().enumerate() {
                separate(index, output);
                write(item, output);
            }
            output.push(']');
        }
        Value::Object(fields) => {
            output.push('{');
            for (index, (name, value)) in fields.iter().enumerate() {
                separate(index, output);
                quote(name, output);
                output.push(':');
                write(value, output);
            }
            output.push('}');
        }
    }
}

fn separate(index: usize, output: &mut String) {
    if index > 0 {
        output.push(',');
    }
}

fn digits(given: &Number) -> String {
    match (given.as_u64(), given.as_i64()) {
        (Some(whole), _) => number(whole),
        (None, Some(whole)) => ["-", &number(whole.unsigned_abs())].joined(""),
        // The shortest text that is read as the same number; writing it into memory does not fail.
        (None, None) => serde_json::to_string(&given.as_f64()).unwrap_or_default(),
    }
}

/// Writes a text in quotes.
pub fn quote(text: &str, output: &mut String) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    output.push('"');
    let bytes = text.as_bytes();
    let mut from = 0;
    loop {
        let end = run_end(bytes, from);
        output.push_str(text.get(from..end).unwrap_or_default());
        let Some(byte) = bytes.get(end).copied() else {
            break;
        };
        output.push('\\');
        let short = match byte {
            b'"' | b'\\' => byte,
            8 => b'b',
            b'\t' => b't',
            b'\n' => b'n',
            12 => b'f',
            b'\r' => b'r',
            _ => {
                output.push_str("u00");
                output.push(char::from(b'0' + (byte >> 4)));
                HEX[usize::from(byte & 15)]
            }
        };
        output.push(char::from(short));
        from = end + 1;
    }
    output.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn it_is_what_serde_json_writes() {
        let letters: String = ('\0'..'\u{100}').chain("\u{2028}é😀".chars()).collect();
        let value = json!({
            "letters": letters,
            "na\"me\n": [],
            "": {},
            "none": [null, true, false, [{"a": 1, "b": [2]}]],
            "whole": [0, 7, -1, u64::MAX, i64::MIN],
            "others": [0.5, -0.0, 1e300, 1.0, 52.520_008, 1e-7, 100_000_000_000_000_000_000.0_f64],
        });
        let expected = serde_json::to_string(&value).unwrap_or_default();
        assert_eq!(to_text(&value), expected);
    }
}
