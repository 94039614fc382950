//! Blanking secrets in answers: Graph's `paging.next` repeats the access token, and an error text may repeat anything.

use serde_json::Value;

use crate::secret::Secret;

/// What stands in the place of a secret.
pub(crate) const REDACTED: &str = "[redacted]";

/// Blanks every secret of a connection.
#[derive(Clone, Debug)]
pub(crate) struct Scrubber {
    secrets: Vec<Secret>,
}

impl Scrubber {
    pub(crate) fn new(mut secrets: Vec<Secret>) -> Self {
        // A secret that begins with another one has to be found first, or its rest would stay.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.expose().len()));
        Self { secrets }
    }

    /// Blanks the secrets in a text or in other bytes: as they are, percent-encoded, escaped as in JSON, or a mixture of these.
    pub(crate) fn bytes(&self, bytes: Vec<u8>) -> Vec<u8> {
        let mut cleaned: Option<Vec<u8>> = None;
        let mut position = 0;
        while let Some(rest) = bytes.get(position..).filter(|rest| !rest.is_empty()) {
            match self
                .secrets
                .iter()
                .find_map(|secret| length_of_match(rest, secret.expose().as_bytes()))
            {
                Some(length) => {
                    cleaned
                        .get_or_insert_with(|| bytes.iter().take(position).copied().collect())
                        .extend_from_slice(REDACTED.as_bytes());
                    position += length;
                }
                None => {
                    if let (Some(cleaned), Some(byte)) = (&mut cleaned, rest.first()) {
                        cleaned.push(*byte);
                    }
                    position += 1;
                }
            }
        }
        cleaned.unwrap_or(bytes)
    }

    /// The same for a text.
    pub(crate) fn text(&self, text: String) -> String {
        // A match is ASCII and so is its replacement: what was UTF-8 stays UTF-8.
        match String::from_utf8(self.bytes(text.into_bytes())) {
            Ok(text) => text,
            Err(broken) => String::from_utf8_lossy(broken.as_bytes()).into_owned(),
        }
    }
}

/// How many bytes at the start of `rest` spell `secret`, if they do.
fn length_of_match(rest: &[u8], secret: &[u8]) -> Option<usize> {
    let mut position = 0;
    for wanted in secret {
        position += length_of_byte(rest.get(position..)?, *wanted)?;
    }
    (!secret.is_empty()).then_some(position)
}

/// How many bytes at the start of `rest` spell the byte `wanted`: itself, `%7C`, `\u007c` or `\/`.
fn length_of_byte(rest: &[u8], wanted: u8) -> Option<usize> {
    match rest {
        [byte, ..] if *byte == wanted => Some(1),
        [b'%', high, low, ..] if hex(&[*high, *low]) == Some(wanted.into()) => Some(3),
        [b'\\', b'u' | b'U', a, b, c, d, ..] if hex(&[*a, *b, *c, *d]) == Some(wanted.into()) => {
            Some(6)
        }
        [b'\\', byte, ..] if *byte == wanted => Some(2),
        _ => None,
    }
}

fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, digit| {
        Some(number * 16 + char::from(*digit).to_digit(16)?)
    })
}

/// Blanks every string with the name `access_token` in a JSON text, whether it is a known secret or not: Meta issues tokens, and only the
/// `access-token` sink may take them. Returns `None` when there is nothing to blank.
pub(crate) fn issued_tokens(text: &str) -> Option<String> {
    const FIELD: &str = "access_token";
    fn walk(value: &mut Value) -> bool {
        match value {
            Value::Object(map) => map
                .iter_mut()
                .fold(false, |found, (name, value)| match value {
                    Value::String(token) if name == FIELD => {
                        REDACTED.clone_into(token);
                        true
                    }
                    other => walk(other) | found,
                }),
            Value::Array(list) => list
                .iter_mut()
                .fold(false, |found, value| walk(value) | found),
            _ => false,
        }
    }
    // Parsing costs time, and a name that is written with escapes does not come from Meta.
    if !text.contains(FIELD) {
        return None;
    }
    let mut value = serde_json::from_str(text).ok()?;
    walk(&mut value).then(|| value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scrub(secrets: &[&str], text: &str) -> String {
        Scrubber::new(
            secrets
                .iter()
                .map(|text| Secret::new(text).unwrap())
                .collect(),
        )
        .text(text.to_owned())
    }

    #[test]
    fn finds_a_secret_however_it_is_written() {
        let secret = "12|a/b\"+c";
        for written in [
            "12|a/b\"+c",
            "12%7Ca%2Fb%22%2Bc",
            "12%7ca%2fb%22%2bc",
            "12|a\\/b\\\"+c",
            "12\\u007Ca\\u002fb\\u0022+c",
            "%31%32|a/b%22\\u002bc",
        ] {
            let text = format!("{{\"next\":\"https://h/?access_token={written}&limit=25\"}}");
            assert_eq!(
                scrub(&[secret], &text),
                "{\"next\":\"https://h/?access_token=[redacted]&limit=25\"}",
                "{written}"
            );
        }
    }

    #[test]
    fn leaves_everything_else_as_it_is() {
        let text = "EAAG-tokem EAAG-toke ünïcödé 😀 %zz \\u00 \\";
        assert_eq!(scrub(&["EAAG-token"], text), text);
        assert_eq!(scrub(&[], text), text);
        assert_eq!(scrub(&["EAAG-token"], "EAAG-toke"), "EAAG-toke");
    }

    #[test]
    fn finds_repeats_neighbours_and_the_longer_of_two() {
        assert_eq!(
            scrub(&["aab"], "aaab aabaab"),
            "a[redacted] [redacted][redacted]"
        );
        assert_eq!(
            scrub(&["token", "token-long"], "token-long token ü"),
            "[redacted] [redacted] ü"
        );
    }

    #[test]
    fn works_on_bytes_that_are_no_text() {
        let scrubber = Scrubber::new(vec![Secret::new("token").unwrap()]);
        assert_eq!(
            scrubber.bytes(b"\xff\x00token\xfe".to_vec()),
            b"\xff\x00[redacted]\xfe"
        );
    }

    #[test]
    fn an_issued_token_is_blanked_wherever_it_stands() {
        let text = r#"{"access_token":"new","data":[{"access_token":"page-token","id":"1"}],"token_type":"bearer"}"#;
        let cleaned: Value = serde_json::from_str(&issued_tokens(text).unwrap()).unwrap();
        assert_eq!(
            cleaned,
            serde_json::json!({"access_token": REDACTED, "data": [{"access_token": REDACTED, "id": "1"}], "token_type": "bearer"})
        );
        assert_eq!(
            issued_tokens(r#"{"next":"https://h/?access_token=x"}"#),
            None
        );
        assert_eq!(issued_tokens("access_token, but no JSON"), None);
    }
}
