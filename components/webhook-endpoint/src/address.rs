//! The address of the sink.

use alloc::{
    borrow::ToOwned,
    format,
    string::{String, ToString},
};

/// An address, taken apart as WASI wants it.
#[derive(Debug, PartialEq)]
pub struct Address {
    /// `https`, not `http`.
    pub secure: bool,
    /// Host and port.
    pub authority: String,
    /// Path and query.
    pub path: String,
}

impl Address {
    /// Reads it. The error does not repeat it: a query may hold a secret.
    pub fn read(text: &str) -> Result<Self, &'static str> {
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err("has a space or a character that is not ASCII; write it percent-encoded");
        }
        let (scheme, rest) = text
            .split_once("://")
            .ok_or("is no address such as https://example.com/events")?;
        let secure = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return Err("is neither http:// nor https://"),
        };
        // What stands behind `#` is never sent.
        let rest = rest.split_once('#').map_or(rest, |(before, _)| before);
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        if authority.contains('@') {
            return Err("holds a name or a password; put them into WHATSAPP_SINK_AUTHORIZATION");
        }
        if authority.is_empty() || authority.starts_with(':') {
            return Err("names no host");
        }
        Ok(Self {
            secure,
            authority: authority.to_owned(),
            path: match path.strip_prefix('?') {
                Some(query) => format!("/?{query}"),
                None if path.is_empty() => "/".to_string(),
                None => path.to_owned(),
            },
        })
    }

    /// Without path and query, for the log.
    pub fn origin(&self) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        format!("{scheme}://{}", self.authority)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_come_apart() {
        for (text, secure, authority, path) in [
            ("https://example.com", true, "example.com", "/"),
            (
                "HTTP://example.com:8080/a/b?c=d#e",
                false,
                "example.com:8080",
                "/a/b?c=d",
            ),
            ("http://[::1]:80?key=1", false, "[::1]:80", "/?key=1"),
            ("https://example.com#a/b", true, "example.com", "/"),
        ] {
            let expected = Address {
                secure,
                authority: authority.to_owned(),
                path: path.to_owned(),
            };
            assert_eq!(Address::read(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn the_log_shows_no_query() {
        let address = Address::read("https://example.com/a?token=secret").expect("is an address");
        assert_eq!(address.origin(), "https://example.com");
    }

    #[test]
    fn what_is_no_address_is_refused_without_repeating_it() {
        for text in [
            "example.com/events",
            "ftp://example.com",
            "https:///path",
            "http://:80/",
            "https://user:secret@example.com/",
            "https://example.com/a b",
            "https://exämple.com/",
            "",
        ] {
            let problem = Address::read(text).expect_err(text);
            assert!(!problem.contains("secret"), "{problem}");
        }
    }
}
