//! Headers on their way out and on their way in.

use crate::bindings::exports::whatsapp::connector::http::Header;

/// Names that belong to the host: who is asked, how the bytes are framed, and who asks.
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

/// What the connector reads.
const READ: [&str; 4] = [
    "content-type",
    "retry-after",
    "x-app-usage",
    "x-business-use-case-usage",
];

/// Meta's media hosts refuse requests without one.
const USER_AGENT: &str = concat!("whatsapp-connector/", env!("CARGO_PKG_VERSION"));

/// The connector's headers without those that belong to the host. The error is the text of `denied`.
pub fn outgoing(given: &[Header]) -> Result<Vec<(String, Vec<u8>)>, String> {
    let mut headers = Vec::new();
    for Header { name, value } in given {
        let name = name.to_ascii_lowercase();
        let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if name.is_empty() || !name.bytes().all(token) {
            return Err(format!(
                "the request has a header with the name {name:?}, which HTTP does not allow"
            ));
        }
        if value
            .bytes()
            .any(|byte| byte < b' ' && byte != b'\t' || byte == 127)
        {
            return Err(format!(
                "the request's header `{name}` has a value that HTTP does not allow (a line break, for example)"
            ));
        }
        if !HOSTS_OWN.contains(&name.as_str()) && !name.starts_with("proxy-") {
            headers.push((name, value.clone().into_bytes()));
        }
    }
    if !headers.iter().any(|(name, _)| name == "user-agent") {
        headers.push(("user-agent".to_owned(), USER_AGENT.into()));
    }
    // A secret in a compressed answer could not be found and blanked.
    headers.push(("accept-encoding".to_owned(), b"identity".to_vec()));
    Ok(headers)
}

/// The answer's headers that the connector reads.
pub fn incoming(headers: Vec<(String, Vec<u8>)>) -> impl Iterator<Item = (String, Vec<u8>)> {
    headers
        .into_iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), value))
        .filter(|(name, _)| READ.contains(&name.as_str()))
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
    fn the_hosts_own_headers_are_dropped_and_nothing_is_smuggled() {
        let given = [
            header("Authorization", "x"),
            header("Proxy-A", "x"),
            header("X-A", "1"),
        ];
        let names: Vec<_> = outgoing(&given)
            .unwrap()
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        assert_eq!(names, ["x-a", "user-agent", "accept-encoding"]);
        assert!(outgoing(&[header("x-a", "1\r\nauthorization: x")]).is_err());
        assert!(outgoing(&[header("x a", "1")]).is_err());
    }
}
