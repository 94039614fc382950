//! The actions. Their inputs have been checked against `wit/` before (structure and limits); what stands here are the rules between
//! fields, and Meta's shapes.

pub mod address;
pub mod base64;
pub mod blocking;
pub mod business_accounts;
pub mod business_profile;
pub mod carousel;
pub mod choices;
pub mod commerce;
pub mod connection;
pub mod contacts;
pub mod diagnosis;
pub mod flow;
pub mod graph_call;
pub mod interactive;
pub mod location;
pub mod login;
pub mod media;
pub mod media_download;
pub mod media_files;
pub mod media_rules;
pub mod media_upload;
pub mod message;
pub mod output;
pub mod phone_numbers;
pub mod raw;
pub mod reaction;
pub mod read_receipt;
pub mod reading;
pub mod registration;
pub mod requests;
pub mod split;
pub mod subscriptions;
pub mod template;
pub mod template_components;
pub mod template_editing;
pub mod templates;
pub mod text;
pub mod tokens;
pub mod verification;
pub mod window;

use crate::contract::whatsapp::connector::types::{Error, Fault};
use crate::fault::{Fallible, into_fault, invalid};
use crate::graph::{
    Graph,
    request::{Call, Effect},
};
use crate::json::{Input, Object};
use crate::prelude::*;
use serde_json::Value;

/// The output of an action that has nothing to tell but that it is done.
pub fn done() -> Value {
    Object::new().with("success", true).into()
}

/// Posts to an edge of a phone number, or, without one, to the number itself. What it answers is not looked at: a refusal is an error.
pub fn change_number(
    graph: &Graph<'_>,
    input: &Input<'_>,
    edge: Option<&str>,
    effect: Effect,
    body: Object,
) -> Fallible<Value> {
    let id = graph.phone_number_id(input)?;
    let path = [id, edge.unwrap_or_default()];
    let path = &path[..1 + usize::from(edge.is_some())];
    graph.call(Call::post(path, effect, body))?;
    Ok(done())
}

/// What is behind one of these beginnings in an address; nothing when it has another one, or blanks.
pub fn below<'a>(begins: &[&str], address: &'a str) -> &'a str {
    for begin in begins {
        if let Some(rest) = address.strip_prefix(begin)
            && !has_blank(rest)
        {
            return rest;
        }
    }
    ""
}

/// Whether a text has blanks or control characters.
#[inline(never)]
pub fn has_blank(text: &str) -> bool {
    text.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// Refuses an address of one's own that is not `https`. `http://localhost` is for development; Meta takes it, too.
pub fn check_https(input: &Input<'_>, field: &str) -> Fallible<()> {
    let address = input.need(field);
    if !below(&["https://", "http://localhost"], address).is_empty() {
        return Ok(());
    }
    let expected = "expected an address that begins with https://, got";
    // The field's own help text.
    Err(refuse_text(field, expected, address, ""))
}

/// `permanent-invalid-input` about a field that has another text than expected.
#[inline(never)]
pub fn refuse_text(field: &str, expected: &str, text: &str, advice: &str) -> Box<Error> {
    invalid(field, &[expected, " `", text, "`"].joined(""), advice)
}

/// Refuses a field that is missing beside another one.
pub fn check_beside(input: &Input<'_>, other: &str, field: &str) -> Fallible<()> {
    if input.has(field) || !input.has(other) {
        return Ok(());
    }
    let problem = ["required together with ", other, ", got none"].joined("");
    Err(input.refuse(field, &problem, ""))
}

/// Whether a text has a word in it, in any case.
#[inline(never)]
pub fn has_word(text: &str, word: &str) -> bool {
    let mut places = text.as_bytes().windows(word.len());
    places.any(|place| place.eq_ignore_ascii_case(word.as_bytes()))
}

/// The path of an item of a list.
#[inline(never)]
pub fn item(list: &str, position: usize) -> String {
    format!("{list}[{position}]")
}

/// What an error says.
#[inline(never)]
pub fn fault_of(error: Box<Error>) -> Fault {
    into_fault(*error)
}

/// Other advice for a lost answer than the usual one, which is about messages.
pub fn if_lost(mut error: Box<Error>, advice: &str) -> Box<Error> {
    if let Error::PermanentOutcomeUnknown(fault) = &mut *error {
        fault.advice = advice.to_owned();
    }
    error
}

/// One action.
pub struct Action {
    /// Its name: that of the WIT function.
    pub name: &'static str,
    /// Runs it.
    pub run: Run,
}

/// From an input to an output, both in their JSON form.
pub type Run = fn(&Graph<'_>, &Input<'_>) -> Fallible<Value>;

const fn action(name: &'static str, run: Run) -> Action {
    Action { name, run }
}

/// Every action, in the order of the contract.
pub const ACTIONS: &[Action] = &[
    action("send-text", text::send),
    action("split-text", split::split),
    action("send-media", media::send),
    action("send-location", location::send),
    action("send-contacts", contacts::send),
    action("send-reaction", reaction::send),
    action("mark-as-read", read_receipt::send),
    action("send-template", template::send),
    action("send-raw", raw::send),
    action("send-buttons", choices::send_buttons),
    action("send-list", choices::send_list),
    action("send-choices", choices::send_choices),
    action("send-cta-url", interactive::send_cta_url),
    action("send-flow", flow::send),
    action("send-product", commerce::send_product),
    action("send-product-list", commerce::send_product_list),
    action("send-catalog", commerce::send_catalog),
    action("send-media-carousel", carousel::send),
    action("request-location", requests::location),
    action("request-address", requests::address),
    action("request-call-permission", requests::call_permission),
    action("request-contact-info", requests::contact_info),
    action("send-interactive", interactive::send_raw),
    action("list-templates", templates::list),
    action("get-template", templates::get),
    action("describe-template", templates::describe),
    action("compile-template", templates::compile),
    action("create-template", template_editing::create),
    action("edit-template", template_editing::edit),
    action("delete-template", template_editing::delete),
    action("upload-media", media_files::upload),
    action("get-media", media_files::get),
    action("download-media", media_download::download),
    action("delete-media", media_files::delete),
    action("list-phone-numbers", phone_numbers::list),
    action("get-phone-number", phone_numbers::get),
    action("ensure-registered", registration::ensure),
    action("register", registration::register),
    action("deregister", registration::deregister),
    action("get-registration-status", registration::status),
    action("set-pin", verification::set_pin),
    action("request-code", verification::request_code),
    action("verify-code", verification::verify_code),
    action("get-business-profile", business_profile::get),
    action("update-business-profile", business_profile::update),
    action("validate-connection", connection::validate),
    action("exchange-code", tokens::exchange),
    action("refresh-token", tokens::refresh),
    action("list-business-accounts", business_accounts::list),
    action("subscribe-webhooks", subscriptions::subscribe),
    action("unsubscribe-webhooks", subscriptions::unsubscribe),
    action("list-webhook-subscriptions", subscriptions::list),
    action("block-users", blocking::block),
    action("unblock-users", blocking::unblock),
    action("list-blocked-users", blocking::list),
    action("oauth-url", login::url),
    action("embedded-signup-page", login::page),
    action("graph-call", graph_call::run),
    action("diagnose", diagnosis::diagnose),
];
