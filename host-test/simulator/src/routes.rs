//! The table of everything that can be asked: one row per object, method and edge.

use http::Method;

use crate::endpoints::{
    automation, blocking, business, calls, commerce, flows, groups, media, number, phone_numbers,
    profile, qr_codes, registration, settings, subscriptions, templates, uploads, waba,
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
    use NodeKind::{App, Business, Flow, Group, Media, PhoneNumber, Template, User, Waba};
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
        route(PhoneNumber, GET, "whatsapp_business_profile", Either, profile::show),
        route(PhoneNumber, POST, "whatsapp_business_profile", Either, profile::update),
        route(PhoneNumber, GET, "block_users", Messaging, blocking::list),
        route(PhoneNumber, POST, "block_users", Messaging, blocking::block),
        route(PhoneNumber, DELETE, "block_users", Messaging, blocking::unblock),
        route(PhoneNumber, GET, "settings", Management, settings::show),
        route(PhoneNumber, POST, "settings", Management, settings::update),
        route(PhoneNumber, POST, "calls", Messaging, calls::act),
        route(PhoneNumber, GET, "call_permissions", Messaging, calls::permission),
        route(PhoneNumber, GET, "groups", Messaging, groups::list),
        route(PhoneNumber, POST, "groups", Messaging, groups::create),
        route(PhoneNumber, GET, "conversational_automation", Management, automation::show),
        route(PhoneNumber, POST, "conversational_automation", Management, automation::update),
        route(PhoneNumber, GET, "message_qrdls", Management, qr_codes::list),
        route(PhoneNumber, POST, "message_qrdls", Management, qr_codes::save),
        route(PhoneNumber, GET, "message_qrdls/*", Management, qr_codes::show),
        route(PhoneNumber, DELETE, "message_qrdls/*", Management, qr_codes::delete),
        route(PhoneNumber, GET, "whatsapp_commerce_settings", Management, commerce::show),
        route(PhoneNumber, POST, "whatsapp_commerce_settings", Management, commerce::update),
        route(PhoneNumber, GET, "whatsapp_business_encryption", Either, commerce::public_key),
        route(PhoneNumber, POST, "whatsapp_business_encryption", Either, commerce::set_public_key),
        route(Group, GET, "", Messaging, groups::show),
        route(Group, POST, "", Messaging, groups::update),
        route(Group, DELETE, "", Messaging, groups::delete),
        route(Group, GET, "invite_link", Messaging, groups::invite_link),
        route(Group, POST, "invite_link", Messaging, groups::renew_invite_link),
        route(Group, DELETE, "participants", Messaging, groups::remove_participants),
        route(Group, GET, "join_requests", Messaging, groups::join_requests),
        route(Group, POST, "join_requests", Messaging, groups::approve),
        route(Group, DELETE, "join_requests", Messaging, groups::reject),
        route(Waba, GET, "flows", Management, flows::list),
        route(Waba, POST, "flows", Management, flows::create),
        route(Flow, GET, "", Management, flows::show),
        route(Flow, POST, "", Management, flows::update),
        route(Flow, DELETE, "", Management, flows::delete),
        route(Flow, GET, "assets", Management, flows::assets),
        route(Flow, POST, "assets", Management, flows::upload),
        route(Flow, POST, "publish", Management, flows::publish),
        route(Flow, POST, "deprecate", Management, flows::deprecate),
        route(Waba, GET, "", Management, waba::show),
        route(Waba, POST, "", Management, waba::update),
        route(Waba, GET, "phone_numbers", Management, phone_numbers::list),
        route(Waba, POST, "phone_numbers", Management, phone_numbers::add),
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
