//! The built-in HTTP client against a server of raw bytes: what leaves, what comes back, and what each failure is called.

use host_test::wit::http::{
    Body, Content, Credential, Failure, Header, Method, Part, Placement, Request, Response,
    Secret as Named, Sink,
};
use host_test::{Credentials, Host, HostBuilder, Secret};

use crate::guest::{PLUGIN_ONLY, component};
use crate::server::{Reply, Server, answer, ok};

mod failures;
mod sending;

const TOKEN: &str = "EAAG|token/1";

fn builder(server: &Server) -> HostBuilder {
    let credentials = Credentials::new().access_token(Secret::new(TOKEN).unwrap());
    let guest = component(PLUGIN_ONLY, "");
    Host::builder()
        .component_bytes(guest)
        .allow_missing_exports(true)
        .credentials(credentials)
        .allow_base_url(&server.base_url)
}

fn host(server: &Server) -> Host {
    builder(server).build().unwrap()
}

fn request(method: Method, server: &Server, path: &str) -> Request {
    let bearer = Credential {
        secret: Named::AccessToken,
        placement: Placement::Bearer,
    };
    let url = format!("{}{path}", server.base_url);
    Request {
        method,
        url,
        headers: vec![],
        body: Body::Empty,
        credentials: vec![bearer],
        timeout_ms: None,
        sink: Sink::Memory,
    }
}

fn post(server: &Server) -> Request {
    Request {
        body: Body::Json("{}".to_owned()),
        ..request(Method::Post, server, "/v25.0/1/messages")
    }
}

fn text(response: &Response) -> &str {
    match &response.body {
        Content::Text(text) => text,
        other => panic!("not a text: {other:?}"),
    }
}
