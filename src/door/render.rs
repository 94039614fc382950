//! From an event to its JSON, by the same tables as to memory: names of the contract in snake_case, every field there, null when absent.

use super::{Kind, Node, Record, Type, lower::fits};
use crate::json::from_text;
use crate::prelude::*;
use serde_json::{Map, Value};

/// How deep JSON of Meta's may be nested inside an event. Most readers stop at 128, and an event has some layers of its own: what is deeper
/// stands there as a text, so that one such item does not make the whole list unreadable.
const DEPTH_MAX: usize = 64;

/// A record as JSON.
pub fn render(record: Record, node: &Node<'_>) -> Value {
    let mut fields = Map::new();
    for field in record.fields() {
        node.part(&field, &mut |part| {
            fields.insert(field.name.to_owned(), value(field.ty, part));
        });
    }
    Value::Object(fields)
}

fn value(ty: Type, node: &Node<'_>) -> Value {
    match ty.kind() {
        Kind::Text { .. } | Kind::Choice(_) | Kind::Open(_) => {
            node.text().unwrap_or_default().into_owned().into()
        }
        Kind::Json => json(node.json()),
        Kind::Flag => node.flag().into(),
        Kind::Whole(width) => node.whole(width).unwrap_or_default().into(),
        Kind::Number => node.number().unwrap_or_default().into(),
        Kind::Optional(inner) if fits(node, inner) => value(inner, node),
        Kind::Optional(_) => Value::Null,
        Kind::List { item, .. } => {
            let mut items = Vec::new();
            node.each(&mut |node| items.push(value(item, node)));
            Value::Array(items)
        }
        Kind::Record(record) => render(record, node),
        Kind::Variant(variant) => {
            let Node::Case(name, held) = node else {
                return Value::Null;
            };
            match variant.case(name) {
                Some((_, Some(ty))) => {
                    let mut case = Map::new();
                    case.insert((*name).to_owned(), value(ty, held));
                    Value::Object(case)
                }
                _ => (*name).into(),
            }
        }
    }
}

fn json(text: String) -> Value {
    match from_text(&text) {
        Ok(value) if is_within(&value, DEPTH_MAX) => value,
        _ => text.into(),
    }
}

fn is_within(value: &Value, depth: usize) -> bool {
    let inner = |value: &Value| depth > 0 && is_within(value, depth - 1);
    match value {
        Value::Array(items) => items.iter().all(inner),
        Value::Object(fields) => fields.values().all(inner),
        _ => true,
    }
}
