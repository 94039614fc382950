//! What stands behind the component's one import, `http.send`: each step of a request in a file of its own.

mod answer;
mod body;
pub mod client;
mod egress;
mod headers;
mod http_client;
mod names;
mod placement;
mod progress;
mod scrub;

use std::sync::Arc;
use std::time::{Duration, Instant};

use http::Method;
use url::Url;

pub(crate) use egress::Origin;
pub use http_client::DefaultHttpClient;
pub(crate) use progress::Progress;

use crate::bindings::whatsapp::connector::http as wit;
use crate::blobs::BlobStore;
use crate::credentials::Credentials;
use answer::Receiver;
use client::{HttpClient, OutgoingRequest, SendError};
use egress::Destination;
use scrub::Scrubber;

/// The most that an exchange may take, whatever the request says.
const LONGEST: Duration = Duration::from_secs(900);

/// Everything that a request passes through. One for each set of credentials.
#[derive(Clone)]
pub(crate) struct Gateway {
    pub(crate) client: Arc<dyn HttpClient>,
    pub(crate) credentials: Credentials,
    pub(crate) blobs: BlobStore,
    pub(crate) allowed: Arc<[Origin]>,
    /// How long an exchange may take when the request does not say.
    pub(crate) timeout: Duration,
    /// The largest answer held in memory, in bytes.
    pub(crate) max_response_bytes: u64,
    /// How many requests one call may make.
    pub(crate) max_requests: u32,
}

impl Gateway {
    /// Sends one request of the component, once, and returns its answer without secrets. `time` is what the call has left for it.
    pub(crate) async fn exchange(
        &self,
        request: wit::Request,
        progress: &Progress,
        time: Option<Duration>,
    ) -> Result<wit::Response, wit::Failure> {
        let begun = Instant::now();
        let method = method(request.method);
        let place = Place::of(&request.url);
        let result = self
            .checked_exchange(request, method.clone(), progress, time.unwrap_or(LONGEST))
            .await;
        log(&method, &place, begun, result.as_ref());
        result.map(|(response, _)| response)
    }

    async fn checked_exchange(
        &self,
        request: wit::Request,
        method: Method,
        progress: &Progress,
        time: Duration,
    ) -> Result<(wit::Response, u64), wit::Failure> {
        if time.is_zero() {
            return Err(wit::Failure::NotSent(
                "the time of this call is over; raise `call_timeout`".to_owned(),
            ));
        }
        if !progress.admit(self.max_requests) {
            return Err(wit::Failure::NotSent(format!(
                "this call has made {} requests, which is this host's limit; read long lists page by page, or raise `max_requests_per_call`",
                self.max_requests
            )));
        }
        let timeout = request
            .timeout_ms
            .map_or(self.timeout, |ms| Duration::from_millis(ms.into()))
            .min(LONGEST)
            .min(time);
        let sink = request.sink.clone();
        let outgoing = self
            .prepare(request, method.clone())
            .await
            .map_err(wit::Failure::Denied)?;
        let receiver = Receiver {
            credentials: &self.credentials,
            blobs: &self.blobs,
            max_bytes: self.max_response_bytes,
        };
        let exchange = async {
            let sending = progress.begin(&method);
            let response = match self.client.send(outgoing).await {
                Ok(response) => response,
                Err(SendError::Denied(text)) => {
                    sending.did_not_leave();
                    return Err(wit::Failure::Denied(text));
                }
                Err(SendError::NotSent(text)) => {
                    sending.did_not_leave();
                    return Err(wit::Failure::NotSent(text));
                }
                Err(SendError::NoAnswer(text)) => return Err(wit::Failure::NoAnswer(text)),
            };
            receiver.receive(response, &sink).await
        };
        let outcome = tokio::time::timeout(timeout, exchange).await;
        // Which of its steps a time-out cut short is not known here, so the request may have arrived.
        let outcome = outcome.unwrap_or_else(|_| {
            Err(wit::Failure::NoAnswer(format!(
                "no complete answer within {} ms",
                timeout.as_millis()
            )))
        });
        outcome.map_err(|failure| self.blank(failure))
    }

    /// All steps before the network, in this order: policy, headers, body, and secrets last. The error is the text of `failure.denied`.
    async fn prepare(
        &self,
        request: wit::Request,
        method: Method,
    ) -> Result<OutgoingRequest, String> {
        let egress::Allowed {
            mut url,
            destination,
        } = egress::check(&request.url, &self.allowed)?;
        if destination == Destination::Media && matches!(request.sink, wit::Sink::AccessToken(_)) {
            return Err(
                "an access token is only taken from the Graph API, not from a media host"
                    .to_owned(),
            );
        }
        let mut headers = headers::outgoing(&request.headers)?;
        let body = body::outgoing(&method, request.body, &self.blobs, &mut headers).await?;
        placement::place(
            &request.credentials,
            &self.credentials,
            destination,
            &mut url,
            &mut headers,
        )?;
        Ok(OutgoingRequest {
            method,
            url,
            headers,
            body,
        })
    }

    /// Clients promise to keep secrets out of their texts. This makes sure.
    fn blank(&self, failure: wit::Failure) -> wit::Failure {
        let scrubber = Scrubber::new(self.credentials.to_blank());
        match failure {
            wit::Failure::Denied(text) => wit::Failure::Denied(scrubber.text(text)),
            wit::Failure::NotSent(text) => wit::Failure::NotSent(scrubber.text(text)),
            wit::Failure::NoAnswer(text) => wit::Failure::NoAnswer(scrubber.text(text)),
            wit::Failure::TooLarge(limit) => wit::Failure::TooLarge(limit),
        }
    }
}

fn method(method: wit::Method) -> Method {
    match method {
        wit::Method::Get => Method::GET,
        wit::Method::Post => Method::POST,
        wit::Method::Delete => Method::DELETE,
    }
}

/// What the log may say of a URL: ids in a path are fine, the values of a query are not.
struct Place {
    host: String,
    path: String,
}

impl Place {
    fn of(url: &str) -> Self {
        Url::parse(url).map_or(
            Self {
                host: "?".to_owned(),
                path: "?".to_owned(),
            },
            |url| Self {
                host: url.host_str().unwrap_or("?").to_owned(),
                path: url.path().to_owned(),
            },
        )
    }
}

/// One line for each exchange. No secret, no body, no query.
fn log(
    method: &Method,
    place: &Place,
    begun: Instant,
    result: Result<&(wit::Response, u64), &wit::Failure>,
) {
    let Place { host, path } = place;
    let ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    let (what, advice) = match result {
        Ok((response, bytes)) => {
            tracing::info!(%method, host, path, status = response.status, ms, bytes, "http");
            return;
        }
        Err(wit::Failure::Denied(text)) => (format!("denied: {text}"), "nothing left this host"),
        Err(wit::Failure::NotSent(text)) => (
            format!("not sent: {text}"),
            "check name resolution, the network and the firewall; nothing reached the server",
        ),
        Err(wit::Failure::NoAnswer(text)) => (
            format!("no answer: {text}"),
            "the server may have acted on the request: check before you repeat it",
        ),
        Err(wit::Failure::TooLarge(limit)) => (
            format!("the answer is larger than {limit} bytes"),
            "raise the host's limit if it is meant to be that large",
        ),
    };
    tracing::warn!(%method, host, path, ms, advice, "http {what}");
}
