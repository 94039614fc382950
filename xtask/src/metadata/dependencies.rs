//! The libraries in a component.

use crate::run::cargo;
use anyhow::{Context, Result};
use auditable_serde::{DependencyKind, Package, Source, VersionInfo};
use std::collections::{BTreeMap, BTreeSet};

/// A library: its name and its version.
type Name = (String, String);

/// What is compiled into a component.
#[derive(Default)]
pub struct Dependencies {
    root: Name,
    packages: BTreeMap<Name, Library>,
}

#[derive(Default)]
struct Library {
    /// One of this repository, which no registry has.
    local: bool,
    /// It runs in the compiler and leaves only what it made.
    macros: bool,
    uses: BTreeSet<Name>,
}

impl Dependencies {
    /// Asks cargo, with the features that the build has.
    pub fn of(package: &str, target: &str) -> Result<Self> {
        let tree = cargo(&["tree", "--package", package, "--target", target]);
        let tree = tree.args([
            "--edges",
            "normal",
            "--prefix",
            "depth",
            "--no-dedupe",
            "--locked",
        ]);
        Self::read(&tree.output()?)
    }

    fn read(tree: &str) -> Result<Self> {
        let mut dependencies = Self::default();
        // The library of each depth that is above the current line.
        let mut above: Vec<Name> = Vec::new();
        for line in tree.lines() {
            let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let (depth, rest) = line.split_at(digits);
            let depth: usize = depth
                .parse()
                .with_context(|| format!("cargo tree said {line:?}"))?;
            let mut words = rest.split_whitespace();
            let (name, version) = (
                words.next(),
                words.next().and_then(|word| word.strip_prefix('v')),
            );
            let (name, version) = name
                .zip(version)
                .with_context(|| format!("cargo tree said {line:?}"))?;
            let name = (name.to_owned(), version.to_owned());
            let library = dependencies.packages.entry(name.clone()).or_default();
            for word in words {
                library.macros |= word == "(proc-macro)";
                library.local |= word.starts_with("(/") || word.contains(":\\");
            }
            above.truncate(depth);
            match above
                .last()
                .and_then(|user| dependencies.packages.get_mut(user))
            {
                Some(user) => drop(user.uses.insert(name.clone())),
                None => dependencies.root = name.clone(),
            }
            above.push(name);
        }
        Ok(dependencies)
    }

    /// Those of a component that is put together of two; it is the first with something more.
    pub fn and(mut self, other: Self) -> Self {
        self.packages.extend(other.packages);
        if let Some(root) = self.packages.get_mut(&self.root) {
            root.uses.insert(other.root);
        }
        self
    }

    /// As `cargo auditable` writes them.
    pub fn json(&self) -> Result<String> {
        let place = |name: &Name| self.packages.keys().position(|known| known == name);
        let mut packages = Vec::new();
        for (name, library) in &self.packages {
            packages.push(Package {
                name: name.0.clone(),
                version: name.1.parse()?,
                source: if library.local {
                    Source::Local
                } else {
                    Source::CratesIo
                },
                kind: if library.macros {
                    DependencyKind::Build
                } else {
                    DependencyKind::Runtime
                },
                dependencies: library.uses.iter().filter_map(place).collect(),
                root: *name == self.root,
            });
        }
        Ok(serde_json::to_string(&VersionInfo {
            packages,
            format: 0,
        })?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::str::FromStr;

    const TREE: &str = "0one v0.1.0 (/somewhere/one)\n1serde v1.0.2\n2derive v1.0.2 (proc-macro)\n3quote v1.0.0\n1sha2 v0.11.1\n2digest v0.11.3\n1hmac v0.13.0\n2digest v0.11.3";

    #[test]
    fn the_tree_becomes_a_list_that_its_readers_take() {
        let json = Dependencies::read(TREE).unwrap().json().unwrap();
        let info = VersionInfo::from_str(&json).unwrap();
        let find = |name: &str| {
            info.packages
                .iter()
                .find(|package| package.name == name)
                .unwrap()
        };
        let uses = |name: &str| -> Vec<_> {
            let uses = find(name).dependencies.iter();
            uses.map(|place| info.packages[*place].name.as_str())
                .collect()
        };
        assert_eq!(info.packages.len(), 7);
        assert!(find("one").root && find("one").source == Source::Local);
        assert_eq!(uses("one"), ["hmac", "serde", "sha2"]);
        assert_eq!(uses("sha2"), ["digest"]);
        assert_eq!(uses("hmac"), ["digest"]);
        assert_eq!(find("derive").kind, DependencyKind::Build);
        assert_eq!(find("serde").source, Source::CratesIo);
    }

    #[test]
    fn two_components_become_one_list() {
        let other = "0two v0.2.0 (/somewhere/two)\n1serde v1.0.2\n1url v2.0.0";
        let both = Dependencies::read(TREE)
            .unwrap()
            .and(Dependencies::read(other).unwrap());
        let info = VersionInfo::from_str(&both.json().unwrap()).unwrap();
        assert_eq!(info.packages.len(), 9);
        let roots: Vec<_> = info
            .packages
            .iter()
            .filter(|package| package.root)
            .collect();
        assert_eq!(roots.len(), 1);
        assert_eq!(roots[0].name, "one");
    }
}
