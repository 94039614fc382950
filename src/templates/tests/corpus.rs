//! Request bodies and templates that nobody of this project wrote, from `$WHATSAPP_CORPUS` or `shared/corpus` beside the workspace.
//! Without them these tests say that they skip.

use super::*;
use crate::templates::check_definition;
use std::{env, fs, path::PathBuf};

fn corpus() -> Option<PathBuf> {
    let path = env::var_os("WHATSAPP_CORPUS").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"),
        PathBuf::from,
    );
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: no corpus at {}", path.display());
    None
}

/// The JSON files of a folder.
fn files(folder: PathBuf) -> Vec<(String, Value)> {
    let mut files: Vec<(String, Value)> = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            files.push((
                name,
                serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap(),
            ));
        }
    }
    files
}

/// A template that a request's components fit, the values that they hold, and the components as this connector writes them: the
/// index as text, kinds of buttons in small letters, of a date the text alone (nothing else is shown).
fn derive(components: &[Value]) -> Option<(Value, Value, Value)> {
    let (mut definition, mut buttons): (Vec<Value>, Vec<Value>) = (Vec::new(), Vec::new());
    let mut values = json!({});
    let mut expected = components.to_vec();
    for component in &mut expected {
        let kind = component["type"].as_str()?.to_owned();
        let mut texts = String::from("Text");
        let mut prefix = format!("{kind}_");
        if kind == "button" {
            let sub_type = component["sub_type"].as_str()?.to_lowercase();
            let index = component["index"].to_string().replace('"', "");
            prefix = format!("button_{index}_");
            let position: usize = index.parse().ok()?;
            while buttons.len() <= position {
                buttons.push(json!({"type": "PHONE_NUMBER", "text": "Call"}));
            }
            buttons[position] =
                json!({"type": sub_type, "text": "Tap", "url": "https://a.b/{{1}}"});
            component["index"] = index.into();
            component["sub_type"] = sub_type.into();
        }
        for (position, parameter) in component["parameters"]
            .as_array_mut()?
            .iter_mut()
            .enumerate()
        {
            let parameter_kind = parameter["type"].as_str()?.to_owned();
            let value = &mut parameter[&parameter_kind];
            match (kind.as_str(), parameter_kind.as_str()) {
                ("body", _) => {
                    texts = format!("{texts} {{{{{}}}}}", position + 1);
                    let value = match parameter_kind.as_str() {
                        "text" => value.clone(),
                        "currency" => {
                            let mut money = value.clone();
                            money["amount1000"] = money.as_object_mut()?.remove("amount_1000")?;
                            json!({"currency": money})
                        }
                        _ => {
                            *value = json!({"fallback_value": value["fallback_value"]});
                            json!({"date_time": value["fallback_value"]})
                        }
                    };
                    values[format!("body_{}", position + 1)] = value;
                }
                ("header", format) => {
                    definition.push(json!({"type": "HEADER", "format": format.to_uppercase()}));
                    values[format!("header_{format}")] = value.clone();
                }
                (_, "action") => {
                    for (name, value) in value.as_object()? {
                        values[format!("{prefix}{name}")] = value.clone();
                    }
                }
                (_, parameter_kind) => {
                    let name = if parameter_kind == "text" {
                        "url_suffix"
                    } else {
                        parameter_kind
                    };
                    values[format!("{prefix}{name}")] = value.clone();
                }
            }
        }
        if kind == "body" {
            definition.push(json!({"type": "BODY", "text": texts}));
        }
    }
    if !buttons.is_empty() {
        definition.push(json!({"type": "BUTTONS", "buttons": buttons}));
    }
    Some((template(definition.into()), values, expected.into()))
}

/// Bodies that cannot come out, and why that is right.
static OTHERS: &[(&str, &str)] = &[
    (
        "skeleton__openapi__send-sample-issue-resolution-template__template.json",
        "a quick reply with a text that is true or false, in place of a payload",
    ),
    (
        "skeleton__openapi__send-message-template-interactive__template.json",
        "http(s)://the-image-url is no address",
    ),
    (
        "skeleton__openapi__send-message-template-media__template.json",
        "http(s)://the-image-url is no address",
    ),
];

#[test]
fn real_request_bodies_come_out_the_same() {
    let Some(corpus) = corpus() else { return };
    let mut count = 0;
    for (name, body) in files(corpus.join("requests")) {
        let Some(sent) = body.get("template") else {
            continue;
        };
        let none = Vec::new();
        let components = sent["components"].as_array().unwrap_or(&none);
        let derived = derive(components)
            .unwrap_or_else(|| panic!("{name} has a shape that this test does not know"));
        let (template, values, expected) = derived;
        let compiled = compile("template.status", &template, &values).map(Value::from);
        match OTHERS.iter().find(|(other, _)| *other == name) {
            Some((_, why)) => {
                assert!(compiled.is_err(), "{name} came out, but {why}");
                println!("refused as expected: {name}: {why}");
            }
            None => assert_eq!(
                compiled.unwrap_or_else(|error| panic!("{name}: {error:?}")),
                expected,
                "{name}"
            ),
        }
        count += 1;
    }
    println!("{count} bodies");
    assert!(count > 10);
}

/// Every object with components inside a value.
fn templates(value: &Value, found: &mut Vec<Value>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| templates(item, found)),
        Value::Object(members) => {
            if members.get("components").is_some_and(Value::is_array) {
                let mut template = value.clone();
                template["status"] = "APPROVED".into();
                found.push(template);
            } else {
                members.values().for_each(|member| templates(member, found));
            }
        }
        _ => {}
    }
}

#[test]
fn real_templates_have_forms_that_compile() {
    let Some(corpus) = corpus() else { return };
    let mut found = Vec::new();
    for folder in ["requests-management", "responses"] {
        for (_, body) in files(corpus.join(folder)) {
            templates(&body, &mut found);
        }
    }
    for template in &found {
        round::check(template);
        check_definition(template["components"].as_array().unwrap(), false)
            .unwrap_or_else(|error| panic!("{template}: {error:?}"));
    }
    println!("{} templates", found.len());
    assert!(found.len() > 8);
}
