//! The table of everything that can be asked: one row per object, method and edge.

use http::Method;

use crate::endpoints::{
    business, media, number, registration, subscriptions, templates, uploads, waba,
};
use crate::graph_error::GraphError;
use crate::nodes::NodeKind;
use crate::reply::Reply;
use crate::router::Call;
use crate::send;

pub(crate) type Handler = fn(&mut Call) -> Result<Reply, GraphError>;

/// The permission an edge asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// `whatsapp_business_messaging`.
    Messaging,
    /// `whatsapp_business_management`.
    Management,
    /// One of the two above is enough.
    Either,
    /// `business_management`.
    Business,
    /// `whatsapp_business_management` or `business_management`.
    Assets,
    /// Any valid token.
    Any,
}

/// One row.
pub(crate) struct Route {
    pub node: NodeKind,
    pub method: Method,
    /// The path after the object; a last segment `*` stands for any.
    pub edge: &'static str,
    pub scope: Scope,
    pub handler: Handler,
}

impl Route {
    /// Whether the row is about this path after the object.
    pub(crate) fn is_edge(&self, edge: &str) -> bool {
        match self.edge.strip_suffix('*') {
            Some(start) => edge
                .strip_prefix(start)
                .is_some_and(|rest| !rest.is_empty() && !rest.contains('/')),
            None => self.edge == edge,
        }
    }
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
pub(crate) static ROUTES: &[Route] = {
    use NodeKind::{App, Business, Media, PhoneNumber, Template, User, Waba};
    use Scope::{Any, Assets, Either, Management, Messaging};
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    const DELETE: Method = Method::DELETE;
    &[
        route(PhoneNumber, GET, "", Either, number::show),
        route(PhoneNumber, POST, "", Management, number::update),
        route(PhoneNumber, POST, "messages", Messaging, send::send),
        route(PhoneNumber, POST, "marketing_messages", Messaging, send::send_marketing),
        route(PhoneNumber, POST, "media", Messaging, media::upload),
        route(PhoneNumber, POST, "register", Management, registration::register),
        route(PhoneNumber, POST, "deregister", Management, registration::deregister),
        route(PhoneNumber, POST, "request_code", Management, registration::request_code),
        route(PhoneNumber, POST, "verify_code", Management, registration::verify_code),
        route(PhoneNumber, GET, "whatsapp_business_profile", Either, number::profile),
        route(PhoneNumber, POST, "whatsapp_business_profile", Either, number::update_profile),
        route(PhoneNumber, GET, "block_users", Messaging, number::blocked_users),
        route(PhoneNumber, POST, "block_users", Messaging, number::block_users),
        route(PhoneNumber, DELETE, "block_users", Messaging, number::unblock_users),
        route(Waba, GET, "", Management, waba::show),
        route(Waba, POST, "", Management, waba::update),
        route(Waba, GET, "phone_numbers", Management, waba::phone_numbers),
        route(Waba, GET, "message_templates", Management, templates::list),
        route(Waba, POST, "message_templates", Management, templates::create),
        route(Waba, DELETE, "message_templates", Management, templates::delete),
        route(Waba, GET, "subscribed_apps", Management, subscriptions::list),
        route(Waba, POST, "subscribed_apps", Management, subscriptions::subscribe),
        route(Waba, DELETE, "subscribed_apps", Management, subscriptions::unsubscribe),
        route(Media, GET, "", Messaging, media::show),
        route(Media, DELETE, "", Messaging, media::delete),
        route(Template, GET, "", Management, templates::show),
        route(Template, POST, "", Management, templates::edit),
        route(User, GET, "", Any, business::show_user),
        route(User, GET, "permissions", Any, business::permissions),
        route(User, GET, "businesses", Scope::Business, business::businesses),
        route(User, GET, "assigned_whatsapp_business_accounts", Assets, business::assigned_wabas),
        route(Business, GET, "", Assets, business::show),
        route(Business, GET, "owned_whatsapp_business_accounts", Assets, business::owned_wabas),
        route(Business, GET, "client_whatsapp_business_accounts", Assets, business::client_wabas),
        route(App, GET, "", Any, business::show_app),
        route(App, POST, "uploads", Any, uploads::start),
    ]
};
