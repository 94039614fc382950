//! `debug_token` and the login exchange.

use serde_json::{Map, Value, json};

use crate::graph_error::GraphError;
use crate::reply::Reply;
use crate::request::GraphRequest;
use crate::router::Call;
use crate::world::{Token, World};

/// Seconds a token from the login exchange lives: 60 days.
const ISSUED_TOKEN_SECONDS: u64 = 60 * 24 * 60 * 60;

/// Why a known token is not valid: subcode and message.
pub(crate) fn token_problem(token: &Token, now_ms: u64) -> Option<(u32, String)> {
    if token.revoked {
        return Some((
            467,
            "Error validating access token: The session is invalid because the user logged out."
                .into(),
        ));
    }
    let now = now_ms / 1000;
    token.is_expired(now).then(|| {
        let expiry = token.expires_at.unwrap_or_default();
        let message = format!(
            "Error validating access token: Session has expired on unix time {expiry}. The current unix time is {now}."
        );
        (463, message)
    })
}

/// `GET /debug_token?input_token=`: a bad input token is an answer, not a refusal.
pub(crate) fn debug_token(call: &mut Call) -> Result<Reply, GraphError> {
    let input = call
        .request
        .query("input_token")
        .filter(|text| !text.is_empty())
        .ok_or_else(|| GraphError::required("input_token"))?;
    let world = &*call.world;
    let app_token = format!("{}|{}", world.app.id, world.app.secret);
    let known = if input == app_token {
        Some(&call.token)
    } else {
        world.tokens.iter().find(|token| token.value == input)
    };
    let Some(token) = known else {
        return Ok(Reply::graph(&json!({"data": {
            "error": {"code": 190, "message": "Invalid OAuth access token - Cannot parse access token"},
            "is_valid": false,
            "scopes": [],
        }})));
    };
    // Only the app that a token belongs to may look into it (or the token itself).
    if call.token.app_id != token.app_id && call.token.value != token.value {
        return Err(GraphError::param(
            "The App_id in the input_token did not match the Viewing App",
        ));
    }
    let mut data = Map::new();
    data.insert("app_id".into(), json!(token.app_id));
    data.insert("type".into(), json!(token.kind));
    data.insert("application".into(), json!(world.app.name));
    if let Some((subcode, message)) = token_problem(token, call.now_ms) {
        data.insert(
            "error".into(),
            json!({"code": 190, "message": message, "subcode": subcode}),
        );
        data.insert("is_valid".into(), json!(false));
    } else {
        data.insert("is_valid".into(), json!(true));
    }
    data.insert("issued_at".into(), json!(token.issued_at));
    data.insert("expires_at".into(), json!(token.expires_at.unwrap_or(0)));
    data.insert(
        "data_access_expires_at".into(),
        json!(token.data_access_expires_at.unwrap_or(0)),
    );
    data.insert("scopes".into(), json!(token.scopes));
    data.insert("granular_scopes".into(), granular_scopes(world, token));
    if token.kind != "APP" {
        data.insert("user_id".into(), json!(token.user_id));
    }
    Ok(Reply::graph(&json!({ "data": data })))
}

/// Scope by scope the WABAs it was granted for, newest first; without `target_ids` when it covers all.
fn granular_scopes(world: &World, token: &Token) -> Value {
    let targets = token.waba_ids.as_ref().map(|ids| {
        let mut ids = ids.clone();
        let created = |id: &str| {
            world
                .wabas
                .iter()
                .find(|waba| waba.id == id)
                .map(|waba| waba.created_at)
        };
        ids.sort_by_key(|id| std::cmp::Reverse(created(id)));
        ids
    });
    let scopes = token
        .scopes
        .iter()
        .filter(|scope| scope.starts_with("whatsapp_"));
    scopes
        .map(|scope| match &targets {
            Some(ids) => json!({"scope": scope, "target_ids": ids}),
            None => json!({ "scope": scope }),
        })
        .collect()
}

/// `/oauth/access_token`: a one-time login code, or an older token, for a new token.
pub(crate) fn exchange(
    world: &mut World,
    request: &GraphRequest,
    now_ms: u64,
) -> Result<Reply, GraphError> {
    let client_id = request
        .text("client_id")
        .ok_or_else(|| GraphError::core(101, "Missing client_id parameter."))?;
    if client_id != world.app.id {
        return Err(GraphError::core(
            101,
            "Error validating application. Cannot get application info due to a system error.",
        ));
    }
    if request.text("client_secret").as_deref() != Some(&world.app.secret) {
        return Err(GraphError::core(1, "Error validating client secret."));
    }
    let old = match (request.text("code"), request.text("fb_exchange_token")) {
        (Some(code), _) => world.login_codes.remove(&code).ok_or_else(|| {
            GraphError::core(100, "This authorization code has been used.").subcode(36_009)
        })?,
        (None, Some(token)) => token,
        (None, None) => return Err(GraphError::core(1, "Missing authorization code")),
    };
    let Some(known) = world
        .tokens
        .iter()
        .find(|token| token.value == old)
        .cloned()
    else {
        return Err(GraphError::core(
            190,
            "Invalid OAuth access token - Cannot parse access token",
        ));
    };
    if let Some((subcode, message)) = token_problem(&known, now_ms) {
        return Err(GraphError::core(190, message).subcode(subcode));
    }
    let value = format!("EAA{}", world.ids.opaque());
    let mut issued = known;
    issued.value.clone_from(&value);
    issued.issued_at = now_ms / 1000;
    issued.expires_at = Some(now_ms / 1000 + ISSUED_TOKEN_SECONDS);
    world.add_token(issued);
    Ok(Reply::graph(&json!({
        "access_token": value,
        "token_type": "bearer",
        "expires_in": ISSUED_TOKEN_SECONDS,
    })))
}
