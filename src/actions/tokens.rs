//! `exchange-code` and `refresh-token`: Meta issues a token, and the host keeps it. It does not come in here.

use super::output::finish;
use super::{fault_of, reading::texts};
use crate::contract::whatsapp::connector::http::Secret;
use crate::contract::whatsapp::connector::types::Error;
use crate::fault::{Fallible, fault, of_error};
use crate::graph::{Graph, codes::Class, request::Call};
use crate::json::{Input, Object};
use crate::prelude::*;
use serde_json::Value;

/// `exchange-code`.
pub fn exchange(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let mut call = call().query("code", input.need("code"));
    if let Some(uri) = input.text("redirect_uri") {
        call = call.query("redirect_uri", uri);
    }
    issue(graph, input, call)
}

/// `refresh-token`.
pub fn refresh(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let call = call()
        .query("grant_type", "fb_exchange_token")
        .secret_query("fb_exchange_token", Secret::AccessToken);
    issue(graph, input, call)
}

/// Repeating it does no harm: a code that was used meanwhile is refused.
fn call() -> Call {
    Call::get(&["oauth", "access_token"]).for_token()
}

fn issue(graph: &Graph<'_>, input: &Input<'_>, call: Call) -> Fallible<Value> {
    let call = call
        .query("client_id", graph.app_id(input)?)
        .secret_query("client_secret", Secret::AppSecret);
    let answer = graph.call(call).map_err(explain)?;
    if answer.get("access_token").is_some() {
        return Err(Error::PermanentRejected(fault(
            "Meta issued an access token, but the host did not keep it.",
            "The operator of the workflow engine has to make its host keep the token: see `sink` in the contract's interface http.",
        ))
        .into());
    }
    let expires_in = answer.get("expires_in").and_then(Value::as_u64);
    let output = Object::new().with("expires_in", expires_in);
    finish(texts(output, &answer, "token_type"))
}

/// Meta has codes of their own here: 1 is a wrong app secret, 101 a wrong app id, 100 a code that cannot be used.
fn explain(mut error: Box<Error>) -> Box<Error> {
    let graph = of_error(&mut error).and_then(|fault| fault.graph.as_ref());
    let (class, field, advice) = match graph.map(|graph| graph.code) {
        Some(1 | 101) => (
            Class::Unauthorized,
            "app_id",
            "The app id and the app secret that the host holds have to be those of the same app: compare both with the app's dashboard.",
        ),
        Some(100) => (
            Class::InvalidInput,
            "code",
            "A code works once, for a short time, and with the redirect_uri of its login. Have the person log in again.",
        ),
        _ => return error,
    };
    let mut fault = fault_of(error);
    fault.field = Some(field.to_owned());
    fault.advice = advice.to_owned();
    fault.retry_after_ms = None;
    Box::new(class.error(fault))
}
