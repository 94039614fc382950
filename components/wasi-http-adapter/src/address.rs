//! Addresses, taken apart as WASI wants them.

/// An absolute address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// `https`, not `http`.
    pub secure: bool,
    /// The host, in lower case.
    pub host: String,
    /// The port, when one is written.
    pub port: Option<u16>,
    /// Path and query, beginning with `/`.
    pub path: String,
}

impl Address {
    /// Reads it. What could be understood in two ways is refused: what a person reads has to be what is requested. The error says what is
    /// wrong with it, without repeating it.
    pub fn read(text: &str) -> Result<Self, &'static str> {
        if text
            .bytes()
            .any(|byte| !byte.is_ascii_graphic() || byte == b'\\')
        {
            return Err("has a character that may not stand in an address; percent-encode it");
        }
        let (scheme, rest) = text
            .split_once("://")
            .ok_or("is not absolute; it has to begin with https://")?;
        let secure = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return Err("has another scheme than https"),
        };
        if rest.contains('#') {
            return Err("has a fragment (`#`), which is never sent to a server; remove it");
        }
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        if authority.contains('@') {
            return Err("has a user name or password before its host (`@`); remove it");
        }
        let (host, port) = authority_parts(authority)
            .ok_or("has a host that is written in an unusual way; write it plainly")?;
        Ok(Self {
            secure,
            host,
            port,
            path: match path.strip_prefix('?') {
                Some(query) => format!("/?{query}"),
                None if path.is_empty() => "/".to_owned(),
                None => path.to_owned(),
            },
        })
    }

    /// The port that is connected to.
    pub fn effective_port(&self) -> u16 {
        self.port.unwrap_or(if self.secure { 443 } else { 80 })
    }

    /// Host and port as WASI takes them.
    pub fn authority(&self) -> String {
        match self.port {
            Some(port) => format!("{}:{port}", self.host),
            None => self.host.clone(),
        }
    }

    /// Scheme, host and port, for messages.
    pub fn origin(&self) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        format!("{scheme}://{}", self.authority())
    }

    /// Whether scheme, host and port are the same.
    pub fn is_same_origin(&self, other: &Self) -> bool {
        self.secure == other.secure
            && self.host == other.host
            && self.effective_port() == other.effective_port()
    }

    /// The values of the query's parameters of this name are not looked at: whether there is one.
    pub fn has_parameter(&self, name: &str) -> bool {
        let query = self.path.split_once('?').map_or("", |(_, query)| query);
        query
            .split('&')
            .any(|pair| pair.split_once('=').map_or(pair, |(name, _)| name) == name)
    }

    /// Adds a parameter, percent-encoded.
    pub fn add_parameter(&mut self, name: &str, value: &str) {
        self.path
            .push(if self.path.contains('?') { '&' } else { '?' });
        self.path.push_str(name);
        self.path.push('=');
        for byte in value.bytes() {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                    self.path.push(char::from(byte));
                }
                _ => self.path.push_str(&format!("%{byte:02X}")),
            }
        }
    }
}

/// Host and port of a plain authority: a name or an IPv4 address of letters, digits, `-` and `.`, or an IPv6 address in brackets.
fn authority_parts(authority: &str) -> Option<(String, Option<u16>)> {
    let (host, port) = match authority.rfind(':') {
        Some(at) if !authority[at..].contains(']') => {
            let (host, port) = authority.split_at(at);
            (host, Some(port[1..].parse().ok()?))
        }
        _ => (authority, None),
    };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
    let is_name = !host.is_empty() && host.bytes().all(plain) && !host.ends_with('.');
    let is_ipv6 = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .is_some_and(|inner| inner.parse::<std::net::Ipv6Addr>().is_ok());
    (is_name || is_ipv6).then(|| (host.to_ascii_lowercase(), port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_come_apart() {
        for (text, origin, path) in [
            (
                "https://graph.facebook.com/v25.0/1",
                "https://graph.facebook.com",
                "/v25.0/1",
            ),
            (
                "HTTPS://Graph.Facebook.com",
                "https://graph.facebook.com",
                "/",
            ),
            (
                "http://127.0.0.1:8080?a=b",
                "http://127.0.0.1:8080",
                "/?a=b",
            ),
            ("http://[::1]:80/x", "http://[::1]:80", "/x"),
        ] {
            let address = Address::read(text).unwrap();
            assert_eq!(
                (address.origin().as_str(), address.path.as_str()),
                (origin, path)
            );
        }
    }

    #[test]
    fn what_can_be_understood_in_two_ways_is_refused() {
        for text in [
            "graph.facebook.com/x",
            "ftp://graph.facebook.com/",
            "https://user@graph.facebook.com/",
            "https://graph.facebook.com\\@evil.example/",
            "https://graph.facebook.com#@evil.example/",
            "https://graph.facebook.com./",
            "https://graph.facebook.com:/",
            "https://graph.facebook.com:99999/",
            "https://graph%2efacebook.com/",
            "https:///path",
            "https://graph.facebook.com/a b",
            "https://gräph.facebook.com/",
            "https://[::1/",
        ] {
            assert!(Address::read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_parameter_is_percent_encoded() {
        let mut address = Address::read("https://a.example/x?b=1").unwrap();
        assert!(address.has_parameter("b") && !address.has_parameter("c"));
        address.add_parameter("c", "1|2 ä&");
        assert_eq!(address.path, "/x?b=1&c=1%7C2%20%C3%A4%26");
    }
}
