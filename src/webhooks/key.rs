//! Keys for de-duplication: equal for the same thing however often and in whatever batch it comes, different for different things.

use super::layers::Json;
use crate::json::to_text;
use crate::prelude::*;
use crate::text::number;
use sha2::{Digest, Sha256};

/// Bytes of the hash that a key keeps: 128 bits.
const HASH_BYTES: usize = 16;

const HEX: &[u8; 16] = b"0123456789abcdef";

/// The key of a message. Meta may first announce a message as unsupported and then send it: these are two things.
pub fn message(what: &str, id: &str, kind: &str) -> String {
    match kind {
        "unsupported" => [what, ":", id, ":unsupported"].joined(""),
        _ => [what, ":", id].joined(""),
    }
}

/// The key of a status: the message, the state, the time, and who or what it is about in particular, such as the member of a group.
pub fn status(what: &str, id: &str, state: &str, time: Option<u64>, about: Option<&str>) -> String {
    let mut key = [what, ":", id, ":", state].joined("");
    for part in [time.map(number).as_deref(), about].into_iter().flatten() {
        key.push(':');
        key.push_str(part);
    }
    key
}

/// The key of anything else: a hash of where it came and what it says, whatever the order of its fields and the white space.
///
/// `place` is where it came: account, phone number, field, and the list within the field.
pub fn other(place: [&str; 4], time: Option<u64>, raw: Json<'_>) -> String {
    // Reading and writing it once gives one form: sorted fields, no white space. What cannot be read counts as it is.
    let canonical = raw
        .tree()
        .map_or_else(|| raw.text().to_owned(), |tree| to_text(&tree.to_value()));
    let mut hash = Sha256::new();
    let time = number(time.unwrap_or_default());
    let [account, phone_number, field, list] = place;
    for part in [account, phone_number, field, list, &time, &canonical] {
        // The length keeps the parts apart.
        // As 32 bits, so that a native build makes the same keys.
        hash.update((part.len() as u32).to_le_bytes());
        hash.update(part);
    }
    let mut key = String::from("other:");
    for byte in &hash.finalize()[..HASH_BYTES] {
        for digit in [byte >> 4, byte & 15] {
            key.push(char::from(HEX[usize::from(digit)]));
        }
    }
    key
}
