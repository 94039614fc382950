//! `debug_token`: what a token is and may do.

use serde_json::{Map, Value, json};

use crate::graph_error::GraphError;
use crate::reply::Reply;
use crate::router::Call;
use crate::world::{BUSINESS, Token, World};

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

/// Scope by scope the WABAs (or, for `business_management`, the portfolios) it was granted for, newest first; without
/// `target_ids` when it covers all.
fn granular_scopes(world: &World, token: &Token) -> Value {
    let newest_first = |mut ids: Vec<String>| {
        ids.sort_by_key(|id| std::cmp::Reverse(world.waba(id).map(|waba| waba.created_at)));
        ids
    };
    let businesses = || {
        let seen = world
            .businesses
            .iter()
            .filter(|business| world.token_sees_business(token, &business.id));
        seen.map(|business| business.id.clone()).collect()
    };
    let targets = |scope: &str| match (&token.waba_ids, scope) {
        (Some(_), BUSINESS) => Some(businesses()),
        (Some(ids), _) => Some(newest_first(ids.clone())),
        (None, _) => None,
    };
    let granular = |scope: &&String| scope.starts_with("whatsapp_") || *scope == BUSINESS;
    let scopes = token.scopes.iter().filter(granular);
    scopes
        .map(|scope| match targets(scope) {
            Some(ids) => json!({"scope": scope, "target_ids": ids}),
            None => json!({ "scope": scope }),
        })
        .collect()
}
