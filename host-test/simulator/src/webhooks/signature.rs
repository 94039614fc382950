//! `X-Hub-Signature-256`.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// `sha256=` and the lower-case hex HMAC-SHA256 of the body under the app secret.
pub(crate) fn sign(app_secret: &str, body: &[u8]) -> String {
    // HMAC takes keys of every length, so the error cannot happen; an empty signature would be refused by any receiver.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(app_secret.as_bytes()) else {
        return String::new();
    };
    mac.update(body);
    let hex: String = mac
        .finalize()
        .into_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("sha256={hex}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_publicly_documented_vector_matches() {
        // https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries (same header, same scheme)
        assert_eq!(
            super::sign("It's a Secret to Everybody", b"Hello, World!"),
            "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
        );
    }
}
