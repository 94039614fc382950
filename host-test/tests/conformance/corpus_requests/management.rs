//! Bodies of other endpoints: each to the action that makes its request, and everything else to `graph-call`.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::fields::{Cannot, Fields, Input};
use super::outcome::{self, Outcome};
use super::translate::Candidate;
use super::{compare, placeholders};
use crate::call::Network;
use crate::corpus;

/// Bodies that are not sent as JSON: multipart and URL-encoded forms, which the corpus shows as objects.
const FORMS: [&str; 3] = ["/assigned_users", "/media", "/whatsapp_business_encryption"];

/// Bodies that do not come out equal, what becomes of them, and why that is right.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    (
        "openapi__advanced-registration__advanced-registration.json",
        "cannot say: tier",
        "PROD is the only tier but for Meta's own tests",
    ),
    (
        "openapi__edit-template__edit-template.json",
        "cannot say: language name",
        "an edit goes to the template's id: its name and language cannot be changed",
    ),
    (
        "openapi__migration-registration__migration-registration.json",
        "cannot say: backup",
        "moves a number from the On-Premises API, which is no more",
    ),
    (
        "openapi__send-reply-to-list-message__send-reply-to-list-message.json",
        "differs: /type",
        "the body has no type, only what it would name; our component says the type",
    ),
];

#[test]
fn the_component_sends_what_others_send_to_other_endpoints() {
    let mut outcomes = BTreeMap::new();
    for entry in corpus::folder("requests-management") {
        let mut body: Value = serde_json::from_str(&entry.text).unwrap();
        placeholders::fill(&mut body);
        let [endpoint] = entry.column("endpoint")[..] else {
            panic!("{} has no endpoint", entry.name)
        };
        let (method, path) = endpoint.split_once(' ').unwrap();
        // The document's examples of single fields are no bodies.
        let part = entry.name.starts_with("openapi__example__");
        let form = FORMS.iter().any(|form| path.ends_with(form));
        if !part && !form {
            let found = of_body(method, path, &body);
            outcomes.insert(entry.name.clone(), found);
        }
    }
    compare(&outcomes, EXCEPTIONS);
}

fn of_body(method: &str, path: &str, body: &Value) -> Outcome {
    match path.rsplit('/').next().unwrap() {
        "messages" => outcome::of_message(body),
        "register" => match registration(body) {
            Ok(input) => registered(input, body),
            Err(place) => Outcome::Cannot(place),
        },
        "message_templates" => template(body, "create-template", "/message_templates"),
        "{TEMPLATE_ID}" => template(body, "edit-template", "/4711"),
        _ => graph_call(method, path, body),
    }
}

/// What a template is made or changed with.
fn template(body: &Value, action: &'static str, path: &str) -> Outcome {
    let input = Fields::of("", body).and_then(|mut fields| {
        let mut input = Input::default();
        let names = match action {
            "create-template" => &["name", "language"][..],
            _ => {
                input = input.with("id", "4711");
                &[]
            }
        };
        for name in names.iter().chain(&["components"]) {
            input = input.with_some(name, fields.any(name));
        }
        let category = fields.text("category")?;
        let category = category.as_ref().and_then(Value::as_str);
        input = input.with_some("category", category.map(str::to_lowercase));
        fields.end()?;
        Ok(input)
    });
    match input {
        Ok(input) => {
            let candidate = Candidate {
                action,
                input: input.into(),
                raw: false,
            };
            let answer = json!({"status": 200, "body": {"success": true, "id": "4711"}});
            outcome::run(&candidate, Network::always(&answer), path, body)
        }
        Err(place) => Outcome::Cannot(place),
    }
}

fn registration(body: &Value) -> Result<Input, Cannot> {
    let mut fields = Fields::of("", body)?;
    fields.any("messaging_product");
    let input = Input::default()
        .with_some("pin", fields.text("pin")?)
        .with_some(
            "data_localization_region",
            fields.text("data_localization_region")?,
        );
    fields.end()?;
    Ok(input)
}

/// `ensure-registered` of a number that is not registered yet.
fn registered(input: Input, body: &Value) -> Outcome {
    let answer = |body: Value| json!({"status": 200, "body": body});
    let network = Network::script(&[
        answer(json!({"platform_type": "NOT_APPLICABLE", "status": "PENDING"})),
        answer(json!({"success": true})),
        answer(json!({"platform_type": "CLOUD_API", "status": "CONNECTED"})),
    ]);
    let candidate = Candidate {
        action: "ensure-registered",
        input: input.into(),
        raw: false,
    };
    outcome::run(&candidate, network, "/register", body)
}

fn graph_call(method: &str, path: &str, body: &Value) -> Outcome {
    let parts = path.split('/').filter(|part| !part.is_empty());
    let parts = parts.filter(|part| *part != "{Version}");
    let parts: Vec<_> = parts
        .map(|part| if part.starts_with('{') { "4711" } else { part })
        .collect();
    let path = format!("/{}", parts.join("/"));
    let candidate = Candidate {
        action: "graph-call",
        input: json!({"method": method.to_lowercase(), "path": path, "body": body}),
        raw: true,
    };
    let answer = json!({"status": 200, "body": {"success": true}});
    outcome::run(&candidate, Network::always(&answer), &path, body)
}
