//! Media objects.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// An uploaded file lives 30 days, one from a webhook 7 days (Meta's media page), in milliseconds.
pub(crate) const UPLOADED_LIFETIME_MS: u64 = 30 * 24 * 60 * 60 * 1000;
pub(crate) const INBOUND_LIFETIME_MS: u64 = 7 * 24 * 60 * 60 * 1000;

/// The bytes of a media object.
#[derive(Clone, Debug)]
pub enum MediaContent {
    /// Real bytes.
    Bytes(Bytes),
    /// That many bytes of a repeating pattern, made while they are sent; for large downloads.
    Pattern(u64),
}

impl MediaContent {
    /// Length in bytes.
    pub fn len(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Pattern(length) => *length,
        }
    }

    /// Whether there are no bytes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes from `offset` on, at most one piece of a pattern at a time. Empty at the end.
    pub(crate) fn piece(&self, offset: u64) -> Bytes {
        match self {
            Self::Bytes(bytes) => {
                let start = usize::try_from(offset)
                    .unwrap_or(usize::MAX)
                    .min(bytes.len());
                bytes.slice(start..)
            }
            Self::Pattern(length) => {
                let left = length.saturating_sub(offset).min(PATTERN.len() as u64);
                Bytes::from_static(&PATTERN[..usize::try_from(left).unwrap_or(0)])
            }
        }
    }
}

/// 64 KiB of a pattern whose period (251, a prime) shows misplaced pieces.
static PATTERN: [u8; 65_536] = {
    let mut pattern = [0; 65_536];
    let mut at = 0;
    while at < pattern.len() {
        pattern[at] = (at % 251) as u8;
        at += 1;
    }
    pattern
};

/// A media object that can be sent or downloaded.
#[derive(Clone, Debug, Serialize)]
pub struct Media {
    /// Media id.
    pub id: String,
    /// The business number it was uploaded with or sent to.
    pub phone_number_id: String,
    /// MIME type.
    pub mime_type: String,
    /// File name of the upload.
    pub filename: Option<String>,
    /// SHA-256: lower-case hex, as GET /{media-id} gives it.
    pub sha256_hex: String,
    /// SHA-256 in base64, as webhooks give it.
    pub sha256_base64: String,
    /// Unix milliseconds from which the id is gone.
    pub expires_at_ms: u64,
    /// The file.
    #[serde(skip)]
    pub content: MediaContent,
}

impl Media {
    /// A media object that does not expire soon.
    pub fn new(
        id: impl Into<String>,
        phone_number_id: impl Into<String>,
        mime_type: impl Into<String>,
        content: MediaContent,
    ) -> Self {
        let mut hash = Sha256::new();
        let mut offset = 0;
        loop {
            let piece = content.piece(offset);
            if piece.is_empty() {
                break;
            }
            offset += piece.len() as u64;
            hash.update(&piece);
        }
        let digest = hash.finalize();
        Self {
            id: id.into(),
            phone_number_id: phone_number_id.into(),
            mime_type: mime_type.into(),
            filename: None,
            sha256_hex: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
            sha256_base64: STANDARD.encode(digest),
            expires_at_ms: u64::MAX,
            content,
        }
    }
}
