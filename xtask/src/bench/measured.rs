//! Times by name, in nanoseconds.

use crate::run::target;
use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

/// What was measured: `handle signed/warm/1 message`, for example; what other languages need begins with their name.
pub struct Measured(BTreeMap<String, f64>);

/// What the scripts in other languages print.
#[derive(Deserialize)]
struct Line {
    name: String,
    ns: f64,
}

/// Removes what criterion kept of former runs: benches that have gone since would stand there for ever.
pub fn forget() -> Result<()> {
    match fs::remove_dir_all(folder()) {
        Err(problem) if problem.kind() != io::ErrorKind::NotFound => {
            Err(problem).context("cannot remove what criterion measured before")
        }
        _ => Ok(()),
    }
}

impl Measured {
    /// The medians that criterion kept.
    pub fn of_criterion() -> Result<Self> {
        let mut found = BTreeMap::new();
        walk(&folder(), &mut found)?;
        Ok(Self(found))
    }

    /// Adds what was measured of the crate when it was compiled for size.
    pub fn add_small(&mut self, small: Self) {
        let native = small
            .0
            .into_iter()
            .filter(|(name, _)| name.contains("native"));
        self.0
            .extend(native.map(|(name, ns)| (format!("small {name}"), ns)));
    }

    /// Adds what a script printed.
    pub fn add(&mut self, language: &str, lines: &str) -> Result<()> {
        for line in lines.lines() {
            let Line { name, ns } = serde_json::from_str(line).with_context(|| line.to_owned())?;
            self.0.insert(format!("{language} {name}"), ns);
        }
        Ok(())
    }

    /// A time in nanoseconds.
    pub fn get(&self, name: &str) -> Result<f64> {
        let found = self.0.get(name).copied();
        found.with_context(|| {
            let known: Vec<_> = self.0.keys().map(String::as_str).collect();
            format!("`{name}` was not measured, but: {}", known.join("; "))
        })
    }
}

fn walk(folder: &Path, found: &mut BTreeMap<String, f64>) -> Result<()> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.ends_with("new") {
            let read = |file: &str| -> Result<Value> {
                Ok(serde_json::from_slice(&fs::read(path.join(file))?)?)
            };
            let name = read("benchmark.json")?["full_id"]
                .as_str()
                .map(str::to_owned);
            let median = read("estimates.json")?["median"]["point_estimate"].as_f64();
            if let (Some(name), Some(median)) = (name, median) {
                found.insert(name, median);
            }
        } else if path.is_dir() {
            walk(&path, found)?;
        }
    }
    Ok(())
}

fn folder() -> PathBuf {
    target().join("criterion")
}
