//! Long texts that are seldom read, packed by the build: the manifest and the advice of the error codes.
//!
//! The format is that of the `upkr` crate with its default settings: matches and literals, each of their bits coded by rANS with a
//! probability that adapts. It takes a quarter less than LZ4, and its reader is smaller.

use crate::prelude::*;

/// Bits of a probability; probabilities are between 0 and `1 << PROBABILITY_BITS`.
const PROBABILITY_BITS: u32 = 8;
const ONE: u32 = 1 << PROBABILITY_BITS;

/// A probability moves by this share of its distance, as a shift; what is added rounds it.
const RATE: u32 = 4;
const ROUND: u32 = 8;

/// The state is filled up to at least this.
const STATE_MIN: u32 = 4096;

/// Contexts: whether a match follows and the bits of a literal; whether a match has a distance of its own; its distance; its length.
const LITERAL: usize = 0;
const NEW_DISTANCE: usize = 256;
const DISTANCE: usize = 257;
const LENGTH: usize = DISTANCE + 64;
const CONTEXTS: usize = LENGTH + 64;

/// The text. The build wrote what is read here, so this cannot fail; if it did, the text would end early or be empty.
pub fn unpack(packed: &[u8]) -> String {
    read(packed, None)
}

/// The first line of the text, with the end of the line: what stands behind it is not unpacked.
pub fn first_line(packed: &[u8]) -> String {
    read(packed, Some(b'\n'))
}

fn read(packed: &[u8], last: Option<u8>) -> String {
    let mut bytes = Vec::new();
    Reader {
        rest: packed.iter(),
        last,
        state: 0,
        probabilities: [(ONE / 2) as u8; CONTEXTS],
    }
    .read(&mut bytes);
    String::from_utf8(bytes).unwrap_or_default()
}

struct Reader<'a> {
    rest: core::slice::Iter<'a, u8>,
    /// Nothing is read behind this byte. It comes by itself, not as a part of a match.
    last: Option<u8>,
    state: u32,
    probabilities: [u8; CONTEXTS],
}

impl Reader<'_> {
    /// Reads until the end, which is a distance of 0.
    fn read(&mut self, bytes: &mut Vec<u8>) -> Option<()> {
        let mut distance = 0;
        let mut after_match = false;
        loop {
            if self.bit(LITERAL)? == 0 {
                let mut byte = 1;
                while byte < 256 {
                    byte = byte << 1 | self.bit(LITERAL + byte)?;
                }
                bytes.push(byte as u8);
                if self.last == Some(byte as u8) {
                    return Some(());
                }
                after_match = false;
                continue;
            }
            if after_match || self.bit(NEW_DISTANCE)? == 1 {
                distance = self.number(DISTANCE)? - 1;
                if distance == 0 {
                    return Some(());
                }
            }
            for _ in 0..self.number(LENGTH)? {
                let from = bytes.len().checked_sub(distance)?;
                bytes.push(*bytes.get(from)?);
            }
            after_match = true;
        }
    }

    /// A number of at least 1, its lowest bit first: before each bit one that says that it follows; the highest is always 1.
    fn number(&mut self, mut context: usize) -> Option<usize> {
        let mut number = 0;
        let mut one = 1;
        while self.bit(context)? == 1 {
            number |= one * self.bit(context + 1)?;
            one = one.checked_mul(2)?;
            context += 2;
        }
        Some(number | one)
    }

    /// The next bit, which also makes it more probable in its context.
    fn bit(&mut self, context: usize) -> Option<usize> {
        while self.state < STATE_MIN {
            self.state = self.state << 8 | u32::from(*self.rest.next()?);
        }
        let of_context = self.probabilities.get_mut(context)?;
        let probability = u32::from(*of_context);
        let (high, low) = (self.state >> PROBABILITY_BITS, self.state % ONE);
        let bit = low < probability;
        let (start, share, moved) = if bit {
            (
                0,
                probability,
                probability + ((ONE - probability + ROUND) >> RATE),
            )
        } else {
            (
                probability,
                ONE - probability,
                probability - ((probability + ROUND) >> RATE),
            )
        };
        *of_context = moved as u8;
        self.state = share * high + low - start;
        Some(bit.into())
    }
}

// Packing is C in part: see Cargo.toml.
#[cfg(all(test, target_pointer_width = "64"))]
mod tests {
    use super::*;

    fn packed(text: &str) -> Vec<u8> {
        upkr::pack(text.as_bytes(), 2, &upkr::Config::default(), None)
    }

    #[test]
    fn what_was_packed_comes_back() {
        let far = format!("{}{}{0}", "far away ", "x".repeat(70_000));
        for text in [
            "",
            "a",
            "aaaaaaaaaaaaaaaaaaaaaaaa",
            "abcabcabcabd äöü \u{1f600}",
            &far,
        ] {
            assert_eq!(unpack(&packed(text)), text);
        }
    }

    #[test]
    fn what_is_cut_off_ends_the_text_and_nothing_else() {
        let whole = packed("a text that repeats itself: a text that repeats itself, and ends");
        for end in 0..whole.len() {
            let text = unpack(&whole[..end]);
            assert!(
                "a text that repeats itself: a text that repeats itself, and ends"
                    .starts_with(&text),
                "{text}"
            );
        }
    }
}
