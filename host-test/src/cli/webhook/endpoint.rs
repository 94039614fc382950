//! One request: from HTTP to who receives it, and back.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use host_test::wit::webhooks::{Header, Reply, Request};

use super::{Receive, empty};

/// What every request needs.
pub struct Endpoint {
    path: String,
    receiver: Arc<dyn Receive>,
}

impl Endpoint {
    pub fn new(path: String, receiver: Arc<dyn Receive>) -> Self {
        Self { path, receiver }
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
            return empty(404);
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
        self.receiver.receive(request).await
    }

    fn refuse(&self, status: u16, problem: String) -> Reply {
        self.receiver.refused(status, problem);
        empty(status)
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
