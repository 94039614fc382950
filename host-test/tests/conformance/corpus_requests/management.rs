//! Bodies of other endpoints: each through `graph-call`, and where an action makes the same request, through that as well.

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

/// In the place of an id in a path.
const ID: &str = "4711";

/// Bodies that do not come out equal, what becomes of them, and why that is right.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    (
        "openapi__advanced-registration__advanced-registration.json",
        "only in Meta's own shape, else cannot say: tier",
        "PROD is the only tier but for Meta's own tests",
    ),
    (
        "openapi__edit-template__edit-template.json",
        "only in Meta's own shape, else cannot say: language name",
        "an edit goes to the template's id: its name and language cannot be changed",
    ),
    (
        "openapi__migration-registration__migration-registration.json",
        "only in Meta's own shape, else cannot say: backup",
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
    let edge = path.rsplit('/').next().unwrap();
    if edge == "messages" {
        return outcome::of_message(body);
    }
    let call = graph_call(method, path, body);
    match (own_action(edge, body), call) {
        (None, call) => call,
        (Some(own @ Outcome::Equal { .. }), Outcome::Equal { .. }) => own,
        (Some(own), Outcome::Equal { .. }) => Outcome::OnlyRaw(Box::new(own)),
        (_, call) => call,
    }
}

/// What becomes of the body in the action that is made for the endpoint; nothing when there is none.
fn own_action(edge: &str, body: &Value) -> Option<Outcome> {
    let (action, translate): (_, Translate) = match edge {
        "register" => ("register", |fields, input| {
            let input = input.with_some("pin", fields.text("pin")?);
            Ok(input.with_some(
                "data_localization_region",
                fields.text("data_localization_region")?,
            ))
        }),
        "request_code" => ("request-code", |fields, input| {
            let method = lower(fields.text("code_method")?);
            Ok(input
                .with_some("method", method)
                .with_some("language", fields.text("language")?))
        }),
        "verify_code" => ("verify-code", |fields, input| {
            Ok(input.with_some("code", fields.text("code")?))
        }),
        "whatsapp_business_profile" => ("update-business-profile", |fields, mut input| {
            for name in [
                "about",
                "address",
                "description",
                "email",
                "profile_picture_handle",
            ] {
                input = input.with_some(name, fields.text(name)?);
            }
            let vertical = lower(fields.text("vertical")?);
            Ok(input
                .with_some("websites", fields.any("websites"))
                .with_some("vertical", vertical))
        }),
        "subscribed_apps" => ("subscribe-webhooks", |fields, input| {
            let address = fields.text("override_callback_uri")?;
            Ok(input
                .with_some("override_callback_url", address)
                .with_some("verify_token", fields.text("verify_token")?))
        }),
        "block_users" => ("block-users", |fields, input| {
            let mut users = Vec::new();
            for mut user in fields.objects("block_users")? {
                users.push(user.needed("user")?);
                user.end()?;
            }
            Ok(input.with("users", users))
        }),
        "message_templates" => ("create-template", |fields, input| {
            let input = input
                .with_some("name", fields.text("name")?)
                .with_some("language", fields.text("language")?);
            definition(fields, input)
        }),
        "{TEMPLATE_ID}" => ("edit-template", |fields, input| {
            definition(fields, input.with("id", ID))
        }),
        _ => return None,
    };
    let input = Fields::of("", body).and_then(|mut fields| {
        fields.any("messaging_product");
        let input = translate(&mut fields, Input::default())?;
        fields.end()?;
        Ok(input)
    });
    let candidate = match input {
        Ok(input) => Candidate {
            action,
            input: input.into(),
            raw: false,
        },
        Err(place) => return Some(Outcome::Cannot(place)),
    };
    let answer = answer(json!({"success": true, "id": ID, "block_users": {"added_users": [{}]}}));
    let network = Network::always(&answer);
    let end = if edge.starts_with('{') { ID } else { edge };
    Some(outcome::run(&candidate, network, end, body))
}

/// What a template is made or changed with.
fn definition(fields: &mut Fields, input: Input) -> Result<Input, Cannot> {
    Ok(input
        .with_some("components", fields.any("components"))
        .with_some("category", lower(fields.text("category")?)))
}

/// Takes from a body what an action's input says of it.
type Translate = fn(&mut Fields, Input) -> Result<Input, Cannot>;

fn answer(body: Value) -> Value {
    json!({"status": 200, "body": body})
}

fn lower(word: Option<Value>) -> Option<String> {
    Some(word?.as_str()?.to_lowercase())
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
    let answer = answer(json!({"success": true}));
    outcome::run(&candidate, Network::always(&answer), &path, body)
}
