//! JSON Schemas of the contract's types. The doc comments become the descriptions: the help text is written once.

use crate::contract::{Contract, Shape, json_name};
use crate::door::limits;
use anyhow::Result;
use serde_json::{Map, Value, json};
use wit_bindgen_core::wit_parser::{Case, Docs, Type};

/// Which way a value goes: an absent output is `null`, an absent input may be left out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Input,
    Output,
}

/// The schema of a type.
pub fn schema(contract: &Contract, ty: &Type, direction: Direction) -> Result<Value> {
    Ok(match contract.shape(ty)? {
        Shape::Text => json!({"type": "string"}),
        Shape::Json => json!({}),
        Shape::Flag => json!({"type": "boolean"}),
        Shape::Integer(0, Some(max)) => json!({"type": "integer", "minimum": 0, "maximum": max}),
        Shape::Integer(0, None) => json!({"type": "integer", "minimum": 0}),
        Shape::Integer(..) => json!({"type": "integer"}),
        Shape::Number => json!({"type": "number"}),
        Shape::List(inner) => {
            json!({"type": "array", "items": schema(contract, &inner, direction)?})
        }
        Shape::Optional(inner) => {
            let mut inner = schema(contract, &inner, direction)?;
            if direction == Direction::Output {
                nullable(&mut inner);
            }
            inner
        }
        Shape::Choice(cases) => {
            let names: Vec<_> = cases.iter().map(|case| json_name(&case.name)).collect();
            let help: Vec<_> = cases
                .iter()
                .map(|case| {
                    format!(
                        "`{}`: {}",
                        json_name(&case.name),
                        text(contract, &case.docs)
                    )
                })
                .collect();
            json!({"type": "string", "enum": names, "description": help.join("\n")})
        }
        Shape::Variant(_, cases) => {
            let cases = cases
                .iter()
                .map(|case| self::case(contract, case, direction));
            json!({"oneOf": cases.collect::<Result<Vec<_>>>()?})
        }
        Shape::OpenChoice(cases) => {
            let names: Vec<_> = cases.iter().map(|case| json_name(&case.name)).collect();
            json!({"type": "string", "examples": names})
        }
        Shape::Record(..) => {
            let mut properties = Map::new();
            let mut required = Vec::new();
            record(contract, ty, direction, &mut properties, &mut required)?;
            json!({
                "type": "object",
                "properties": properties,
                "required": required,
                "additionalProperties": false,
            })
        }
    })
}

/// A case of a variant: an object with its name, or only its name.
fn case(contract: &Contract, case: &Case, direction: Direction) -> Result<Value> {
    let name = json_name(&case.name);
    let help = text(contract, &case.docs);
    let Some(ty) = &case.ty else {
        let mut schema = json!({"const": name});
        describe(&mut schema, &help);
        return Ok(schema);
    };
    let mut held = schema(contract, ty, direction)?;
    describe(&mut held, &help);
    Ok(json!({
        "type": "object",
        "properties": {name.as_str(): held},
        "required": [name],
        "additionalProperties": false,
    }))
}

fn record(
    contract: &Contract,
    ty: &Type,
    direction: Direction,
    properties: &mut Map<String, Value>,
    required: &mut Vec<String>,
) -> Result<()> {
    let Shape::Record(_, fields) = contract.shape(ty)? else {
        return Ok(());
    };
    for field in fields {
        if let Shape::Record(id, _) = contract.shape(&field.ty)?
            && contract.is_inline(id)
        {
            record(contract, &field.ty, direction, properties, required)?;
            continue;
        }
        let name = json_name(&field.name);
        let mut property = schema(contract, &field.ty, direction)?;
        let help = text(contract, &field.docs);
        if direction == Direction::Input {
            limit(&mut property, &help);
        }
        describe(&mut property, &help);
        if direction == Direction::Output
            || !matches!(contract.shape(&field.ty)?, Shape::Optional(_))
        {
            required.push(name.clone());
        }
        properties.insert(name, property);
    }
    Ok(())
}

/// The limits that the help text states; the component enforces them.
fn limit(property: &mut Value, help: &str) {
    let keys = match property["type"].as_str() {
        Some("string") if property.get("enum").is_none() => {
            ("minLength", "maxLength", "characters")
        }
        Some("array") => ("minItems", "maxItems", ""),
        _ => return,
    };
    if keys.2.is_empty() && property["items"]["type"] == "string" {
        limit(&mut property["items"], help);
    }
    let limits = limits(help, keys.2);
    for (key, number) in [(keys.0, limits.min), (keys.1, limits.max)] {
        if number > 0 {
            property[key] = number.into();
        }
    }
}

/// Puts a field's own text before what its type says.
fn describe(property: &mut Value, help: &str) {
    if help.is_empty() {
        return;
    }
    let help = match property.get("description").and_then(Value::as_str) {
        Some(more) => format!("{help}\n{more}"),
        None => help.to_owned(),
    };
    property["description"] = help.into();
}

fn nullable(schema: &mut Value) {
    if let Some(kind) = schema.get("type").cloned() {
        schema["type"] = json!([kind, "null"]);
    }
}

/// A doc comment as running text, with the names of fields as in JSON; blank lines part paragraphs.
pub fn text(contract: &Contract, docs: &Docs) -> String {
    let paragraphs = docs.contents.as_deref().unwrap_or_default().split("\n\n");
    let joined: Vec<_> = paragraphs
        .map(|paragraph| {
            paragraph
                .lines()
                .map(str::trim)
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect();
    let mut text = joined.join("\n\n").trim().to_owned();
    for name in contract.field_names() {
        text = text.replace(&format!("`{name}`"), &format!("`{}`", json_name(name)));
    }
    text
}
