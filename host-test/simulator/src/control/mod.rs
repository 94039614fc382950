//! The control interface under `/_simulator`, for tests in other languages. See the table in the crate's documentation.

mod customers;
mod faults;
mod input;
mod login_codes;
mod state;
mod time;
mod webhooks;

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::reply::Reply;
use crate::request::GraphRequest;
use crate::shared::Shared;

pub(crate) use input::ControlError;

/// First path segment of everything here.
pub(crate) const PREFIX: &str = "_simulator";

type Outcome = Result<Value, ControlError>;

/// What a control request is about.
pub(crate) struct Order<'a> {
    shared: &'a Shared,
    request: &'a GraphRequest,
    /// The path after `/_simulator`.
    path: Vec<&'a str>,
    now_ms: u64,
}

type Handler = fn(&Order) -> Outcome;

struct Route {
    method: Method,
    /// Segments; `*` stands for any.
    path: &'static [&'static str],
    handler: Handler,
    /// Whether webhooks that are due are delivered before the answer, so that a test can look at them next.
    settles: bool,
}

const fn get(path: &'static [&'static str], handler: Handler) -> Route {
    Route {
        method: Method::GET,
        path,
        handler,
        settles: false,
    }
}

const fn change(method: Method, path: &'static [&'static str], handler: Handler) -> Route {
    Route {
        method,
        path,
        handler,
        settles: true,
    }
}

static ROUTES: &[Route] = &[
    get(&["state"], state::state),
    change(Method::POST, &["reset"], state::reset),
    change(Method::PATCH, &["settings"], state::change_settings),
    get(&["messages"], state::messages),
    get(&["inbound"], state::inbound),
    get(&["requests"], state::requests),
    change(Method::DELETE, &["requests"], state::forget_requests),
    change(
        Method::PATCH,
        &["templates", "*", "*"],
        state::change_template,
    ),
    change(Method::POST, &["login_codes"], login_codes::issue),
    get(&["clock"], time::clock),
    change(Method::POST, &["clock", "advance"], time::advance),
    get(&["faults"], faults::list),
    change(Method::POST, &["faults"], faults::add),
    change(Method::DELETE, &["faults"], faults::clear),
    change(Method::PUT, &["customers", "*"], customers::put),
    change(
        Method::POST,
        &["customers", "*", "messages"],
        customers::write,
    ),
    change(Method::POST, &["customers", "*", "reads"], customers::reads),
    change(Method::POST, &["webhooks"], webhooks::send),
    get(&["deliveries"], webhooks::deliveries),
    change(
        Method::POST,
        &["deliveries", "redeliver"],
        webhooks::redeliver,
    ),
    change(
        Method::POST,
        &["deliveries", "deliver_twice"],
        webhooks::deliver_twice,
    ),
    change(Method::POST, &["batch", "begin"], webhooks::begin_batch),
    change(Method::POST, &["batch", "flush"], webhooks::flush_batch),
];

/// Answers a control request.
pub(crate) async fn handle(shared: &Shared, request: &GraphRequest) -> Reply {
    let path: Vec<&str> = request
        .segments
        .iter()
        .skip(1)
        .map(String::as_str)
        .collect();
    // No order reads a query, so what stands there would be lost without a word.
    if let Some((name, _)) = request.query.first() {
        return reply(Err(ControlError::new(
            name,
            "no query parameters",
            "send it as a member of the JSON body, or leave it out",
        )));
    }
    // The only order that has to wait for another server.
    if request.method == Method::POST && path == ["callback"] {
        return reply(webhooks::set_callback(shared, request).await);
    }
    let fits = |route: &&Route| {
        route.path.len() == path.len()
            && route
                .path
                .iter()
                .zip(&path)
                .all(|(known, given)| *known == "*" || known == given)
    };
    let Some(route) = ROUTES
        .iter()
        .filter(fits)
        .find(|route| route.method == request.method)
    else {
        return unknown(
            request,
            ROUTES
                .iter()
                .filter(fits)
                .map(|route| route.method.as_str())
                .collect(),
        );
    };
    if let Some(why) = &request.body_error {
        return reply(Err(ControlError::new(
            "body",
            format!("a JSON object ({why})"),
            "send one, or no body at all",
        )));
    }
    let order = Order {
        shared,
        request,
        path,
        now_ms: shared.clock.now_ms(),
    };
    let outcome = (route.handler)(&order);
    if route.settles && outcome.is_ok() {
        crate::webhooks::delivery::deliver_due(shared).await;
    }
    reply(outcome)
}

fn reply(outcome: Outcome) -> Reply {
    match outcome {
        Ok(value) => Reply::control(StatusCode::OK, &value),
        Err(error) => Reply::control(StatusCode::BAD_REQUEST, &error.to_json()),
    }
}

fn unknown(request: &GraphRequest, methods: Vec<&str>) -> Reply {
    if methods.is_empty() {
        let paths: Vec<String> = ROUTES
            .iter()
            .map(|route| format!("{} /{PREFIX}/{}", route.method, route.path.join("/")))
            .chain([format!("POST /{PREFIX}/callback")])
            .collect();
        return Reply::control(
            StatusCode::NOT_FOUND,
            &json!({"error": {
                "field": "path", "expected": "one of the control paths", "found": request.path,
                "do": "use one of `paths`", "paths": paths,
            }}),
        );
    }
    Reply::control(
        StatusCode::METHOD_NOT_ALLOWED,
        &json!({"error": {
            "field": "method", "expected": methods.join(" or "), "found": request.method.as_str(),
            "do": format!("send {} {}", methods.join(" or "), request.path),
        }}),
    )
}

fn done() -> Outcome {
    Ok(json!({"done": true}))
}
