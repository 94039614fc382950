//! The manifest that `plugin.describe` gives: what a form builder or another engine relies on.

use jsonschema::Validator;
use serde_json::Value;

use crate::golden;
use crate::manifest::{self, manifest};

/// A validator of a schema that is itself valid.
fn validator(schema: &Value) -> Validator {
    assert!(
        jsonschema::meta::is_valid(schema),
        "no JSON Schema: {schema}"
    );
    jsonschema::validator_for(schema).unwrap()
}

fn assert_valid(validator: &Validator, value: &Value, what: &str) {
    let errors: Vec<_> = validator
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{what}: {errors:#?}\n{value}");
}

#[test]
fn the_top_says_what_this_is() {
    let manifest = manifest();
    let fields: Vec<_> = manifest.as_object().unwrap().keys().collect();
    let mut expected = [
        "name",
        "title",
        "version",
        "contract",
        "api_version",
        "hosts",
        "auth",
        "quotas",
        "connection_schema",
        "groups",
        "actions",
        "triggers",
    ];
    expected.sort_unstable();
    let mut fields: Vec<_> = fields.iter().map(|name| name.as_str()).collect();
    fields.sort_unstable();
    assert_eq!(fields, expected);
    assert_eq!(manifest["name"], "whatsapp");
    assert_eq!(manifest["version"], env!("CARGO_PKG_VERSION"));
    let contract = format!("whatsapp:connector@{}", env!("CARGO_PKG_VERSION"));
    assert_eq!(manifest["contract"], contract);
}

#[test]
fn every_action_has_a_title_a_group_help_and_says_what_it_changes() {
    for action in manifest::actions() {
        let text = |field: &str| {
            let text = action[field].as_str().unwrap_or_default();
            assert!(!text.trim().is_empty(), "{field} of {action}");
            text
        };
        // A menu shows the title, a page the help.
        assert!(text("title").chars().count() <= 60, "{}", text("title"));
        assert!(text("help").ends_with('.'), "{}", text("help"));
        assert!(["read", "write"].contains(&text("access")));
        let export = crate::component::actions().find(|export| export.name == text("name"));
        let interface = export.unwrap().interface.clone();
        assert!(
            interface.contains(&format!("/{}@", text("group"))),
            "{action}"
        );
        let idempotent = action["idempotent"].as_bool().unwrap();
        assert!(
            idempotent || text("access") == "write",
            "{}: reading is idempotent",
            text("name")
        );
    }
}

#[test]
fn every_example_is_valid_by_its_input_schema() {
    for action in manifest::actions() {
        let validator = validator(&action["input_schema"]);
        for example in action["examples"].as_array().unwrap() {
            assert_valid(&validator, example, action["name"].as_str().unwrap());
        }
        // The control: this validator refuses something.
        assert!(!validator.is_valid(&serde_json::json!({"colour": "red"})));
    }
    validator(&manifest()["connection_schema"]);
}

#[test]
fn every_input_in_the_documentation_is_valid_by_its_schema() {
    let text = include_str!("../../../docs/flows.md");
    let mut checked = 0;
    for block in text.split("\n```json ").skip(1) {
        let (action, rest) = block.split_once('\n').unwrap();
        let (input, _) = rest.split_once("\n```").unwrap();
        let input = serde_json::from_str(input).unwrap();
        let schema = &manifest::action(action)["input_schema"];
        assert_valid(&validator(schema), &input, action);
        checked += 1;
    }
    assert!(checked > 3, "{checked} inputs");
}

#[test]
fn every_output_of_a_golden_case_is_valid_by_its_output_schema() {
    let mut checked = 0;
    for action in manifest::actions() {
        let validator = validator(&action["output_schema"]);
        assert!(
            !validator.is_valid(&serde_json::json!({})),
            "{} takes anything",
            action["name"]
        );
        for case in golden::cases() {
            let Ok(output) = std::fs::read_to_string(case.folder.join("output.json")) else {
                continue;
            };
            if action["name"] == case.action {
                let output = serde_json::from_str(&output).unwrap();
                assert_valid(&validator, &output, &case.folder.display().to_string());
                checked += 1;
            }
        }
    }
    assert!(checked > manifest::actions().len());
}

#[test]
fn every_input_of_a_golden_case_that_succeeds_is_valid_by_its_input_schema() {
    for case in golden::cases() {
        if !case.folder.join("output.json").exists() {
            continue;
        }
        let schema = &manifest::action(&case.action)["input_schema"];
        let mut input: Value = serde_json::from_str(&case.input).unwrap();
        // The contract takes null for an absent field; the schema describes only what one should write.
        if let Some(fields) = input.as_object_mut() {
            fields.retain(|_, value| !value.is_null());
        }
        assert_valid(
            &validator(schema),
            &input,
            &case.folder.display().to_string(),
        );
    }
}

#[test]
fn every_property_is_described_and_no_object_is_left_open() {
    let mut schemas = vec![("connection", &manifest()["connection_schema"])];
    for action in manifest::actions() {
        let name = action["name"].as_str().unwrap();
        schemas.extend([
            (name, &action["input_schema"]),
            (name, &action["output_schema"]),
        ]);
    }
    for (name, schema) in schemas {
        check_descriptions(name, schema);
    }
}

fn check_descriptions(place: &str, schema: &Value) {
    if let Some(properties) = schema["properties"].as_object() {
        assert_eq!(schema["additionalProperties"], false, "{place}");
        for (name, property) in properties {
            let place = format!("{place}.{name}");
            let description = property["description"].as_str().unwrap_or_default();
            assert!(!description.trim().is_empty(), "{place} is not described");
            check_descriptions(&place, property);
        }
        for name in schema["required"].as_array().unwrap() {
            let name = name.as_str().unwrap();
            assert!(
                properties.contains_key(name),
                "{place} requires {name}, which it has not"
            );
        }
    }
    if let Some(items) = schema.get("items") {
        check_descriptions(&format!("{place}[]"), items);
    }
}
