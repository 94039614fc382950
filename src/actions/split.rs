//! `split-text`.

use super::output::{List, finish};
use crate::fault::Fallible;
use crate::graph::Graph;
use crate::json::{Input, Object};
use crate::prelude::*;
use crate::text::split_at;
use serde_json::Value;

/// Most characters of a text message. Source: Meta's page "Text messages".
const TEXT_MAX: u64 = 4096;

/// Cuts a text into parts. Nothing is sent.
pub fn split(_: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let max = input.number("max").unwrap_or(TEXT_MAX);
    if max == 0 {
        return Err(input.refuse(
            "max",
            "expected 1 or more, got 0",
            "Leave it out for texts, or give the limit of the field that the parts are for.",
        ));
    }
    let max = usize::try_from(max).unwrap_or(usize::MAX);
    let mut parts = Vec::new();
    let mut rest = input.need("body");
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            break;
        }
        let (part, behind) = split_at(rest, cut(rest, max));
        parts.push(part.trim_end().into());
        rest = behind;
    }
    finish(Object::new().with("parts", List(parts)))
}

/// Where the first part of a text ends, in bytes; the text begins with no blank.
fn cut(text: &str, max: usize) -> usize {
    // The last end of a word, a sentence, a line and a paragraph, in this order: where the blanks behind it begin.
    let mut ends = [0; 4];
    let (mut half, mut hard) = (0, 0);
    let mut blanks = None;
    let mut before = ' ';
    for (number, (at, letter)) in text.char_indices().enumerate() {
        if number <= max / 2 {
            half = at;
        }
        if number <= max {
            hard = at;
        }
        if letter.is_whitespace() {
            let (start, lines) = *blanks.get_or_insert((at, 0_usize));
            let lines = lines + usize::from(letter == '\n');
            blanks = Some((start, lines));
            let level = match lines {
                0 => usize::from(ends_sentence(before)),
                lines => (lines + 1).min(3),
            };
            ends[level] = start;
        } else if number >= max {
            let [word, sentence, line, paragraph] = ends;
            for end in [paragraph, line, sentence] {
                if end >= half.max(1) {
                    return end;
                }
            }
            return match word.max(sentence).max(line).max(paragraph) {
                0 => whole_letters(text, hard),
                end => end,
            };
        } else {
            blanks = None;
            before = letter;
        }
    }
    text.len()
}

/// Whether a letter ends a sentence.
fn ends_sentence(letter: char) -> bool {
    matches!(letter, '.' | '!' | '?' | '…' | '。' | '！' | '？')
}

/// The same place, or one before it where no emoji and no letter with an accent is cut.
fn whole_letters(text: &str, place: usize) -> usize {
    let mut end = place;
    while end > 0 {
        let (before, behind) = split_at(text, end);
        let (Some(last), Some(next)) = (before.chars().next_back(), behind.chars().next()) else {
            break;
        };
        let flags = before.chars().rev().take_while(|letter| is_flag(*letter));
        let joined = last == JOINER || continues(next) || (is_flag(next) && flags.count() % 2 == 1);
        if !joined {
            return end;
        }
        end -= last.len_utf8();
    }
    // One letter that is longer than a part.
    place
}

/// Puts two emoji into one.
const JOINER: char = '\u{200d}';

/// Half of a flag.
fn is_flag(letter: char) -> bool {
    matches!(letter, '\u{1f1e6}'..='\u{1f1ff}')
}

/// Whether a letter belongs to the one before: accents, variants, tones of skin.
fn continues(letter: char) -> bool {
    matches!(
        letter,
        JOINER
            | '\u{300}'..='\u{36f}'
            | '\u{1ab0}'..='\u{1aff}'
            | '\u{1dc0}'..='\u{1dff}'
            | '\u{20d0}'..='\u{20ff}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{fe20}'..='\u{fe2f}'
            | '\u{1f3fb}'..='\u{1f3ff}'
            | '\u{e0020}'..='\u{e007f}'
            | '\u{e0100}'..='\u{e01ef}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str, max: usize) -> Vec<&str> {
        let mut parts = Vec::new();
        let mut rest = text.trim();
        while !rest.is_empty() {
            let (part, behind) = rest.split_at(cut(rest, max));
            parts.push(part.trim_end());
            rest = behind.trim_start();
        }
        parts
    }

    #[test]
    fn cuts_where_a_reader_would() {
        let cases: [(&str, usize, &[&str]); 16] = [
            ("short", 5, &["short"]),
            ("  blanks around  ", 20, &["blanks around"]),
            ("one two", 6, &["one", "two"]),
            // A blank just behind the limit.
            ("one two", 3, &["one", "two"]),
            ("one  \n  two", 3, &["one", "two"]),
            ("First. Second one", 12, &["First.", "Second one"]),
            // A sentence that ends too early is no place to cut.
            (
                "A. Second sentence here",
                20,
                &["A. Second sentence", "here"],
            ),
            ("a b\nc d e f", 6, &["a b", "c d e", "f"]),
            ("a b c.\n\nd e f g h", 12, &["a b c.", "d e f g h"]),
            ("a b c.\r\n\r\nd e f g h", 12, &["a b c.", "d e f g h"]),
            // A paragraph counts more than a later line, and a line more than a later sentence.
            ("aaaa bbb\n\nc\nd e f", 14, &["aaaa bbb", "c\nd e f"]),
            ("aaaa bbb\nc. d e f g", 14, &["aaaa bbb", "c. d e f g"]),
            // A word that is longer than a part.
            ("abcdefg", 3, &["abc", "def", "g"]),
            (
                "see https://example.com/a now",
                24,
                &["see", "https://example.com/a", "now"],
            ),
            ("ää öö", 2, &["ää", "öö"]),
            ("a", 1, &["a"]),
        ];
        for (text, max, expected) in cases {
            assert_eq!(parts(text, max), expected, "{text:?} {max}");
        }
    }

    #[test]
    fn no_emoji_and_no_accent_is_cut() {
        let cases: [(&str, usize, &[&str]); 5] = [
            ("ab👍🏽c", 3, &["ab", "👍🏽c"]),
            ("a👩‍🚀b", 3, &["a", "👩‍🚀", "b"]),
            ("a🇩🇪🇫🇷", 2, &["a", "🇩🇪", "🇫🇷"]),
            ("ae\u{301}b", 2, &["a", "e\u{301}", "b"]),
            // Longer than a part: cut all the same.
            ("👩‍🚀", 2, &["👩\u{200d}", "🚀"]),
        ];
        for (text, max, expected) in cases {
            assert_eq!(parts(text, max), expected, "{text:?} {max}");
        }
    }

    #[test]
    fn nothing_is_lost_and_no_part_is_too_long() {
        let text = "Hello  there!\nThis is a line. Another one?\n\n\tA paragraph with ünicode, 👩‍🚀 and a-very-long-word-of-many-letters.  \n ende";
        let letters = |text: &str| text.split_whitespace().collect::<String>();
        for max in 1..=text.chars().count() + 1 {
            let parts = parts(text, max);
            assert_eq!(letters(&parts.concat()), letters(text), "{max}");
            for part in parts {
                assert!((1..=max).contains(&part.chars().count()), "{max} {part:?}");
                assert_eq!(part.trim(), part, "{max}");
            }
        }
    }
}
