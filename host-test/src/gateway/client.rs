//! The border to the network: what an HTTP client gets and gives. Everything before and after it is the same for every client.

use std::path::PathBuf;
use std::pin::Pin;

use bytes::Bytes;
use futures_util::Stream;
use futures_util::future::BoxFuture;
use http::{HeaderMap, Method};
use url::Url;

pub use super::names::NetworkOptions;

/// Sends one request, once.
///
/// The default is the built-in client. Tests and engines with a network of their own put theirs in with
/// [`HostBuilder::http_client`](crate::HostBuilder::http_client). The host has checked the URL, placed the secrets and runs a
/// time-out around the call and around reading the body.
pub trait HttpClient: Send + Sync + 'static {
    /// Sends `request` at most once and follows no redirect. Returns as soon as the status and the headers are there.
    ///
    /// # Errors
    /// [`SendError::NotSent`] only when it is certain that no byte of the request reached the server.
    fn send(&self, request: OutgoingRequest) -> BoxFuture<'_, Result<IncomingResponse, SendError>>;
}

/// A request with its secrets in it: do not log its URL or its headers.
pub struct OutgoingRequest {
    /// `GET`, `POST` or `DELETE`.
    pub method: Method,
    /// Allowed by the policy; may hold a secret in its query.
    pub url: Url,
    /// All headers but `host`, and `content-length` and `content-type` where the client makes them from the body.
    pub headers: HeaderMap,
    /// The body.
    pub body: OutgoingBody,
}

/// The body of a request.
#[derive(Clone, Debug, PartialEq)]
pub enum OutgoingBody {
    /// None.
    Empty,
    /// Bytes whose `content-type` is in the headers.
    Bytes(Bytes),
    /// A form; the client makes the boundary and the `content-type` header.
    Multipart(Vec<OutgoingPart>),
}

/// One part of a form. Name, file name and content type have been checked: they hold no line break.
#[derive(Clone, Debug, PartialEq)]
pub struct OutgoingPart {
    /// The field's name.
    pub name: String,
    /// The file's name.
    pub filename: Option<String>,
    /// The part's content type.
    pub content_type: Option<String>,
    /// What it holds.
    pub content: OutgoingContent,
}

/// What a part holds.
#[derive(Clone, Debug, PartialEq)]
pub enum OutgoingContent {
    /// Bytes in memory.
    Bytes(Bytes),
    /// A file, to be streamed.
    File {
        /// Where it is.
        path: PathBuf,
        /// Its size in bytes.
        size: u64,
    },
}

/// Status, headers and the body as it arrives.
pub struct IncomingResponse {
    /// The HTTP status.
    pub status: u16,
    /// As received.
    pub headers: HeaderMap,
    /// As received, in pieces of any size. A body that ends before its announced length has to end with an error.
    pub body: BodyStream,
}

/// The body of an answer as it arrives.
pub type BodyStream = Pin<Box<dyn Stream<Item = Result<Bytes, SendError>> + Send>>;

/// Why there is no answer. The texts hold no secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// The client's own policy refused the request: no byte of it reached a server, and repeating it is of no use.
    #[error("{0}")]
    Denied(String),
    /// No byte of the request reached the server.
    #[error("{0}")]
    NotSent(String),
    /// The request may have reached the server.
    #[error("{0}")]
    NoAnswer(String),
}
