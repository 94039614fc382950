//! Errors that Meta reports in webhooks.

use crate::door::Node;
use crate::graph::codes;
use crate::json::Item;
use crate::prelude::*;

/// The errors in the field `errors`, each with advice.
pub fn errors(item: Item<'_>) -> Node<'_> {
    let mut output = Vec::new();
    for item in item.get("errors").items() {
        if item.is_object() {
            output.push(error(item));
        }
    }
    Node::List(output)
}

fn error(item: Item<'_>) -> Node<'_> {
    let code = item.get("code").integer();
    let advice = codes::find(code, None).map_or(codes::UNKNOWN_ADVICE, codes::Entry::advice);
    Node::Fields(
        vec![
            ("code", Node::Whole(code.unwrap_or_default())),
            ("advice", Node::Text(advice.into())),
        ],
        &[("details", "error_data.details")],
        item,
    )
}
