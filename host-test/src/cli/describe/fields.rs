//! The fields of an input, one row each, with those inside below them.

use serde_json::Value;

use super::super::manifest::Schema;

/// One row.
pub struct Field<'a> {
    /// How far inside.
    pub depth: usize,
    /// The field's name.
    pub name: &'a str,
    /// What it takes, in words.
    pub kind: String,
    /// Whether it has to be there.
    pub required: bool,
    /// The contract's words.
    pub help: &'a str,
}

/// All rows. Required fields come first, as people fill them in.
pub fn of(schema: &Schema) -> Vec<Field<'_>> {
    let mut rows = Vec::new();
    collect(schema, 0, &mut rows);
    rows
}

fn collect<'a>(schema: &'a Schema, depth: usize, rows: &mut Vec<Field<'a>>) {
    let is_required = |name: &String| schema.required.contains(name);
    let (first, then): (Vec<_>, Vec<_>) = schema
        .properties
        .iter()
        .partition(|(name, _)| is_required(name));
    for (name, field) in first.into_iter().chain(then) {
        rows.push(Field {
            depth,
            name,
            kind: kind(field),
            required: is_required(name),
            help: field.description.as_deref().unwrap_or_default(),
        });
        collect(field, depth + 1, rows);
        if let Some(items) = &field.items {
            collect(items, depth + 1, rows);
        }
    }
}

/// `text up to 4096 characters`, `one of individual, group`, `list of objects`.
fn kind(schema: &Schema) -> String {
    if !schema.values.is_empty() {
        let values: Vec<_> = schema.values.iter().map(word).collect();
        return format!("one of {}", values.join(", "));
    }
    let name = schema.kind.as_ref().map_or_else(String::new, word);
    match (name.as_str(), &schema.items, schema.max_length) {
        ("string", _, Some(max)) => format!("text up to {max} characters"),
        ("string", _, None) => "text".to_owned(),
        ("array", Some(items), _) => match kind(items).as_str() {
            "any JSON" => "list".to_owned(),
            item => format!("list, each: {item}"),
        },
        ("array", None, _) => "list".to_owned(),
        ("boolean", ..) => "true or false".to_owned(),
        ("integer", ..) => "whole number".to_owned(),
        ("", ..) => "any JSON".to_owned(),
        (other, ..) => other.to_owned(),
    }
}

/// A word without JSON's quotes.
fn word(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(words) => {
            let words: Vec<_> = words.iter().map(word).collect();
            words.join(" or ")
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn required_fields_come_first_and_inner_ones_below_theirs() {
        let schema: Schema = serde_json::from_str(
            r#"{"type": "object", "required": ["b"], "properties": {
                "a": {"type": "array", "items": {"type": "object", "properties": {"inner": {"type": "boolean"}}}},
                "b": {"type": "string", "maxLength": 5},
                "c": {"enum": ["x", "y"]},
                "d": {}
            }}"#,
        )
        .unwrap();
        let rows: Vec<_> = of(&schema)
            .into_iter()
            .map(|row| (row.depth, row.name.to_owned(), row.kind))
            .collect();
        let row = |depth, name: &str, kind: &str| (depth, name.to_owned(), kind.to_owned());
        assert_eq!(
            rows,
            [
                row(0, "b", "text up to 5 characters"),
                row(0, "a", "list, each: object"),
                row(1, "inner", "true or false"),
                row(0, "c", "one of x, y"),
                row(0, "d", "any JSON"),
            ]
        );
    }
}
