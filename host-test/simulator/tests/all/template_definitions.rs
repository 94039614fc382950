//! What Meta takes for review as a template.

use graph_simulator::world::Template;
use serde_json::{Value, json};

use crate::common::{Client, refused};
use crate::template_management::{body, buttons, create, path};

#[tokio::test]
async fn metas_texts_stand_in_authentication_templates() {
    let client = Client::demo().await;
    let components = json!([
        {"type": "body", "add_security_recommendation": true},
        {"type": "footer", "code_expiration_minutes": 10},
        buttons(json!([{"type": "otp", "otp_type": "copy_code", "text": "Copy code"}])),
    ]);
    let category = json!({"category": "authentication"});
    let (status, answer) = create(&client, "second_code", components, category.clone()).await;
    assert_eq!(status, 200, "{answer}");
    let made = client.get(answer["id"].as_str().unwrap()).await.1["components"].clone();
    let shown =
        client.get(&format!("{}?name=login_code", path())).await.1["data"][0]["components"].clone();
    assert_eq!(
        made, shown,
        "the demo's template is what such a request gives"
    );

    for (components, part) in [
        (
            json!([{"type": "body", "text": "Your code is {{1}}, keep it."}]),
            "can't have a text of your own",
        ),
        (json!([{"type": "body"}]), "needs an OTP button"),
        (
            json!([{"type": "body"}, {"type": "footer", "code_expiration_minutes": 91}]),
            "between 1 and 90",
        ),
        (
            json!([{"type": "header", "format": "TEXT", "text": "x"}]),
            "can't have a component of type HEADER",
        ),
        (
            json!([{"type": "body"}, buttons(json!([{"type": "QUICK_REPLY", "text": "x"}]))]),
            "must be one of {OTP}",
        ),
        (
            json!([{"type": "body"}, buttons(json!([{"type": "otp", "otp_type": "two_taps"}]))]),
            "must be one of {COPY_CODE",
        ),
        (
            json!([{"type": "body"}, buttons(json!([{"type": "otp", "otp_type": "one_tap"}]))]),
            "(package_name)",
        ),
    ] {
        refused(
            &create(&client, "x", components, category.clone()).await,
            400,
            100,
            part,
        );
    }
}

#[tokio::test]
async fn meta_would_take_every_template_of_the_demo_world() {
    let client = Client::demo().await;
    let templates: Vec<Template> = client.sim.world(|world| world.templates.clone());
    let mut handles = Vec::new();
    for file_type in ["image/png", "video/mp4"] {
        handles.push((file_type, client.upload(b"file", file_type).await));
    }
    for template in templates
        .iter()
        .filter(|template| template.category != "AUTHENTICATION")
    {
        let mut components = json!(template.components);
        give_handles(&mut components, &handles);
        let more =
            json!({"category": template.category, "parameter_format": template.parameter_format});
        let name = format!("{}_again", template.name);
        let (status, answer) = create(&client, &name, components, more).await;
        assert_eq!(
            (status, &answer["status"]),
            (200, &json!("PENDING")),
            "{name} {answer}"
        );
        let kept = client.sim.world(|world| {
            world
                .template_mut(&name, "en_US")
                .unwrap()
                .components
                .clone()
        });
        assert_eq!(
            without_examples(&json!(kept)),
            without_examples(&json!(template.components)),
            "{name}"
        );
    }
}

/// Puts handles of uploads where Graph shows addresses.
fn give_handles(value: &mut Value, handles: &[(&str, String)]) {
    match value {
        Value::Object(members) => {
            let video = members.get("format") == Some(&json!("VIDEO"));
            if let Some(example) = members
                .get_mut("example")
                .filter(|example| example.get("header_handle").is_some())
            {
                *example = json!({"header_handle": [handles[usize::from(video)].1]});
            }
            members
                .values_mut()
                .for_each(|member| give_handles(member, handles));
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| give_handles(item, handles)),
        _ => {}
    }
}

fn without_examples(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .filter(|(name, _)| *name != "example")
            .map(|(name, member)| (name.clone(), without_examples(member)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::Array(items) => items.iter().map(without_examples).collect(),
        other => other.clone(),
    }
}

#[tokio::test]
async fn names_in_a_positional_template_are_rejected_by_review_at_once() {
    let client = Client::demo().await;
    let components = json!([body("Hi {{name}}, it is good to see you.", &["Kim"])]);
    let (status, answer) = create(&client, "forgot_format", components, json!({})).await;
    assert_eq!((status, &answer["status"]), (200, &json!("REJECTED")));
    let (_, kept) = client
        .get(&format!(
            "{}?fields=rejected_reason",
            answer["id"].as_str().unwrap()
        ))
        .await;
    assert_eq!(kept["rejected_reason"], "INVALID_FORMAT");
}
