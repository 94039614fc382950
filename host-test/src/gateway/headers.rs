//! Headers on their way out and on their way in.

use http::header::{ACCEPT_ENCODING, HeaderMap, HeaderName, HeaderValue, USER_AGENT};

use crate::bindings::whatsapp::connector::http::Header;

/// Names that belong to the host: who is asked, how the bytes are framed, and who asks.
///
/// `content-type` is among them because the host makes the body. `accept-encoding` and `range` are, because a secret in a compressed
/// or cut answer could not be found and blanked.
const HOSTS_OWN: [&str; 16] = [
    "accept-encoding",
    "authorization",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "cookie",
    "expect",
    "host",
    "if-range",
    "keep-alive",
    "range",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// What this host says of a file that it stored: its size in bytes, and its SHA-256 in lower-case hexadecimal digits.
const BLOB_SIZE: &str = "x-blob-size";
const BLOB_SHA256: &str = "x-blob-sha256";

/// Response headers that mean nothing to the component (hop by hop), that it must not see, or that only this host may say.
const NOT_RETURNED: [&str; 12] = [
    BLOB_SHA256,
    BLOB_SIZE,
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "set-cookie",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Sent when the component gives no `user-agent`: Meta's media hosts refuse requests without one.
const DEFAULT_USER_AGENT: &str = concat!("whatsapp-connector/", env!("CARGO_PKG_VERSION"));

fn is_hosts_own(name: &str) -> bool {
    HOSTS_OWN.contains(&name) || name.starts_with("proxy-")
}

/// The component's headers without those that belong to the host. The error is the text of `failure.denied`.
pub(crate) fn outgoing(guest: &[Header]) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    for Header { name, value } in guest {
        let Ok(valid_name) = HeaderName::from_bytes(name.as_bytes()) else {
            return Err(format!(
                "the request has a header with the name {name:?}, which HTTP does not allow"
            ));
        };
        if is_hosts_own(valid_name.as_str()) {
            tracing::debug!(
                header = valid_name.as_str(),
                "dropped a header of the request: it belongs to the host"
            );
            continue;
        }
        let Ok(valid_value) = HeaderValue::from_str(value) else {
            return Err(format!(
                "the request's header `{valid_name}` has a value that HTTP does not allow (a line break, for example)"
            ));
        };
        headers.append(valid_name, valid_value);
    }
    headers
        .entry(USER_AGENT)
        .or_insert(HeaderValue::from_static(DEFAULT_USER_AGENT));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    Ok(headers)
}

/// The answer's headers as the component gets them: lower-case names, text values. Secrets are still in them.
pub(crate) fn incoming(headers: &HeaderMap) -> Vec<Header> {
    let kept = headers
        .iter()
        .filter(|(name, _)| !NOT_RETURNED.contains(&name.as_str()));
    kept.map(|(name, value)| Header {
        name: name.as_str().to_owned(),
        value: String::from_utf8_lossy(value.as_bytes()).into_owned(),
    })
    .collect()
}

/// The host's own headers about a file that it stored.
pub(crate) fn of_stored(size: u64, digest: &[u8]) -> [Header; 2] {
    let hex = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let header = |name: &str, value| Header {
        name: name.to_owned(),
        value,
    };
    [
        header(BLOB_SIZE, size.to_string()),
        header(BLOB_SHA256, hex),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(name: &str, value: &str) -> Header {
        Header {
            name: name.to_owned(),
            value: value.to_owned(),
        }
    }

    #[test]
    fn the_hosts_own_headers_are_dropped_whatever_their_case() {
        let guest: Vec<Header> = HOSTS_OWN
            .iter()
            .map(|name| name.to_ascii_uppercase())
            .chain([
                "Proxy-Authorization".to_owned(),
                "proxy-anything".to_owned(),
            ])
            .map(|name| header(&name, "gzip"))
            .collect();
        let headers = outgoing(&guest).unwrap();
        let names: Vec<&str> = headers.keys().map(HeaderName::as_str).collect();
        assert_eq!(names, ["user-agent", "accept-encoding"]);
        assert_eq!(headers["accept-encoding"], "identity");
    }

    #[test]
    fn other_headers_are_sent_and_a_user_agent_is_added_only_when_there_is_none() {
        let headers = outgoing(&[
            header("accept", "application/json"),
            header("x-a", "1"),
            header("x-a", "2"),
        ])
        .unwrap();
        assert_eq!(headers["accept"], "application/json");
        assert_eq!(headers.get_all("x-a").iter().count(), 2);
        assert_eq!(
            headers["user-agent"],
            format!("whatsapp-connector/{}", env!("CARGO_PKG_VERSION")).as_str()
        );
        assert_eq!(
            outgoing(&[header("User-Agent", "mine")]).unwrap()["user-agent"],
            "mine"
        );
    }

    #[test]
    fn a_header_cannot_smuggle_another() {
        assert!(
            outgoing(&[header("x-a", "1\r\nauthorization: Bearer x")])
                .unwrap_err()
                .contains("`x-a`")
        );
        assert!(outgoing(&[header("x-a: 1\r\nhost", "evil")]).is_err());
        assert!(outgoing(&[header("", "x")]).is_err());
    }

    #[test]
    fn the_component_gets_lower_case_names_without_cookies_and_hop_by_hop_headers() {
        let mut headers = HeaderMap::new();
        for name in NOT_RETURNED {
            headers.insert(name, HeaderValue::from_static("x"));
        }
        headers.insert(
            "X-App-Usage",
            HeaderValue::from_static("{\"call_count\":28}"),
        );
        headers.insert("x-odd", HeaderValue::from_bytes(b"caf\xe9").unwrap());
        assert_eq!(
            incoming(&headers),
            [
                header("x-app-usage", "{\"call_count\":28}"),
                header("x-odd", "caf\u{fffd}")
            ]
        );
    }
}
