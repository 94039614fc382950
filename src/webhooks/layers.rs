//! Taking a delivery apart layer by layer without reading what is inside: an odd item cannot harm the ones beside it.
//!
//! [`Json::check`] goes once over the whole text, without recursion and without judging numbers and texts; after that, the parts
//! can be cut out by looking at quotes and brackets alone. (`serde_json`'s `RawValue` does the same with 25 KB more.)

use crate::json::{Cursor, Tree, check_syntax, unquote};
use crate::prelude::*;
use alloc::borrow::Cow;

/// Text of one JSON value, known to be well-formed.
#[derive(Clone, Copy)]
pub struct Json<'a>(&'a str);

/// A field of an object.
pub type Field<'a> = (Cow<'a, str>, Json<'a>);

impl<'a> Json<'a> {
    /// Checks that a text is JSON.
    pub fn check(text: &'a str) -> Result<Self, String> {
        check_syntax(text)?;
        // JSON's white space is a part of ASCII's, and nothing else can stand around a value.
        Ok(Self(text.trim_ascii()))
    }

    /// A text that was put together of this one's parts.
    pub fn same<'b>(self, text: &'b str) -> Json<'b> {
        Json(text)
    }

    /// The text.
    pub fn text(self) -> &'a str {
        self.0
    }

    /// The value; nothing when it is nested more than 128 deep, or holds a number or a text that cannot be.
    pub fn tree(self) -> Option<Tree<'a>> {
        Tree::of_checked(self.0)
    }

    /// The fields of an object, in order; nothing when it is not an object.
    pub fn fields(self) -> Option<Vec<Field<'a>>> {
        let mut parts = self.inside(b'{')?;
        let mut fields = Vec::new();
        while let Some(key) = parts.part() {
            fields.push((name(key), Self(parts.part()?)));
        }
        Some(fields)
    }

    /// The fields of an object, in order; none when it is not an object.
    pub fn parts(self) -> Vec<Field<'a>> {
        self.fields().unwrap_or_default()
    }

    /// Whether it is an object.
    pub fn is_object(self) -> bool {
        self.0.starts_with('{')
    }

    /// The items of an array; nothing when it is not an array.
    pub fn items(self) -> Option<Vec<Self>> {
        let mut parts = self.inside(b'[')?;
        let mut items = Vec::new();
        while let Some(item) = parts.part() {
            items.push(Self(item));
        }
        Some(items)
    }

    /// Behind the bracket that opens it, when it is this one.
    fn inside(self, open: u8) -> Option<Cursor<'a>> {
        let mut cursor = Cursor {
            text: self.0,
            at: 0,
        };
        cursor.skip(&[open]).then_some(cursor)
    }
}

/// A field by name; with duplicate names the last one counts, as in most JSON readers.
pub fn field<'a>(fields: &[Field<'a>], name: &str) -> Option<Json<'a>> {
    fields
        .iter()
        .rev()
        .find(|(key, _)| key == name)
        .map(|(_, value)| *value)
}

/// A key without its quotes and escapes; as it is when it cannot be read.
fn name(raw: &str) -> Cow<'_, str> {
    unquote(raw).unwrap_or(Cow::Borrowed(raw))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Json<'_> {
        Json::check(text).expect("is JSON")
    }

    #[test]
    fn objects_come_apart_whatever_stands_in_them() {
        let text =
            r#" { "a" : "x\"}],\\" ,"b\u0063":[1,{"d":"]"},-2.5e3 ], "e":{}, "":null , "f":true} "#;
        let fields = json(text).fields().expect("is an object");
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| (name.as_ref(), value.text()))
            .collect();
        let expected = [
            ("a", r#""x\"}],\\""#),
            ("bc", r#"[1,{"d":"]"},-2.5e3 ]"#),
            ("e", "{}"),
            ("", "null"),
            ("f", "true"),
        ];
        assert_eq!(fields, expected);
    }

    #[test]
    fn arrays_come_apart() {
        let items = json("[ 1 ,\"é,\", [] ,[[2]],{\"a\":[3]}\n]")
            .items()
            .expect("is an array");
        let items: Vec<_> = items.iter().map(|item| item.text()).collect();
        assert_eq!(items, ["1", "\"é,\"", "[]", "[[2]]", "{\"a\":[3]}"]);
        assert_eq!(json("[]").items().map(|items| items.len()), Some(0));
    }

    #[test]
    fn what_is_neither_has_no_parts() {
        for text in ["1", "\"[1]\"", "null"] {
            assert!(
                json(text).fields().is_none() && json(text).items().is_none(),
                "{text}"
            );
        }
    }

    #[test]
    fn what_no_reader_can_hold_is_cut_out_whole() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let text = format!(r#"[{deep}, 1e999999, "\ud83d"]"#);
        let items = json(&text).items().expect("is an array");
        assert_eq!(items.len(), 3);
        assert_eq!(items[0].text(), deep);
        assert!(items[0].tree().is_none());
        assert!(items[2].tree().is_none());
    }
}
