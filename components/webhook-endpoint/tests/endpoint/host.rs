//! A server for one request at a time, as `wasmtime serve` does it.

use crate::delivery::signature;
use crate::sink::Sink;
use crate::wasi_host::{Server, load};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use std::{convert::Infallible, sync::OnceLock};
use tokio::sync::oneshot;
use wasmtime::Store;
use wasmtime_wasi::WasiCtx;
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;
use wasmtime_wasi_http::WasiHttpView;
use wasmtime_wasi_http::p2::bindings::{ProxyPre, http::types::Scheme};

const FILE: &str = "dist/whatsapp-webhook-endpoint.wasm";

/// The settings of every test. Nothing of what is secret among them may ever stand in the log.
pub const VERIFY_TOKEN: &str = "verify-token-hidden";
pub const APP_SECRET: &str = "app-secret-hidden";
const SINK_URL: &str = "https://sink.example:8443/events?key=hidden";
const AUTHORIZATION: &str = "Bearer hidden";

/// The component with its settings and its sink.
pub struct Endpoint {
    settings: Vec<(String, String)>,
    sink: Sink,
}

/// What came of a request.
pub struct Answer {
    pub status: u16,
    pub body: String,
    /// What the operator reads.
    pub log: Vec<String>,
}

impl Endpoint {
    /// With the settings that are needed.
    pub fn new(sink: &Sink) -> Self {
        let settings = [
            ("WHATSAPP_VERIFY_TOKEN", VERIFY_TOKEN),
            ("WHATSAPP_APP_SECRET", APP_SECRET),
            ("WHATSAPP_SINK_URL", SINK_URL),
            ("WHATSAPP_SINK_AUTHORIZATION", AUTHORIZATION),
        ];
        Self {
            settings: settings
                .map(|(name, value)| (name.into(), value.into()))
                .into(),
            sink: sink.clone(),
        }
    }

    /// With another setting.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.settings.retain(|(known, _)| known != name);
        self.settings.push((name.into(), value.into()));
        self
    }

    /// Without settings.
    pub fn bare(sink: &Sink) -> Self {
        Self {
            settings: Vec::new(),
            sink: sink.clone(),
        }
    }

    pub async fn get(&self, target: &str) -> Answer {
        let request = http::Request::get(target).body(Full::<Bytes>::default());
        self.handle(request.expect("is a request")).await
    }

    /// Posts a body that is signed with the app secret.
    pub async fn deliver(&self, body: impl Into<Bytes>) -> Answer {
        let body = body.into();
        let signature = signature(APP_SECRET, &body);
        self.post("/", Some(&signature), Full::new(body)).await
    }

    pub async fn post<B>(&self, target: &str, signature: Option<&str>, body: B) -> Answer
    where
        B: http_body::Body<Data = Bytes, Error = Infallible> + Send + 'static,
    {
        let mut request = http::Request::post(target);
        if let Some(signature) = signature {
            request = request.header("X-Hub-Signature-256", signature);
        }
        self.handle(request.body(body).expect("is a request")).await
    }

    pub async fn handle<B>(&self, mut request: http::Request<B>) -> Answer
    where
        B: http_body::Body<Data = Bytes, Error = Infallible> + Send + 'static,
    {
        let host = http::HeaderValue::from_static("webhook.example");
        request.headers_mut().insert(http::header::HOST, host);
        let stderr = MemoryOutputPipe::new(1 << 20);
        let wasi = WasiCtx::builder()
            .envs(&self.settings)
            .stderr(stderr.clone())
            .build();
        let server = Server::new(wasi, self.sink.clone());
        let mut store = Store::new(component().engine(), server);
        let (sender, receiver) = oneshot::channel();
        let mut view = store.data_mut().http();
        let request = view
            .new_incoming_request(Scheme::Https, request)
            .expect("is a request");
        let reply = view.new_response_outparam(sender).expect("has room");
        let proxy = component().instantiate_async(&mut store).await;
        let proxy = proxy.expect("the component starts");
        let handler = proxy.wasi_http_incoming_handler();
        let (done, response) =
            tokio::join!(handler.call_handle(&mut store, request, reply), async {
                let response = receiver.await.expect("the component answers");
                let response = response.expect("the answer is a response");
                let status = response.status().as_u16();
                let body = response.into_body().collect().await;
                (status, body.expect("the body ends").to_bytes())
            });
        done.expect("the component does not trap");
        let log = String::from_utf8(stderr.contents().to_vec()).expect("is text");
        assert!(!log.contains("hidden"), "a secret is in the log: {log}");
        let (status, body) = response;
        Answer {
            status,
            body: String::from_utf8(body.to_vec()).expect("is text"),
            log: log.lines().map(str::to_owned).collect(),
        }
    }
}

fn component() -> &'static ProxyPre<Server<Sink>> {
    static COMPONENT: OnceLock<ProxyPre<Server<Sink>>> = OnceLock::new();
    COMPONENT.get_or_init(|| ProxyPre::new(load(FILE)).expect("exports incoming-handler"))
}
