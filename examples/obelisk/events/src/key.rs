//! Execution ids that are made of texts, so that whoever knows the text finds the execution.

use crate::bindings::obelisk::types::execution::ExecutionId;
use sha2::{Digest, Sha256};

/// The digits of an id: Crockford's base 32.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The id for what is kept about a text. `purpose` keeps ids of different kinds apart.
pub fn execution(purpose: &str, text: &str) -> ExecutionId {
    let hash = Sha256::new_with_prefix(purpose)
        .chain_update([0])
        .chain_update(text)
        .finalize();
    let number = hash
        .iter()
        .take(16)
        .fold(0u128, |number, byte| number << 8 | u128::from(*byte));
    let digits = (0..26).rev().map(|place| {
        let digit = usize::try_from(number >> (place * 5) & 31).unwrap_or_default();
        char::from(DIGITS[digit])
    });
    ExecutionId {
        id: format!("E_{}", digits.collect::<String>()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_has_its_own_id() {
        let id = execution("status", "broadcast-7/contact-1").id;
        assert_eq!(id, execution("status", "broadcast-7/contact-1").id);
        assert_ne!(id, execution("status", "broadcast-7/contact-2").id);
        assert_ne!(id, execution("again", "broadcast-7/contact-1").id);
        assert_eq!(id.len(), 28);
        // 26 digits hold 130 bits; the first stands for the upper three of 128.
        assert!(id.as_bytes()[2] < b'8', "{id}");
    }
}
