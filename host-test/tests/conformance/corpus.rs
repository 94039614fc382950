//! Bodies from elsewhere that nobody of this project wrote, if they are there: `$WHATSAPP_CORPUS`, or `shared/corpus` beside the
//! workspace. They are read from there and never copied.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;

use crate::component;

/// The corpus; without one, says so and gives nothing.
pub fn corpus() -> Option<PathBuf> {
    let path = std::env::var_os("WHATSAPP_CORPUS").map_or_else(
        || component::workspace().join("../shared/corpus"),
        PathBuf::from,
    );
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: no corpus at {}", path.display());
    None
}

/// A file of the corpus with its row in the index.
pub struct Entry {
    pub name: String,
    pub text: String,
    row: HashMap<String, String>,
}

impl Entry {
    /// The parts of a column.
    pub fn column(&self, name: &str) -> Vec<&str> {
        let parts = self.row[name].split(',');
        parts.filter(|part| !part.is_empty()).collect()
    }
}

/// All files of one folder of the corpus.
pub fn folder(name: &str) -> Vec<Entry> {
    let Some(folder) = corpus().map(|corpus| corpus.join(name)) else {
        return Vec::new();
    };
    let index = fs::read_to_string(folder.join("index.tsv")).unwrap();
    let mut lines = index
        .lines()
        .map(|line| line.split('\t').map(str::to_owned));
    let head: Vec<String> = lines.next().unwrap().collect();
    let entries: Vec<_> = lines
        .map(|cells| {
            let row: HashMap<_, _> = head.iter().cloned().zip(cells).collect();
            let name = row["file"].clone();
            let text = fs::read_to_string(folder.join(&name)).unwrap();
            Entry { name, text, row }
        })
        .collect();
    assert!(!entries.is_empty(), "{} is empty", folder.display());
    entries
}
