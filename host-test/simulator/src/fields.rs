//! The `fields` parameter: `fields=id,throughput{level},phone_numbers.limit(5){id}`.

use serde_json::{Map, Value};

use crate::graph_error::GraphError;

/// One asked field with what is asked inside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    pub name: String,
    pub inner: Vec<Field>,
}

/// Reads a `fields` text; unbalanced braces are read as if they were closed at the end.
pub(crate) fn parse(text: &str) -> Vec<Field> {
    let mut fields = Vec::new();
    let mut depth = 0_usize;
    let mut start = 0;
    for (at, c) in text.char_indices() {
        match c {
            '{' | '(' => depth += 1,
            '}' | ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                fields.extend(one(text.get(start..at).unwrap_or_default()));
                start = at + 1;
            }
            _ => {}
        }
    }
    fields.extend(one(text.get(start..).unwrap_or_default()));
    fields
}

fn one(text: &str) -> Option<Field> {
    let (head, inner) = match text.split_once('{') {
        Some((head, rest)) => (head, parse(rest.strip_suffix('}').unwrap_or(rest))),
        None => (text, Vec::new()),
    };
    // Modifiers such as `.limit(5)` stand between the name and the braces.
    let name = head.split('.').next().unwrap_or_default().trim();
    (!name.is_empty()).then(|| Field {
        name: name.to_owned(),
        inner,
    })
}

/// The asked members of an object, and always its id. A member that is null is known but has no value: Graph leaves it
/// out. One that is not there at all is an error.
pub(crate) fn select(
    object: &Value,
    fields: &[Field],
    node_type: &str,
) -> Result<Value, GraphError> {
    let mut chosen = Map::new();
    for field in fields {
        let value = object
            .get(&field.name)
            .ok_or_else(|| GraphError::nonexisting_field(&field.name, node_type))?;
        if !value.is_null() {
            chosen.insert(field.name.clone(), inside(value, &field.inner, node_type)?);
        }
    }
    if let Some(id) = object.get("id") {
        chosen.insert("id".into(), id.clone());
    }
    Ok(Value::Object(chosen))
}

/// Applies nested fields: to the object itself, to each element of a list, or to each element of an edge's `data`.
fn inside(value: &Value, fields: &[Field], node_type: &str) -> Result<Value, GraphError> {
    if fields.is_empty() {
        return Ok(match value {
            Value::Object(members) => Value::Object(
                members
                    .iter()
                    .filter(|(_, v)| !v.is_null())
                    .map(|(k, v)| (k.clone(), v.clone()))
                    .collect(),
            ),
            other => other.clone(),
        });
    }
    match value {
        Value::Array(items) => items
            .iter()
            .map(|item| select(item, fields, node_type))
            .collect::<Result<Vec<_>, _>>()
            .map(Value::Array),
        Value::Object(members) => match members.get("data") {
            Some(data @ Value::Array(_)) => {
                let mut edge = members.clone();
                edge.insert("data".into(), inside(data, fields, node_type)?);
                Ok(Value::Object(edge))
            }
            _ => select(value, fields, node_type),
        },
        other => Ok(other.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn nested_fields_and_modifiers_are_read() {
        let fields = parse("id, throughput{level},phone_numbers.limit(5){id,status},");
        let names: Vec<_> = fields.iter().map(|f| f.name.as_str()).collect();
        assert_eq!(names, ["id", "throughput", "phone_numbers"]);
        assert_eq!(fields[2].inner.len(), 2);
    }

    #[test]
    fn null_is_left_out_and_an_unknown_field_is_an_error() {
        let object = json!({"id": "1", "a": null, "b": {"c": 1, "d": 2}});
        let chosen = select(&object, &parse("a,b{c}"), "Thing");
        assert_eq!(chosen, Ok(json!({"id": "1", "b": {"c": 1}})));
        let refused = select(&object, &parse("zzz"), "Thing");
        assert_eq!(
            refused.map_err(|e| e.message),
            Err("(#100) Tried accessing nonexisting field (zzz) on node type (Thing)".into())
        );
    }
}
