//! `X-Hub-Signature-256`: HMAC-SHA256 of the body as received, with the app secret.

use crate::prelude::*;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// What stands before the hexadecimal digits.
const PREFIX: &str = "sha256=";

/// Checks a signature against the app secrets. The error is for the operator.
///
/// `Mac::verify_slice` compares in constant time (crate `hmac`, by `ctutils`).
pub fn check(given: Option<&str>, body: &[u8], secrets: &[String]) -> Result<(), &'static str> {
    if secrets.iter().all(String::is_empty) {
        return Err(
            "no app secret is configured: set the app secret of the Meta app, or nothing can be accepted",
        );
    }
    let given = given.ok_or(
        "the header X-Hub-Signature-256 is missing: the request does not come from Meta, or a proxy removed the header",
    )?;
    let tag = given
        .trim_ascii()
        .strip_prefix(PREFIX)
        .and_then(decode)
        .ok_or("the header X-Hub-Signature-256 is not `sha256=` and 64 hexadecimal digits")?;
    let matches = |secret: &String| {
        // An empty secret is no secret. A key of HMAC may have any length, so there is no other error.
        !secret.is_empty()
            && Hmac::<Sha256>::new_from_slice(secret.as_bytes())
                .is_ok_and(|hmac| hmac.chain_update(body).verify_slice(&tag).is_ok())
    };
    secrets.iter().any(matches).then_some(()).ok_or(
        "the signature matches no app secret: compare the secret with Meta's app dashboard, and check that no proxy changes the body",
    )
}

fn decode(hex: &str) -> Option<[u8; 32]> {
    let mut tag = [0; 32];
    if hex.len() != 2 * tag.len() {
        return None;
    }
    for (byte, digits) in tag.iter_mut().zip(hex.as_bytes().chunks(2)) {
        let high = char::from(digits[0]).to_digit(16)?;
        let low = char::from(digits[1]).to_digit(16)?;
        *byte = u8::try_from(high * 16 + low).ok()?;
    }
    Some(tag)
}
