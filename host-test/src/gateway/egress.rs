//! Where requests may go. Nothing leaves before this check has passed, and no secret is placed before it either.

use std::fmt;

use url::{Host, Url};

/// The Graph API.
const GRAPH_HOST: &str = "graph.facebook.com";

/// Where Meta serves media files. An entry that starts with a dot stands for every host below it, not for the name itself.
const MEDIA_HOSTS: [&str; 3] = ["lookaside.fbsbx.com", ".fbcdn.net", ".whatsapp.net"];

/// What the host at the other end is, which decides the secrets it may get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Destination {
    /// The Graph API, or a base URL that the operator allowed in its place.
    Graph,
    /// Meta's media hosts: they take the access token as bearer, and nothing else.
    Media,
}

/// A URL that may be requested.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Allowed {
    pub(crate) url: Url,
    pub(crate) destination: Destination,
}

/// Scheme, host and port of a base URL that the operator allowed by hand.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    scheme: String,
    host: String,
    port: u16,
}

/// A base URL that cannot be allowed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "cannot allow the base URL: expected http:// or https:// with a host and perhaps a port and a path, such as http://127.0.0.1:8080, {found}"
)]
pub(crate) struct OriginError {
    found: &'static str,
}

impl Origin {
    /// Reads the origin of a base URL. A path in it is accepted and does not count.
    ///
    /// # Errors
    /// When it is not an `http` or `https` URL, or holds a user name, a query or a fragment. The text is not repeated: it may hold a secret.
    pub(crate) fn parse(base_url: &str) -> Result<Self, OriginError> {
        let error = |found| OriginError { found };
        check_characters(base_url)
            .map_err(|_| error("but found blanks, a backslash or characters outside of ASCII"))?;
        let url =
            Url::parse(base_url).map_err(|_| error("but found something that is not a URL"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(error("but found another scheme"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(error(
                "but found a user name; a secret belongs in the credentials",
            ));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(error("but found a query or a fragment"));
        }
        Self::of(&url).ok_or(error("but found no host"))
    }

    fn of(url: &Url) -> Option<Self> {
        Some(Self {
            scheme: url.scheme().to_owned(),
            host: url.host_str()?.to_owned(),
            port: url.port_or_known_default()?,
        })
    }

    /// The name or the address of the host.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// Whether a secret that goes there would cross a network in clear text.
    pub(crate) fn is_exposed(&self) -> bool {
        let loopback = match Host::parse(&self.host) {
            Ok(Host::Ipv4(address)) => address.is_loopback(),
            Ok(Host::Ipv6(address)) => address.is_loopback(),
            Ok(Host::Domain(name)) => name == "localhost",
            Err(_) => false,
        };
        self.scheme == "http" && !loopback
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}:{}", self.scheme, self.host, self.port)
    }
}

/// Checks the URL of a request and parses it. The error is the text of `failure.denied`: what was refused and how to allow it.
pub(crate) fn check(raw: &str, extra: &[Origin]) -> Result<Allowed, String> {
    if let Err(problem) = check_characters(raw) {
        return Err(format!(
            "the URL of the request {problem}; percent-encode it"
        ));
    }
    let url = Url::parse(raw).map_err(|problem| {
        format!("the URL of the request cannot be read ({problem}); it has to be absolute")
    })?;
    if url.fragment().is_some() {
        return Err("the URL of the request has a fragment (`#`), which is never sent to a server; remove it".to_owned());
    }
    check_authority(raw, &url)?;
    if Origin::of(&url).is_some_and(|origin| extra.contains(&origin)) {
        return Ok(Allowed {
            url,
            destination: Destination::Graph,
        });
    }
    let place = shown(&url);
    let host = url.host_str().unwrap_or_default();
    let Some(destination) = known_host(host) else {
        return Err(format!(
            "{place} is not a host of Meta's Graph API or media; if it is a simulator or a gateway of your own, start the host with this base \
             URL allowed (`allow_base_url`, or WHATSAPP_BASE_URL)"
        ));
    };
    if url.scheme() != "https" {
        return Err(format!(
            "{place} would be reached without encryption; use https"
        ));
    }
    if url.port().is_some() {
        return Err(format!(
            "{place} has a port; Meta is only reached at the port of https (443): remove it"
        ));
    }
    Ok(Allowed { url, destination })
}

fn known_host(host: &str) -> Option<Destination> {
    if host == GRAPH_HOST {
        return Some(Destination::Graph);
    }
    let listed = MEDIA_HOSTS.iter().any(|entry| {
        if entry.starts_with('.') {
            host.len() > entry.len() && host.ends_with(entry)
        } else {
            host == *entry
        }
    });
    listed.then_some(Destination::Media)
}

/// URL parsers quietly remove tabs and line breaks, turn `\` into `/` and map look-alike letters. What a person reads must be what is
/// requested, so none of these gets as far as the parser.
fn check_characters(raw: &str) -> Result<(), String> {
    match raw.chars().find(|c| !c.is_ascii_graphic() || *c == '\\') {
        None => Ok(()),
        Some(c) => Err(format!(
            "has the character {c:?}, which may not stand in a URL"
        )),
    }
}

/// The authority as written must be the host (and port) that was understood: no user name, no `%2e`, no number that turns into an
/// address, no empty port.
fn check_authority(raw: &str, url: &Url) -> Result<(), String> {
    let after_scheme = raw
        .get(url.scheme().len()..)
        .and_then(|rest| rest.strip_prefix("://"));
    let written = after_scheme
        .and_then(|rest| rest.split(['/', '?', '#']).next())
        .unwrap_or_default();
    if written.contains('@') {
        return Err(
            "the URL of the request has a user name or password before its host (`@`); remove it"
                .to_owned(),
        );
    }
    let host = url.host_str().unwrap_or_default();
    let understood = match (
        url.port(),
        written.strip_suffix(":443").or(written.strip_suffix(":80")),
    ) {
        (Some(port), _) => format!("{host}:{port}"),
        (None, Some(_)) => format!("{host}:{}", url.port_or_known_default().unwrap_or_default()),
        (None, None) => host.to_owned(),
    };
    if host.is_empty() || host.ends_with('.') || !written.eq_ignore_ascii_case(&understood) {
        return Err(format!(
            "the host of the request is written in an unusual way (it would reach {understood:?}); write it plainly"
        ));
    }
    Ok(())
}

/// Scheme, host and port, for messages: no path, no query.
fn shown(url: &Url) -> String {
    let port = url
        .port()
        .map(|port| format!(":{port}"))
        .unwrap_or_default();
    format!(
        "{}://{}{port}",
        url.scheme(),
        url.host_str().unwrap_or_default()
    )
}

#[cfg(test)]
#[path = "egress_tests.rs"]
mod tests;
