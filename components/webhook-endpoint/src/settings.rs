//! The settings, out of the environment.

use crate::address::Address;
use alloc::{
    borrow::ToOwned,
    format,
    string::{String, ToString},
    vec::Vec,
};

/// Most events that are on their way to the sink at the same time.
const PARALLEL_MAX: u64 = 32;

/// The time limit when none is set, and the longest, in seconds.
const TIME_LIMIT: u64 = 20;
const TIME_LIMIT_MAX: u64 = 600;

/// What the endpoint is told.
#[derive(Debug, PartialEq)]
pub struct Settings {
    /// The verify token of Meta's app dashboard.
    pub verify_token: String,
    /// The app secret; several while it is being changed.
    pub app_secrets: Vec<String>,
    /// Where events go.
    pub sink: Address,
    /// The header `Authorization` for the sink.
    pub authorization: Option<String>,
    /// The only path that is answered; without it every path is.
    pub path: Option<String>,
    /// All events of a delivery in one request.
    pub batch: bool,
    /// How many events are on their way at the same time.
    pub parallel: usize,
    /// Seconds for a whole request.
    pub time_limit: u64,
}

impl Settings {
    /// Reads the settings. The error names everything that is wrong, and the value of no setting that may be a secret.
    pub fn read(environment: &[(String, String)]) -> Result<Self, String> {
        let mut reader = Reader {
            environment,
            problems: Vec::new(),
        };
        let settings = reader.settings();
        match settings {
            Some(settings) if reader.problems.is_empty() => Ok(settings),
            _ => Err(format!(
                "the settings are not right: {}",
                reader.problems.join("; ")
            )),
        }
    }
}

struct Reader<'e> {
    environment: &'e [(String, String)],
    problems: Vec<String>,
}

impl Reader<'_> {
    fn settings(&mut self) -> Option<Settings> {
        let verify_token = self.needed(
            "WHATSAPP_VERIFY_TOKEN",
            "the verify token that is typed into Meta's app dashboard",
        );
        let app_secrets = self.needed(
            "WHATSAPP_APP_SECRET",
            "the app secret of the Meta app; several with commas between them",
        );
        let sink = self.needed("WHATSAPP_SINK_URL", "the address that takes the events");
        let authorization = self.authorization();
        let path = self.path();
        let batch = self.flag("WHATSAPP_SINK_BATCH");
        let parallel = self.number("WHATSAPP_SINK_PARALLEL", 1, PARALLEL_MAX);
        let time_limit = self.number("WHATSAPP_TIME_LIMIT_SECONDS", TIME_LIMIT, TIME_LIMIT_MAX);
        let app_secrets = app_secrets.map(|list| self.app_secrets(&list));
        let sink = sink.and_then(|address| self.sink(&address));
        Some(Settings {
            verify_token: verify_token?,
            app_secrets: app_secrets?,
            sink: sink?,
            authorization,
            path,
            batch,
            parallel: usize::try_from(parallel).unwrap_or(1),
            time_limit,
        })
    }

    /// The value of a variable. An empty one counts as absent, white space around it is left out.
    fn value(&self, name: &str) -> Option<String> {
        let (_, value) = self.environment.iter().find(|(known, _)| known == name)?;
        let value = value.trim();
        (!value.is_empty()).then(|| value.to_owned())
    }

    fn needed(&mut self, name: &str, what: &str) -> Option<String> {
        let value = self.value(name);
        if value.is_none() {
            self.problems
                .push(format!("{name} is missing: set it to {what}"));
        }
        value
    }

    fn app_secrets(&mut self, list: &str) -> Vec<String> {
        let secrets: Vec<String> = list
            .split(',')
            .map(str::trim)
            .filter(|secret| !secret.is_empty())
            .map(ToString::to_string)
            .collect();
        if secrets.is_empty() {
            self.problems
                .push("WHATSAPP_APP_SECRET holds commas and no secret".to_owned());
        }
        secrets
    }

    fn sink(&mut self, address: &str) -> Option<Address> {
        Address::read(address)
            .map_err(|problem| self.problems.push(format!("WHATSAPP_SINK_URL {problem}")))
            .ok()
    }

    fn authorization(&mut self) -> Option<String> {
        let value = self.value("WHATSAPP_SINK_AUTHORIZATION")?;
        if !value
            .bytes()
            .all(|byte| byte == b' ' || byte.is_ascii_graphic())
        {
            self.problems.push("WHATSAPP_SINK_AUTHORIZATION has a character that no header can hold; set it to one line of ASCII such as `Bearer …`".to_owned());
        }
        Some(value)
    }

    fn path(&mut self) -> Option<String> {
        let path = self.value("WHATSAPP_WEBHOOK_PATH")?;
        if !path.starts_with('/') || path.contains(['?', '#']) {
            self.problems.push(format!(
                "WHATSAPP_WEBHOOK_PATH is `{path}`; expected a path such as /webhook"
            ));
        }
        Some(path)
    }

    fn flag(&mut self, name: &str) -> bool {
        match self.value(name).as_deref() {
            None | Some("0" | "false") => false,
            Some("1" | "true") => true,
            Some(other) => {
                self.problems
                    .push(format!("{name} is `{other}`; expected 1 or 0"));
                false
            }
        }
    }

    fn number(&mut self, name: &str, default: u64, most: u64) -> u64 {
        let Some(value) = self.value(name) else {
            return default;
        };
        match value.parse() {
            Ok(number) if (1..=most).contains(&number) => number,
            _ => {
                self.problems.push(format!(
                    "{name} is `{value}`; expected a whole number from 1 to {most}"
                ));
                default
            }
        }
    }
}

#[cfg(test)]
#[path = "settings_tests.rs"]
mod tests;
