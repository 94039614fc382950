//! Where requests may go. Nothing leaves before this check, and no secret is placed before it.

use crate::address::Address;

/// The Graph API.
const GRAPH_HOST: &str = "graph.facebook.com";

/// Where Meta serves files. What begins with a dot stands for every host below it, not for the name itself.
const MEDIA_HOSTS: [&str; 3] = ["lookaside.fbsbx.com", ".fbcdn.net", ".whatsapp.net"];

/// What is at the other end, which decides the secrets it may get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    /// The Graph API, or the base URL that the operator allowed in its place.
    Graph,
    /// Meta's media hosts: they take the access token as bearer, and nothing else.
    Media,
}

/// Checks the address of a request. The error is the text of `denied`.
pub fn check(url: &str, base_url: Option<&Address>) -> Result<(Address, Destination), String> {
    let address =
        Address::read(url).map_err(|problem| format!("the URL of the request {problem}"))?;
    if base_url.is_some_and(|base| base.is_same_origin(&address)) {
        return Ok((address, Destination::Graph));
    }
    let place = address.origin();
    let Some(destination) = known_host(&address.host) else {
        return Err(format!(
            "{place} is not a host of Meta's Graph API or media; if it is a simulator or a gateway of your own, set WHATSAPP_BASE_URL to it"
        ));
    };
    if !address.secure {
        return Err(format!(
            "{place} would be reached without encryption; use https"
        ));
    }
    if address.effective_port() != 443 {
        return Err(format!(
            "{place} has a port; Meta is only reached at the port of https (443): remove it"
        ));
    }
    Ok((address, destination))
}

fn known_host(host: &str) -> Option<Destination> {
    if host == GRAPH_HOST {
        return Some(Destination::Graph);
    }
    let is = |known: &str| {
        if known.starts_with('.') {
            host.len() > known.len() && host.ends_with(known)
        } else {
            host == known
        }
    };
    MEDIA_HOSTS
        .into_iter()
        .any(is)
        .then_some(Destination::Media)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_meta_and_the_base_url_are_reached() {
        let base = Address::read("http://127.0.0.1:4010/any").unwrap();
        for (url, expected) in [
            (
                "https://graph.facebook.com/v25.0/1",
                Some(Destination::Graph),
            ),
            ("https://graph.facebook.com:443/", Some(Destination::Graph)),
            ("https://lookaside.fbsbx.com/x", Some(Destination::Media)),
            ("https://a.b.fbcdn.net/x", Some(Destination::Media)),
            ("http://127.0.0.1:4010/v25.0/1", Some(Destination::Graph)),
            ("http://graph.facebook.com/", None),
            ("https://graph.facebook.com:8443/", None),
            ("https://fbcdn.net/", None),
            ("https://evilfbcdn.net/", None),
            ("https://graph.facebook.com.evil.example/", None),
            ("http://127.0.0.1:4011/", None),
            ("https://127.0.0.1:4010/", None),
            ("https://169.254.169.254/", None),
        ] {
            let found = check(url, Some(&base)).map(|(_, destination)| destination);
            assert_eq!(found.ok(), expected, "{url}");
        }
    }
}
