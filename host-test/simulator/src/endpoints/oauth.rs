//! `/oauth/access_token`: the app's secret and a login code, or an older token, for a new token.

use serde_json::{Value, json};

use super::app::token_problem;
use crate::graph_error::GraphError;
use crate::reply::Reply;
use crate::request::GraphRequest;
use crate::world::{Token, World};

const DAY_SECONDS: u64 = 24 * 60 * 60;

/// Seconds an issued token lives: 60 days.
const TOKEN_SECONDS: u64 = 60 * DAY_SECONDS;

/// Seconds for which a person's token can be used to read their data: 90 days.
const DATA_ACCESS_SECONDS: u64 = 90 * DAY_SECONDS;

type Grant = fn(&mut World, &GraphRequest, u64) -> Result<Value, GraphError>;

/// By the value of `grant_type`.
static GRANTS: &[(&str, Grant)] = &[
    ("authorization_code", by_code),
    ("client_credentials", for_the_app),
    ("fb_exchange_token", by_token),
];

/// `GET` and `POST /oauth/access_token`. Without `grant_type`, the parameters tell which grant is meant.
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
            "Error validating application. Invalid application ID.",
        ));
    }
    if request.text("client_secret").as_deref() != Some(&world.app.secret) {
        return Err(GraphError::core(1, "Error validating client secret."));
    }
    let given = request.text("grant_type").unwrap_or_else(|| {
        let by_token = request.text("fb_exchange_token").is_some();
        if by_token {
            "fb_exchange_token"
        } else {
            "authorization_code"
        }
        .to_owned()
    });
    let Some((_, grant)) = GRANTS.iter().find(|(name, _)| *name == given) else {
        let names: Vec<_> = GRANTS.iter().map(|(name, _)| *name).collect();
        return Err(GraphError::core(
            100,
            format!(
                "Invalid grant_type: '{given}'. Supported types: {}",
                names.join(", ")
            ),
        ));
    };
    grant(world, request, now_ms).map(|answer| Reply::graph(&answer))
}

/// A code works once, for the address it was asked with.
fn by_code(world: &mut World, request: &GraphRequest, now_ms: u64) -> Result<Value, GraphError> {
    let code = request
        .text("code")
        .ok_or_else(|| GraphError::core(1, "Missing authorization code"))?;
    if world.used_login_codes.contains(&code) {
        return Err(refused_code(
            36_009,
            "This authorization code has been used.",
        ));
    }
    let Some(login) = world.login_codes.get(&code) else {
        return Err(GraphError::core(100, "Invalid verification code format."));
    };
    if login.expires_at_ms.is_some_and(|expiry| expiry <= now_ms) {
        return Err(refused_code(36_007, "This authorization code has expired."));
    }
    let named = request.text("redirect_uri");
    if login.redirect_uri.is_some() && login.redirect_uri != named {
        return Err(refused_code(
            36_008,
            "Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request",
        ));
    }
    let token = login.token.clone();
    world.login_codes.remove(&code);
    world.used_login_codes.push(code);
    issue(world, &token, now_ms)
}

fn refused_code(subcode: u32, message: &str) -> GraphError {
    GraphError::core(100, message).subcode(subcode)
}

/// A token for a fresh one with the same rights.
fn by_token(world: &mut World, request: &GraphRequest, now_ms: u64) -> Result<Value, GraphError> {
    let old = request
        .text("fb_exchange_token")
        .ok_or_else(|| GraphError::core(1, "fb_exchange_token parameter not specified"))?;
    issue(world, &old, now_ms)
}

fn for_the_app(world: &mut World, _: &GraphRequest, _: u64) -> Result<Value, GraphError> {
    let value = format!("{}|{}", world.app.id, world.app.secret);
    Ok(json!({"access_token": value, "token_type": "bearer"}))
}

/// A new token with the rights of `model`.
fn issue(world: &mut World, model: &str, now_ms: u64) -> Result<Value, GraphError> {
    let known = world
        .tokens
        .iter()
        .find(|token| token.value == model)
        .cloned();
    let Some(known) = known else {
        return Err(GraphError::core(
            190,
            "Invalid OAuth access token - Cannot parse access token",
        ));
    };
    if let Some((subcode, message)) = token_problem(&known, now_ms) {
        return Err(GraphError::core(190, message).subcode(subcode));
    }
    let now = now_ms / 1000;
    let value = format!("EAA{}", world.ids.opaque());
    let answer = json!({
        "access_token": value,
        "token_type": "bearer",
        "expires_in": TOKEN_SECONDS,
    });
    world.add_token(Token {
        value,
        issued_at: now,
        expires_at: Some(now + TOKEN_SECONDS),
        data_access_expires_at: (known.kind == "USER").then_some(now + DATA_ACCESS_SECONDS),
        ..known
    });
    Ok(answer)
}
