//! Deterministic ids in the shapes that Meta uses: the same calls give the same ids.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

/// Hands out ids; two sources with the same seed hand out the same ones.
#[derive(Clone, Debug, Default)]
pub struct IdSource {
    seed: u64,
    count: u64,
}

/// Who wrote the message a `wamid` names; Meta's ids tell the two apart in one byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// Business to customer.
    Outbound,
    /// Customer to business.
    Inbound,
}

impl IdSource {
    /// A source of its own: other seeds give other ids.
    pub fn seeded(seed: u64) -> Self {
        Self { seed, count: 0 }
    }

    fn next_digest(&mut self, purpose: &str) -> [u8; 32] {
        self.count += 1;
        let mut hash = Sha256::new();
        hash.update(purpose.as_bytes());
        hash.update(self.seed.to_be_bytes());
        hash.update(self.count.to_be_bytes());
        hash.finalize().into()
    }

    /// A message id: `wamid.` and base64 of a small binary record that holds the customer's number, as Meta's do.
    pub(crate) fn wamid(&mut self, customer: &str, direction: Direction) -> String {
        let digest = self.next_digest("wamid");
        let (mark, id_length) = match direction {
            Direction::Outbound => (0x11, 18),
            Direction::Inbound => (0x12, 20),
        };
        let id: String = digest
            .iter()
            .map(|byte| format!("{byte:02X}"))
            .collect::<String>()
            .chars()
            .take(id_length)
            .collect();
        // BSUIDs can be 131 bytes long; the length byte of the record holds up to 255.
        let customer: Vec<u8> = customer.bytes().take(255).collect();
        let mut record = vec![0x1c, 0x18, u8::try_from(customer.len()).unwrap_or(u8::MAX)];
        record.extend(customer);
        record.extend([0x15, 0x02, 0x00, mark, 0x18]);
        record.push(u8::try_from(id.len()).unwrap_or(u8::MAX));
        record.extend(id.bytes());
        record.push(0);
        format!("wamid.{}", STANDARD.encode(record))
    }

    /// A numeric object id of 16 digits (media, templates).
    pub(crate) fn numeric(&mut self) -> String {
        let digest = self.next_digest("object");
        let mut number = [0; 8];
        number.copy_from_slice(&digest[..8]);
        (1_000_000_000_000_000 + u64::from_be_bytes(number) % 9_000_000_000_000_000).to_string()
    }

    /// A trace id as in `fbtrace_id` and `x-fb-trace-id`.
    pub(crate) fn trace(&mut self) -> String {
        let digest = self.next_digest("trace");
        let mut text = URL_SAFE_NO_PAD.encode(&digest[..17]);
        text.truncate(22);
        format!("A{text}")
    }

    /// The digits that a callback has to echo in the handshake.
    pub(crate) fn challenge(&mut self) -> String {
        let digest = self.next_digest("challenge");
        u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]).to_string()
    }

    /// A request id of 32 capital hex digits, as group operations have.
    pub(crate) fn request_id(&mut self) -> String {
        let digest = self.next_digest("request");
        digest
            .iter()
            .take(16)
            .map(|byte| format!("{byte:02X}"))
            .collect()
    }

    /// The 14 characters of a QR code: A to Z and 2 to 7.
    pub(crate) fn code(&mut self) -> String {
        const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let digest = self.next_digest("code");
        let letters = digest
            .iter()
            .take(14)
            .map(|byte| LETTERS[usize::from(byte % 32)]);
        letters.map(char::from).collect()
    }

    /// A short opaque text, for signatures in media addresses and issued tokens.
    pub(crate) fn opaque(&mut self) -> String {
        let digest = self.next_digest("opaque");
        URL_SAFE_NO_PAD.encode(&digest[..24])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn message_ids_have_metas_shape_and_are_the_same_every_time() {
        let id = IdSource::default().wamid("16505551234", Direction::Outbound);
        assert!(id.starts_with("wamid.HBgLMTY1MDU1NTEyMzQVAgARGB"), "{id}");
        assert_eq!(
            id,
            IdSource::default().wamid("16505551234", Direction::Outbound)
        );
        assert_ne!(
            id,
            IdSource::seeded(7).wamid("16505551234", Direction::Outbound)
        );
    }

    #[test]
    fn object_ids_are_sixteen_digits() {
        let mut ids = IdSource::default();
        for _ in 0..100 {
            let id = ids.numeric();
            assert!(
                id.len() == 16 && id.bytes().all(|b| b.is_ascii_digit()),
                "{id}"
            );
        }
    }
}
