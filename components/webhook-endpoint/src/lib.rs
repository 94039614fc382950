//! The webhook address as a server: world `endpoint`.
//!
//! It runs in every server of `wasi:http` 0.2. A request of Meta goes through the connector's parsers, each event goes to a sink as JSON, and
//! only when the sink has taken all of them Meta is answered with 200. Meta repeats what gets another answer, so nothing is lost and nothing is
//! stored here. `docs/webhook-endpoint.md` is for who runs it.

#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

mod address;
mod answer;
mod bindings;
mod call;
mod deadline;
mod exchange;
mod incoming;
mod log;
mod settings;
mod sink;

use bindings::exports::wasi::http::incoming_handler::{Guest, IncomingRequest, ResponseOutparam};

/// Answers every request.
struct Endpoint;

impl Guest for Endpoint {
    fn handle(request: IncomingRequest, reply: ResponseOutparam) {
        let answer = exchange::answer(&request);
        if let Some(problem) = &answer.problem {
            log::line(answer.status, problem);
        }
        answer.send(reply);
    }
}
