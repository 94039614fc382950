//! What is lowered: the JSON of an output, or an event as a light tree over what Meta sent. Texts are borrowed where they can be.

use super::Field;
use super::kind::Width;
use crate::graph::codes::{self, Entry};
use crate::json::{Item, to_text};
use crate::prelude::*;
use alloc::borrow::Cow;
use serde_json::Value;

/// A value that a table of types says how to lower.
pub enum Node<'a> {
    /// Nothing.
    Absent,
    /// JSON, with the contract's names.
    Json(&'a Value),
    /// A part of a webhook, with Meta's names; read leniently.
    Item(Item<'a>),
    /// A text.
    Text(Cow<'a, str>),
    /// A yes or no.
    Flag(bool),
    /// A whole number.
    Whole(i64),
    /// Named parts; what is not among them is taken from the item, or from what stands beside it (the card of a customer), where Meta has it.
    Fields(Vec<(&'static str, Node<'a>)>, Item<'a>, Item<'a>),
    /// A case of a variant, with what it holds.
    Case(&'static str, Box<Node<'a>>),
    /// A list.
    List(Vec<Node<'a>>),
    /// A list of records that stand in memory already, by their places.
    Placed(Vec<u32>),
}

impl<'a> Node<'a> {
    /// A text, if there is one.
    pub fn text_or_absent(text: Option<impl Into<Cow<'a, str>>>) -> Self {
        text.map_or(Self::Absent, |text| Self::Text(text.into()))
    }

    /// A whole number, if there is one that can be written.
    pub fn whole_or_absent(number: Option<u64>) -> Self {
        let number = number.and_then(|number| i64::try_from(number).ok());
        number.map_or(Self::Absent, Self::Whole)
    }

    /// A record of these fields alone.
    pub fn record(fields: Vec<(&'static str, Node<'a>)>) -> Self {
        Self::Fields(fields, Item::absent(), Item::absent())
    }

    /// A case that holds something.
    pub fn case(name: &'static str, held: Self) -> Self {
        Self::Case(name, Box::new(held))
    }

    /// Whether it is absent.
    pub fn is_absent(&self) -> bool {
        match self {
            Self::Absent | Self::Json(Value::Null) => true,
            Self::Item(item) => !item.is_there(),
            _ => false,
        }
    }

    /// Lets `look` look at the part that a field is.
    pub fn part(&self, field: &Field, look: &mut dyn FnMut(&Node<'_>)) {
        match self {
            Self::Json(value) => look(&value.get(field.name()).map_or(Self::Absent, Self::Json)),
            Self::Item(item) if !field.has_plain_path() && field.path() == ADVICE => {
                look(&Self::Text(advice(*item).into()));
            }
            Self::Item(item) => look(&Self::Item(part(*item, field, Item::absent()))),
            Self::Fields(fields, item, beside) => {
                let name = field.name();
                match fields.iter().find(|(known, _)| *known == name) {
                    Some((_, node)) => look(node),
                    None => look(&Self::Item(part(*item, field, *beside))),
                }
            }
            _ => look(&Self::Absent),
        }
    }

    /// How many items a list has.
    pub fn count(&self) -> usize {
        match self {
            Self::Json(Value::Array(items)) => items.len(),
            Self::Item(item) => item.items().count(),
            Self::List(items) => items.len(),
            _ => 0,
        }
    }

    /// Lets `look` look at each item of a list.
    pub fn each(&self, look: &mut dyn FnMut(&Node<'_>)) {
        match self {
            Self::Json(Value::Array(items)) => {
                items.iter().for_each(|item| look(&Self::Json(item)))
            }
            Self::Item(item) => item.items().for_each(|item| look(&Self::Item(item))),
            Self::List(items) => items.iter().for_each(look),
            _ => {}
        }
    }

    /// A text.
    pub fn text(&self) -> Option<Cow<'a, str>> {
        match self {
            Self::Json(value) => value.as_str().map(Cow::Borrowed),
            Self::Item(item) => item.text(),
            Self::Text(text) => Some(text.clone()),
            _ => None,
        }
    }

    /// JSON text.
    pub fn json(&self) -> String {
        match self {
            Self::Json(value) => to_text(value),
            Self::Item(item) => item.json().unwrap_or_default(),
            Self::Text(text) => text.as_ref().to_owned(),
            _ => String::new(),
        }
    }

    /// A yes or no; absent is no.
    pub fn flag(&self) -> bool {
        match self {
            Self::Json(value) => value.as_bool() == Some(true),
            Self::Item(item) => item.flag(),
            Self::Flag(flag) => *flag,
            _ => false,
        }
    }

    /// A number.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Json(value) => value.as_f64(),
            Self::Item(item) => item.number(),
            _ => None,
        }
    }

    /// A whole number; in a webhook, one that cannot be negative is a time.
    pub fn whole(&self, width: Width) -> Option<i64> {
        match self {
            // The upper half of 64 bits without a sign has the bits of the negative numbers.
            Self::Json(value) if width == Width::U64 => value.as_u64().map(u64::cast_signed),
            Self::Json(value) => value.as_i64(),
            Self::Item(item) if width == Width::S64 => item.integer(),
            Self::Item(item) => item.time().and_then(|time| i64::try_from(time).ok()),
            Self::Whole(number) => Some(*number),
            _ => None,
        }
    }
}

/// The part of an item that a field is.
fn part<'a>(item: Item<'a>, field: &Field, beside: Item<'a>) -> Item<'a> {
    match field.has_plain_path() {
        true => item.get(field.path()),
        false => item.find(field.path(), beside),
    }
}

/// The place of what Meta does not say: the advice for an error.
const ADVICE: &str = "=";

fn advice(error: Item<'_>) -> &'static str {
    codes::find(error.get("code").integer(), None).map_or(codes::UNKNOWN_ADVICE, Entry::advice)
}
