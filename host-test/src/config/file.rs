//! Settings in a file.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::{ConfigError, SETTINGS, Values};

/// Reads the settings of a file: TOML, or JSON when its name ends in `.json`.
pub(super) fn parse(path: &Path, text: &str) -> Result<Values, ConfigError> {
    let object = if path
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
    {
        parse_json(path, text)?
    } else {
        parse_toml(path, text)?
    };
    let mut values = BTreeMap::new();
    for (key, value) in object {
        let path = || path.to_owned();
        let Some(setting) = SETTINGS.iter().find(|setting| setting.key == key) else {
            let known = SETTINGS
                .map(|setting| format!("`{}`", setting.key))
                .join(", ");
            return Err(ConfigError::UnknownKey {
                path: path(),
                key,
                known,
            });
        };
        let found = match value {
            Value::String(text) => {
                values.insert(setting.key, (key, text));
                continue;
            }
            Value::Null => continue,
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::Array(_) => "a list",
            Value::Object(_) => "a table",
        };
        return Err(ConfigError::NotText {
            path: path(),
            key,
            found,
        });
    }
    Ok(Values(values))
}

fn parse_json(path: &Path, text: &str) -> Result<serde_json::Map<String, Value>, ConfigError> {
    let syntax = |place: String, problem: &str| ConfigError::Syntax {
        path: path.to_owned(),
        expected: "a JSON object",
        place,
        problem: problem.to_owned(),
    };
    match serde_json::from_str(text) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(syntax(String::new(), "it is some other JSON value")),
        // Only the place: the parser's own words may repeat what it found.
        Err(error) => Err(syntax(
            format!(" in line {}", error.line()),
            "it is not JSON",
        )),
    }
}

fn parse_toml(path: &Path, text: &str) -> Result<serde_json::Map<String, Value>, ConfigError> {
    let table: toml::Table = toml::from_str(text).map_err(|error| {
        let line = error.span().map(|span| {
            text.bytes()
                .take(span.start)
                .filter(|byte| *byte == b'\n')
                .count()
                + 1
        });
        ConfigError::Syntax {
            path: path.to_owned(),
            expected: "TOML",
            place: line
                .map(|line| format!(" in line {line}"))
                .unwrap_or_default(),
            // `message` alone: the full text shows the line, which may hold a secret.
            problem: error.message().to_owned(),
        }
    })?;
    // The values' kinds are enough here: everything but a text is refused.
    Ok(table
        .into_iter()
        .map(|(key, value)| {
            (
                key,
                serde_json::to_value(value).unwrap_or(Value::Bool(false)),
            )
        })
        .collect())
}

/// Whether anyone but the owner may read or change the file. Unknown counts as no.
#[cfg(unix)]
pub(super) fn others_may_read(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
}

/// Other systems keep their rights elsewhere.
#[cfg(not(unix))]
pub(super) fn others_may_read(_path: &Path) -> bool {
    false
}
