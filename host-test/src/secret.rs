//! A secret that cannot be printed by accident.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// A token or an app secret: printable ASCII without spaces, never empty. `Debug` and `Display` print `[redacted]`; the memory is
/// overwritten when the last copy goes.
#[derive(Clone)]
pub struct Secret(SecretString);

/// A text that cannot be a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// There is no text, or only blanks.
    #[error(
        "expected a secret, but found an empty text; leave it out, or copy the whole value from Meta's dashboard"
    )]
    Empty,
    /// A character that no HTTP header may carry. The text itself is not shown.
    #[error(
        "expected a secret of printable ASCII characters without spaces, but character {position} is something else; \
         copy the value again, without quotes or line breaks"
    )]
    Character {
        /// Which character, counted from 1.
        position: usize,
    },
}

impl Secret {
    /// Takes a secret. Blanks around it (a line break at the end of a file) are removed.
    ///
    /// # Errors
    /// When nothing is left, or when a character in it cannot stand in an HTTP header.
    pub fn new(text: impl AsRef<str>) -> Result<Self, SecretError> {
        let text = text.as_ref().trim();
        if text.is_empty() {
            return Err(SecretError::Empty);
        }
        match text.chars().position(|c| !c.is_ascii_graphic()) {
            Some(index) => Err(SecretError::Character {
                position: index + 1,
            }),
            None => Ok(Self(SecretString::from(text))),
        }
    }

    /// The secret itself. Only for putting it where it belongs: a header, a query, a key store.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// In constant time whatever the lengths: both become tags, and `Mac::verify` compares these (crate `hmac`, by `ctutils`).
impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        let tag = |secret: &Self| {
            Hmac::<Sha256>::new_from_slice(b"secret").map(|hmac| hmac.chain_update(secret.expose()))
        };
        match (tag(self), tag(other)) {
            (Ok(mine), Ok(other)) => mine.verify(&other.finalize().into_bytes()).is_ok(),
            // A key of HMAC may have any length, so there is no error.
            _ => false,
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_never_printed() {
        let secret = Secret::new("EAAGtoken").unwrap();
        assert_eq!(
            format!("{secret} {secret:?} {:?}", Some(&secret)),
            "[redacted] [redacted] Some([redacted])"
        );
        assert_eq!(secret.expose(), "EAAGtoken");
    }

    #[test]
    fn equal_is_what_is_equal() {
        let secret = |text| Secret::new(text).unwrap();
        assert_eq!(secret("EAAGtoken"), secret("EAAGtoken"));
        for other in ["EAAGtokem", "EAAGtoken1", "EAAGtoke", "eaagtoken"] {
            assert_ne!(secret("EAAGtoken"), secret(other));
        }
    }

    #[test]
    fn blanks_around_it_go_and_blanks_inside_are_refused() {
        assert_eq!(Secret::new(" token\n").unwrap().expose(), "token");
        assert_eq!(Secret::new("  \n"), Err(SecretError::Empty));
        assert_eq!(
            Secret::new("to ken"),
            Err(SecretError::Character { position: 3 })
        );
        assert_eq!(
            Secret::new("tok\r\nx: y"),
            Err(SecretError::Character { position: 4 })
        );
        assert_eq!(
            Secret::new("tökén"),
            Err(SecretError::Character { position: 2 })
        );
    }
}
