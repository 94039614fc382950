//! Reading inputs. [`super::check`] has been there before: a value has the form that its table says, and an absent one is null or not there.
//!
//! In builds with debug assertions a name that the record lacks is a panic, so that no test can pass over a misspelt one.

use super::{Object, kind};
use crate::contract::whatsapp::connector::types::Error;
#[cfg(debug_assertions)]
use crate::door::Kind;
use crate::door::{Record, Type};
use crate::fault::{Fallible, invalid, path};
use crate::prelude::*;
use serde_json::Value;

/// An object of an input.
#[derive(Clone)]
pub struct Input<'v> {
    value: &'v Value,
    /// Where it stands; empty for the whole input.
    place: String,
    #[cfg(debug_assertions)]
    record: Record,
}

impl<'v> Input<'v> {
    /// A whole input of this type.
    pub fn new(value: &'v Value, record: Record) -> Self {
        let _ = record;
        Self {
            value,
            place: String::new(),
            #[cfg(debug_assertions)]
            record,
        }
    }

    /// A value of this type that stands somewhere; only an object can be read.
    pub fn at(value: &'v Value, place: &str, ty: Option<Type>) -> Self {
        let _ = ty;
        Self {
            value,
            place: place.to_owned(),
            #[cfg(debug_assertions)]
            record: ty.and_then(Type::record).unwrap_or(Record(u16::MAX)),
        }
    }

    /// The objects of a list of this type that stands somewhere.
    pub fn items(value: &'v Value, place: &str, ty: Option<Type>) -> Vec<Self> {
        let mut items = Vec::new();
        for item in value.as_array().map_or(&[][..], Vec::as_slice) {
            let place = format!("{place}[{}]", items.len());
            items.push(Self::at(item, &place, ty.map(|ty| ty.inner(true))));
        }
        items
    }

    /// The object itself.
    pub fn value(&self) -> &'v Value {
        self.value
    }

    /// Where it stands; empty for the whole input.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// A field that not all records of a family have.
    pub fn shared(&self, name: &str) -> Option<&'v Value> {
        self.value.get(name).filter(|value| !value.is_null())
    }

    /// A field's value, unless it is absent.
    pub fn json(&self, name: &str) -> Option<&'v Value> {
        #[cfg(debug_assertions)]
        assert!(
            self.record.field(name).is_some(),
            "the record has no field `{name}`, only {:?}",
            self.record.names()
        );
        self.shared(name)
    }

    /// Whether a field is there.
    pub fn has(&self, name: &str) -> bool {
        self.json(name).is_some()
    }

    /// A text.
    pub fn text(&self, name: &str) -> Option<&'v str> {
        self.json(name)?.as_str()
    }

    /// A text that is required.
    pub fn need(&self, name: &str) -> &'v str {
        self.text(name).unwrap_or_default()
    }

    /// Whether a flag is given and true.
    pub fn is(&self, name: &str) -> bool {
        self.json(name).and_then(Value::as_bool) == Some(true)
    }

    /// A whole number that is not negative.
    pub fn number(&self, name: &str) -> Option<u64> {
        self.json(name)?.as_u64()
    }

    /// A JSON object in Meta's shape.
    pub fn raw_object(&self, name: &str) -> Fallible<Option<&'v Value>> {
        self.raw(name, "a JSON object", Value::is_object)
    }

    /// A JSON array in Meta's shape.
    pub fn raw_array(&self, name: &str) -> Fallible<Option<&'v Value>> {
        self.raw(name, "a JSON array", Value::is_array)
    }

    fn raw(
        &self,
        name: &str,
        expected: &str,
        fits: fn(&Value) -> bool,
    ) -> Fallible<Option<&'v Value>> {
        match self.json(name) {
            Some(value) if !fits(value) => Err(self.refuse(
                name,
                &format!("expected {expected}, got {}", kind(value)),
                // The field's own help text.
                "",
            )),
            value => Ok(value),
        }
    }

    /// An object.
    pub fn object(&self, name: &str) -> Option<Input<'v>> {
        self.json(name)
            .map(|value| self.inner(name, value, self.path(name)))
    }

    /// The objects of a list; none when it is absent.
    pub fn objects(&self, name: &str) -> Vec<Input<'v>> {
        let mut output = Vec::new();
        for (index, value) in self.values(name).iter().enumerate() {
            let place = format!("{}[{index}]", self.path(name));
            output.push(self.inner(name, value, place));
        }
        output
    }

    /// The items of a list; none when it is absent.
    pub fn values(&self, name: &str) -> &'v [Value] {
        self.json(name)
            .and_then(Value::as_array)
            .map_or(&[], Vec::as_slice)
    }

    /// The texts of a list; none when it is absent.
    pub fn texts(&self, name: &str) -> impl Iterator<Item = &'v str> {
        self.values(name).iter().filter_map(Value::as_str)
    }

    /// The fields of these names that are there, as an object.
    pub fn pick(&self, names: &[&str]) -> Object {
        self.pick_into(Object::new(), names)
    }

    /// The same, added to an object.
    pub fn pick_into(&self, object: Object, names: &[&str]) -> Object {
        names.iter().fold(object, |object, name| {
            object.with_some(name, self.json(name).cloned())
        })
    }

    /// The one field of these that is there; refuses none and several.
    pub fn one_of<'n>(&self, names: &[&'n str]) -> Fallible<&'n str> {
        let mut given = Vec::new();
        for name in names {
            if self.has(name) {
                given.push(*name);
            }
        }
        let place = match given[..] {
            [name] => return Ok(name),
            [_, second, ..] => self.path(second),
            [] if self.place.is_empty() => names.first().copied().unwrap_or_default().to_owned(),
            [] => self.place.clone(),
        };
        given.truncate(2);
        let (found, advice) = match given.is_empty() {
            true => ("none".to_owned(), "Fill in one of them."),
            false => (
                given.joined(" and "),
                "Keep one of them and remove the others.",
            ),
        };
        let names = names.joined(", ");
        let problem = format!("expected exactly one of {names}; got {found}");
        Err(invalid(&place, &problem, advice))
    }

    /// The path of a field.
    pub fn path(&self, name: &str) -> String {
        path(&self.place, name)
    }

    /// `permanent-invalid-input` about a field.
    pub fn refuse(&self, name: &str, problem: &str, advice: &str) -> Box<Error> {
        invalid(&self.path(name), problem, advice)
    }

    fn inner(&self, name: &str, value: &'v Value, place: String) -> Input<'v> {
        let _ = name;
        Input {
            value,
            place,
            #[cfg(debug_assertions)]
            record: self.record_of(name),
        }
    }

    /// The record behind a field of records.
    #[cfg(debug_assertions)]
    fn record_of(&self, name: &str) -> Record {
        fn record(ty: Type) -> Option<Record> {
            match ty.kind() {
                Kind::Record(record) => Some(record),
                Kind::Optional(inner) | Kind::List { item: inner, .. } => record(inner),
                _ => None,
            }
        }
        match self.record.field(name).and_then(|field| record(field.ty)) {
            Some(record) => record,
            None => unreachable!("`{name}` is no record"),
        }
    }
}
