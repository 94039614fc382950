//! Building requests. A call names path segments and no host. The one exception is a file, whose address Meta gives: what of it is a host that
//! may see the credential, the host's policy decides (see `wit/http.wit`).

use super::{DEFAULT_BASE_URL, DEFAULT_VERSION};
use crate::contract::whatsapp::connector::http::{
    Body, Credential, Method, Part, Placement, Request, Secret, Sink,
};
use crate::fault::{Fallible, invalid};
use crate::json::{Input, to_text};
use crate::prelude::*;
use crate::text::split_once;
use serde_json::Value;

/// How long a file may take: 100 MB, the most that Meta takes, at 350 KB a second. For the rest the host's own time-out is right.
const FILE_TIMEOUT_MS: u32 = 300_000;

/// What happens when a call is made twice: it decides what a lost answer means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing changes.
    Read,
    /// The second time changes nothing more.
    Idempotent,
    /// The second time does it again: a message is sent twice.
    Once,
}

/// One call of the Graph API.
pub struct Call {
    method: Method,
    path: String,
    query: String,
    body: Body,
    sink: Sink,
    credentials: Vec<Credential>,
    /// What happens when it is made twice.
    pub effect: Effect,
    /// How often the same was refused before.
    pub attempt: Option<u32>,
}

impl Call {
    /// Reads the object or edge at these path segments.
    pub fn get(path: &[&str]) -> Self {
        Self::new(Method::Get, path, Effect::Read)
    }

    /// Deletes the object at these path segments, or what the query says of an edge.
    pub fn delete(path: &[&str]) -> Self {
        Self::new(Method::Delete, path, Effect::Idempotent)
    }

    /// Has the host store the file at an address that [`is_file_address`] lets through. Meta's files want the access token, too.
    pub fn download(address: &str) -> Self {
        Self {
            path: address.to_owned(),
            sink: Sink::Blob,
            ..Self::get(&[])
        }
    }

    /// Posts to the object or edge at these path segments.
    pub fn post(path: &[&str], effect: Effect, body: impl Into<Value>) -> Self {
        Self::post_body(path, effect, Body::Json(to_text(&body.into())))
    }

    /// Posts without a body to the object or edge at these path segments.
    pub fn post_empty(path: &[&str], effect: Effect) -> Self {
        Self::new(Method::Post, path, effect)
    }

    /// Posts a form to the object or edge at these path segments.
    pub fn form(path: &[&str], effect: Effect, parts: Vec<Part>) -> Self {
        Self::post_body(path, effect, Body::Multipart(parts))
    }

    fn post_body(path: &[&str], effect: Effect, body: Body) -> Self {
        Self {
            body,
            ..Self::new(Method::Post, path, effect)
        }
    }

    /// Any method, without a body.
    pub fn new(method: Method, path: &[&str], effect: Effect) -> Self {
        let mut encoded = String::new();
        for segment in path {
            encoded.push('/');
            percent_encode(segment, &mut encoded);
        }
        Self {
            method,
            path: encoded,
            query: String::new(),
            body: Body::Empty,
            sink: Sink::Memory,
            credentials: vec![Credential {
                secret: Secret::AccessToken,
                placement: Placement::Bearer,
            }],
            effect,
            attempt: None,
        }
    }

    /// Gives it a body.
    pub fn with_body(mut self, body: impl Into<Value>) -> Self {
        self.body = Body::Json(to_text(&body.into()));
        self
    }

    /// Makes it a call that Meta answers with an access token: it carries none, and the host keeps the one that comes.
    pub fn for_token(mut self) -> Self {
        self.credentials = Vec::new();
        self.sink = Sink::AccessToken("access_token".to_owned());
        self
    }

    /// Says how often the same was refused before: some waits grow with it.
    pub fn attempt(mut self, attempt: Option<u64>) -> Self {
        self.attempt = attempt.and_then(|attempt| attempt.try_into().ok());
        self
    }

    /// Adds a query parameter.
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.query
            .push(if self.query.is_empty() { '?' } else { '&' });
        percent_encode(name, &mut self.query);
        self.query.push('=');
        percent_encode(value, &mut self.query);
        self
    }

    /// Has the host put a secret into a query parameter.
    pub fn secret_query(mut self, name: &str, secret: Secret) -> Self {
        self.credentials.push(Credential {
            secret,
            placement: Placement::Query(name.to_owned()),
        });
        self
    }

    /// The request, below the root that [`root`] made.
    pub fn into_request(self, root: &str) -> Request {
        let is_file = matches!(self.body, Body::Multipart(_)) || matches!(self.sink, Sink::Blob);
        let timeout_ms = is_file.then_some(FILE_TIMEOUT_MS);
        Request {
            method: self.method,
            url: [root, &self.path, &self.query].joined(""),
            headers: Vec::new(),
            body: self.body,
            credentials: self.credentials,
            timeout_ms,
            sink: self.sink,
        }
    }
}

/// Base address and version, for example `https://graph.facebook.com/v25.0`.
pub fn root(connection: &Input<'_>) -> Fallible<String> {
    let base = connection.text("base_url").unwrap_or(DEFAULT_BASE_URL);
    let version = connection.text("api_version").unwrap_or(DEFAULT_VERSION);
    if !is_version(version) {
        return Err(invalid(
            "connection.api_version",
            &format!("expected a Graph API version such as {DEFAULT_VERSION}, found `{version}`"),
            "Write it with the v and the minor number, or leave it out.",
        ));
    }
    let host = base
        .strip_prefix("https://")
        .or_else(|| base.strip_prefix("http://"))
        .unwrap_or_default();
    let plain = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'?' | b'#' | b'@' | b'\\');
    if host.is_empty() || host.starts_with('/') || !host.bytes().all(plain) {
        return Err(invalid(
            "connection.base_url",
            // What was found is not repeated: it may hold a password or a key.
            &format!(
                "expected an absolute http(s) address such as {DEFAULT_BASE_URL}, found another text"
            ),
            "Give scheme, host and, if need be, port and path, without user name, query or fragment, or leave it out.",
        ));
    }
    let base = base.trim_end_matches('/');
    if base.rsplit('/').next().is_some_and(is_version) {
        return Err(invalid(
            "connection.base_url",
            "expected an address without a version, found one at its end",
            "Move the version to the connection's api_version.",
        ));
    }
    Ok([base, "/", version].joined(""))
}

/// Whether a file may be fetched from this address: over https, or below the connection's own base URL, which may be `http` in tests. `root` is
/// what [`root`] made.
pub fn is_file_address(root: &str, address: &str) -> bool {
    // Up to and with the slash before the version.
    let base = root.get(..version_at(root)).unwrap_or_default();
    let below = |prefix| {
        let rest = address.strip_prefix(prefix);
        rest.is_some_and(|rest| !rest.is_empty())
    };
    let plain = |byte: u8| byte.is_ascii_graphic() && byte != b'\\';
    (below("https://") || below(base)) && address.bytes().all(plain)
}

/// The major number of the version in what [`root`] made: 25 of `v25.0`.
pub fn major_version(root: &str) -> u32 {
    let version = root.bytes().skip(version_at(root) + 1);
    version
        .take_while(u8::is_ascii_digit)
        .fold(0, |number: u32, digit| {
            number
                .saturating_mul(10)
                .saturating_add(u32::from(digit - b'0'))
        })
}

/// Where the version begins in what [`root`] made.
fn version_at(root: &str) -> usize {
    root.bytes()
        .rposition(|byte| byte == b'/')
        .map_or(0, |slash| slash + 1)
}

/// `v`, digits, `.`, digits.
pub fn is_version(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    text.strip_prefix('v')
        .and_then(|rest| split_once(rest, b'.'))
        .is_some_and(|(major, minor)| digits(major) && digits(minor))
}

/// Percent-encodes everything but RFC 3986's unreserved characters; commas stay, because Graph's field lists read better so.
fn percent_encode(text: &str, output: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b',') {
            output.push(char::from(byte));
        } else {
            output.push('%');
            output.push(char::from(HEX[usize::from(byte >> 4)]));
            output.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::tables::CONNECTION;
    use crate::contract::whatsapp::connector::types::Error;
    use serde_json::json;

    fn root(base_url: Option<&str>, api_version: Option<&str>) -> Fallible<String> {
        let connection = json!({"base_url": base_url, "api_version": api_version});
        super::root(&Input::new(&connection, CONNECTION))
    }

    #[test]
    fn the_default_root_is_metas_host_and_the_pinned_version() {
        let root = root(None, None);
        assert_eq!(root, Ok("https://graph.facebook.com/v25.0".to_owned()));
    }

    #[test]
    fn a_base_url_may_have_a_path_and_a_trailing_slash() {
        let root = root(Some("http://127.0.0.1:8080/graph/"), Some("v24.0"));
        assert_eq!(root, Ok("http://127.0.0.1:8080/graph/v24.0".to_owned()));
    }

    #[test]
    fn an_odd_base_url_or_version_is_refused_by_name() {
        let field = |base: Option<&str>, version: Option<&str>| match root(base, version)
            .map_err(|error| *error)
        {
            Err(Error::PermanentInvalidInput(fault)) => fault.field,
            other => unreachable!("{base:?} {version:?}: {other:?}"),
        };
        for base in [
            "",
            "graph.facebook.com",
            "https://",
            "https:///x",
            "ftp://x",
            "https://a@b",
            "https://x?y",
            "https://x y",
        ] {
            let field = field(Some(base), None);
            assert_eq!(field.as_deref(), Some("connection.base_url"), "{base}");
        }
        for version in ["", "25", "v25", "v25.", "v.0", "25.0", "v25.0/../x"] {
            let field = field(None, Some(version));
            assert_eq!(
                field.as_deref(),
                Some("connection.api_version"),
                "{version}"
            );
        }
    }

    #[test]
    fn a_file_is_fetched_over_https_or_below_the_base_url() {
        let root = "http://127.0.0.1:8080/graph/v25.0";
        for good in [
            "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1&hash=a%2Fb",
            "http://127.0.0.1:8080/graph/media?id=1",
        ] {
            assert!(is_file_address(root, good), "{good}");
        }
        for bad in [
            "",
            "https://",
            "http://lookaside.fbsbx.com/x",
            "http://127.0.0.1:8080/graphs/x",
            "http://127.0.0.1:8080/graph",
            "http://127.0.0.1:8080/graph/",
            "file:///etc/passwd",
            "//lookaside.fbsbx.com/x",
            "https://lookaside.fbsbx.com/a b",
            "https://a\\@b/x",
            "https://lookaside.fbsbx.com/\n",
        ] {
            assert!(!is_file_address(root, bad), "{bad}");
        }
    }

    #[test]
    fn a_download_goes_to_its_address_with_the_token_and_is_stored() {
        let request = Call::download("https://h/x?y=%2F").into_request("");
        assert_eq!(request.url, "https://h/x?y=%2F");
        assert!(matches!(request.sink, Sink::Blob));
        assert_eq!(request.credentials.len(), 1);
    }

    #[test]
    fn the_version_is_read_from_the_root() {
        for (root, major) in [
            ("https://graph.facebook.com/v25.0", 25),
            ("http://h/v1/v9.12", 9),
        ] {
            assert_eq!(major_version(root), major, "{root}");
        }
    }

    #[test]
    fn path_segments_and_query_values_cannot_leave_their_place() {
        let request = Call::get(&["a/../b?c#d"])
            .query("after", "x&y=z é")
            .into_request("https://h/v1.0");
        assert_eq!(
            request.url,
            "https://h/v1.0/a%2F..%2Fb%3Fc%23d?after=x%26y%3Dz%20%C3%A9"
        );
    }
}
