//! The limits of a field, out of its help text: what the form says is what is enforced.
//!
//! | type | wording | meaning |
//! | --- | --- | --- |
//! | text | `1 to 20 characters`, `up to 20 characters` | most characters |
//! | text | `may be empty` | an empty text is allowed; without it, it is refused |
//! | list | `1 to 10 …`, `up to 10 …` | fewest and most items; 0 is the fewest for `up to` |
//!
//! The first wording counts.

/// What a field may hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Fewest characters or items.
    pub min: u32,
    /// Most characters or items; 0 is no limit.
    pub max: u32,
}

/// Reads the limits of a text (`unit` is `characters`) or of a list (`unit` is empty).
pub fn limits(help: &str, unit: &str) -> Limits {
    let lower = help.to_lowercase();
    let words: Vec<_> = lower
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_ascii_alphanumeric()))
        .collect();
    let is_unit = |word: Option<&&str>| unit.is_empty() || word.copied() == Some(unit);
    let number = |word: &str| word.parse::<u32>().ok();
    for at in 0..words.len() {
        let max = words.get(at + 2).and_then(|word| number(word));
        let (Some(max), true) = (max, is_unit(words.get(at + 3))) else {
            continue;
        };
        match (words[at], words[at + 1]) {
            (min, "to") if number(min).is_some() => {
                return Limits {
                    min: number(min).unwrap_or_default(),
                    max,
                };
            }
            // "up to" is words[at], words[at + 1].
            ("up", "to") => {
                return Limits {
                    min: u32::from(!unit.is_empty() && !lower.contains("may be empty")),
                    max,
                };
            }
            _ => {}
        }
    }
    Limits {
        min: u32::from(!unit.is_empty() && !lower.contains("may be empty")),
        max: 0,
    }
}
