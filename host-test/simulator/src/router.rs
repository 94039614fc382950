//! From a request to the function that answers it: token, object, edge, permission, usage.

use http::Method;

use crate::endpoints::{app, flows, media, oauth, uploads};
use crate::graph_error::GraphError;
use crate::nodes::{self, Node};
use crate::reply::Reply;
use crate::request::GraphRequest;
use crate::routes::{ROUTES, Route, Scope};
use crate::usage;
use crate::world::{Token, World};

/// The Graph version that answers say when the path named none.
const DEFAULT_VERSION: &str = "v25.0";

/// Everything a handler works with.
pub(crate) struct Call<'a> {
    pub world: &'a mut World,
    pub request: &'a GraphRequest,
    /// The object the path starts with.
    pub node: &'a str,
    pub token: Token,
    pub now_ms: u64,
    pub base_url: String,
}

/// Answers a Graph request.
pub(crate) fn answer(
    world: &mut World,
    request: &GraphRequest,
    now_ms: u64,
    fallback_base: &str,
) -> Reply {
    let base_url = request.base_url(fallback_base);
    let trace_id = world.ids.trace();
    let outcome = dispatch(world, request, now_ms, &base_url);
    let mut reply = match outcome {
        Ok(reply) => reply,
        Err(error) => Reply::error(&error, &trace_id),
    };
    if request
        .segments
        .first()
        .is_some_and(|first| [media::CDN, flows::ASSETS].contains(&first.as_str()))
    {
        return reply;
    }
    let version = request.version.as_deref().unwrap_or(DEFAULT_VERSION);
    reply.set_named("facebook-api-version", version);
    reply.set_named("x-fb-trace-id", &trace_id);
    reply.set_named("x-fb-request-id", &trace_id);
    reply.set_named("x-fb-rev", "1030000000");
    reply.set_named("access-control-allow-origin", "*");
    reply.set_named(
        "cache-control",
        "private, no-cache, no-store, must-revalidate",
    );
    reply.set_named("pragma", "no-cache");
    reply.set_named("strict-transport-security", "max-age=15552000; preload");
    reply.set_named("vary", "Origin, Accept-Encoding");
    usage::add_headers(world, request, now_ms, &mut reply);
    reply
}

fn dispatch(
    world: &mut World,
    request: &GraphRequest,
    now_ms: u64,
    base_url: &str,
) -> Result<Reply, GraphError> {
    let node = request.segments.first().map_or("", String::as_str);
    let edge = request.segments.get(1).map_or("", String::as_str);
    if node == media::CDN {
        return Ok(media::download(world, request, now_ms));
    }
    if node == flows::ASSETS {
        return Ok(flows::download(world, request));
    }
    // The login exchange authenticates with the app's secret instead of a token.
    if node == "oauth" && edge == "access_token" {
        return oauth::exchange(world, request, now_ms);
    }
    let token = authenticate(world, request, now_ms)?;
    if node.starts_with(uploads::SESSION) {
        return uploads::session(world, request, &token, now_ms);
    }
    let found = nodes::find(world, &token, node, now_ms);
    let mut call = Call {
        world,
        request,
        node: found.as_ref().map_or(node, |found| &found.id),
        token,
        now_ms,
        base_url: base_url.to_owned(),
    };
    if node == "debug_token" && edge.is_empty() && request.method == Method::GET {
        return app::debug_token(&mut call);
    }
    let Some(found) = &found else {
        return Err(GraphError::unknown_object(&request.method, node));
    };
    let route = find_route(found, request)?;
    check_scope(&call.token, route.scope)?;
    if let (Some(waba_id), true) = (&found.waba_id, route.scope != Scope::Messaging) {
        usage::count_management_call(call.world, waba_id, now_ms)?;
    }
    if let Some(why) = &request.body_error {
        return Err(GraphError::with_details(100, why.clone()));
    }
    (route.handler)(&mut call)
}

/// The row of the table for what was asked of the object.
fn find_route(found: &Node, request: &GraphRequest) -> Result<&'static Route, GraphError> {
    let edge = request.segments.get(1..).unwrap_or_default().join("/");
    let of_edge = |route: &&Route| route.node == found.kind && route.is_edge(&edge);
    let route = ROUTES
        .iter()
        .filter(of_edge)
        .find(|route| route.method == request.method);
    if let Some(route) = route {
        return Ok(route);
    }
    let is_known = ROUTES.iter().any(|route| of_edge(&route));
    if !is_known && request.segments.len() > 2 {
        let rest = request.segments.get(2..).unwrap_or_default().join("/");
        return Err(GraphError::core(
            2500,
            format!("Unknown path components: /{rest}"),
        ));
    }
    if !is_known && request.method == Method::GET {
        return Err(GraphError::nonexisting_field(&edge, found.kind.type_name()));
    }
    Err(GraphError::unknown_object(&request.method, &found.id))
}

fn authenticate(world: &World, request: &GraphRequest, now_ms: u64) -> Result<Token, GraphError> {
    let Some(value) = request.access_token() else {
        return Err(GraphError::core(
            104,
            "An access token is required to request this resource.",
        ));
    };
    if value == format!("{}|{}", world.app.id, world.app.secret) {
        let mut token = Token::new(value).with_scopes(Vec::<String>::new());
        token.kind = "APP".into();
        token.app_id.clone_from(&world.app.id);
        return Ok(token);
    }
    let known = world.tokens.iter().find(|token| token.value == value);
    match known {
        None => Err(GraphError::core(
            190,
            "Invalid OAuth access token - Cannot parse access token",
        )),
        Some(token) => match app::token_problem(token, now_ms) {
            Some((subcode, message)) => Err(GraphError::core(190, message).subcode(subcode)),
            None => Ok(token.clone()),
        },
    }
}

fn check_scope(token: &Token, scope: Scope) -> Result<(), GraphError> {
    use crate::world::{BUSINESS, MANAGEMENT, MESSAGING};
    let has = |wanted: &[&str]| wanted.iter().any(|scope| token.has_scope(scope));
    let (granted, named) = match scope {
        Scope::Messaging => (has(&[MESSAGING]), None),
        Scope::Either => (has(&[MESSAGING, MANAGEMENT]), None),
        Scope::Management => (has(&[MANAGEMENT]), Some(MANAGEMENT)),
        Scope::Assets => (has(&[MANAGEMENT, BUSINESS]), Some(BUSINESS)),
        Scope::Business => (has(&[BUSINESS]), Some(BUSINESS)),
        Scope::Any => (true, None),
    };
    match (granted, named) {
        (true, _) => Ok(()),
        (false, Some(permission)) => Err(GraphError::core(
            200,
            format!("(#200) Requires {permission} permission to manage the object"),
        )),
        (false, None) => Err(GraphError::core(
            10,
            "(#10) Application does not have permission for this action",
        )),
    }
}
