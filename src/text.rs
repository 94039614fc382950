//! What the standard library does with texts, in less code: what it has is made for long texts, and its ways to split and to join take 5 KB.

use crate::prelude::*;

/// Texts one after the other.
pub trait Texts {
    /// One text of all, with `between` between them.
    fn joined(&self, between: &str) -> String;
}

impl Texts for [&str] {
    // Not inlined: it stands in the component once.
    #[inline(never)]
    fn joined(&self, between: &str) -> String {
        let mut output = String::new();
        for (index, text) in self.iter().enumerate() {
            if index > 0 {
                output.push_str(between);
            }
            output.push_str(text);
        }
        output
    }
}

impl Texts for [String] {
    fn joined(&self, between: &str) -> String {
        let mut texts = Vec::new();
        for text in self {
            texts.push(text.as_str());
        }
        texts.joined(between)
    }
}

/// The pieces of a text between the places of an ASCII character.
pub fn split(text: &str, at: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    core::iter::from_fn(move || {
        let text = rest?;
        let (piece, behind) = match split_once(text, at) {
            Some((piece, behind)) => (piece, Some(behind)),
            None => (text, None),
        };
        rest = behind;
        Some(piece)
    })
}

/// What stands before and behind the first place of an ASCII character.
pub fn split_once(text: &str, at: u8) -> Option<(&str, &str)> {
    let bytes = text.as_bytes();
    // A loop of our own: compiled for size, `position` is a call for each byte.
    let mut place = 0;
    while *bytes.get(place)? != at {
        place += 1;
    }
    let (piece, behind) = split_at(text, place);
    Some((piece, behind.get(1..)?))
}

/// What stands before and behind a place in bytes. (The method of this name brings 4 KB with it for the words of its panic.)
pub fn split_at(text: &str, place: usize) -> (&str, &str) {
    text.split_at_checked(place).unwrap_or((text, ""))
}

/// How many characters a text has: as many as bytes that begin one. (Their count is made for long texts.)
pub fn length(text: &str) -> usize {
    text.bytes().filter(|byte| byte & 0xC0 != 0x80).count()
}

/// A number as text. (Their `to_string` has a writer of its own beside that of `format`.)
pub fn number(number: u64) -> String {
    format!("{number}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_is_that_in_characters() {
        for text in ["", "a", "ä", "é😀b", "\u{2028}x"] {
            assert_eq!(length(text), text.chars().count(), "{text}");
        }
    }

    #[test]
    fn a_text_is_split_at_each_place_of_a_character() {
        for text in ["", ".", "a", "a.b", ".ä..b.", "é.é"] {
            let expected: Vec<_> = text.split('.').collect();
            assert_eq!(split(text, b'.').collect::<Vec<_>>(), expected, "{text}");
            assert_eq!(split_once(text, b'.'), text.split_once('.'), "{text}");
        }
    }

    #[test]
    fn texts_are_joined() {
        assert_eq!(["a", "", "b"].joined(", "), "a, , b");
        assert_eq!(["a".to_owned(), "b".to_owned()].joined(""), "ab");
        assert_eq!([""; 0].joined(", "), "");
    }
}
