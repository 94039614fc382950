//! Reading one item of a webhook leniently: a field that is absent or of another type is simply not there.

use super::to_text;
use super::tree::Tree;
use crate::prelude::*;
use alloc::borrow::Cow;
use serde_json::{Number, Value};

/// A look at a part of an item; looking further below something absent finds something absent.
#[derive(Clone, Copy)]
pub struct Item<'v>(Option<&'v Tree<'v>>);

impl<'v> Item<'v> {
    /// A look at a whole value.
    pub fn new(tree: &'v Tree<'v>) -> Self {
        Self(Some(tree))
    }

    /// Something absent.
    pub fn absent() -> Self {
        Self(None)
    }

    /// The whole of it; null when it is absent.
    pub fn to_value(self) -> Value {
        self.0.map(Tree::to_value).unwrap_or_default()
    }

    /// The field of this name. Null counts as absent; with duplicate names the last one counts.
    pub fn get(self, name: &str) -> Self {
        let Some(Tree::Object(fields)) = self.0 else {
            return Self(None);
        };
        for (key, value) in fields.iter().rev() {
            let key: &str = key;
            // Most differ in their length.
            if key.len() == name.len() && key == name {
                return Self(Some(value).filter(|value| !matches!(value, Tree::Null)));
            }
        }
        Self(None)
    }

    /// The part at a path such as `origin.type`; of several paths, parted by `|`, the first at which there is something. A path that begins with `@` is one in `beside`.
    pub fn find(self, paths: &str, beside: Self) -> Self {
        // Once over the bytes: nothing is done more often than this.
        let bytes = paths.as_bytes();
        let (mut item, mut from) = (self, 0);
        let mut at = 0;
        loop {
            let byte = bytes.get(at).copied().unwrap_or(b'|');
            match byte {
                b'@' => {
                    item = beside;
                    from = at + 1;
                }
                b'.' | b'|' => {
                    item = item.get(paths.get(from..at).unwrap_or_default());
                    from = at + 1;
                }
                _ => {}
            }
            if byte == b'|' {
                if item.is_there() || at >= bytes.len() {
                    return item;
                }
                item = self;
            }
            at += 1;
        }
    }

    /// The same without anything beside.
    pub fn at(self, paths: &str) -> Self {
        self.find(paths, Self(None))
    }

    /// Whether it is an object.
    pub fn is_object(self) -> bool {
        matches!(self.0, Some(Tree::Object(_)))
    }

    /// Whether it is there.
    pub fn is_there(self) -> bool {
        self.0.is_some()
    }

    /// A text; a number counts too, because Meta writes ids both ways.
    pub fn text(self) -> Option<Cow<'v, str>> {
        match self.0? {
            Tree::Text(text) => Some(Cow::Borrowed(text)),
            Tree::Number(number) => Some(Cow::Owned(to_text(&number.clone().into()))),
            // Some of Meta's words come in a list of one.
            Tree::List(items) if items.len() == 1 => self.items().next()?.text(),
            _ => None,
        }
    }

    /// The text of the field of this name.
    pub fn text_at(self, name: &str) -> Option<Cow<'v, str>> {
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
        self.given_number()?.as_f64()
    }

    /// A whole number, also one that is written as text, or with a fraction of 0 (`1700000000.0`).
    pub fn integer(self) -> Option<i64> {
        let number = self.given_number()?;
        number.as_i64().or_else(|| {
            let number = number.as_f64()?;
            // Up to 2^53 every whole number has an exact f64.
            let is_exact = number.abs() < 9_007_199_254_740_992.0 && number % 1.0 == 0.0;
            is_exact.then_some(number as i64)
        })
    }

    fn given_number(self) -> Option<Number> {
        match self.0? {
            Tree::Number(number) => Some(number.clone()),
            Tree::Text(text) => match Tree::read(text)? {
                Tree::Number(number) => Some(number),
                _ => None,
            },
            _ => None,
        }
    }

    /// A time in seconds since 1970, whether it is written as a number or as text, in seconds, milliseconds or microseconds. What is none of
    /// them is nothing: seconds are those up to the year 5138, the others those between 2001 and 2286, which no two of them share.
    pub fn time(self) -> Option<u64> {
        let time = u64::try_from(self.integer()?).ok()?;
        match time {
            0..100_000_000_000 => Some(time),
            1_000_000_000_000..10_000_000_000_000 => Some(time / 1000),
            1_000_000_000_000_000..10_000_000_000_000_000 => Some(time / 1_000_000),
            _ => None,
        }
    }

    /// The items of an array; none when it is not one.
    pub fn items(self) -> impl Iterator<Item = Self> + use<'v> {
        let items: &[Tree<'_>] = match self.0 {
            Some(Tree::List(items)) => items,
            _ => &[],
        };
        items.iter().map(Self::new)
    }

    /// This, when it counts.
    pub fn filter(self, counts: bool) -> Self {
        Self(self.0.filter(|_| counts))
    }

    /// The value as JSON text.
    pub fn json(self) -> Option<String> {
        self.0.map(|tree| to_text(&tree.to_value()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T>(text: &str, read: fn(Item<'_>) -> T) -> T {
        let tree = Tree::read(text).expect("is JSON");
        read(Item::new(&tree))
    }

    #[test]
    fn a_time_is_in_seconds_whatever_it_was_in() {
        let now = Some(1_790_000_000);
        for (text, expected) in [
            ("1790000000", now),
            ("1790000000.0", now),
            ("\" 1790000000 \"", now),
            ("1790000000999", now),
            ("\"1790000000999\"", now),
            ("1790000000999999", now),
            ("\"1790000000999999\"", now),
            ("0", Some(0)),
            ("99999999999", Some(99_999_999_999)),
            ("100000000000", None),
            ("999999999999", None),
            ("1000000000000", Some(1_000_000_000)),
            ("9999999999999", Some(9_999_999_999)),
            ("10000000000000", None),
            ("17900000009999999", None),
            ("1790000000999999999", None),
            ("18446744073709551615", None),
            ("1e300", None),
            ("1790000000.5", None),
            ("-1", None),
            ("\"-1790000000\"", None),
            ("\"\"", None),
            ("\"[1790000000]\"", None),
            ("\"soon\"", None),
            ("true", None),
            ("{}", None),
        ] {
            assert_eq!(read(text, |item| item.time()), expected, "{text}");
        }
    }

    #[test]
    fn a_whole_number_keeps_its_sign() {
        for (text, expected) in [
            ("-1", Some(-1)),
            ("\"-1\"", Some(-1)),
            ("131026.0", Some(131_026)),
            ("-9223372036854775808", Some(i64::MIN)),
            ("9223372036854775808", None),
            ("1.5", None),
            ("1e300", None),
        ] {
            assert_eq!(read(text, |item| item.integer()), expected, "{text}");
        }
    }
}
