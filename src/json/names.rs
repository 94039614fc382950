//! Which name was meant.

use crate::prelude::*;

/// Equal but for case and separators (`phoneNumberId`), one the beginning of the other, or one letter off.
pub fn alike(known: &str, name: &str) -> bool {
    let (known, name) = (plain(known), plain(name));
    if known.len().min(name.len()) < 3 {
        return known == name;
    }
    let same_start = known.iter().zip(&name).take_while(|(a, b)| a == b).count();
    let known_rest = &known[same_start..];
    let name_rest = &name[same_start..];
    let one_off = |a: &[u8], b: &[u8]| a.get(1..).is_some_and(|a| a == b);
    known_rest.is_empty()
        || name_rest.is_empty()
        || one_off(known_rest, name_rest)
        || one_off(name_rest, known_rest)
        || known_rest.get(1..) == name_rest.get(1..)
        || swapped(known_rest, name_rest)
}

/// Its letters and digits, in lower case.
fn plain(text: &str) -> Vec<u8> {
    let mut letters = text.to_ascii_lowercase().into_bytes();
    letters.retain(u8::is_ascii_alphanumeric);
    letters
}

/// Equal but for the order of the first two.
fn swapped(a: &[u8], b: &[u8]) -> bool {
    matches!((a, b), ([a1, a2, a @ ..], [b1, b2, b @ ..]) if a1 == b2 && a2 == b1 && a == b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_name_is_recognised() {
        for (known, name) in [
            ("body", "bodi"),
            ("body", "bdoy"),
            ("body", "bod"),
            ("body", "boddy"),
            ("phone_number_id", "phoneNumberId"),
            ("callback_data", "callback"),
            ("to", "To"),
        ] {
            assert!(alike(known, name), "{known} {name}");
        }
        for (known, name) in [
            ("body", "text"),
            ("to", "t"),
            ("link", "id"),
            ("pin", "pan_number"),
            ("to", "token"),
        ] {
            assert!(!alike(known, name), "{known} {name}");
        }
    }
}
