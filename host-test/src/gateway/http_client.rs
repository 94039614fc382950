//! The built-in HTTP client: reqwest over rustls, with everything off that would repeat, redirect or reroute a request.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::{FutureExt, StreamExt};
use http::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::multipart::{Form, Part};
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;

use super::client::{
    HttpClient, IncomingResponse, OutgoingBody, OutgoingContent, OutgoingPart, OutgoingRequest,
    SendError,
};
use super::names::{LookUpError, NetworkOptions};

/// How long an unused connection is kept. A server that closes it at the moment of the next request would leave us unable to tell
/// whether the request arrived; servers commonly wait for a minute.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// The built-in client. Cheap to clone: clones share their connections.
#[derive(Clone, Debug)]
pub struct DefaultHttpClient {
    client: reqwest::Client,
}

impl DefaultHttpClient {
    /// Makes a client that trusts the certificates that this system trusts. Needs no network. On a system without any trusted
    /// certificates it warns, and only plain `http` (a simulator) works.
    ///
    /// # Errors
    /// When TLS or the name resolver cannot be set up at all; the text says why.
    pub fn new() -> Result<Self, String> {
        Self::with(NetworkOptions::default())
    }

    /// The same with another way to the network.
    ///
    /// # Errors
    /// As [`DefaultHttpClient::new`].
    pub fn with(options: NetworkOptions) -> Result<Self, String> {
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls()?)
            // A 3xx answer is an answer. Following it would send the token to a place that nobody checked.
            .redirect(reqwest::redirect::Policy::none())
            // reqwest repeats requests that an HTTP/2 server refused unprocessed. A host repeats nothing. (Below it, hyper may take another
            // connection when a kept one turns out to be closed before the first byte of the request was written: then, and only
            // then, it gets the request back whole. That is not a second send.)
            .retry(reqwest::retry::never())
            .no_proxy()
            .referer(false)
            // Another crate of the same program may switch these features on. A secret has to be found in the answer as it came.
            .no_gzip()
            .no_brotli()
            .no_deflate()
            .no_zstd()
            .connect_timeout(options.connect_timeout)
            .dns_resolver(options)
            .pool_idle_timeout(IDLE_TIMEOUT)
            .build()
            .map_err(describe)?;
        Ok(Self { client })
    }
}

/// TLS with the ring provider given by hand: no process-wide default is read or set.
fn tls() -> Result<ClientConfig, String> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = || {
        ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
    };
    let verified = builder().and_then(|builder| builder.with_platform_verifier());
    let mut config = match verified {
        Ok(builder) => builder.with_no_client_auth(),
        Err(problem) => {
            tracing::warn!(%problem, "this system has no trusted certificates, so https will fail; install them (the package `ca-certificates`)");
            let builder = builder().map_err(|problem| problem.to_string())?;
            builder
                .with_root_certificates(RootCertStore::empty())
                .with_no_client_auth()
        }
    };
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

impl HttpClient for DefaultHttpClient {
    fn send(&self, request: OutgoingRequest) -> BoxFuture<'_, Result<IncomingResponse, SendError>> {
        async move {
            let mut builder = self
                .client
                .request(request.method, request.url)
                .headers(request.headers);
            builder = match request.body {
                OutgoingBody::Empty => builder,
                OutgoingBody::Bytes(bytes) => builder.body(bytes),
                OutgoingBody::Multipart(parts) => builder.multipart(form(parts).await?),
            };
            let mut response = builder.send().await.map_err(classify)?;
            let status = response.status().as_u16();
            let headers = std::mem::take(response.headers_mut());
            let body = response
                .bytes_stream()
                .map(|piece| piece.map_err(|error| SendError::NoAnswer(describe(error))));
            Ok(IncomingResponse {
                status,
                headers,
                body: Box::pin(body),
            })
        }
        .boxed()
    }
}

async fn form(parts: Vec<OutgoingPart>) -> Result<Form, SendError> {
    let mut form = Form::new();
    for OutgoingPart {
        name,
        filename,
        content_type,
        content,
    } in parts
    {
        let mut part = match content {
            OutgoingContent::Bytes(bytes) => {
                let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                Part::stream_with_length(bytes, length)
            }
            OutgoingContent::File { path, size } => {
                let file = tokio::fs::File::open(path).await;
                let file = file.map_err(|problem| {
                    SendError::NotSent(format!(
                        "the file of the part `{name}` cannot be opened: {problem}"
                    ))
                })?;
                Part::stream_with_length(file, size)
            }
        };
        if let Some(filename) = filename {
            part = part.file_name(filename);
        }
        if let Some(content_type) = content_type {
            let value = HeaderValue::from_str(&content_type);
            let value = value.map_err(|_| {
                SendError::NotSent(format!(
                    "the content type of the part `{name}` cannot stand in a header"
                ))
            })?;
            part = part.headers(HeaderMap::from_iter([(CONTENT_TYPE, value)]));
        }
        form = form.part(name, part);
    }
    Ok(form)
}

/// Only errors from before the first byte of the request are `not-sent`: a request that could not be built, a name that was not found, no
/// connection, no TLS. Everything else may have reached the server.
fn classify(error: reqwest::Error) -> SendError {
    if let Some(refusal) = refusal(&error) {
        return SendError::Denied(refusal);
    }
    if error.is_builder() || error.is_connect() {
        SendError::NotSent(describe(error))
    } else {
        SendError::NoAnswer(describe(error))
    }
}

/// The name of the server led to where nothing may go.
fn refusal(error: &reqwest::Error) -> Option<String> {
    let mut cause = error.source();
    while let Some(error) = cause {
        match error.downcast_ref() {
            Some(refusal @ LookUpError::NotPublic { .. }) => return Some(refusal.to_string()),
            _ => cause = error.source(),
        }
    }
    None
}

/// The error with its causes, without the URL: a secret may be in there.
fn describe(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_error_text_has_the_cause_but_not_the_url() {
        let client = DefaultHttpClient::new().unwrap();
        let url = "http://127.0.0.1:1/path?input_token=EAAGsecret"
            .parse()
            .unwrap();
        let request = OutgoingRequest {
            method: http::Method::GET,
            url,
            headers: HeaderMap::new(),
            body: OutgoingBody::Empty,
        };
        let Err(SendError::NotSent(text)) = client.send(request).await else {
            panic!("port 1 answered")
        };
        assert!(text.contains("efused"), "{text}");
        assert!(
            !text.contains("EAAGsecret") && !text.contains("path"),
            "{text}"
        );
    }

    #[tokio::test]
    async fn a_file_that_has_gone_is_not_sent() {
        let part = OutgoingPart {
            name: "file".to_owned(),
            filename: None,
            content_type: None,
            content: OutgoingContent::File {
                path: "does/not/exist".into(),
                size: 1,
            },
        };
        assert!(
            matches!(form(vec![part]).await, Err(SendError::NotSent(text)) if text.contains("`file`"))
        );
    }
}
