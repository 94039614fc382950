//! Answers with faults applied.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};

use super::body::{self, AnswerBody, Pace};
use crate::faults::FaultKind;
use crate::graph_error::GraphError;
use crate::ids::IdSource;
use crate::reply::{GRAPH_JSON, Reply};
use crate::world::MediaContent;

/// An answer and how its bytes travel.
#[derive(Debug)]
pub(super) struct Outgoing {
    pub reply: Reply,
    pace: Pace,
}

impl Outgoing {
    pub(super) fn whole(reply: Reply) -> Self {
        Self {
            reply,
            pace: Pace::Whole,
        }
    }

    pub(super) fn into_response(self) -> Response<AnswerBody> {
        let length = self.reply.body.len();
        let mut response = Response::new(body::stream(self.reply.body, self.pace));
        *response.status_mut() = self.reply.status;
        *response.headers_mut() = self.reply.headers;
        // Written by us, so that an answer that is cut announces what it does not hold.
        response
            .headers_mut()
            .insert(header::CONTENT_LENGTH, HeaderValue::from(length));
        response
    }
}

/// The answer of a request that a fault hit; `None` when the connection is to be closed instead. `real` is the answer of
/// a request that was handled.
pub(super) fn with_fault(
    fault: &FaultKind,
    real: Option<Reply>,
    ids: &mut IdSource,
) -> Option<Outgoing> {
    let mut outgoing = Outgoing::whole(match real {
        Some(real) => real,
        None => Reply::new(StatusCode::OK, GRAPH_JSON, "{}"),
    });
    let half = |content: &MediaContent| content.len() / 2;
    match fault {
        FaultKind::CutBeforeHandling {} | FaultKind::CutAfterHandling {} => return None,
        FaultKind::Latency { .. } => {}
        FaultKind::CutMidAnswer { bytes } => {
            let cut = bytes.map_or_else(|| half(&outgoing.reply.body), |bytes| bytes as u64);
            outgoing.pace = Pace::CutAfter(cut);
        }
        FaultKind::TruncatedJson { bytes } => {
            let keep = bytes.map_or_else(|| half(&outgoing.reply.body), |bytes| bytes as u64);
            let mut kept = outgoing.reply.body.piece(0);
            kept.truncate(usize::try_from(keep).unwrap_or(usize::MAX));
            outgoing.reply.body = MediaContent::Bytes(kept);
        }
        FaultKind::SlowDrip {
            bytes,
            every_millis,
        } => {
            outgoing.pace = Pace::Drip {
                bytes: *bytes,
                every: Duration::from_millis(*every_millis),
            };
        }
        FaultKind::GraphError {
            code,
            status,
            subcode,
            is_transient,
            details,
            retry_after,
        } => {
            let mut error = GraphError::new(*code);
            error.subcode = *subcode;
            error.is_transient = *is_transient;
            if let Some(details) = details {
                error.details = Some(details.clone());
            }
            if let Some(status) = status {
                error.status = status_of(*status);
            }
            let trace_id = ids.trace();
            outgoing.reply = Reply::error(&error, &trace_id);
            outgoing.reply.set_named("x-fb-trace-id", &trace_id);
            retry(&mut outgoing.reply, *retry_after);
        }
        FaultKind::EmptyAnswer {
            status,
            retry_after,
        } => {
            outgoing.reply = Reply::new(status_of(*status), "text/plain", "");
            outgoing.reply.headers.remove(header::CONTENT_TYPE);
            retry(&mut outgoing.reply, *retry_after);
        }
        FaultKind::Html { status } => {
            let status = status_of(*status);
            let page = format!(
                "<html>\n<head><title>{status}</title></head>\n<body><h1>{status}</h1></body>\n</html>\n"
            );
            outgoing.reply = Reply::new(status, "text/html; charset=utf-8", page);
        }
        FaultKind::Redirect { location, status } => {
            outgoing.reply = Reply::new(
                status_of(status.unwrap_or(302)),
                "text/html; charset=utf-8",
                "",
            );
            outgoing.reply.set(header::LOCATION, location);
        }
        FaultKind::Oversize { bytes } => {
            outgoing.reply = Reply::new(StatusCode::OK, GRAPH_JSON, oversize(*bytes));
        }
        FaultKind::Answer {
            status,
            headers,
            body,
        } => {
            outgoing.reply = Reply::new(status_of(*status), GRAPH_JSON, body.clone());
            for (name, text) in headers {
                if let Ok(name) = HeaderName::try_from(name) {
                    outgoing.reply.set(name, text);
                }
            }
        }
    }
    Some(outgoing)
}

fn status_of(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn retry(reply: &mut Reply, seconds: Option<u64>) {
    if let Some(seconds) = seconds {
        reply.set(header::RETRY_AFTER, &seconds.to_string());
    }
}

/// JSON of exactly this many bytes (but at least 11).
fn oversize(bytes: u64) -> Bytes {
    const FRAME: (&str, &str) = ("{\"data\":\"", "\"}");
    let filler = usize::try_from(bytes)
        .unwrap_or(usize::MAX)
        .saturating_sub(FRAME.0.len() + FRAME.1.len());
    let mut text = String::with_capacity(filler + FRAME.0.len() + FRAME.1.len());
    text.push_str(FRAME.0);
    text.extend(std::iter::repeat_n('x', filler));
    text.push_str(FRAME.1);
    Bytes::from(text)
}
