//! Values of the component's own types from JSON and to JSON, by reflection: nothing here knows any record by name.

use serde_json::{Map, Value};
use wasmtime::component::types::Record;
use wasmtime::component::{Type, Val};

/// A value as JSON: names in snake_case, an absent option is `null`, a case with content is an object with one name, and an `other` with
/// a text is that text.
pub fn to_json(value: &Val) -> Value {
    match value {
        Val::Bool(flag) => Value::from(*flag),
        Val::U8(number) => Value::from(*number),
        Val::U16(number) => Value::from(*number),
        Val::U32(number) => Value::from(*number),
        Val::U64(number) => Value::from(*number),
        Val::S64(number) => Value::from(*number),
        Val::Float64(number) => Value::from(*number),
        Val::String(text) => Value::from(text.as_str()),
        Val::List(items) => items.iter().map(to_json).collect(),
        Val::Record(fields) => {
            let fields = fields.iter();
            Value::Object(
                fields
                    .map(|(name, value)| (snake(name), to_json(value)))
                    .collect(),
            )
        }
        Val::Enum(case) | Val::Variant(case, None) => Value::from(snake(case)),
        Val::Variant(case, Some(content)) => match (case.as_str(), to_json(content)) {
            ("other", text @ Value::String(_)) => text,
            (case, content) => Value::Object(Map::from_iter([(snake(case), content)])),
        },
        Val::Option(inner) => inner.as_deref().map_or(Value::Null, to_json),
        other => panic!("the contract has no {other:?}"),
    }
}

/// The value with JSON text parsed: it stands where the schema names no `type`.
pub fn parsed(value: Value, schema: &Value) -> Value {
    match value {
        Value::String(text) if schema.get("type").is_none() => serde_json::from_str(&text).unwrap(),
        Value::Object(fields) => {
            let fields = fields.into_iter().map(|(name, value)| {
                let value = parsed(value, &schema["properties"][&name]);
                (name, value)
            });
            Value::Object(fields.collect())
        }
        Value::Array(items) => {
            let items = items.into_iter();
            items.map(|item| parsed(item, &schema["items"])).collect()
        }
        other => other,
    }
}

/// The value of type `ty` that JSON means, as `wit/plugin.wit` defines it; `schema` is the type's JSON Schema, where no `type` means JSON
/// text. The error is for what the types cannot say.
pub fn from_json(ty: &Type, schema: &Value, json: &Value) -> Result<Val, String> {
    let wrong = || format!("{json} is no {ty:?}");
    Ok(match ty {
        Type::Option(_) if json.is_null() => Val::Option(None),
        Type::Option(inner) => Val::Option(Some(Box::new(from_json(&inner.ty(), schema, json)?))),
        Type::String if schema.get("type").is_none() && !json.is_null() => {
            Val::String(json.to_string())
        }
        Type::String => Val::String(json.as_str().ok_or_else(wrong)?.to_owned()),
        Type::Bool => Val::Bool(json.as_bool().ok_or_else(wrong)?),
        Type::U32 => {
            let number = json.as_u64().and_then(|number| number.try_into().ok());
            Val::U32(number.ok_or_else(wrong)?)
        }
        Type::U64 => Val::U64(json.as_u64().ok_or_else(wrong)?),
        Type::S64 => Val::S64(json.as_i64().ok_or_else(wrong)?),
        Type::Float64 => Val::Float64(json.as_f64().ok_or_else(wrong)?),
        Type::Enum(cases) => {
            let mut names = cases.names();
            let found = names.find(|name| json.as_str() == Some(&snake(name)));
            Val::Enum(found.ok_or_else(wrong)?.to_owned())
        }
        Type::List(list) => {
            let items = json.as_array().ok_or_else(wrong)?.iter();
            let item = |item| from_json(&list.ty(), &schema["items"], item);
            Val::List(items.map(item).collect::<Result<_, _>>()?)
        }
        Type::Record(record) => {
            let object = json.as_object().ok_or_else(wrong)?;
            let mut names = Vec::new();
            let value = from_object(record, schema, object, &mut names)?;
            match object.keys().find(|name| !names.contains(name)) {
                Some(name) => return Err(format!("there is no field {name}")),
                None => value,
            }
        }
        other => panic!("the contract has no {other:?} in its inputs"),
    })
}

/// The fields of a record; those of a record that the schema does not name (`address`) stand in the same object.
fn from_object(
    record: &Record,
    schema: &Value,
    object: &Map<String, Value>,
    names: &mut Vec<String>,
) -> Result<Val, String> {
    let mut fields = Vec::new();
    for field in record.fields() {
        let name = snake(field.name);
        let value = match &field.ty {
            Type::Record(inner) if is_inline(schema, &name) => {
                from_object(inner, schema, object, names)?
            }
            ty => {
                let json = object.get(&name).unwrap_or(&Value::Null);
                let value = from_json(ty, &schema["properties"][&name], json);
                names.push(name);
                value?
            }
        };
        fields.push((field.name.to_owned(), value));
    }
    Ok(Val::Record(fields))
}

fn is_inline(schema: &Value, name: &str) -> bool {
    // `send-location` has a text of the name `address` beside the record.
    schema["properties"][name]["type"] != "object"
}

/// A name of the contract as it stands in JSON.
fn snake(name: &str) -> String {
    name.replace('-', "_")
}
