//! The variables in a template's text.

use crate::prelude::*;

/// Bytes of the text that are shown on either side of a variable, and the rest of the word that is there.
const CONTEXT: usize = 80;

/// A word that is longer than so many bytes is not shown whole: a hostile text without blanks would be told once for each of its variables.
const WORD_MAX: usize = 400;

/// A variable: `{{1}}` or `{{first_name}}`.
#[derive(Clone, Copy, Default)]
pub struct Placeholder<'t> {
    /// The text that it is in.
    pub text: &'t str,
    /// What stands between the braces.
    pub name: &'t str,
    /// Where the braces begin, in bytes.
    pub start: usize,
    /// Where they end.
    pub end: usize,
}

/// The first variable of a text from a place on.
pub fn next(text: &str, mut from: usize) -> Option<Placeholder<'_>> {
    loop {
        let start = position(text, b'{', from)?;
        let end = position(text, b'}', start + 2)?;
        let name = text.get(start + 2..end).unwrap_or_default().trim_ascii();
        from = end + 2;
        if !name.is_empty() {
            return Some(Placeholder {
                text,
                name,
                start,
                end: from,
            });
        }
    }
}

/// Where two equal letters stand, from a place on. The general search for a text in a text would be 4 KB.
fn position(text: &str, letter: u8, mut from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    while *bytes.get(from + 1)? != letter || bytes.get(from) != Some(&letter) {
        from += 1;
    }
    Some(from)
}

impl Placeholder<'_> {
    /// The line around the variable, with the variable marked: `…use the code «{{2}}» to get…`.
    pub fn excerpt(&self) -> String {
        let bytes = self.text.as_bytes();
        // Up to the end of the line, or of the word that is at the limit; not within a character.
        let goes_on = |at: usize, edge: usize, shown: usize| {
            let byte = bytes.get(at).copied().unwrap_or(b'\n');
            let in_word = byte != b' ' && (shown < WORD_MAX || !self.text.is_char_boundary(edge));
            byte != b'\n' && (shown < CONTEXT || in_word)
        };
        let (mut from, mut to) = (self.start, self.end);
        while goes_on(from.wrapping_sub(1), from, self.start - from) {
            from -= 1;
        }
        while goes_on(to, to, to - self.end) {
            to += 1;
        }
        let cut = |at: usize| match bytes.get(at) {
            None | Some(b'\n') => "",
            _ => "…",
        };
        [
            cut(from.wrapping_sub(1)),
            self.part(from, self.start),
            "«",
            self.part(self.start, self.end),
            "»",
            self.part(self.end, to),
            cut(to),
        ]
        .joined("")
    }

    /// A part of the text that it is in.
    pub fn part(&self, from: usize, to: usize) -> &str {
        self.text.get(from..to).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        let mut from = 0;
        while let Some(placeholder) = next(text, from) {
            from = placeholder.end;
            found.push(placeholder.name);
        }
        found
    }

    #[test]
    fn variables_are_found() {
        assert_eq!(names("Hi {{1}}, {{ 2 }} and {{1}}"), ["1", "2", "1"]);
        assert_eq!(names("{{first_name}} {{"), ["first_name"]);
        assert_eq!(names("{{}} {{ }} {1} }} { {3}} {{é}}"), ["é"]);
        assert_eq!(names("{{1}}{{2}}"), ["1", "2"]);
        assert_eq!(names("{"), [""; 0]);
        assert_eq!(names(""), [""; 0]);
    }

    fn show(text: &str) -> String {
        next(text, 0).unwrap().excerpt()
    }

    #[test]
    fn the_line_around_a_variable_is_cut_at_words() {
        let text = format!(
            "{} the code {{{{2}}}}, ü {}",
            "ä word ".repeat(20),
            "öö ".repeat(80)
        );
        let shown = show(&text);
        assert!(shown.contains("word  the code «{{2}}», ü"), "{shown}");
        assert!(
            shown.starts_with("…word ä") || shown.starts_with("…ä word"),
            "{shown}"
        );
        assert!(shown.ends_with(" öö…"), "{shown}");
        assert!(shown.len() <= 2 * CONTEXT + 40, "{shown}");
    }

    #[test]
    fn other_lines_are_left_out_and_a_short_text_is_shown_whole() {
        assert_eq!(show("Hi {{1}}!"), "Hi «{{1}}»!");
        assert_eq!(show("{{1}}"), "«{{1}}»");
        assert_eq!(show("Dear customer\nyour {{ 1 }}.\nBye"), "your «{{ 1 }}».");
    }

    #[test]
    fn a_long_word_is_shown_whole() {
        let address = format!("https://a.b/{}", "ü".repeat(100));
        let text = format!("a {address}{{{{1}}}} b");
        assert_eq!(show(&text), format!("…{address}«{{{{1}}}}» b"));
    }

    #[test]
    fn a_very_long_word_is_not() {
        let long = "ü".repeat(1000);
        let shown = show(&format!("x{long}{{{{1}}}}x{long}"));
        assert!(shown.starts_with("…ü") && shown.ends_with("ü…"), "{shown}");
        assert!(shown.len() < 2 * WORD_MAX + 20, "{}", shown.len());
    }
}
