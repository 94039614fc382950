//! Putting secrets where a request names them, after its address was allowed.

use crate::address::Address;
use crate::bindings::exports::whatsapp::connector::http::{Credential, Placement, Secret};
use crate::policy::Destination;
use crate::settings::Settings;

/// The places that a secret may go to: in any other query parameter it might be published. The access token may also be a bearer, to both
/// destinations.
const PARAMETERS: [(Secret, &str); 4] = [
    (Secret::AccessToken, "input_token"),
    (Secret::AccessToken, "access_token"),
    (Secret::AccessToken, "fb_exchange_token"),
    (Secret::AppSecret, "client_secret"),
];

/// Puts every named secret into the address or the headers. The error is the text of `denied`.
pub fn place(
    wanted: &[Credential],
    settings: &Settings,
    destination: Destination,
    address: &mut Address,
    headers: &mut Vec<(String, Vec<u8>)>,
) -> Result<(), String> {
    for Credential { secret, placement } in wanted {
        let (what, variable, value) = match secret {
            Secret::AccessToken => (
                "access token",
                "WHATSAPP_ACCESS_TOKEN",
                &settings.access_token,
            ),
            Secret::AppSecret => ("app secret", "WHATSAPP_APP_SECRET", &settings.app_secret),
        };
        let found = || {
            value
                .as_ref()
                .ok_or_else(|| format!("this connection has no {what}; set {variable}"))
        };
        match placement {
            Placement::Bearer if *secret == Secret::AccessToken => {
                let value = format!("Bearer {}", found()?);
                headers.push(("authorization".to_owned(), value.into_bytes()));
            }
            Placement::Query(name)
                if destination == Destination::Graph
                    && PARAMETERS.contains(&(*secret, name.as_str())) =>
            {
                if address.has_parameter(name) {
                    return Err(format!(
                        "the request already has a query parameter `{name}`, which is where a secret was to go; remove it"
                    ));
                }
                address.add_parameter(name, found()?);
            }
            _ => {
                return Err(format!(
                    "the {what} is not sent to this place; a bearer and the parameters that wit/http.wit names are allowed"
                ));
            }
        }
    }
    Ok(())
}
