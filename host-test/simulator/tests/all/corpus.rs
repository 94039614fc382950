//! Real request bodies that nobody in this project wrote. They are read from `../shared/corpus` beside the workspace, or
//! from `$WHATSAPP_CORPUS`; without them the test says that it skips.

use std::path::PathBuf;

use graph_simulator::World;
use graph_simulator::world::{Media, MediaContent, Template, demo};
use serde_json::{Value, json};

use crate::common::Client;

pub fn corpus() -> Option<PathBuf> {
    let path = std::env::var_os("WHATSAPP_CORPUS").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus"),
        PathBuf::from,
    );
    path.join("requests/index.tsv").exists().then_some(path)
}

/// The files of `requests/` whose values are not placeholders, with their bodies.
fn bodies(corpus: &std::path::Path) -> Vec<(String, Value)> {
    let index = std::fs::read_to_string(corpus.join("requests/index.tsv")).unwrap();
    let mut lines = index.lines();
    let columns: Vec<&str> = lines.next().unwrap().split('\t').collect();
    let values = columns
        .iter()
        .position(|column| *column == "values")
        .unwrap();
    lines
        .map(|line| line.split('\t').collect::<Vec<_>>())
        .filter(|row| row[values] != "placeholder")
        .map(|row| {
            let text = std::fs::read_to_string(corpus.join("requests").join(row[0])).unwrap();
            (row[0].to_owned(), serde_json::from_str(&text).unwrap())
        })
        .collect()
}

/// The media ids inside a body, with the type they are used as.
fn media_ids(value: &Value, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let media =
                    ["image", "video", "audio", "document", "sticker"].contains(&name.as_str());
                if let (true, Some(id)) = (media, member.get("id").and_then(Value::as_str)) {
                    found.push((name.clone(), id.to_owned()));
                }
                media_ids(member, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| media_ids(item, found)),
        _ => {}
    }
}

/// A template definition that the components of a request fit.
fn definition(template: &Value) -> Vec<Value> {
    let components = template["components"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let mut defined = Vec::new();
    let mut buttons: Vec<Value> = Vec::new();
    for component in &components {
        let parameters = component["parameters"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        match component["type"].as_str().unwrap() {
            "header" => defined.push(json!({"type": "HEADER", "format": parameters[0]["type"].as_str().unwrap().to_uppercase()})),
            "body" => {
                let text: String = (1..=parameters.len()).map(|n| format!("{{{{{n}}}}} ")).collect();
                defined.push(json!({"type": "BODY", "text": text}));
            }
            _ => buttons.push(json!({"type": component["sub_type"].as_str().unwrap_or("QUICK_REPLY").to_uppercase(), "url": "https://a.b/{{1}}"})),
        }
    }
    if !buttons.is_empty() {
        defined.push(json!({"type": "BUTTONS", "buttons": buttons}));
    }
    defined
}

/// A world in which everything that the body refers to is there.
fn world_for(body: &Value) -> World {
    let mut world = World::demo();
    let mut ids = Vec::new();
    media_ids(body, &mut ids);
    for (kind, id) in ids {
        let mime = match kind.as_str() {
            "image" => "image/jpeg",
            "video" => "video/mp4",
            "audio" => "audio/mpeg",
            "sticker" => "image/webp",
            _ => "application/pdf",
        };
        world.add_media(Media::new(
            id,
            demo::PHONE_NUMBER_ID,
            mime,
            MediaContent::Pattern(100),
        ));
    }
    if let Some(template) = body.get("template") {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        world.add_template(Template::new(
            demo::WABA_ID,
            text(&template["name"]),
            text(&template["language"]["code"]),
            definition(template),
        ));
    }
    world
}

/// Bodies that are refused, and why that is right.
static REFUSED: &[(&str, &str)] = &[(
    "ruby-sdk__send-text-handles-error-response.yml__text.json",
    "its recorded answer is an error: the recipient has 5 digits",
)];

#[tokio::test]
async fn real_request_bodies_are_accepted() {
    let Some(corpus) = corpus() else {
        println!(
            "SKIPPED: there is no corpus of real request bodies (../shared/corpus or $WHATSAPP_CORPUS)"
        );
        return;
    };
    let mut wrong = Vec::new();
    let bodies = bodies(&corpus);
    for (file, body) in &bodies {
        let client = Client::with(world_for(body)).await;
        if let Some(id) = body.get("status").and(body.get("message_id")) {
            // Marking as read needs the message to be there.
            client
                .sim
                .customer(demo::CUSTOMER)
                .send(json!({"type": "text", "id": id, "text": {"body": "x"}}))
                .unwrap();
        }
        let (status, answer) = client
            .post(&format!("{}/messages", demo::PHONE_NUMBER_ID), body.clone())
            .await;
        let expected = REFUSED.iter().find(|(name, _)| name == file);
        match (status, expected) {
            (200, None) => {}
            (200, Some((_, why))) => wrong.push(format!("{file} was accepted, but {why}")),
            (_, Some((_, why))) => println!("refused as expected: {file}: {why}"),
            (_, None) => wrong.push(format!("{file} was refused: {answer}\n    {body}")),
        }
    }
    println!("{} bodies tried", bodies.len());
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
