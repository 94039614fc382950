//! The access token never enters the component: not with a request, not with an answer that repeats it.

use graph_simulator::world::{PhoneNumber, Token, demo};
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
    world
}

#[tokio::test]
async fn the_token_is_nowhere_in_the_memory_after_any_action() {
    let simulator = Simulator::builder().world(world()).start().await.unwrap();
    assert_pages_repeat_the_token(&simulator).await;
    let blobs = BlobStore::temporary().unwrap();
    let host = Host::builder()
        .component(component::path())
        .credentials(Credentials::new().access_token(Secret::new(TOKEN).unwrap()))
        .allow_base_url(simulator.url())
        .memory_dumps(true)
        .blobs(blobs.clone())
        .build()
        .unwrap();
    let connection = json!({
        "base_url": simulator.url(),
        "phone_number_id": demo::PHONE_NUMBER_ID,
        "business_account_id": demo::WABA_ID,
    });
    let mut pages = 0;
    for action in manifest::actions() {
        let name = action["name"].as_str().unwrap();
        if manifest::sends_nothing(name) {
            continue;
        }
        let (mut succeeded, mut found) = (0, 0);
        for example in action["examples"].as_array().unwrap() {
            let example = &with_file(example, &blobs).await;
            simulator.clear_requests();
            let mut session = host.session().await.unwrap();
            let result = session
                .invoke(name, &connection.to_string(), &example.to_string())
                .await
                .unwrap();
            let requests = simulator.requests();
            assert!(
                !requests.is_empty(),
                "{name} {example} sent nothing: {result:?}"
            );
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
            let received = received(&result);
            assert!(
                holds(&memory, &received),
                "{name} {example}: {received} is not found"
            );
            for token in ENCODED.into_iter().chain([TOKEN]) {
                assert!(
                    !holds(&memory, token),
                    "{name} {example}: the memory holds {token}"
                );
            }
        }
        assert!(succeeded > 0, "{name}: the simulator takes no example");
        assert!(found > 0, "{name}: nothing that was sent is found");
    }
    assert!(pages >= 2, "only {pages} further pages were read");
}

/// The example with a file that the host has in the place of the one that it names.
async fn with_file(example: &Value, blobs: &BlobStore) -> Value {
    let mut example = example.clone();
    if let Some(blob) = example.get_mut("blob") {
        *blob = blobs.put(b"a file", None).await.unwrap().into();
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

/// The id in an output, or Meta's trace id in an error.
fn received(result: &Value) -> String {
    const FIELDS: [&str; 5] = ["message_id", "trace_id", "phone_number_id", "app_id", "id"];
    let mut found = None;
    visit(result, &mut |name, value| {
        if FIELDS.contains(&name) {
            found = found.take().or(value.as_str().map(str::to_owned));
        }
    });
    found.unwrap_or_else(|| panic!("no id in {result}"))
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
