//! What the standard library does with texts, in less code.

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

/// A number as text. (Their `to_string` has a writer of its own beside that of `format`.)
pub fn number(number: u64) -> String {
    format!("{number}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_joined() {
        assert_eq!(["a", "", "b"].joined(", "), "a, , b");
        assert_eq!(["a".to_owned(), "b".to_owned()].joined(""), "ab");
        assert_eq!([""; 0].joined(", "), "");
    }
}
