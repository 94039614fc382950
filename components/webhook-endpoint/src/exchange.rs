//! From a request to its answer.

use crate::answer::Answer;
use crate::bindings::wasi::{cli::environment::get_environment, http::types::IncomingRequest};
use crate::deadline::Deadline;
use crate::incoming;
use crate::settings::Settings;
use crate::sink::{self, Event};
use alloc::{borrow::ToOwned, format, string::String, vec, vec::Vec};
use whatsapp_connector::webhooks::{self, Request};

/// The one header that the parsers look at.
const SIGNATURE_HEADER: &str = "x-hub-signature-256";

/// Does what a request asks for.
pub fn answer(request: &IncomingRequest) -> Answer {
    let settings = match Settings::read(&get_environment()) {
        Ok(settings) => settings,
        Err(problem) => return Answer::refusal(500, problem),
    };
    exchange(request, settings).unwrap_or_else(|refusal| refusal)
}

fn exchange(request: &IncomingRequest, settings: Settings) -> Result<Answer, Answer> {
    let deadline = Deadline::after(settings.time_limit);
    let (path, query) = incoming::target(request);
    if let Some(expected) = settings.path.as_ref().filter(|expected| **expected != path) {
        return Err(Answer::refusal(
            404,
            format!(
                "somebody asked for another path than WHATSAPP_WEBHOOK_PATH, which is {expected}: `{path}`"
            ),
        ));
    }
    let method = incoming::method(request);
    let body = match method.as_str() {
        "POST" => incoming::body(request, &deadline)?,
        _ => String::new(),
    };
    let headers = match incoming::header(request, SIGNATURE_HEADER) {
        Some(value) => vec![SIGNATURE_HEADER.to_owned(), value],
        None => Vec::new(),
    };
    let request = Request {
        method,
        query,
        headers,
        body,
    };
    let mut events = Vec::new();
    let reply = webhooks::answer(
        &request,
        &settings.verify_token,
        Some(settings.app_secrets.clone()),
        &mut |event| events.push(Event::new(&event)),
    );
    if reply.status != 200 {
        return Err(reply.into());
    }
    sink::post(&settings, events, &deadline).map_err(|problem| Answer::refusal(503, problem))?;
    Ok(reply.into())
}
