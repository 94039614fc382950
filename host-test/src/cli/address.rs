//! Addresses to listen on.

use std::net::{Ipv4Addr, SocketAddr, ToSocketAddrs};

/// What is accepted, for error texts.
const ACCEPTED: &str =
    "expected ADDRESS:PORT, such as 127.0.0.1:8080, localhost:8080 or [::1]:8080";

/// `127.0.0.1:8080`, or the name of this machine and a port.
pub fn parse(text: &str) -> Result<SocketAddr, String> {
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    let Some((name, port)) = text.rsplit_once(':') else {
        return Err(format!(
            "{ACCEPTED}; a port alone does not say who may connect"
        ));
    };
    let Ok(port) = port.parse::<u16>() else {
        return Err(format!("{ACCEPTED}; a port is a number from 0 to 65535"));
    };
    // Of the two addresses of this name, the one that other texts here name; and without asking anybody.
    if name.eq_ignore_ascii_case("localhost") {
        return Ok((Ipv4Addr::LOCALHOST, port).into());
    }
    let found = match name {
        "" => None,
        name => (name, port).to_socket_addrs().ok(),
    };
    let mut found: Vec<_> = found.into_iter().flatten().collect();
    found.sort_by_key(SocketAddr::is_ipv6);
    found.first().copied().ok_or_else(|| match name {
        "" => format!("{ACCEPTED}; 0.0.0.0:{port} are all addresses of this machine"),
        name => format!("{ACCEPTED}; no address is known for the name `{name}`"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_names_of_this_machine_are_understood() {
        for (text, address) in [
            ("127.0.0.1:8080", "127.0.0.1:8080"),
            ("localhost:8080", "127.0.0.1:8080"),
            ("LocalHost:0", "127.0.0.1:0"),
            ("[::1]:8080", "[::1]:8080"),
        ] {
            assert_eq!(parse(text), Ok(address.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_told_what_is() {
        for (text, says) in [
            ("8080", "a port alone"),
            (":8080", "0.0.0.0:8080"),
            ("localhost", "a port alone"),
            ("localhost:http", "0 to 65535"),
            ("localhost:80808", "0 to 65535"),
            ("no such name:80", "no address is known"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains("such as 127.0.0.1:8080"), "{error}");
            assert!(error.contains(says), "{text}: {error}");
        }
    }
}
