//! Bodies of other endpoints than messages that nobody in this project wrote, from the same place as those of messages.

use graph_simulator::World;
use graph_simulator::world::demo;
use serde_json::{Value, json};

use crate::common::Client;
use crate::corpus::corpus;

/// The endpoints that are tried, with the object that stands for the placeholder of their path.
static ENDPOINTS: &[(&str, &str, &str)] = &[
    (
        "POST /{Version}/{WABA-ID}/message_templates",
        demo::WABA_ID,
        "/message_templates",
    ),
    (
        "POST /{Version}/{WABA-ID}/phone_numbers",
        demo::WABA_ID,
        "/phone_numbers",
    ),
    ("POST /{Version}/{WABA-ID}", demo::WABA_ID, ""),
    (
        "POST /{Version}/{Phone-Number-ID}/settings",
        demo::PHONE_NUMBER_ID,
        "/settings",
    ),
    (
        "POST /{Version}/{Phone-Number-ID}/message_qrdls",
        demo::PHONE_NUMBER_ID,
        "/message_qrdls",
    ),
    (
        "POST /{Version}/{Phone-Number-ID}/conversational_automation",
        demo::PHONE_NUMBER_ID,
        "/conversational_automation",
    ),
    (
        "POST /{Version}/{Phone-Number-ID}/register",
        demo::UNREGISTERED_PHONE_NUMBER_ID,
        "/register",
    ),
    (
        "POST /{Version}/{Phone-Number-ID}/whatsapp_business_profile",
        demo::PHONE_NUMBER_ID,
        "/whatsapp_business_profile",
    ),
];

/// Replaces handles of files (and numbers of codes) that exist only at Meta by ones that exist here.
fn at_home(value: &mut Value, handle: &str, code: &str) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match name.as_str() {
                    "header_handle" => *member = json!([handle]),
                    "profile_picture_handle" => *member = json!(handle),
                    "code" => *member = json!(code),
                    _ => at_home(member, handle, code),
                }
            }
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| at_home(item, handle, code)),
        _ => {}
    }
}

#[tokio::test]
async fn real_management_bodies_are_accepted() {
    let Some(corpus) = corpus() else {
        println!(
            "SKIPPED: there is no corpus of real request bodies (../shared/corpus or $WHATSAPP_CORPUS)"
        );
        return;
    };
    let folder = corpus.join("requests-management");
    let index = std::fs::read_to_string(folder.join("index.tsv")).unwrap();
    let mut wrong = Vec::new();
    let mut tried = 0;
    for line in index.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [file, endpoint] = columns[..2] else {
            continue;
        };
        let known = ENDPOINTS.iter().find(|(name, ..)| *name == endpoint);
        let Some((_, node, edge)) = known.filter(|_| columns.last() != Some(&"placeholder")) else {
            continue;
        };
        tried += 1;
        let client = Client::with(World::demo()).await;
        let mut body: Value =
            serde_json::from_str(&std::fs::read_to_string(folder.join(file)).unwrap()).unwrap();
        let document = body.to_string().contains("DOCUMENT");
        let handle = client
            .upload(
                b"file",
                if document {
                    "application/pdf"
                } else {
                    "image/png"
                },
            )
            .await;
        let (_, made) = client
            .post(
                &format!("{}/message_qrdls", demo::PHONE_NUMBER_ID),
                json!({"prefilled_message": "x"}),
            )
            .await;
        at_home(&mut body, &handle, made["code"].as_str().unwrap());
        let (status, answer) = client.post(&format!("{node}{edge}"), body.clone()).await;
        if status != 200 {
            wrong.push(format!("{file} was refused: {answer}\n    {body}"));
        }
    }
    assert!(
        tried > 20,
        "the corpus has other names now: only {tried} bodies were found"
    );
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
