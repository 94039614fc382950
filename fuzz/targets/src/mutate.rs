//! A small mutator for the plain test: the same inputs on every run. Most of what it makes is still JSON.

/// Makes inputs out of others.
pub struct Mutator(u64);

/// What is put into an input: beginnings and ends of JSON, odd numbers and texts, and the byte between its parts.
const PIECES: [&str; 32] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "null",
    "true",
    "0",
    "-1",
    "1e999",
    "18446744073709551615",
    "0.1",
    "\"\"",
    "{}",
    "[]",
    "\\ud83d",
    "\\u0000",
    "\0",
    "\n",
    "\t",
    " ",
    "{{1}}",
    "{{",
    "}}",
    "é",
    "\u{1f600}",
    "\"id\":\"1\"",
    "[[[[",
    "\"type\":\"body\"",
    "../",
];

impl Mutator {
    /// Begins with a number.
    pub fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    /// A number below another one.
    pub fn below(&mut self, limit: usize) -> usize {
        // Xorshift.
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit.max(1)
    }

    /// An input with some changes; now and then with a part of another one.
    pub fn mutate(&mut self, input: &[u8], other: &[u8]) -> Vec<u8> {
        let mut bytes = input.to_vec();
        for _ in 0..=self.below(4) {
            let from = self.below(bytes.len() + 1);
            let to = (from + self.below(12)).min(bytes.len());
            match self.below(7) {
                0 => drop(bytes.drain(from..to)),
                1 => drop(bytes.splice(from..from, PIECES[self.below(PIECES.len())].bytes())),
                2 => drop(bytes.splice(from..to, PIECES[self.below(PIECES.len())].bytes())),
                3 if from < bytes.len() => bytes[from] ^= 1 << self.below(8),
                4 => {
                    let piece = bytes[from..to].to_vec();
                    drop(bytes.splice(from..from, piece));
                }
                5 => {
                    let start = self.below(other.len() + 1);
                    let end = (start + self.below(60)).min(other.len());
                    drop(bytes.splice(from..to, other[start..end].iter().copied()));
                }
                _ => self.value(&mut bytes),
            }
        }
        bytes
    }

    /// Puts another value in the place of one.
    fn value(&mut self, bytes: &mut Vec<u8>) {
        let places: Vec<_> = (0..bytes.len()).filter(|at| bytes[*at] == b':').collect();
        let Some(at) = places.get(self.below(places.len())) else {
            return;
        };
        let end = bytes[*at..].iter().position(|byte| b",}\0".contains(byte));
        let end = end.map_or(bytes.len(), |end| at + end);
        let piece = PIECES[7 + self.below(9)];
        bytes.splice(at + 1..end.max(at + 1), piece.bytes());
    }
}
