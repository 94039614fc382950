//! Base64: the standard alphabet with padding (RFC 4648, section 4), and nothing else.

use crate::prelude::*;

/// The bytes of a base64 text; nothing when it is none.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let symbols = text.trim_end_matches('=');
    if !text.len().is_multiple_of(4) || text.len() - symbols.len() > 2 {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0);
    for byte in symbols.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    // Bits that are left over are 0, or several texts would mean the same bytes.
    (bits == 0).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_the_standard_and_every_byte() {
        for (text, bytes) in [
            ("", &b""[..]),
            ("Zg==", b"f"),
            ("Zm8=", b"fo"),
            ("Zm9v", b"foo"),
            ("Zm9vYg==", b"foob"),
            ("Zm9vYmE=", b"fooba"),
            ("Zm9vYmFy", b"foobar"),
            ("+/+/", &[0xfb, 0xff, 0xbf]),
            ("AAAA", &[0, 0, 0]),
        ] {
            assert_eq!(decode(text).as_deref(), Some(bytes), "{text}");
        }
        // Each symbol in turn, in the last place of a group: the lowest six bits.
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (value, symbol) in alphabet.chars().enumerate() {
            assert_eq!(
                decode(&format!("AAA{symbol}")),
                Some(vec![0, 0, value as u8])
            );
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "Z",
            "Zg",
            "Zg=",
            "Zm8",
            "Zm9v=",
            "====",
            "Z===",
            "Zg==Zg==",
            "Zm9v\n",
            "Zm 9",
            "Zm9-",
            "Zm9_",
            "Zh==",
            "Zm9=",
            "=Zm9",
            "data:image/png;base64,Zm9v",
            "Zmü",
        ] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
