//! Whether a text is JSON, without recursion and without judging numbers and texts; and a cursor that finds its way in one that is.
//!
//! (With serde_json's readers and its table of powers of ten the component is 10 KB larger. What is wrong is said in the same words.)

use crate::prelude::*;

/// A place in a text.
#[derive(Clone, Copy)]
pub struct Cursor<'a> {
    /// The text.
    pub text: &'a str,
    /// The place, in bytes.
    pub at: usize,
}

/// What is wrong; the cursor stands where it is.
type Checked = Result<(), &'static str>;

/// Checks that a text is JSON; the problem says where it is not.
pub fn check(text: &str) -> Result<(), String> {
    let mut cursor = Cursor { text, at: 0 };
    cursor.document().map_err(|problem| cursor.problem(problem))
}

/// Each byte of a word of eight.
const EACH: u64 = 0x0101_0101_0101_0101;

/// Where, at this place or behind it, the first byte stands that is not simply a part of a text in quotes: a quote, a backslash, or a control
/// character; the end when there is none.
///
/// Most of what Meta sends is in quotes, so this goes eight bytes at a time.
pub fn run_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(word) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        let word = u64::from_le_bytes(*word);
        // The highest bit of the lowest byte that is smaller than a space, or the same as one of the two; bits above that one may be wrong.
        let same = |byte: u64| {
            let other = word ^ (EACH * byte);
            other.wrapping_sub(EACH) & !other
        };
        let small = word.wrapping_sub(EACH * 0x20) & !word;
        let found = (small | same(0x22) | same(0x5C)) & (EACH * 0x80);
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    while let Some(byte) = bytes.get(at)
        && !matches!(byte, b'"' | b'\\' | 0..b' ')
    {
        at += 1;
    }
    at
}

impl<'a> Cursor<'a> {
    /// The byte here; 0 at the end, for in JSON it stands nowhere.
    pub fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    /// The next byte that is no white space; 0 at the end.
    fn next(&mut self) -> u8 {
        while matches!(self.peek(), b' ' | b'\t' | b'\n' | b'\r') {
            self.at += 1;
        }
        self.peek()
    }

    /// A problem here, as text.
    pub fn problem(&self, problem: &str) -> String {
        let bytes = self.text.as_bytes();
        let end = bytes.len().min(self.at + 1);
        let (mut line, mut column) = (1, 0);
        for (at, byte) in bytes.iter().enumerate().take(end) {
            column += 1;
            if *byte == b'\n' && at + 1 < end {
                line += 1;
                column = 0;
            }
        }
        let problem = if self.at < bytes.len() {
            problem
        } else {
            "EOF while parsing a value"
        };
        format!("{problem} at line {line} column {column}")
    }

    fn document(&mut self) -> Checked {
        // What closes the lists and objects that are open.
        let mut open = Vec::new();
        loop {
            match self.next() {
                byte @ (b'[' | b'{') => {
                    // In ASCII it stands two further.
                    let close = byte + 2;
                    self.at += 1;
                    if self.next() != close {
                        open.push(close);
                        self.key(close)?;
                        continue;
                    }
                    self.at += 1;
                }
                b'"' => self.string()?,
                b't' => self.word("true")?,
                b'f' => self.word("false")?,
                b'n' => self.word("null")?,
                _ => self.number()?,
            }
            loop {
                let byte = self.next();
                let Some(close) = open.last().copied() else {
                    let is_end = self.at >= self.text.len();
                    return if is_end {
                        Ok(())
                    } else {
                        Err("trailing characters")
                    };
                };
                if byte == b',' {
                    self.at += 1;
                    self.key(close)?;
                    break;
                }
                if byte != close {
                    return Err(match close {
                        b']' => "expected `,` or `]`",
                        _ => "expected `,` or `}`",
                    });
                }
                self.at += 1;
                open.pop();
            }
        }
    }

    /// The key of an object's next field; in a list there is none.
    fn key(&mut self, close: u8) -> Checked {
        if close == b']' {
            return Ok(());
        }
        if self.next() != b'"' {
            return Err("key must be a string");
        }
        self.string()?;
        if self.next() != b':' {
            return Err("expected `:`");
        }
        self.at += 1;
        Ok(())
    }

    fn string(&mut self) -> Checked {
        loop {
            self.at = run_end(self.text.as_bytes(), self.at + 1);
            match self.peek() {
                b'"' => break,
                b'\\' => {
                    self.at += 1;
                    match self.peek() {
                        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {}
                        b'u' => {
                            for _ in 0..4 {
                                self.at += 1;
                                if !self.peek().is_ascii_hexdigit() {
                                    return Err("invalid escape");
                                }
                            }
                        }
                        _ => return Err("invalid escape"),
                    }
                }
                0..b' ' => {
                    return Err("control character (\\u0000-\\u001F) found while parsing a string");
                }
                _ => {}
            }
        }
        self.at += 1;
        Ok(())
    }

    fn word(&mut self, word: &str) -> Checked {
        for byte in word.bytes() {
            if self.peek() != byte {
                return Err("expected ident");
            }
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Checked {
        let is_negative = self.skip(b"-");
        if !is_negative && !self.peek().is_ascii_digit() {
            return Err("expected value");
        }
        if !self.skip(b"0") {
            self.digits()?;
        }
        if self.skip(b".") {
            self.digits()?;
        }
        if self.skip(b"eE") {
            self.skip(b"+-");
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Checked {
        if !self.peek().is_ascii_digit() {
            return Err("invalid number");
        }
        while self.peek().is_ascii_digit() {
            self.at += 1;
        }
        Ok(())
    }

    /// Goes over one of these bytes, if it is here.
    pub fn skip(&mut self, bytes: &[u8]) -> bool {
        let is_here = bytes.contains(&self.peek());
        self.at += usize::from(is_here);
        is_here
    }
}

/// In text that is well-formed: its parts are found by looking at quotes and brackets alone.
impl<'a> Cursor<'a> {
    /// The first byte of the next part, or what closes the list or object; 0 at the end.
    pub fn start(&mut self) -> u8 {
        // Between the parts there is nothing else than these.
        while matches!(self.peek(), b' ' | b'\t' | b'\n' | b'\r' | b',' | b':') {
            self.at += 1;
        }
        self.peek()
    }

    /// The next key, value or item, whole; nothing when there is none.
    pub fn part(&mut self) -> Option<&'a str> {
        let first = self.start();
        let from = self.at;
        match first {
            b'{' | b'[' => self.skip_nested(),
            b'}' | b']' | 0 => return None,
            _ => self.skip_plain(),
        }
        self.text.get(from..self.at)
    }

    /// The text, number or word here, whole.
    pub fn plain(&mut self) -> &'a str {
        let from = self.at;
        self.skip_plain();
        self.text.get(from..self.at).unwrap_or_default()
    }

    fn skip_plain(&mut self) {
        if self.peek() == b'"' {
            return self.skip_text();
        }
        while !matches!(
            self.peek(),
            b' ' | b'\t' | b'\n' | b'\r' | b',' | b'}' | b']' | 0
        ) {
            self.at += 1;
        }
    }

    fn skip_text(&mut self) {
        loop {
            self.at = run_end(self.text.as_bytes(), self.at + 1);
            match self.peek() {
                b'\\' => self.at += 1,
                b'"' => break,
                0 => return,
                _ => {}
            }
        }
        self.at += 1;
    }

    fn skip_nested(&mut self) {
        let mut depth = 0_usize;
        loop {
            match self.peek() {
                b'"' => {
                    self.skip_text();
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                0 => return,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn a_run_ends_at_the_first_byte_that_means_something() {
        for length in 0..40 {
            for place in 0..length {
                for (byte, ends) in [
                    (b'"', true),
                    (b'\\', true),
                    (0, true),
                    (0x1F, true),
                    (b' ', false),
                    (0x7F, false),
                    (0xFF, false),
                    (b'!', false),
                    (b'#', false),
                    (b'[', false),
                    (0x80, false),
                    (0x9F, false),
                    (0xA2, false),
                    (0xDC, false),
                ] {
                    for around in [b'a', 0x80, 0xFF, b'!', b'#', b' '] {
                        let mut bytes = vec![around; length];
                        bytes[place] = byte;
                        let expected = if ends { place } else { length };
                        assert_eq!(run_end(&bytes, 0), expected, "{bytes:?}");
                        let from = place.saturating_sub(3);
                        assert_eq!(run_end(&bytes, from), expected, "{bytes:?} from {from}");
                        // What stands behind the first is not looked at, and does not change what is found.
                        bytes[length - 1] = b'"';
                        assert_eq!(
                            run_end(&bytes, 0),
                            if ends { place } else { length - 1 },
                            "{bytes:?}"
                        );
                    }
                }
            }
        }
        assert_eq!(run_end(b"", 0), 0);
        assert_eq!(run_end(b"abc", 7), 7);
    }

    #[test]
    fn problems_are_said_in_the_words_of_serde_json() {
        for text in [
            "",
            " ",
            "x",
            "{",
            "{a",
            "[1 2]",
            "{\"a\" 1}",
            "{\"a\":1 \"b\"}",
            "nul",
            "tru]",
            "[}",
            "1 2",
            "\n\n  ?",
            "\"\\x\"",
            "-",
            "-a",
            "1.",
            "1.x",
            "1e",
            "[1e+]",
            "{\n1}",
            "\u{0}",
            "é",
        ] {
            let expected = serde_json::from_str::<Value>(text)
                .expect_err(text)
                .to_string();
            let problem = check(text).expect_err(text);
            let is_end = expected.starts_with("EOF") && problem.starts_with("EOF");
            assert!(
                is_end || problem == expected,
                "{text:?}: {problem}; {expected}"
            );
            assert_eq!(
                problem.split(" at ").nth(1),
                expected.split(" at ").nth(1),
                "{text:?}"
            );
        }
    }
}
