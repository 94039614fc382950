//! Writes the seeds for `cargo fuzz`: a folder for each target in `fuzz/corpus`, and beside it a dictionary with the words of its seeds.

#![allow(clippy::unwrap_used, reason = "a tool ends with what went wrong")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// What belongs to JSON, to the answers of a network and to templates, and no seed may have.
const WORDS: [&str; 18] = [
    "1e999",
    "-0",
    "1e-7",
    "18446744073709551616",
    r"\\ud83d",
    r"\\u0000",
    r"\x00",
    "{}",
    "[]",
    r#"\"\""#,
    "null",
    "{{",
    "}}",
    "{{1}}",
    "denied ",
    "not-sent ",
    "no-answer ",
    "too-large 1",
];

/// Longer words are texts.
const WORD_MAX: usize = 48;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus");
    let seeds = fuzz_targets::seeds();
    let mut words: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (position, seed) in seeds.iter().enumerate() {
        let folder = root.join(seed.target);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(format!("seed-{position:05}")), &seed.bytes).unwrap();
        let words = words.entry(seed.target).or_default();
        let text = String::from_utf8_lossy(&seed.bytes);
        let is_name = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
        for word in text.split('"') {
            if (2..=WORD_MAX).contains(&word.len()) && word.chars().all(is_name) {
                words.insert(format!(r#"\"{word}\""#));
            }
        }
    }
    for (target, mut words) in words {
        words.extend(WORDS.map(str::to_owned));
        let lines: Vec<_> = words.iter().map(|word| format!("\"{word}\"\n")).collect();
        fs::write(root.join(format!("{target}.dict")), lines.concat()).unwrap();
    }
    println!("{} seeds in {}", seeds.len(), root.display());
}
