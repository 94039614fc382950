//! Putting secrets where a request names them, after the URL was allowed.

use http::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use url::Url;

use super::egress::Destination;
use crate::bindings::whatsapp::connector::http::{Credential, Placement, Secret as Named};
use crate::credentials::Credentials;
use crate::secret::Secret;

/// One place that a secret may go to. Anything else is refused: a secret in a query parameter that Meta stores and shows
/// (a profile text, say) would be published.
struct Rule {
    secret: Named,
    /// Absent: as bearer. Present: as the value of this query parameter.
    parameter: Option<&'static str>,
    destinations: &'static [Destination],
}

const RULES: [Rule; 5] = [
    Rule {
        secret: Named::AccessToken,
        parameter: None,
        destinations: &[Destination::Graph, Destination::Media],
    },
    Rule {
        secret: Named::AccessToken,
        parameter: Some("input_token"),
        destinations: &[Destination::Graph],
    },
    Rule {
        secret: Named::AccessToken,
        parameter: Some("access_token"),
        destinations: &[Destination::Graph],
    },
    Rule {
        secret: Named::AccessToken,
        parameter: Some("fb_exchange_token"),
        destinations: &[Destination::Graph],
    },
    Rule {
        secret: Named::AppSecret,
        parameter: Some("client_secret"),
        destinations: &[Destination::Graph],
    },
];

/// Puts every named secret into `url` or `headers`. The error is the text of `failure.denied`.
pub(crate) fn place(
    wanted: &[Credential],
    credentials: &Credentials,
    destination: Destination,
    url: &mut Url,
    headers: &mut HeaderMap,
) -> Result<(), String> {
    for Credential {
        secret: named,
        placement,
    } in wanted
    {
        let parameter = match placement {
            Placement::Bearer => None,
            Placement::Query(name) => Some(name.as_str()),
        };
        if !RULES.iter().any(|rule| {
            rule.secret == *named
                && rule.parameter == parameter
                && rule.destinations.contains(&destination)
        }) {
            return Err(refusal(*named, parameter, destination));
        }
        let secret = look_up(*named, credentials)?;
        match parameter {
            None => {
                let value = HeaderValue::from_str(&format!("Bearer {}", secret.expose()));
                let mut value = value.map_err(|_| "the secret for `authorization` cannot stand in an HTTP header; set it again".to_owned())?;
                // Keeps the value out of debug output of the HTTP libraries, and out of HTTP/2's header table.
                value.set_sensitive(true);
                headers.insert(AUTHORIZATION, value);
            }
            Some(name) if url.query_pairs().any(|(present, _)| present == name) => {
                return Err(format!(
                    "the request already has a query parameter `{name}`, which is where a secret was to go; remove it"
                ));
            }
            Some(name) => {
                url.query_pairs_mut().append_pair(name, secret.expose());
            }
        }
    }
    Ok(())
}

fn look_up(named: Named, credentials: &Credentials) -> Result<Secret, String> {
    let (found, what, variable, field) = match named {
        Named::AccessToken => (
            credentials.current_access_token(),
            "access token",
            "WHATSAPP_ACCESS_TOKEN",
            "access_token",
        ),
        Named::AppSecret => (
            credentials.current_app_secret(),
            "app secret",
            "WHATSAPP_APP_SECRET",
            "app_secret",
        ),
    };
    found.ok_or_else(|| {
        format!("this connection has no {what}; set {variable}, `{field}` in the configuration file, or `Credentials::{field}`")
    })
}

fn refusal(named: Named, parameter: Option<&str>, destination: Destination) -> String {
    let what = match named {
        Named::AccessToken => "access token",
        Named::AppSecret => "app secret",
    };
    let place = parameter.map_or("as bearer".to_owned(), |name| {
        format!("in the query parameter `{name}`")
    });
    let whom = match destination {
        Destination::Graph => "the Graph API",
        Destination::Media => "a media host",
    };
    let allowed: Vec<String> = RULES
        .iter()
        .filter(|rule| rule.secret == named && rule.destinations.contains(&destination))
        .map(|rule| {
            rule.parameter
                .map_or("bearer".to_owned(), |name| format!("`{name}`"))
        })
        .collect();
    let allowed = if allowed.is_empty() {
        "nothing".to_owned()
    } else {
        allowed.join(", ")
    };
    format!("the {what} is not sent to {whom} {place}; allowed there: {allowed}")
}

#[cfg(test)]
#[path = "placement_tests.rs"]
mod tests;
