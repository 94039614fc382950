//! From a schema of the document and a value, the plain JSON Schema that this value has to keep.
//!
//! The document's schemas cannot be given to a validator as they are:
//!
//! - A kind of message is `allOf` the common fields and an object with `additionalProperties: false`, which refuses the common fields.
//!   Here the parts of `allOf` become one object.
//! - `discriminator` means inheritance: a parameter of a template names its kind, and the schema of that kind is `allOf` the schema that
//!   sent us there. Here the value's kind decides, so that an error is one of that kind and not "none of eleven".
//! - `oneOf` is a choice by what is there (`id` or `link`; `buttons` or `sections`). Here the branch is chosen first, for the same reason.
//! - Most objects are open. Here they are closed, so that a misspelt field is seen: what the document does not know is either
//!   a mistake of ours or one of its gaps.
//!
//! `nullable` stands only in the schemas of answers.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::document::Document;

/// Keywords that validate nothing, and those that are worked in here.
const DROPPED: [&str; 11] = [
    "$ref",
    "allOf",
    "default",
    "deprecated",
    "description",
    "discriminator",
    "example",
    "examples",
    "oneOf",
    "title",
    "nullable",
];

/// Something found while the schema was made: where, and what.
pub type Problem = (String, String);

/// The schema for `value`, and what is wrong already.
pub fn specialise(document: &Document, schema: &Value, value: &Value) -> (Value, Vec<Problem>) {
    let mut maker = Maker {
        document,
        problems: Vec::new(),
    };
    let schema = maker.make(schema, value, "");
    (schema, maker.problems)
}

struct Maker<'d> {
    document: &'d Document,
    problems: Vec<Problem>,
}

impl Maker<'_> {
    fn make(&mut self, schema: &Value, value: &Value, at: &str) -> Value {
        let mut made = self.merged(schema, value, at, true);
        if let Some(properties) = made.remove("properties") {
            let fields = value.as_object().into_iter().flatten();
            let known: Map<_, _> = fields
                .filter_map(|(name, field)| {
                    let schema = properties.get(name)?;
                    let made = self.make(schema, field, &format!("{at}/{name}"));
                    Some((name.clone(), made))
                })
                .collect();
            made.insert("properties".to_owned(), known.into());
            made.entry("additionalProperties").or_insert(false.into());
        }
        if let Some(items) = made.remove("items") {
            let values = value.as_array().into_iter().flatten().enumerate();
            let items: Vec<_> = values
                .map(|(index, item)| self.make(&items, item, &format!("{at}/{index}")))
                .collect();
            if !items.is_empty() {
                made.insert("prefixItems".to_owned(), items.into());
            }
        }
        made.into()
    }

    /// One object of plain keywords. `dispatch` is off inside the schema that a discriminator led to: it repeats the discriminator.
    fn merged(
        &mut self,
        schema: &Value,
        value: &Value,
        at: &str,
        dispatch: bool,
    ) -> Map<String, Value> {
        let document = self.document;
        let schema = document.resolve(schema).as_object().unwrap();
        for keyword in ["anyOf", "not", "if"] {
            assert!(
                !schema.contains_key(keyword),
                "{keyword} is new in requests: {at}"
            );
        }
        let mut made = Map::new();
        let plain = schema
            .iter()
            .filter(|(keyword, _)| !DROPPED.contains(&keyword.as_str()));
        made.extend(plain.map(|(keyword, value)| (keyword.clone(), value.clone())));
        if let (Some(discriminator), true) = (schema.get("discriminator"), dispatch) {
            let property = discriminator["propertyName"].as_str().unwrap();
            let mapping = discriminator["mapping"].as_object().unwrap();
            let kind = value[property].as_str().unwrap_or_default();
            if let Some(target) = mapping.get(kind) {
                return self.merged(&json!({"$ref": target}), value, at, false);
            }
            let kinds: Vec<_> = mapping.keys().collect();
            // Nothing is known of other kinds but that they are unknown.
            return Map::from_iter([
                ("properties".to_owned(), json!({property: {"enum": kinds}})),
                ("required".to_owned(), json!([property])),
                ("additionalProperties".to_owned(), true.into()),
            ]);
        }
        for part in list(schema, "allOf") {
            let part = self.merged(part, value, at, dispatch);
            join(&mut made, part);
        }
        if schema.contains_key("oneOf") {
            let branches: Vec<_> = list(schema, "oneOf")
                .map(|branch| self.merged(branch, value, at, dispatch))
                .collect();
            match choose(branches, value) {
                Ok(branch) => join(&mut made, branch),
                Err(problem) => {
                    self.problems.push((at.to_owned(), problem.to_owned()));
                    made.insert("additionalProperties".to_owned(), true.into());
                }
            }
        }
        made
    }
}

fn list<'s>(schema: &'s Map<String, Value>, keyword: &str) -> impl Iterator<Item = &'s Value> {
    let list = schema.get(keyword).and_then(Value::as_array);
    list.into_iter().flatten()
}

/// Takes the keywords of a part of `allOf`. That a part allows nothing beside its own fields is not meant.
fn join(made: &mut Map<String, Value>, part: Map<String, Value>) {
    if made.get("additionalProperties") == Some(&false.into()) {
        made.remove("additionalProperties");
    }
    for (keyword, value) in part {
        match (keyword.as_str(), made.get_mut(&keyword), value) {
            ("additionalProperties", _, Value::Bool(false)) => {}
            ("properties", Some(Value::Object(known)), Value::Object(more)) => {
                for (name, schema) in more {
                    let schema = match known.remove(&name) {
                        Some(other) => json!({"allOf": [other, schema]}),
                        None => schema,
                    };
                    known.insert(name, schema);
                }
            }
            ("required", Some(Value::Array(known)), Value::Array(more)) => known.extend(more),
            ("enum", Some(Value::Array(known)), Value::Array(more)) => {
                known.retain(|value| more.contains(value));
            }
            (_, _, value) => {
                made.insert(keyword, value);
            }
        }
    }
}

/// The branch of a `oneOf` that a value means: the one whose required fields are all there and whose fixed words it says. When there is
/// none, the one of which most is there: its errors say what is missing.
fn choose(
    branches: Vec<Map<String, Value>>,
    value: &Value,
) -> Result<Map<String, Value>, &'static str> {
    let present: BTreeSet<&str> = value.as_object().map_or_else(BTreeSet::new, |fields| {
        fields.keys().map(String::as_str).collect()
    });
    let candidates = branches.into_iter().filter(|branch| {
        let properties = branch.get("properties").and_then(Value::as_object);
        let mut properties = properties.into_iter().flatten();
        properties.all(
            |(name, schema)| match (schema.get("enum"), value.get(name)) {
                (Some(Value::Array(words)), Some(word)) => words.contains(word),
                _ => true,
            },
        )
    });
    let mut candidates: Vec<_> = candidates
        .map(|branch| {
            let required = list(&branch, "required").filter_map(Value::as_str);
            let (there, missing): (Vec<_>, Vec<_>) =
                required.partition(|name| present.contains(name));
            ((missing.is_empty(), there.len()), branch)
        })
        .collect();
    candidates.sort_by_key(|(fit, _)| *fit);
    let complete = candidates.iter().filter(|((all, _), _)| *all).count();
    match candidates.pop() {
        _ if complete > 1 => Err("several of the alternatives fit"),
        Some(((true, _), branch)) => Ok(branch),
        Some(((false, 1..), branch)) => Ok(branch),
        _ => Err("none of the alternatives fits"),
    }
}
