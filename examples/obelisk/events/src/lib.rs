//! Two addresses: `/events` is the sink of the webhook endpoint, `/reconcile` says what became of the messages of a broadcast of which nobody
//! knows, and sends those again of which no status came.
//!
//! A status is kept as an execution of `note` whose id is made of the message's key. So Obelisk's own database is the record, a status that
//! comes twice is one record, and any executor finds it.

mod bindings;
mod http;
mod key;
mod reconcile;
mod status;

use bindings::exports::wasi::http::incoming_handler::{Guest, IncomingRequest, ResponseOutparam};
use bindings::obelisk::{
    types::{
        execution::{ExecutionId, Function},
        time::ScheduleAt,
    },
    webhook::webhook_support::{GetStatusError, get_status, schedule_json},
};
use serde_json::Value;

/// The workflow's interface.
const BROADCAST: &str = "example:whatsapp/broadcast@0.1.0";

/// Answers every request.
struct Events;

impl Guest for Events {
    fn handle(request: IncomingRequest, reply: ResponseOutparam) {
        let path = request.path_with_query().unwrap_or_default();
        let body = http::body(&request);
        let answer = body.and_then(|body| match path.as_str() {
            "/events" => status::keep(&body),
            "/reconcile" => reconcile::answer(&body),
            other => Err((404, format!("{other}: expected /events or /reconcile"))),
        });
        http::send(reply, answer);
    }
}

/// What is answered: JSON, or a status and why.
type Answer = Result<Value, (u16, String)>;

/// Whether there is an execution of this id.
fn exists(id: &ExecutionId) -> Result<bool, (u16, String)> {
    match get_status(id, None) {
        Ok(_) => Ok(true),
        Err(GetStatusError::NotFound) => Ok(false),
        Err(GetStatusError::ExecutionIdParsingError(why)) => Err((400, why)),
    }
}

/// Starts an execution unless there is one of this id. Of two at the same time the second fails as a whole, and its caller comes again.
fn start(id: &ExecutionId, function: &str, parameters: &Value) -> Result<bool, (u16, String)> {
    if exists(id)? {
        return Ok(false);
    }
    let function = Function {
        interface_name: BROADCAST.to_owned(),
        function_name: function.to_owned(),
    };
    schedule_json(
        id,
        ScheduleAt::Now,
        &function,
        &parameters.to_string(),
        None,
        None,
    )
    .map(|()| true)
    .map_err(|problem| {
        let name = &function.function_name;
        (
            500,
            format!("{BROADCAST}.{name} cannot be started: {problem:?}; compare the deployment"),
        )
    })
}
