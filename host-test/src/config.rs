//! Where the settings of a connection come from: the environment, and a file for what the environment does not say. Never from
//! arguments, which every user of a machine can read.

mod error;
mod file;

use std::collections::BTreeMap;
use std::env::VarError;
use std::path::Path;

use crate::credentials::Credentials;
use crate::secret::Secret;
use crate::wit::types::Connection;
pub use error::ConfigError;

/// A connection and its secrets.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Where requests go and which objects are meant.
    pub connection: Connection,
    /// The secrets.
    pub credentials: Credentials,
}

/// One setting: its name in a file and its environment variable.
struct Setting {
    key: &'static str,
    variable: &'static str,
}

const ACCESS_TOKEN: &str = "access_token";
const APP_SECRET: &str = "app_secret";
const VERIFY_TOKEN: &str = "verify_token";
const PHONE_NUMBER_ID: &str = "phone_number_id";
const BUSINESS_ACCOUNT_ID: &str = "business_account_id";
const APP_ID: &str = "app_id";
const API_VERSION: &str = "api_version";
const BASE_URL: &str = "base_url";

const SETTINGS: [Setting; 8] = [
    Setting {
        key: ACCESS_TOKEN,
        variable: "WHATSAPP_ACCESS_TOKEN",
    },
    // Several, separated by commas, while a secret is being changed: the first is the current one.
    Setting {
        key: APP_SECRET,
        variable: "WHATSAPP_APP_SECRET",
    },
    Setting {
        key: VERIFY_TOKEN,
        variable: "WHATSAPP_VERIFY_TOKEN",
    },
    Setting {
        key: PHONE_NUMBER_ID,
        variable: "WHATSAPP_PHONE_NUMBER_ID",
    },
    Setting {
        key: BUSINESS_ACCOUNT_ID,
        variable: "WHATSAPP_BUSINESS_ACCOUNT_ID",
    },
    Setting {
        key: APP_ID,
        variable: "WHATSAPP_APP_ID",
    },
    Setting {
        key: API_VERSION,
        variable: "WHATSAPP_API_VERSION",
    },
    Setting {
        key: BASE_URL,
        variable: "WHATSAPP_BASE_URL",
    },
];

impl Config {
    /// The settings of the environment: `WHATSAPP_ACCESS_TOKEN`, `WHATSAPP_APP_SECRET` (several with commas between them while it is being
    /// changed), `WHATSAPP_VERIFY_TOKEN`, `WHATSAPP_PHONE_NUMBER_ID`, `WHATSAPP_BUSINESS_ACCOUNT_ID`, `WHATSAPP_APP_ID`, `WHATSAPP_API_VERSION`,
    /// `WHATSAPP_BASE_URL`. An empty variable counts as absent.
    ///
    /// # Errors
    /// When a variable is not text, or a secret has characters that no secret has.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_values(environment()?)
    }

    /// The settings of a TOML file (JSON, when its name ends in `.json`) with the names of the variables in lower case and without
    /// `WHATSAPP_`; the environment goes before the file. Warns about a file that others may read.
    ///
    /// # Errors
    /// When the file cannot be read or has a mistake or an unknown setting, and as [`Config::from_env`].
    pub fn load(path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable {
            path: path.to_owned(),
            source,
        })?;
        if file::others_may_read(path) {
            tracing::warn!(file = %path.display(), "others may read this configuration file, which may hold secrets; run `chmod 600` on it");
        }
        let mut values = file::parse(path, &text)?;
        values.extend(environment()?);
        Self::from_values(values)
    }

    fn from_values(mut values: Values) -> Result<Self, ConfigError> {
        let mut credentials = Credentials::new();
        if let Some(token) = values.secret(ACCESS_TOKEN)? {
            credentials = credentials.access_token(token);
        }
        if let Some((name, list)) = values.0.remove(APP_SECRET) {
            for part in list.split(',') {
                credentials = credentials.app_secret(Secret::new(part).map_err(|source| {
                    ConfigError::Secret {
                        name: name.clone(),
                        source,
                    }
                })?);
            }
        }
        if let Some(token) = values.secret(VERIFY_TOKEN)? {
            credentials = credentials.verify_token(token);
        }
        let connection = Connection {
            api_version: values.text(API_VERSION),
            base_url: values.text(BASE_URL),
            phone_number_id: values.text(PHONE_NUMBER_ID),
            business_account_id: values.text(BUSINESS_ACCOUNT_ID),
            app_id: values.text(APP_ID),
        };
        Ok(Self {
            connection,
            credentials,
        })
    }
}

impl Credentials {
    /// The secrets of the environment; see [`Config::from_env`].
    ///
    /// # Errors
    /// As [`Config::from_env`].
    pub fn from_env() -> Result<Self, ConfigError> {
        Ok(Config::from_env()?.credentials)
    }
}

/// Settings by key: what they were called where they were found, and their value.
struct Values(BTreeMap<&'static str, (String, String)>);

impl Values {
    fn text(&mut self, key: &str) -> Option<String> {
        self.0.remove(key).map(|(_, value)| value)
    }

    fn secret(&mut self, key: &str) -> Result<Option<Secret>, ConfigError> {
        let Some((name, value)) = self.0.remove(key) else {
            return Ok(None);
        };
        Secret::new(value)
            .map(Some)
            .map_err(|source| ConfigError::Secret { name, source })
    }

    fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }
}

fn environment() -> Result<Values, ConfigError> {
    variables(|name| std::env::var(name))
}

fn variables(look_up: impl Fn(&str) -> Result<String, VarError>) -> Result<Values, ConfigError> {
    let mut values = BTreeMap::new();
    for Setting { key, variable } in SETTINGS {
        match look_up(variable) {
            Ok(value) if value.trim().is_empty() => {}
            Ok(value) => {
                values.insert(key, (variable.to_owned(), value.trim().to_owned()));
            }
            Err(VarError::NotPresent) => {}
            Err(VarError::NotUnicode(_)) => return Err(ConfigError::NotUnicode { variable }),
        }
    }
    Ok(Values(values))
}

#[cfg(test)]
mod tests;
