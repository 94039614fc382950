//! For every kind of template: what the form shows compiles, and all of it arrives.

use super::*;
use serde_json::Map;

/// A value as the schema asks for; `number` makes texts differ.
fn sample(schema: &Value, number: usize) -> Value {
    match schema["type"].as_str().unwrap() {
        "string" => format!("v{number}").into(),
        "number" | "integer" => match &schema["minimum"] {
            Value::Null => number.into(),
            minimum => minimum.clone(),
        },
        "array" => json!([sample(&schema["items"], number)]),
        "object" => {
            let mut object = Map::new();
            let properties = schema.get("properties").and_then(Value::as_object);
            let required = schema["required"].as_array();
            for (name, schema) in properties.into_iter().flatten() {
                let is_required =
                    required.is_some_and(|names| names.contains(&name.clone().into()));
                // Of a file by link or id, the id.
                if is_required || name == "id" {
                    object.insert(name.to_owned(), sample(schema, number));
                }
            }
            if properties.is_none() {
                object.insert("any".to_owned(), format!("v{number}").into());
            }
            object.into()
        }
        other => panic!("{other}"),
    }
}

/// The texts and numbers inside a value.
fn leaves(value: &Value, found: &mut Vec<Value>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| leaves(item, found)),
        Value::Object(members) => members.values().for_each(|member| leaves(member, found)),
        leaf => found.push(leaf.clone()),
    }
}

fn arrives(template: &Value, values: &Value) {
    let components = compile("template.status", template, values);
    let components =
        Value::from(components.unwrap_or_else(|error| panic!("{template}\n{values}\n{error:?}")));
    let (mut sent, mut given) = (Vec::new(), Vec::new());
    leaves(&components, &mut sent);
    leaves(values, &mut given);
    for leaf in given {
        let position = sent.iter().position(|other| *other == leaf);
        let position = position.unwrap_or_else(|| panic!("{leaf} did not arrive: {components}"));
        sent.remove(position);
    }
}

/// All fields of a template, only the required ones, and with the template's examples.
pub fn check(template: &Value) {
    let form = form(template).unwrap();
    let (mut all, mut required, mut examples) = (Map::new(), Map::new(), Map::new());
    for (number, name) in form["x-order"].as_array().unwrap().iter().enumerate() {
        let name = name.as_str().unwrap();
        let property = &form["properties"][name];
        assert!(!property["title"].as_str().unwrap().is_empty());
        assert!(
            !property["description"].as_str().unwrap().is_empty(),
            "{name}"
        );
        let value = sample(property, number);
        let example = property
            .get("examples")
            .map_or(&value, |examples| &examples[0]);
        all.insert(name.to_owned(), value.clone());
        examples.insert(name.to_owned(), example.clone());
        if form["required"]
            .as_array()
            .unwrap()
            .iter()
            .any(|it| it == name)
        {
            required.insert(name.to_owned(), value);
        }
    }
    assert_eq!(all.len(), form["properties"].as_object().unwrap().len());
    for values in [&all, &required, &examples] {
        arrives(template, &Value::Object(values.clone()));
    }
    // Each required one alone is missed, by its name.
    for name in required.keys() {
        let mut values = all.clone();
        values.remove(name);
        assert_eq!(
            refusal(template, values.into()).field,
            Some(format!("values.{name}"))
        );
    }
}

#[test]
fn what_a_form_shows_compiles_and_arrives() {
    for template in every_kind() {
        check(&template);
    }
}

#[test]
fn small_letters_and_capitals_are_the_same() {
    fn fold(value: &Value, change: fn(&str) -> String) -> Value {
        match value {
            Value::Array(items) => items.iter().map(|item| fold(item, change)).collect(),
            Value::Object(members) => {
                let member = |(name, member): (&String, &Value)| {
                    let word = [
                        "type",
                        "format",
                        "category",
                        "parameter_format",
                        "sub_category",
                        "status",
                    ]
                    .contains(&name.as_str());
                    let changed = member
                        .as_str()
                        .filter(|_| word)
                        .map(|text| change(text).into());
                    (
                        name.clone(),
                        changed.unwrap_or_else(|| fold(member, change)),
                    )
                };
                Value::Object(members.iter().map(member).collect())
            }
            other => other.clone(),
        }
    }
    for template in every_kind() {
        let small = fold(&template, str::to_lowercase);
        let capital = fold(&template, str::to_uppercase);
        assert_eq!(form(&small).unwrap(), form(&capital).unwrap());
        check(&small);
        check(&capital);
    }
}
