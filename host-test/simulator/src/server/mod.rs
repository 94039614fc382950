//! The HTTP server: its own accept loop, because a fault has to be able to close the connection it came on.

mod answer;
mod body;

use std::sync::Arc;
use std::time::Duration;

use http::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::faults::FaultKind;
use crate::request::GraphRequest;
use crate::shared::Shared;
use crate::{control, endpoints, router, webhooks};

use answer::Outgoing;
use body::AnswerBody;

/// Why a connection is closed without an answer.
#[derive(Debug, thiserror::Error)]
#[error("a fault cut the connection")]
struct Cut;

/// Accepts connections until the task is aborted, which closes them too.
pub(crate) async fn run(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                connections.spawn(serve_connection(stream, Arc::clone(&shared)));
            }
            // Out of file handles, usually: give others the time to return some.
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn serve_connection(stream: TcpStream, shared: Arc<Shared>) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| {
        let shared = Arc::clone(&shared);
        // In a task of its own: what a client asked for is done even when it does not wait for the answer.
        let handling = tokio::spawn(async move { handle(&shared, request).await });
        async move { handling.await.unwrap_or(Err(Cut)) }
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), service)
        .await;
    if let Err(error) = served {
        tracing::debug!(%error, "a connection ended early");
    }
}

async fn handle(
    shared: &Shared,
    request: http::Request<Incoming>,
) -> Result<Response<AnswerBody>, Cut> {
    let mut request = GraphRequest::read(request).await;
    if request
        .segments
        .first()
        .is_some_and(|first| first == control::PREFIX)
    {
        return Ok(Outgoing::whole(control::handle(shared, &request).await).into_response());
    }
    let secrets = shared.world().secrets();
    let id = shared
        .recorder()
        .record(&request, &secrets, shared.clock.now_ms());
    let applied = shared.faults().take(&request);
    if applied.latency_millis > 0 {
        tokio::time::sleep(Duration::from_millis(applied.latency_millis)).await;
    }
    let outgoing = match applied.fault {
        None => Some(Outgoing::whole(answer_request(shared, &mut request).await)),
        Some(fault) => {
            let handled = fault.after_handling || fault.fault.needs_the_answer();
            let real = match (&fault.fault, handled) {
                (FaultKind::CutBeforeHandling {}, _) | (_, false) => None,
                (_, true) => Some(answer_request(shared, &mut request).await),
            };
            answer::with_fault(&fault.fault, real, &mut shared.world().ids)
        }
    };
    let status = outgoing
        .as_ref()
        .map(|outgoing| outgoing.reply.status.as_u16());
    let (method, path) = (&request.method, &request.path);
    match status {
        Some(status) => tracing::info!("{method} {path} {status}"),
        None => tracing::info!("{method} {path}: a fault cut the connection"),
    }
    shared.recorder().answered(id, status, applied.names);
    outgoing.map(Outgoing::into_response).ok_or(Cut)
}

async fn answer_request(shared: &Shared, request: &mut GraphRequest) -> crate::reply::Reply {
    if let Some((url, verify_token)) = endpoints::subscriptions::callback_to_verify(request) {
        let challenge = shared.world().ids.challenge();
        let verified = webhooks::handshake::verify(&shared.poster, &url, &verify_token, &challenge);
        request.callback_check = Some(verified.await);
    }
    let reply = router::answer(
        &mut shared.world(),
        request,
        shared.clock.now_ms(),
        &shared.base_url,
    );
    shared.queued.notify_one();
    reply
}
