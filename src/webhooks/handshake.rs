//! The handshake: Meta asks with `GET`, the endpoint proves that it knows the verify token and echoes the challenge.

use crate::prelude::*;
use crate::text::{split, split_once};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The challenge to echo. The error is for the operator.
pub fn answer(query: &str, verify_token: &str) -> Result<String, String> {
    if verify_token.is_empty() {
        return Err(
            "no verify token is configured: set the one that is typed into Meta's app dashboard"
                .to_owned(),
        );
    }
    let mode = parameter(query, "hub.mode").unwrap_or_default();
    if mode != "subscribe" {
        return Err(format!(
            "expected hub.mode=subscribe, got `{mode}`: this is no handshake of Meta"
        ));
    }
    let token = parameter(query, "hub.verify_token").unwrap_or_default();
    if !same(&token, verify_token) {
        return Err("hub.verify_token is not the configured verify token: compare it with Meta's app dashboard".to_owned());
    }
    parameter(query, "hub.challenge")
        .ok_or_else(|| "hub.challenge is missing: this is no handshake of Meta".to_owned())
}

/// Compares in constant time whatever the lengths: both texts become tags, and `verify_slice` compares these.
fn same(given: &str, expected: &str) -> bool {
    let tag = |text: &str| {
        Hmac::<Sha256>::new_from_slice(b"verify-token").map(|hmac| hmac.chain_update(text))
    };
    match (tag(given), tag(expected)) {
        (Ok(given), Ok(expected)) => given.verify(&expected.finalize().into_bytes()).is_ok(),
        _ => false,
    }
}

/// The decoded value of a query parameter.
fn parameter(query: &str, name: &str) -> Option<String> {
    split(query.trim_start_matches('?'), b'&')
        .filter_map(|pair| split_once(pair, b'='))
        .find(|(key, _)| decode(key) == name)
        .map(|(_, value)| decode(value))
}

/// Undoes `application/x-www-form-urlencoded`.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        match (first, tail) {
            (b'+', _) => bytes.push(b' '),
            (b'%', [high, low, after @ ..]) => {
                let digit = |byte: &u8| char::from(*byte).to_digit(16);
                match (digit(high), digit(low)) {
                    (Some(high), Some(low)) => {
                        bytes.push(u8::try_from(high * 16 + low).unwrap_or_default());
                        rest = after;
                    }
                    _ => bytes.push(b'%'),
                }
            }
            _ => bytes.push(*first),
        }
    }
    // What is not UTF-8 is neither a token nor a challenge.
    String::from_utf8(bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_comes_back_as_text() {
        let query = "hub.mode=subscribe&hub.challenge=0012345&hub.verify_token=a%20b%2Bc";
        assert_eq!(answer(query, "a b+c"), Ok("0012345".to_owned()));
        assert_eq!(
            answer(&format!("?{query}"), "a b+c"),
            Ok("0012345".to_owned())
        );
    }

    #[test]
    fn everything_else_is_refused() {
        let cases = [
            (
                "hub.mode=subscribe&hub.challenge=1&hub.verify_token=x",
                "y",
                "verify_token",
            ),
            (
                "hub.mode=subscribe&hub.challenge=1&hub.verify_token=",
                "",
                "no verify token",
            ),
            ("hub.mode=subscribe&hub.challenge=1", "y", "verify_token"),
            (
                "hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=y",
                "y",
                "hub.mode",
            ),
            (
                "hub.mode=subscribe&hub.verify_token=y",
                "y",
                "hub.challenge",
            ),
            ("", "y", "hub.mode"),
            ("hub.verify_token=%F&hub.mode=%zz", "y", "hub.mode"),
        ];
        for (query, token, expected) in cases {
            let problem = answer(query, token).err().unwrap_or_default();
            assert!(problem.contains(expected), "{query}: {problem}");
        }
    }
}
