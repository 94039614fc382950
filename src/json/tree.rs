//! JSON as a tree that borrows its texts from what was read.

use super::number;
use super::syntax::{Cursor, check, run_end};
use crate::prelude::*;
use crate::text::split_at;
use alloc::borrow::Cow;
use core::str::Chars;
use serde_json::{Map, Number, Value};

/// Up to here lists and objects may be nested, as in most readers: a tree is walked by functions that call themselves.
const DEPTH_MAX: usize = 127;

/// Of a character beyond 16 bits there is one half alone.
const HALF: &str = "lone leading surrogate in hex escape";

/// A JSON value.
#[derive(Debug)]
pub enum Tree<'a> {
    /// Null.
    Null,
    /// True or false.
    Flag(bool),
    /// A number.
    Number(Number),
    /// A text.
    Text(Cow<'a, str>),
    /// An array.
    List(Vec<Tree<'a>>),
    /// An object: names and values in their order, duplicates included.
    Object(Vec<(Cow<'a, str>, Tree<'a>)>),
}

impl<'a> Tree<'a> {
    /// Reads a text; the problem says where it is no JSON, or nothing that a tree can hold: nested too deep, a number that is too large, half
    /// of a character.
    pub fn try_read(text: &'a str) -> Result<Self, String> {
        check(text)?;
        let mut cursor = Cursor { text, at: 0 };
        build(&mut cursor, DEPTH_MAX).map_err(|problem| cursor.problem(problem))
    }

    /// Reads a text; nothing when that cannot be done.
    pub fn read(text: &'a str) -> Option<Self> {
        Self::try_read(text).ok()
    }

    /// Reads a text that is known to be well-formed.
    pub fn of_checked(text: &'a str) -> Option<Self> {
        build(&mut Cursor { text, at: 0 }, DEPTH_MAX).ok()
    }

    /// Whether it is nested at most this deep.
    pub fn is_within(&self, depth: usize) -> bool {
        let inner = |tree: &Self| depth > 0 && tree.is_within(depth - 1);
        match self {
            Self::List(items) => items.iter().all(inner),
            Self::Object(fields) => fields.iter().all(|(_, tree)| inner(tree)),
            _ => true,
        }
    }

    /// A copy that can be written.
    pub fn to_value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Flag(flag) => Value::Bool(*flag),
            Self::Number(number) => Value::Number(number.clone()),
            Self::Text(text) => Value::from(text.as_ref()),
            Self::List(items) => {
                let mut output = Vec::new();
                for item in items {
                    output.push(item.to_value());
                }
                Value::Array(output)
            }
            Self::Object(fields) => {
                let mut output = Map::new();
                for (name, value) in fields {
                    output.insert(name.as_ref().to_owned(), value.to_value());
                }
                Value::Object(output)
            }
        }
    }
}

/// Reads the value at the cursor, in text that is well-formed.
fn build<'a>(cursor: &mut Cursor<'a>, depth: usize) -> Result<Tree<'a>, &'static str> {
    let first = cursor.start();
    if !matches!(first, b'[' | b'{') {
        let raw = cursor.plain();
        return Ok(match first {
            b'"' => Tree::Text(unquote(raw).ok_or(HALF)?),
            b'n' => Tree::Null,
            b't' | b'f' => Tree::Flag(first == b't'),
            _ => Tree::Number(number::read(raw).ok_or("number out of range")?),
        });
    }
    let depth = depth.checked_sub(1).ok_or("recursion limit exceeded")?;
    cursor.at += 1;
    let (mut items, mut fields) = (Vec::new(), Vec::new());
    while !matches!(cursor.start(), b']' | b'}' | 0) {
        if first == b'[' {
            items.push(build(cursor, depth)?);
        } else {
            let name = unquote(cursor.plain()).ok_or(HALF)?;
            fields.push((name, build(cursor, depth)?));
        }
    }
    cursor.at += 1;
    Ok(match first {
        b'[' => Tree::List(items),
        _ => Tree::Object(fields),
    })
}

/// What a text in quotes says; nothing when it has half of a character.
pub fn unquote(raw: &str) -> Option<Cow<'_, str>> {
    let raw = raw.get(1..raw.len().saturating_sub(1))?;
    let mut rest = raw;
    let mut output = String::new();
    loop {
        let end = run_end(rest.as_bytes(), 0);
        if end == raw.len() {
            return Some(Cow::Borrowed(raw));
        }
        let (run, escape) = split_at(rest, end);
        output.push_str(run);
        let mut letters = escape.chars();
        if letters.next().is_none() {
            return Some(Cow::Owned(output));
        }
        output.push(match letters.next()? {
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => escaped(&mut letters)?,
            other => other,
        });
        rest = letters.as_str();
    }
}

/// A character by its number; beyond 16 bits it comes in two halves.
fn escaped(letters: &mut Chars<'_>) -> Option<char> {
    let code = hex(letters)?;
    let Some(high) = code.checked_sub(0xD800).filter(|high| *high < 0x400) else {
        return char::from_u32(code);
    };
    let is_escape = letters.next()? == '\\' && letters.next()? == 'u';
    let low = hex(letters)?.checked_sub(0xDC00).filter(|_| is_escape)?;
    char::from_u32(0x10000 + (high << 10) + low).filter(|_| low < 0x400)
}

fn hex(letters: &mut Chars<'_>) -> Option<u32> {
    let mut code = 0;
    for _ in 0..4 {
        code = code << 4 | letters.next()?.to_digit(16)?;
    }
    Some(code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::from_text;

    /// What serde_json makes of a text; nothing for what it refuses.
    fn expected(text: &str) -> Option<Value> {
        serde_json::from_str(text).ok()
    }

    /// Whether two values are the same, but for the last digits of numbers that are far from the point.
    fn same(found: &Value, expected: &Value) -> bool {
        match (found, expected) {
            (Value::Number(found), Value::Number(expected)) if expected.is_f64() => {
                let (found, expected) = (found.as_f64(), expected.as_f64());
                let quotient = found.zip(expected).map(|(a, b)| a / b);
                found == expected || quotient.is_some_and(|one| (one - 1.0).abs() < 1e-14)
            }
            (Value::Array(found), Value::Array(expected)) => {
                found.len() == expected.len() && found.iter().zip(expected).all(|(a, b)| same(a, b))
            }
            (Value::Object(found), Value::Object(expected)) => {
                found.keys().eq(expected.keys())
                    && found
                        .values()
                        .zip(expected.values())
                        .all(|(a, b)| same(a, b))
            }
            _ => found == expected,
        }
    }

    #[test]
    fn texts_are_what_serde_json_reads() {
        for raw in [
            "",
            "é😀",
            r"\\",
            r#"a\"b\/c\\"#,
            r"\b\f\n\r\t",
            r"\u00e9\u0000",
            r"\ud83d\ude00",
            r"\uD83D\uDE00x",
            r"\ud83d",
            r"\ud83dx",
            r"\ud83d\n",
            r"\ud83d\u0041",
            r"\ud83d\ud83d",
            r"\udc00",
            r"\ude00\ud83d",
            r"\uffff\u10000",
        ] {
            let text = format!("\"{raw}\"");
            assert_eq!(from_text(&text).ok(), expected(&text), "{text}");
        }
    }

    #[test]
    fn the_depth_is_that_of_serde_json() {
        for depth in [1, 2, 126, 127, 128, 129, 5000] {
            for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
                let text = format!("{}1{}", open.repeat(depth), close.repeat(depth));
                assert_eq!(from_text(&text).is_ok(), depth < 128, "{depth}");
                assert_eq!(expected(&text).is_some(), depth < 128, "{depth}");
            }
        }
    }

    /// Every text that is one step from these is read as by serde_json, or refused as by it.
    #[test]
    fn what_is_near_to_json_is_read_as_by_serde_json() {
        let seeds = [
            r#"{"a":[1,-2.5e+3,true],"b":{"c":"d\u00e9\ud83d\ude00\n"},"":null}"#,
            "[[],{},[0,-0,1E5,0.25],false , \t\r\n\"\\\"\"]",
        ];
        let letters = "{}[]:,\"\\ \u{0}\n019.eE+-truefalsnu/xé";
        for seed in seeds {
            let places: Vec<_> = seed
                .char_indices()
                .map(|(at, letter)| (at, at + letter.len_utf8()))
                .collect();
            for (start, end) in places {
                let (before, behind) = (&seed[..start], &seed[end..]);
                let mut texts = vec![before.to_owned(), [before, behind].concat()];
                for letter in letters.chars() {
                    texts.push(format!("{before}{letter}{behind}"));
                    texts.push(format!("{before}{letter}{}", &seed[start..]));
                }
                for text in texts {
                    let is_same = match (from_text(&text).ok(), expected(&text)) {
                        (Some(found), Some(expected)) => same(&found, &expected),
                        (found, expected) => found == expected,
                    };
                    assert!(is_same, "{text:?}");
                }
            }
        }
    }
}
