//! Reading one item leniently: a field that is absent or of another type is simply not there.

use super::tree::Tree;
use crate::contract::exports::whatsapp::connector::webhooks::WebhookError;
use crate::graph::codes;
use crate::json::to_text;
use crate::prelude::*;
use serde_json::Number;

/// Above this a time is in milliseconds: as seconds it would be in the year 5138.
const MILLISECONDS_FROM: u64 = 100_000_000_000;

/// A look at a part of an item; looking further below something absent finds something absent.
#[derive(Clone, Copy)]
pub struct Item<'v, 'a>(Option<&'v Tree<'a>>);

impl<'v, 'a> Item<'v, 'a> {
    /// A look at a whole value.
    pub fn new(tree: &'v Tree<'a>) -> Self {
        Self(Some(tree))
    }

    /// Something absent.
    pub fn absent() -> Self {
        Self(None)
    }

    /// The field of this name. Null counts as absent; with duplicate names the last one counts.
    pub fn get(self, name: &str) -> Self {
        let Some(Tree::Object(fields)) = self.0 else {
            return Self(None);
        };
        let is = |key: &Tree<'_>| matches!(key, Tree::Text(text) if text == name);
        let found = fields
            .iter()
            .rev()
            .find(|(key, _)| is(key))
            .map(|(_, value)| value);
        Self(found.filter(|value| !matches!(value, Tree::Null)))
    }

    /// Whether it is an object.
    pub fn is_object(self) -> bool {
        matches!(self.0, Some(Tree::Object(_)))
    }

    /// A text; a number counts too, because Meta writes ids both ways.
    pub fn text(self) -> Option<String> {
        match self.0? {
            Tree::Text(text) => Some(text.as_ref().to_owned()),
            Tree::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// The text of the field of this name.
    pub fn text_at(self, name: &str) -> Option<String> {
        self.get(name).text()
    }

    /// A yes or no; absent is no.
    pub fn flag(self) -> bool {
        self.optional_flag() == Some(true)
    }

    /// A yes or no, if it is there.
    pub fn optional_flag(self) -> Option<bool> {
        match self.0? {
            Tree::Flag(flag) => Some(*flag),
            _ => None,
        }
    }

    /// A number, also one that is written as text.
    pub fn number(self) -> Option<f64> {
        match self.0? {
            Tree::Number(number) => number.as_f64(),
            // serde_json's reader, because that of the standard library would add 15 KB.
            Tree::Text(text) => match Tree::read(text)? {
                Tree::Number(number) => number.as_f64(),
                _ => None,
            },
            _ => None,
        }
    }

    /// A whole number, also one that is written as text.
    fn integer(self) -> Option<i64> {
        match self.0? {
            Tree::Number(number) => number.as_i64(),
            Tree::Text(text) => match Tree::read(text)? {
                Tree::Number(number) => number.as_i64(),
                _ => None,
            },
            _ => None,
        }
    }

    /// A time in seconds since 1970, whether it is written as a number, as text, or in milliseconds.
    pub fn time(self) -> Option<u64> {
        let time = match self.0? {
            Tree::Number(number) => whole(number)?,
            Tree::Text(text) => text.trim_ascii().parse().ok()?,
            _ => return None,
        };
        Some(if time >= MILLISECONDS_FROM {
            time / 1000
        } else {
            time
        })
    }

    /// The items of an array; none when it is not one.
    pub fn items(self) -> impl Iterator<Item = Self> + use<'v, 'a> {
        let items: &[Tree<'_>] = match self.0 {
            Some(Tree::List(items)) => items,
            _ => &[],
        };
        items.iter().map(Self::new)
    }

    /// The value as JSON text.
    pub fn json(self) -> Option<String> {
        self.0.map(|tree| to_text(&tree.to_value()))
    }

    /// The errors in the field `errors`, each with advice.
    pub fn errors(self) -> Vec<WebhookError> {
        self.get("errors").items().filter_map(Self::error).collect()
    }

    fn error(self) -> Option<WebhookError> {
        if !self.is_object() {
            return None;
        }
        let code = self.get("code").integer();
        let advice = codes::find(code, None).map_or(codes::UNKNOWN_ADVICE, codes::Entry::advice);
        Some(WebhookError {
            code: code.unwrap_or_default(),
            title: self.text_at("title"),
            message: self.text_at("message"),
            details: self.get("error_data").text_at("details"),
            href: self.text_at("href"),
            advice: advice.to_owned(),
        })
    }
}

/// A number without a fraction, also when it is written with one (`1700000000.0`).
fn whole(number: &Number) -> Option<u64> {
    number.as_u64().or_else(|| {
        let number = number.as_f64()?;
        // Up to 2^53 every whole number has an exact f64.
        let exact = (0.0..9_007_199_254_740_992.0).contains(&number) && number % 1.0 == 0.0;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        exact.then_some(number as u64)
    })
}
