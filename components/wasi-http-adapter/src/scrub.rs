//! Blanking the access token in answers: Graph's paging links repeat the access token, and an error text may repeat anything.

use crate::bindings::exports::whatsapp::connector::http::Failure;

/// What stands in the place of a secret.
const REDACTED: &[u8] = b"[redacted]";

/// Blanks the access token.
pub struct Scrubber<'s>(pub Option<&'s str>);

impl Scrubber<'_> {
    /// Blanks it: as it is, percent-encoded, escaped as in JSON, or a mixture of these.
    pub fn bytes(&self, bytes: Vec<u8>) -> Vec<u8> {
        let Some(secret) = self.0 else {
            return bytes;
        };
        let mut output = Vec::with_capacity(bytes.len());
        let mut rest = bytes.as_slice();
        while let [first, behind @ ..] = rest {
            match spelled(rest, secret) {
                Some(length) => {
                    output.extend_from_slice(REDACTED);
                    rest = &rest[length..];
                }
                None => {
                    output.push(*first);
                    rest = behind;
                }
            }
        }
        output
    }

    /// The same for what a failure says.
    pub fn failure(&self, failure: Failure) -> Failure {
        let text =
            |text: String| String::from_utf8_lossy(&self.bytes(text.into_bytes())).into_owned();
        match failure {
            Failure::Denied(problem) => Failure::Denied(text(problem)),
            Failure::NotSent(problem) => Failure::NotSent(text(problem)),
            Failure::NoAnswer(problem) => Failure::NoAnswer(text(problem)),
            Failure::TooLarge(limit) => Failure::TooLarge(limit),
        }
    }
}

/// How many bytes at the start spell the secret, if they do.
fn spelled(rest: &[u8], secret: &str) -> Option<usize> {
    let mut length = 0;
    for wanted in secret.bytes() {
        length += spelled_byte(&rest[length..], wanted)?;
    }
    Some(length)
}

/// How many bytes at the start spell a byte: itself, `%7C`, `\u007c` or `\/`.
fn spelled_byte(rest: &[u8], wanted: u8) -> Option<usize> {
    let is = |digits: &[u8]| hex(digits) == Some(wanted.into());
    match rest {
        [byte, ..] if *byte == wanted => Some(1),
        [b'%', high, low, ..] if is(&[*high, *low]) => Some(3),
        [b'\\', b'u' | b'U', a, b, c, d, ..] if is(&[*a, *b, *c, *d]) => Some(6),
        [b'\\', byte, ..] if *byte == wanted => Some(2),
        _ => None,
    }
}

fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, digit| {
        Some(number * 16 + char::from(*digit).to_digit(16)?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_however_it_is_written() {
        let scrubber = Scrubber(Some("12|a/b\"+c"));
        for written in [
            "12|a/b\"+c",
            "12%7Ca%2Fb%22%2Bc",
            "12|a\\/b\\\"+c",
            "12\\u007Ca\\u002fb\\u0022+c",
            "%31%32|a/b%22\\u002bc",
        ] {
            let cleaned = scrubber.bytes(format!("<{written}>").into_bytes());
            assert_eq!(
                String::from_utf8(cleaned).unwrap(),
                "<[redacted]>",
                "{written}"
            );
        }
        assert_eq!(
            scrubber.bytes(b"nothing \xff here".to_vec()),
            b"nothing \xff here"
        );
    }
}
