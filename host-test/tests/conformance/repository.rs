//! What stands in the files of the repository themselves: no token, and no comparison of secrets that takes longer the better a guess is.

use std::fs;
use std::path::{Path, PathBuf};

use crate::component::workspace;

/// Folders that hold nothing of the repository; the last three are the fuzzer's.
const NOT_OURS: [&str; 8] = [
    ".git",
    "target",
    "dist",
    "node_modules",
    ".venv",
    "corpus",
    "artifacts",
    "coverage",
];

/// What looks like a token and is none: those of the simulated world, and one that is meant to be wrong.
const KNOWN: [&str; 2] = ["EAASimulator", "EAAWrongTokenOfThisTest"];

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        let ours = !NOT_OURS.iter().any(|other| name == *other);
        match entry.file_type().unwrap() {
            kind if kind.is_dir() && ours => files(&entry.path(), found),
            kind if kind.is_file() => found.push(entry.path()),
            _ => {}
        }
    }
}

fn of_repository() -> Vec<PathBuf> {
    let mut found = Vec::new();
    files(&workspace(), &mut found);
    assert!(found.len() > 500, "only {} files", found.len());
    found
}

/// The words in a text that have the shape of an access token: `EAA` and at least 20 letters and digits.
fn tokens(text: &str) -> Vec<&str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let shaped = words.filter_map(|word| word.get(word.find("EAA")?..));
    shaped.filter(|word| word.len() >= 23).collect()
}

#[test]
fn no_file_holds_an_access_token() {
    for path in of_repository() {
        let bytes = fs::read(&path).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        for token in tokens(&text) {
            let known = KNOWN.iter().any(|known| token.starts_with(known));
            assert!(known, "{}: {token}", path.display());
        }
    }
}

#[test]
fn the_shape_is_that_of_a_token() {
    let token = ["EAA", "GmZBhKQ0gIBO4ZCZAZDZD9x"].concat();
    let text = format!("access_token={token}&x=EAAshort \"Bearer {token}\"");
    assert_eq!(tokens(&text), [&token, &token]);
}

/// What a program of ours compares, above its tests.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let code = text.split("#[cfg(test)]").next().unwrap();
    code.to_owned()
}

/// Names of what must not be compared with `==`. `tag` is what HMAC makes.
const SECRET_NAMES: [&str; 8] = [
    "secret",
    "token",
    "signature",
    "tag",
    "hmac",
    "digest",
    "expose",
    "password",
];

/// Lines that hold such a name and compare something else.
const HARMLESS: [&str; 6] = [
    // The signatures of functions.
    "SIGNATURES",
    // Which secret is meant, not what it is.
    "*secret == Secret::AppSecret",
    "rule.secret == ",
    // The length that every signature has.
    "hex.len() != 2 * tag.len()",
    // A text of ours.
    "self.unknown == NO_TOKEN",
    // The name of a field of JSON.
    "Value::String(token) if name == FIELD",
];

/// A comparison of texts or bytes stops at the first difference, which tells a patient attacker how much of a guess was right.
#[test]
fn secrets_are_compared_in_constant_time_only() {
    let sources = of_repository().into_iter().filter(|path| {
        let path = path.strip_prefix(workspace()).unwrap();
        let of_programs = path.starts_with("src")
            || path.starts_with("host-test/src")
            || path.starts_with("components")
                && path.components().any(|part| part.as_os_str() == "src");
        let name = path.file_name().unwrap().to_str().unwrap();
        of_programs && name.ends_with(".rs") && !name.contains("tests")
    });
    let mut looked_at = 0;
    for path in sources {
        looked_at += 1;
        for line in code(&path)
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
        {
            let compares = ["==", "!=", ".eq(", ".ne(", ".cmp("]
                .iter()
                .any(|way| line.contains(way));
            let lower = line.to_ascii_lowercase();
            let words = || lower.split(|c: char| !c.is_ascii_alphanumeric());
            let secret = words().any(|word| SECRET_NAMES.contains(&word.trim_end_matches('s')));
            let harmless = HARMLESS.iter().any(|known| line.contains(known));
            assert!(
                !compares || !secret || harmless,
                "{}: compare secrets with `Mac::verify` or `Mac::verify_slice`: {line}",
                path.display()
            );
        }
    }
    assert!(looked_at > 200, "only {looked_at} files");
    // The three places that do compare one: by a function of the crate `hmac` that takes the same time for every guess.
    for (path, way) in [
        ("src/webhooks/signature.rs", ".verify_slice("),
        ("src/webhooks/handshake.rs", ".verify("),
        ("host-test/src/secret.rs", ".verify("),
    ] {
        assert!(
            code(&workspace().join(path)).contains(way),
            "{path} does not use {way}"
        );
    }
}
