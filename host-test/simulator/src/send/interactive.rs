//! Interactive messages: one row per kind. Limits are those of Meta's pages; what they leave open is let through.

use serde_json::Value;

use super::checks::{at_most, invalid, required_text};
use super::content::{Content, media_object};
use super::interactive_actions as actions;
use crate::graph_error::GraphError;
use crate::request::scalar_text;

/// Checks the `action` object.
pub(super) type Check = fn(&Value, &mut Content) -> Result<(), GraphError>;

struct Kind {
    name: &'static str,
    /// What `action.name` has to be; `None`: the kind has no such member.
    action_name: Option<&'static str>,
    /// Code points of `body.text`.
    body_limit: usize,
    body_required: bool,
    /// Header types that fit.
    headers: &'static [&'static str],
    header_required: bool,
    footer_allowed: bool,
    check_action: Check,
}

/// Header types in the order in which Meta's error lists them.
static HEADERS: &[&str] = &["document", "image", "text", "video"];
static TEXT_HEADER: &[&str] = &["text"];
static NO_HEADER: &[&str] = &[];

const fn kind(name: &'static str, action_name: Option<&'static str>, check_action: Check) -> Kind {
    Kind {
        name,
        action_name,
        body_limit: 1024,
        body_required: true,
        headers: HEADERS,
        header_required: false,
        footer_allowed: true,
        check_action,
    }
}

#[rustfmt::skip]
static KINDS: &[Kind] = &[
    kind("address_message", Some("address_message"), actions::address),
    kind("button", None, actions::buttons),
    Kind { body_required: false, ..kind("call_permission_request", Some("call_permission_request"), actions::anything) },
    Kind { headers: NO_HEADER, footer_allowed: false, ..kind("carousel", None, super::carousel::check) },
    kind("catalog_message", Some("catalog_message"), actions::anything),
    kind("cta_url", Some("cta_url"), actions::cta_url),
    kind("flow", Some("flow"), actions::flow),
    Kind { body_limit: 4096, headers: TEXT_HEADER, ..kind("list", None, actions::list) },
    kind("location_request_message", Some("send_location"), actions::anything),
    kind("order_details", Some("review_and_pay"), actions::order),
    kind("order_status", Some("review_order"), actions::order),
    Kind { body_required: false, headers: NO_HEADER, ..kind("product", None, actions::product) },
    Kind { headers: TEXT_HEADER, header_required: true, ..kind("product_list", None, actions::product_list) },
    kind("request_contact_info", Some("request_contact_info"), actions::anything),
    kind("voice_call", Some("voice_call"), actions::voice_call),
];

/// Checks an `interactive` object.
pub(super) fn check(object: &Value, content: &mut Content) -> Result<(), GraphError> {
    let given = required_text(object, "interactive", "type")?;
    let kind = KINDS
        .iter()
        .find(|kind| kind.name.eq_ignore_ascii_case(&given))
        .ok_or_else(|| {
            let names: Vec<_> = KINDS.iter().map(|kind| kind.name).collect();
            GraphError::one_of("interactive['type']", &names, &given)
        })?;
    check_texts(object, kind)?;
    match object.get("header") {
        Some(header) => check_header(header, kind, content)?,
        None if kind.header_required => return Err(GraphError::required("interactive['header']")),
        None => {}
    }
    match object.get("action") {
        Some(action @ Value::Object(_)) => {
            check_action_name(action, kind)?;
            (kind.check_action)(action, content)
        }
        _ => Err(GraphError::required("interactive['action']")),
    }
}

fn check_texts(object: &Value, kind: &Kind) -> Result<(), GraphError> {
    let text_of = |part: &str| {
        object
            .get(part)
            .and_then(|part| part.get("text"))
            .and_then(scalar_text)
    };
    match text_of("body").filter(|text| !text.is_empty()) {
        Some(text) => at_most("interactive['body']['text']", &text, kind.body_limit)?,
        None if kind.body_required => {
            return Err(GraphError::required("interactive['body']['text']"));
        }
        None => {}
    }
    match text_of("footer") {
        Some(_) if !kind.footer_allowed => Err(invalid(format!(
            "Interactive messages of type {} cannot have a footer",
            kind.name
        ))),
        Some(footer) => at_most("interactive['footer']['text']", &footer, 60),
        None => Ok(()),
    }
}

fn check_action_name(action: &Value, kind: &Kind) -> Result<(), GraphError> {
    let Some(expected) = kind.action_name else {
        return Ok(());
    };
    let given = required_text(action, "interactive['action']", "name")?;
    if given.eq_ignore_ascii_case(expected) {
        return Ok(());
    }
    Err(GraphError::one_of(
        "interactive['action']['name']",
        &[expected],
        &given,
    ))
}

fn check_header(header: &Value, kind: &Kind, content: &mut Content) -> Result<(), GraphError> {
    let path = "interactive['header']";
    let given = required_text(header, path, "type")?.to_ascii_lowercase();
    if !HEADERS.contains(&given.as_str()) {
        return Err(GraphError::one_of(
            &format!("{path}['type']"),
            HEADERS,
            &given,
        ));
    }
    if !kind.headers.contains(&given.as_str()) {
        return Err(invalid(format!(
            "Interactive messages of type {} cannot have a header of type {given}",
            kind.name
        )));
    }
    if given == "text" {
        let text = required_text(header, path, "text")?;
        return at_most("interactive['header']['text']", &text, 60);
    }
    let object = header.get(&given).unwrap_or(&Value::Null);
    media_object(
        object,
        &given,
        &format!("{path}['{given}']"),
        &mut content.media,
    )
}
