//! One request: from HTTP to the component and back.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use host_test::Host;
use host_test::wit::webhooks::{Header, Outcome, Request};

use super::{Arrival, Sink};

/// What every request needs.
pub struct Endpoint {
    host: Host,
    path: String,
    sink: Sink,
}

impl Endpoint {
    pub fn new(host: Host, path: String, sink: Sink) -> Self {
        Self { host, path, sink }
    }

    async fn answer(
        &self,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
        body: Result<Bytes, BytesRejection>,
    ) -> Reply {
        if uri.path() != self.path {
            tracing::info!("{method} {} is not the webhook's path: 404", uri.path());
            return Reply::empty(404);
        }
        let body = match body {
            Ok(bytes) => String::from_utf8(bytes.into()),
            Err(rejection) => {
                let problem = format!(
                    "the body cannot be read: {}; Meta sends at most 3 MB",
                    rejection.body_text()
                );
                return self.refuse(rejection.status().as_u16(), problem);
            }
        };
        let Ok(body) = body else {
            let problem = "the body is not UTF-8 text; Meta's always is".to_owned();
            return self.refuse(400, problem);
        };
        let request = Request {
            method: method.to_string(),
            query: uri.query().unwrap_or_default().to_owned(),
            headers: headers.iter().map(contract_header).collect(),
            body,
        };
        let verification = self.host.credentials().webhook_verification();
        match self.host.webhooks_handle(&request, &verification).await {
            Ok(outcome) => self.hand_on(method, outcome),
            // The host has logged why. Meta repeats what is not answered with 200.
            Err(_) => Reply::empty(500),
        }
    }

    /// Only what was taken is acknowledged.
    fn hand_on(&self, method: &Method, outcome: Outcome) -> Reply {
        let Outcome {
            reply,
            events,
            problem,
        } = outcome;
        let arrival = match problem {
            Some(problem) => Arrival::Refused {
                status: reply.status,
                problem,
            },
            None if method == Method::GET => Arrival::Handshake,
            None => Arrival::Events(events),
        };
        match (self.sink)(arrival) {
            Ok(()) => Reply {
                status: reply.status,
                body: reply.body,
            },
            Err(problem) => {
                tracing::error!("{problem}; answered with 500, so that Meta repeats the delivery");
                Reply::empty(500)
            }
        }
    }

    fn refuse(&self, status: u16, problem: String) -> Reply {
        // A refusal that nobody wants to hear of is still a refusal.
        let _ = (self.sink)(Arrival::Refused { status, problem });
        Reply::empty(status)
    }
}

/// A status and a text.
struct Reply {
    status: u16,
    body: String,
}

impl Reply {
    fn empty(status: u16) -> Self {
        Self {
            status,
            body: String::new(),
        }
    }
}

/// Handles every request of the server.
pub async fn handle(
    State(endpoint): State<Arc<Endpoint>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let reply = endpoint.answer(&method, &uri, &headers, body).await;
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let plain = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    (status, plain, reply.body).into_response()
}

fn contract_header((name, value): (&axum::http::HeaderName, &axum::http::HeaderValue)) -> Header {
    Header {
        name: name.as_str().to_owned(),
        value: String::from_utf8_lossy(value.as_bytes()).into_owned(),
    }
}
