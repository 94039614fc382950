//! No secret ever enters the component: not with a request, not with an answer that repeats it, not with one that brings a new token.

use std::time::Duration;

use bytes::Bytes;
use graph_simulator::world::{Media, MediaContent, PhoneNumber, Token, demo};
use graph_simulator::{RecordedRequest, Simulator, World};
use host_test::{BlobStore, Credentials, Host, Secret};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::{component, manifest};

/// Has characters that a URL holds only percent-encoded.
const TOKEN: &str = "EAAG|conformance/token+1";
/// The same in a URL and in JSON, as other writers put it.
const ENCODED: [&str; 3] = [
    "EAAG%7Cconformance%2Ftoken%2B1",
    "EAAG%7cconformance%2ftoken%2b1",
    "EAAG|conformance\\/token+1",
];

/// The phone number and the file of the examples.
const EXAMPLE_NUMBER: &str = "106540352242922";
const EXAMPLE_FILE: &str = "1037543291543636";

/// More numbers than two pages hold.
const NUMBERS: usize = 250;

fn world() -> World {
    let mut world = World::demo();
    world.add_token(Token::new(TOKEN).for_wabas([demo::WABA_ID]));
    for number in 0..NUMBERS {
        let id = format!("3000000000{number:05}");
        world.add_phone_number(PhoneNumber::new(
            id,
            demo::WABA_ID,
            format!("+1 555-0{number}"),
        ));
    }
    // The number that examples name is not verified yet, and has received the file that they name.
    let mut number = PhoneNumber::new(EXAMPLE_NUMBER, demo::WABA_ID, "+1 555-1000").unregistered();
    number.code_verification_status = "NOT_VERIFIED".into();
    world.add_phone_number(number);
    let content = MediaContent::Bytes(Bytes::from_static(b"abc"));
    world.add_media(Media::new(
        EXAMPLE_FILE,
        EXAMPLE_NUMBER,
        "image/png",
        content,
    ));
    world
}

#[tokio::test]
async fn the_token_is_nowhere_in_the_memory_after_any_action() {
    let simulator = Simulator::builder().world(world()).start().await.unwrap();
    assert_pages_repeat_the_token(&simulator).await;
    let tokens = simulator.world(|world| world.tokens.len());
    let blobs = BlobStore::temporary().unwrap();
    let host = Host::builder()
        .component(component::path())
        .credentials(
            Credentials::new()
                .access_token(Secret::new(TOKEN).unwrap())
                .app_secret(Secret::new(demo::APP_SECRET).unwrap()),
        )
        .allow_base_url(simulator.url())
        .memory_dumps(true)
        .blobs(blobs.clone())
        .build()
        .unwrap();
    let connection = json!({
        "base_url": simulator.url(),
        "phone_number_id": demo::PHONE_NUMBER_ID,
        "business_account_id": demo::WABA_ID,
        "app_id": demo::APP_ID,
    });
    // Who shall be blocked has to have written; that message can be read and reacted to.
    let message = simulator.customer(demo::CUSTOMER).say("Hi").unwrap();
    let mut pages = 0;
    let mut refused = Vec::new();
    for action in manifest::actions() {
        let name = action["name"].as_str().unwrap();
        if manifest::sends_nothing(name) {
            continue;
        }
        let (mut succeeded, mut found) = (0, 0);
        for example in action["examples"].as_array().unwrap() {
            let mut example = with_files(example, &blobs, &host, &connection).await;
            if let Some(id) = example.get_mut("message_id") {
                *id = message.clone().into();
            }
            let example = &example;
            simulator.clear_requests();
            // Meta takes one message each six seconds for one customer, after the first 45.
            simulator.advance(Duration::from_secs(6)).await;
            let mut session = host.session().await.unwrap();
            let result = session
                .invoke(name, &connection.to_string(), &example.to_string())
                .await
                .unwrap();
            let requests = simulator.requests();
            // A pure action sends nothing.
            if requests.is_empty() {
                continue;
            }
            let further = requests.iter().filter(|request| {
                let mut query = request.query.iter();
                query.any(|(name, _)| name == "after")
            });
            pages += further.count();
            let memory = session.memory_dump().await.unwrap();
            // The controls: what came back is found, and of what was sent all that was not written over since.
            let sent = sent(example, &connection, &requests[0]);
            found += sent.iter().filter(|text| holds(&memory, text)).count();
            let result = match result {
                Ok(output) => {
                    succeeded += 1;
                    serde_json::from_str(&output).unwrap()
                }
                Err(error) => host_test::json::to_value(&error),
            };
            if let Some(received) = received(&result) {
                assert!(
                    holds(&memory, &received),
                    "{name} {example}: {received} is not found"
                );
                found += 1;
            }
            // The tokens that were issued meanwhile as well.
            let tokens = simulator.world(|world| world.tokens.clone());
            let tokens = tokens.iter().map(|token| token.value.as_str());
            for secret in tokens.chain(ENCODED).chain([demo::APP_SECRET]) {
                assert!(
                    !holds(&memory, secret),
                    "{name} {example}: the memory holds {secret}"
                );
            }
        }
        if succeeded == 0 {
            refused.push(name.to_owned());
        }
        assert!(
            found > 0 || succeeded == 0,
            "{name}: nothing that was sent or received is found"
        );
    }
    assert!(
        refused.is_empty(),
        "the simulator takes no example of {refused:?}"
    );
    let issued = simulator.world(|world| world.tokens.len()) - tokens;
    assert_eq!(
        issued, 2,
        "exchange-code and refresh-token bring a token each"
    );
    assert!(pages >= 2, "only {pages} further pages were read");
}

/// The example with a file that the host has in the place of the one that it names, and with the simulator's address of a file.
async fn with_files(example: &Value, blobs: &BlobStore, host: &Host, connection: &Value) -> Value {
    let mut example = example.clone();
    if let Some(blob) = example.get_mut("blob") {
        *blob = blobs.put(b"a file", None).await.unwrap().into();
    }
    if let Some(Value::String(url)) = example.get_mut("url")
        && url.starts_with("https://lookaside.fbsbx.com/")
    {
        let file = json!({"id": EXAMPLE_FILE}).to_string();
        let info = host
            .invoke("get-media", &connection.to_string(), &file)
            .await;
        let info: Value = serde_json::from_str(&info.unwrap().unwrap()).unwrap();
        *url = info["url"].as_str().unwrap().to_owned();
    }
    example
}

/// The texts of the input and the connection that are in the request.
fn sent(example: &Value, connection: &Value, request: &RecordedRequest) -> Vec<String> {
    let mut texts = Vec::new();
    for value in [example, connection] {
        visit(value, &mut |_, value| {
            texts.extend(value.as_str().map(str::to_owned));
        });
    }
    let base_url = connection["base_url"].as_str().unwrap();
    let whole = format!("{base_url}{} {}", request.path, request.json);
    texts.retain(|text| whole.contains(text.as_str()));
    texts
}

/// The id in an output, or Meta's trace id in an error, or any other text. Nothing when the output has no text.
fn received(result: &Value) -> Option<String> {
    const FIELDS: [&str; 7] = [
        "message_id",
        "trace_id",
        "phone_number_id",
        "app_id",
        "id",
        "blob",
        "about",
    ];
    let (mut id, mut other) = (None, None);
    visit(result, &mut |name, value| {
        let found = match FIELDS.contains(&name) {
            true => &mut id,
            false => &mut other,
        };
        // As it is in JSON, too.
        let plain = |text: &&str| text.len() > 3 && !text.contains(['"', '\\', '\n']);
        *found = found
            .take()
            .or(value.as_str().filter(plain).map(str::to_owned));
    });
    id.or(other)
}

fn visit(value: &Value, look: &mut dyn FnMut(&str, &Value)) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                look(name, value);
                visit(value, look);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| visit(item, look)),
        _ => {}
    }
}

fn holds(memory: &[u8], text: &str) -> bool {
    let first = text.as_bytes()[0];
    let mut rest = memory;
    while let Some(at) = rest.iter().position(|byte| *byte == first) {
        if rest[at..].starts_with(text.as_bytes()) {
            return true;
        }
        rest = &rest[at + 1..];
    }
    false
}

/// As Meta does: the address of the next page holds the token. Without that the test above would show less.
async fn assert_pages_repeat_the_token(simulator: &Simulator) {
    let mut stream = TcpStream::connect(simulator.address()).await.unwrap();
    let request = format!(
        "GET /v25.0/{}/phone_numbers?limit=100 HTTP/1.1\r\nhost: simulator\r\nauthorization: Bearer {TOKEN}\r\nconnection: close\r\n\r\n",
        demo::WABA_ID
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.contains(ENCODED[0]), "{answer}");
}
