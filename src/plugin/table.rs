//! The table of actions: what the typed door exports, by name.

use super::refuse;
use crate::actions::{
    carousel, choices, commerce, connection, contacts, flow, interactive, location, media,
    phone_numbers, reaction, read_receipt, registration, requests, template, text,
};
use crate::fault::Fallible;
use crate::graph::Graph;
use crate::json::{self, Read, Write};
use crate::prelude::*;
use serde_json::Value;

/// One action.
pub struct Action {
    /// Its name: that of the WIT function.
    pub name: &'static str,
    /// Runs it. The second argument is the name.
    pub run: fn(&Graph<'_>, &'static str, &Value) -> Fallible<String>,
}

/// Writes a row of the table.
macro_rules! action {
    ($name:literal, $action:path) => {
        Action {
            name: $name,
            run: |graph, name, input| run(graph, name, input, $action),
        }
    };
}

/// Every action, in the order of the contract.
pub const ACTIONS: &[Action] = &[
    action!("send-text", text::send),
    action!("send-media", media::send),
    action!("send-location", location::send),
    action!("send-contacts", contacts::send),
    action!("send-reaction", reaction::send),
    action!("mark-as-read", read_receipt::send),
    action!("send-template", template::send),
    action!("send-buttons", choices::send_buttons),
    action!("send-list", choices::send_list),
    action!("send-choices", choices::send_choices),
    action!("send-cta-url", interactive::send_cta_url),
    action!("send-flow", flow::send_flow),
    action!("send-product", commerce::send_product),
    action!("send-product-list", commerce::send_product_list),
    action!("send-catalog", commerce::send_catalog),
    action!("send-media-carousel", carousel::send_media_carousel),
    action!("request-location", requests::location),
    action!("request-address", requests::address),
    action!("request-call-permission", requests::call_permission),
    action!("request-contact-info", requests::contact_info),
    action!("send-interactive", interactive::send_raw),
    action!("list-phone-numbers", phone_numbers::list),
    action!("ensure-registered", registration::ensure),
    action!("validate-connection", connection::validate),
];

/// Reads the input, runs the action, writes the output.
fn run<I: Read, O: Write>(
    graph: &Graph<'_>,
    name: &str,
    input: &Value,
    action: fn(&Graph<'_>, I) -> Fallible<O>,
) -> Fallible<String> {
    let input = json::read("", input).map_err(|problem| refuse(problem, Some(name)))?;
    action(graph, input).map(|output| json::to_text(&output.write()))
}
