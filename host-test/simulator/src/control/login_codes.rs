//! What the login dialog gives back to the app.

use serde_json::json;

use super::input::{ControlError, optional};
use super::{Order, Outcome};
use crate::world::LoginCode;

/// A code for `GET /oauth/access_token`. Without `token` it stands for the widest valid one; it lives for `seconds`, by the
/// simulator's clock, or for ever.
pub(super) fn issue(order: &Order) -> Outcome {
    const EXAMPLE: &str = "{\"redirect_uri\": \"https://example.com/login\", \"seconds\": 30}";
    let body = order.body(&["token", "redirect_uri", "seconds"])?;
    let token: Option<String> = optional(body, "token", "the value of an access token", EXAMPLE)?;
    let redirect_uri: Option<String> = optional(
        body,
        "redirect_uri",
        "the address that the login dialog was opened with",
        EXAMPLE,
    )?;
    let seconds: Option<u64> = optional(body, "seconds", "a whole number of seconds", EXAMPLE)?;
    let mut world = order.shared.world();
    let known = world
        .tokens
        .iter()
        .filter(|known| token.as_ref().is_none_or(|value| *value == known.value))
        .filter(|known| !known.revoked && !known.is_expired(order.now_ms / 1000))
        .max_by_key(|known| known.scopes.len())
        .map(|known| known.value.clone());
    let Some(token) = known else {
        return Err(ControlError::new(
            "token",
            "the value of a valid access token of the world",
            "leave it out, or add the token to the world first",
        ));
    };
    let code = format!("AQ{}", world.ids.opaque());
    let login = LoginCode {
        token,
        redirect_uri,
        expires_at_ms: seconds.map(|s| order.now_ms.saturating_add(s.saturating_mul(1000))),
    };
    world.login_codes.insert(code.clone(), login);
    Ok(json!({ "code": code }))
}
