//! Web pages are no programs of this machine's user, although their requests come from this machine.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use super::{Shared, problem};

/// Lets requests of programs pass, and refuses those that a web page of elsewhere had a browser make.
pub async fn check(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    match refusal(request.headers(), shared.for_all) {
        None => next.run(request).await,
        Some(message) => problem(
            StatusCode::FORBIDDEN,
            "usage",
            &message,
            "This address is for programs of this machine; use it as http://127.0.0.1:PORT.",
        ),
    }
}

fn refusal(headers: &HeaderMap, for_all: bool) -> Option<String> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text(header::HOST).unwrap_or_default();
    // A name of elsewhere that leads here is how a page gets around the browser's rules.
    if !for_all && !is_loopback(host) {
        return Some(format!(
            "expected the address of this machine as Host, but found {host:?}"
        ));
    }
    let origin = text(header::ORIGIN)?;
    let own = origin.split_once("://").is_some_and(|(_, own)| own == host);
    (!own).then(|| {
        format!("expected a request of a program, but found one of the web page {origin:?}")
    })
}

fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.chars().all(|letter| letter.is_ascii_digit()) => name,
        _ => host,
    };
    let address = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost")
        || address
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(host: &str, origin: Option<&str>, for_all: bool) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        refusal(&headers, for_all).is_none()
    }

    #[test]
    fn programs_of_this_machine_pass() {
        for host in [
            "127.0.0.1:8081",
            "localhost:8081",
            "[::1]:8081",
            "127.0.0.1",
            "LocalHost",
        ] {
            assert!(passes(host, None, false), "{host}");
            assert!(
                passes(host, Some(&format!("http://{host}")), false),
                "{host}"
            );
        }
    }

    #[test]
    fn web_pages_of_elsewhere_do_not() {
        assert!(!passes(
            "127.0.0.1:8081",
            Some("https://example.com"),
            false
        ));
        assert!(!passes("127.0.0.1:8081", Some("null"), false));
        assert!(!passes(
            "127.0.0.1:8081",
            Some("http://127.0.0.1:3000"),
            false
        ));
        for host in [
            "example.com",
            "example.com:8081",
            "localhost.example.com",
            "",
            "10.0.0.1:8081",
        ] {
            assert!(!passes(host, None, false), "{host}");
        }
    }

    #[test]
    fn for_all_means_every_name_but_not_every_page() {
        assert!(passes("events.internal", None, true));
        assert!(!passes(
            "events.internal",
            Some("https://example.com"),
            true
        ));
    }
}
