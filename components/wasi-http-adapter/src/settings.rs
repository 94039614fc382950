//! The access token and the settings, from the environment. An engine may put a placeholder there that it replaces on the way out.

use crate::address::Address;
use crate::bindings::wasi::cli::environment::get_environment;

/// How long an exchange may take when nothing says otherwise, in milliseconds.
const TIMEOUT_MS: u32 = 30_000;

/// The largest answer when nothing says otherwise, in bytes.
const RESPONSE_MAX: u64 = 10 * 1024 * 1024;

/// What the environment says.
pub struct Settings {
    /// `WHATSAPP_ACCESS_TOKEN`.
    pub access_token: Option<String>,
    /// `WHATSAPP_BASE_URL`: reached in the place of the Graph API, also without encryption.
    pub base_url: Option<Address>,
    /// `WHATSAPP_TIMEOUT_MS`.
    timeout_ms: Option<u32>,
    /// `WHATSAPP_MAX_RESPONSE_BYTES`.
    pub response_max: u64,
}

impl Settings {
    /// The error is the text of `denied`.
    pub fn from_environment() -> Result<Self, String> {
        Self::read(get_environment())
    }

    /// How long an exchange may take, in milliseconds. What the request wants (a file takes longer) counts up to what the environment allows:
    /// an engine may end a call that takes longer, and then nobody says what became of it.
    pub fn timeout_ms(&self, wanted: Option<u32>) -> u32 {
        let allowed = self.timeout_ms.unwrap_or(u32::MAX);
        let usual = self.timeout_ms.unwrap_or(TIMEOUT_MS);
        wanted.unwrap_or(usual).min(allowed)
    }

    fn read(environment: Vec<(String, String)>) -> Result<Self, String> {
        let text = |name: &str| {
            let found = environment.iter().rev().find(|(known, _)| known == name);
            found
                .map(|(_, value)| value.trim().to_owned())
                .filter(|value| !value.is_empty())
        };
        let number = |name: &str| match text(name) {
            None => Ok(None),
            Some(value) => match value.parse::<u32>() {
                Ok(number) if number > 0 => Ok(Some(number)),
                _ => Err(format!(
                    "{name}: expected a whole number above 0; correct it in the environment"
                )),
            },
        };
        let access_token = text("WHATSAPP_ACCESS_TOKEN");
        let is_plain = |token: &String| token.bytes().all(|byte| byte.is_ascii_graphic());
        if !access_token.iter().all(is_plain) {
            return Err(
                "WHATSAPP_ACCESS_TOKEN: has a blank or a character that is not ASCII; copy it again from Meta"
                    .to_owned(),
            );
        }
        let base_url = text("WHATSAPP_BASE_URL")
            .map(|url| Address::read(&url))
            .transpose();
        Ok(Self {
            access_token,
            base_url: base_url.map_err(|problem| format!("WHATSAPP_BASE_URL {problem}"))?,
            timeout_ms: number("WHATSAPP_TIMEOUT_MS")?,
            response_max: number("WHATSAPP_MAX_RESPONSE_BYTES")?.map_or(RESPONSE_MAX, u64::from),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Settings, String> {
        let pairs = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Settings::read(pairs.collect())
    }

    #[test]
    fn a_file_may_take_longer_but_not_longer_than_the_environment_allows() {
        let unset = read(&[]).unwrap();
        assert_eq!(
            (unset.timeout_ms(None), unset.timeout_ms(Some(300_000))),
            (30_000, 300_000)
        );
        let set = read(&[("WHATSAPP_TIMEOUT_MS", "40000")]).unwrap();
        assert_eq!(
            (set.timeout_ms(None), set.timeout_ms(Some(300_000))),
            (40_000, 40_000)
        );
        assert_eq!(set.timeout_ms(Some(7)), 7);
    }

    #[test]
    fn what_is_wrong_is_named_and_no_secret_is_repeated() {
        let settings = read(&[("WHATSAPP_ACCESS_TOKEN", " token ")]).unwrap();
        assert_eq!(settings.access_token.as_deref(), Some("token"));
        assert_eq!(settings.response_max, RESPONSE_MAX);
        for (name, value) in [
            ("WHATSAPP_TIMEOUT_MS", "soon"),
            ("WHATSAPP_TIMEOUT_MS", "0"),
            ("WHATSAPP_MAX_RESPONSE_BYTES", "-1"),
            ("WHATSAPP_BASE_URL", "localhost"),
            ("WHATSAPP_ACCESS_TOKEN", "se cret"),
        ] {
            let problem = read(&[(name, value)]).err().unwrap();
            assert!(
                problem.contains(name) && !problem.contains("se cret"),
                "{problem}"
            );
        }
    }
}
