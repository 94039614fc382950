//! From a request to the function that answers it: token, object, edge, permission, usage.

use http::Method;

use crate::endpoints::{app, media, number, registration, subscriptions, templates, waba};
use crate::graph_error::GraphError;
use crate::reply::Reply;
use crate::request::GraphRequest;
use crate::world::{Token, World};
use crate::{send, usage};

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

type Handler = fn(&mut Call) -> Result<Reply, GraphError>;

/// What kind of object an id names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NodeKind {
    PhoneNumber,
    Waba,
    Media,
    Template,
}

impl NodeKind {
    /// Meta's type names, as in "nonexisting field" errors.
    fn type_name(self) -> &'static str {
        match self {
            Self::PhoneNumber => number::NODE_TYPE,
            Self::Waba => waba::NODE_TYPE,
            Self::Media => media::NODE_TYPE,
            Self::Template => templates::NODE_TYPE,
        }
    }
}

/// The permission an edge asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    Messaging,
    Management,
    /// One of the two is enough.
    Either,
}

struct Route {
    node: NodeKind,
    method: Method,
    edge: &'static str,
    scope: Scope,
    handler: Handler,
}

const fn route(
    node: NodeKind,
    method: Method,
    edge: &'static str,
    scope: Scope,
    handler: Handler,
) -> Route {
    Route {
        node,
        method,
        edge,
        scope,
        handler,
    }
}

#[rustfmt::skip]
static ROUTES: &[Route] = {
    use NodeKind::{Media, PhoneNumber, Template, Waba};
    use Scope::{Either, Management, Messaging};
    &[
        route(PhoneNumber, Method::GET, "", Either, number::show),
        route(PhoneNumber, Method::POST, "", Management, number::update),
        route(PhoneNumber, Method::POST, "messages", Messaging, send::send),
        route(PhoneNumber, Method::POST, "marketing_messages", Messaging, send::send_marketing),
        route(PhoneNumber, Method::POST, "media", Messaging, media::upload),
        route(PhoneNumber, Method::POST, "register", Management, registration::register),
        route(PhoneNumber, Method::POST, "deregister", Management, registration::deregister),
        route(PhoneNumber, Method::POST, "request_code", Management, registration::request_code),
        route(PhoneNumber, Method::POST, "verify_code", Management, registration::verify_code),
        route(PhoneNumber, Method::GET, "whatsapp_business_profile", Either, number::profile),
        route(PhoneNumber, Method::POST, "whatsapp_business_profile", Either, number::update_profile),
        route(PhoneNumber, Method::GET, "block_users", Messaging, number::blocked_users),
        route(PhoneNumber, Method::POST, "block_users", Messaging, number::block_users),
        route(PhoneNumber, Method::DELETE, "block_users", Messaging, number::unblock_users),
        route(Waba, Method::GET, "", Management, waba::show),
        route(Waba, Method::GET, "phone_numbers", Management, waba::phone_numbers),
        route(Waba, Method::GET, "message_templates", Management, templates::list),
        route(Waba, Method::POST, "message_templates", Management, templates::create),
        route(Waba, Method::DELETE, "message_templates", Management, templates::delete),
        route(Waba, Method::GET, "subscribed_apps", Management, subscriptions::list),
        route(Waba, Method::POST, "subscribed_apps", Management, subscriptions::subscribe),
        route(Waba, Method::DELETE, "subscribed_apps", Management, subscriptions::unsubscribe),
        route(Media, Method::GET, "", Messaging, media::show),
        route(Media, Method::DELETE, "", Messaging, media::delete),
        route(Template, Method::GET, "", Management, templates::show),
        route(Template, Method::POST, "", Management, templates::edit),
    ]
};

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
        .is_some_and(|first| first == media::CDN)
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
    // The login exchange authenticates with the app's secret instead of a token.
    if node == "oauth" && edge == "access_token" {
        return app::exchange(world, request, now_ms);
    }
    let token = authenticate(world, request, now_ms)?;
    let mut call = Call {
        world,
        request,
        node,
        token,
        now_ms,
        base_url: base_url.to_owned(),
    };
    if node == "debug_token" && edge.is_empty() && request.method == Method::GET {
        return app::debug_token(&mut call);
    }
    let unknown = || GraphError::unknown_object(&request.method, node);
    let (kind, waba_id) = find_node(call.world, node, now_ms).ok_or_else(unknown)?;
    // An object the token was not granted for looks like one that does not exist.
    if !call.token.covers_waba(&waba_id) {
        return Err(unknown());
    }
    if request.segments.len() > 2 {
        let rest = request.segments.get(2..).unwrap_or_default().join("/");
        return Err(GraphError::core(
            2500,
            format!("Unknown path components: /{rest}"),
        ));
    }
    let route = ROUTES
        .iter()
        .find(|route| route.node == kind && route.edge == edge && route.method == request.method)
        .ok_or_else(|| {
            let known_edge = ROUTES
                .iter()
                .any(|route| route.node == kind && route.edge == edge);
            if request.method == Method::GET && !known_edge {
                GraphError::nonexisting_field(edge, kind.type_name())
            } else {
                unknown()
            }
        })?;
    check_scope(&call.token, route.scope)?;
    if route.scope != Scope::Messaging {
        usage::count_management_call(call.world, &waba_id, now_ms)?;
    }
    if let Some(why) = &request.body_error {
        return Err(GraphError::with_details(100, why.clone()));
    }
    (route.handler)(&mut call)
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
    use crate::world::{MANAGEMENT, MESSAGING};
    let granted = match scope {
        Scope::Messaging => token.has_scope(MESSAGING),
        Scope::Management => token.has_scope(MANAGEMENT),
        Scope::Either => token.has_scope(MESSAGING) || token.has_scope(MANAGEMENT),
    };
    match (granted, scope) {
        (true, _) => Ok(()),
        (false, Scope::Management) => Err(GraphError::core(
            200,
            format!("(#200) Requires {MANAGEMENT} permission to manage the object"),
        )),
        (false, _) => Err(GraphError::core(
            10,
            "(#10) Application does not have permission for this action",
        )),
    }
}

fn find_node(world: &World, id: &str, now_ms: u64) -> Option<(NodeKind, String)> {
    if let Some(number) = world.phone_number(id) {
        return Some((NodeKind::PhoneNumber, number.waba_id.clone()));
    }
    if world.wabas.iter().any(|waba| waba.id == id) {
        return Some((NodeKind::Waba, id.to_owned()));
    }
    if let Some(media) = world
        .media
        .iter()
        .find(|media| media.id == id && media.expires_at_ms > now_ms)
    {
        let owner = world.phone_number(&media.phone_number_id);
        return Some((
            NodeKind::Media,
            owner
                .map(|number| number.waba_id.clone())
                .unwrap_or_default(),
        ));
    }
    let template = world.templates.iter().find(|template| template.id == id)?;
    Some((NodeKind::Template, template.waba_id.clone()))
}
