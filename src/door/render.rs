//! From an event to its JSON, by the same tables as to memory: names of the contract in snake_case, every field there, null when absent.

use super::{Kind, Node, Record, Type, lower::fits};
use crate::json::{Tree, quote, to_text};
use crate::prelude::*;
use serde_json::Number;

/// How deep JSON of Meta's may be nested inside an event. Most readers stop at 128, and an event has some layers of its own: what is deeper
/// stands there as a text, so that one such item does not make the whole list unreadable.
const DEPTH_MAX: usize = 64;

/// Writes a record as JSON, its fields in their order in the contract.
pub fn render(record: Record, node: &Node<'_>, output: &mut String) {
    let mut before = "{";
    for field in record.fields() {
        output.push_str(before);
        before = ",";
        quote(field.name(), output);
        output.push(':');
        node.part(&field, &mut |part| value(field.ty, part, output));
    }
    output.push('}');
}

fn value(ty: Type, node: &Node<'_>, output: &mut String) {
    match ty.kind() {
        Kind::Text { .. } | Kind::Choice(_) | Kind::Open(_) => {
            quote(&node.text().unwrap_or_default(), output);
        }
        Kind::Json => json(&node.json(), output),
        Kind::Flag => output.push_str(if node.flag() { "true" } else { "false" }),
        Kind::Whole(width) => output.push_str(&number(node.whole(width).unwrap_or_default())),
        Kind::Number => {
            let found = node.number().and_then(Number::from_f64);
            output.push_str(&number(found.unwrap_or_else(|| 0.into())));
        }
        Kind::Optional(inner) if fits(node, inner) => value(inner, node, output),
        Kind::Optional(_) => output.push_str("null"),
        Kind::List { item, .. } => {
            let mut before = "[";
            node.each(&mut |node| {
                output.push_str(before);
                before = ",";
                value(item, node, output);
            });
            output.push_str(if before == "[" { "[]" } else { "]" });
        }
        Kind::Record(record) => render(record, node, output),
        Kind::Variant(variant) => {
            let Node::Case(name, held) = node else {
                return output.push_str("null");
            };
            match variant.case(name) {
                Some((_, Some(ty))) => {
                    output.push('{');
                    quote(name, output);
                    output.push(':');
                    value(ty, held, output);
                    output.push('}');
                }
                _ => quote(name, output),
            }
        }
    }
}

fn number(number: impl Into<Number>) -> String {
    to_text(&number.into().into())
}

/// JSON of Meta's, as it is: numbers keep all of their digits.
fn json(text: &str, output: &mut String) {
    match Tree::read(text) {
        Some(tree) if tree.is_within(DEPTH_MAX) => output.push_str(text),
        _ => quote(text, output),
    }
}
