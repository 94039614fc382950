//! What can be wrong with settings. No text repeats a value: it may be a secret.

use std::path::PathBuf;

use crate::secret::SecretError;

/// Why the settings could not be read. No text repeats a value: it may be a secret.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration file {path}: {source}; check the path and who may read it", path = path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the file system says.
        source: std::io::Error,
    },
    /// The file is neither TOML nor, with a name that ends in `.json`, a JSON object.
    #[error("expected {expected} in the configuration file {path}, but found a mistake{place}: {problem}", path = path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// `TOML` or `a JSON object`.
        expected: &'static str,
        /// ` in line …`, when it is known.
        place: String,
        /// What the parser says.
        problem: String,
    },
    /// The file has a setting that does not exist.
    #[error("the configuration file {path} has the unknown setting `{key}`; expected one of: {known}", path = path.display())]
    UnknownKey {
        /// The file.
        path: PathBuf,
        /// The setting.
        key: String,
        /// All settings that exist.
        known: String,
    },
    /// A setting is not a text.
    #[error("expected a text in quotes for `{key}` in the configuration file {path}, but found {found}", path = path.display())]
    NotText {
        /// The file.
        path: PathBuf,
        /// The setting.
        key: String,
        /// What kind of value was found.
        found: &'static str,
    },
    /// A secret that cannot be one.
    #[error("`{name}` cannot be used: {source}")]
    Secret {
        /// The setting or the environment variable.
        name: String,
        /// Why.
        source: SecretError,
    },
    /// An environment variable that is not UTF-8.
    #[error("the environment variable {variable} is not UTF-8 text; set it again")]
    NotUnicode {
        /// The variable.
        variable: &'static str,
    },
}
