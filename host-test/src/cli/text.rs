//! Fitting text to people's screens.

use std::time::{Duration, UNIX_EPOCH};

use textwrap::Options;

/// Lines longer than this are hard to read, whatever the terminal.
const WIDEST: usize = 100;
/// What a terminal is taken for that does not say how wide it is, or says nonsense.
const NARROWEST: usize = 40;

/// How many columns to fill.
pub fn width() -> usize {
    let columns = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    columns.unwrap_or(WIDEST).clamp(NARROWEST, WIDEST)
}

/// Wraps a text, each line indented by so many blanks.
pub fn indented(text: &str, indent: usize) -> String {
    hanging(text, &" ".repeat(indent), indent)
}

/// Wraps a text that begins with `first`; further lines are indented by so many blanks.
pub fn hanging(text: &str, first: &str, indent: usize) -> String {
    let blanks = " ".repeat(indent);
    let options = Options::new(width())
        .initial_indent(first)
        .subsequent_indent(&blanks)
        .break_words(false)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::fill(text, options)
}

/// Makes a text from outside safe to print: a control character could move the cursor or change colours.
pub fn harmless(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_control() || is_direction_mark(letter) {
            safe.extend(letter.escape_default());
        } else {
            safe.push(letter);
        }
    }
    safe
}

/// Characters that make a terminal show a line in another order than it is written.
fn is_direction_mark(letter: char) -> bool {
    matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// As [`harmless`], in quotes, and at most `limit` characters of it.
pub fn quoted(text: &str, limit: usize) -> String {
    format!("\"{}\"", shortened(&harmless(text), limit))
}

/// At most `limit` characters, with `…` for the rest.
pub fn shortened(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or(text)),
        None => text.to_owned(),
    }
}

/// `2026-11-21T09:00:00Z`
pub fn moment(unix_seconds: u64) -> String {
    // The year 9999 is the last one that the format can say.
    let seconds = unix_seconds.min(253_402_300_799);
    humantime::format_rfc3339_seconds(UNIX_EPOCH + Duration::from_secs(seconds)).to_string()
}

/// `1 request`, `2 requests`
pub fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_customer_writes_cannot_steer_the_terminal() {
        assert_eq!(
            quoted("a\u{1b}[2Jb\nc\u{202e}d é 👋", 50),
            "\"a\\u{1b}[2Jb\\nc\\u{202e}d é 👋\""
        );
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(shortened("äöü", 3), "äöü");
        assert_eq!(shortened("äöü", 2), "äö…");
    }

    #[test]
    fn moments_are_readable_and_never_out_of_range() {
        assert_eq!(moment(1_795_251_600), "2026-11-21T09:00:00Z");
        assert_eq!(moment(u64::MAX), "9999-12-31T23:59:59Z");
    }
}
