//! Putting secrets where a request names them, after its address was allowed.

use crate::address::Address;
use crate::bindings::exports::whatsapp::connector::http::{Credential, Placement, Secret};
use crate::policy::Destination;
use crate::settings::Settings;

/// The query parameters that the access token may stand in: in any other it might be published. As a bearer it goes to both destinations.
const PARAMETERS: [&str; 3] = ["input_token", "access_token", "fb_exchange_token"];

/// Puts every named secret into the address or the headers. The error is the text of `denied`.
pub fn place(
    wanted: &[Credential],
    settings: &Settings,
    destination: Destination,
    address: &mut Address,
    headers: &mut Vec<(String, Vec<u8>)>,
) -> Result<(), String> {
    for Credential { secret, placement } in wanted {
        if *secret == Secret::AppSecret {
            return Err(
                "this host has no app secret: what needs it makes an access token, and this host keeps none; do it where the token is kept"
                    .to_owned(),
            );
        }
        let token = settings.access_token.as_ref().ok_or(
            "this connection has no access token; set WHATSAPP_ACCESS_TOKEN in the environment",
        )?;
        match placement {
            Placement::Bearer => {
                let value = format!("Bearer {token}").into_bytes();
                headers.push(("authorization".to_owned(), value));
            }
            Placement::Query(name) if address.has_parameter(name) => {
                return Err(format!(
                    "the request already has a query parameter `{name}`, which is where a secret was to go; remove it"
                ));
            }
            Placement::Query(name)
                if destination == Destination::Graph && PARAMETERS.contains(&name.as_str()) =>
            {
                address.add_parameter(name, token);
            }
            Placement::Query(name) => {
                return Err(format!(
                    "the access token is not sent in the query parameter `{name}`; as a bearer, or to the Graph API in one of {} it is",
                    PARAMETERS.join(", ")
                ));
            }
        }
    }
    Ok(())
}
