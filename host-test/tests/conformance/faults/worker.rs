//! One simulator with one host on one thread: runs the actions, one after the other, each in the same world.

use graph_simulator::world::{Media, MediaContent, PhoneNumber, demo};
use graph_simulator::{Fault, RecordedRequest, Simulator, World};
use host_test::wit::types;
use host_test::{BlobStore, Credentials, Host, Secret};
use serde_json::{Value, json};

use super::kinds::{How, Kind};
use super::network::{Network, Seen};
use crate::{component, manifest};

/// What examples name: a number that is not verified yet, and a file that it has received.
const EXAMPLE_NUMBER: &str = "106540352242922";
const EXAMPLE_FILE: &str = "1037543291543636";

/// One more number than a page holds, with the three of the demo.
const NUMBERS: usize = 98;

/// Ways through an action that no example of the manifest takes in this world.
pub static MORE: [(&str, &str); 4] = [
    (
        "ensure-registered",
        r#"{"phone_number_id": "100000000000002", "pin": "123456"}"#,
    ),
    (
        "list-business-accounts",
        r#"{"business_id": "300000000000001"}"#,
    ),
    (
        "graph-call",
        r#"{"method": "post", "path": "100000000000001", "body": {"pin": "123456"}, "idempotent": true}"#,
    ),
    ("list-phone-numbers", r#"{"limit": 50, "all_pages": true}"#),
];

/// Largest answer and largest file that the host takes.
pub const LARGEST: u64 = 1024 * 1024;

pub struct Worker {
    simulator: Simulator,
    network: Network,
    host: Host,
    connection: String,
    /// The world in which every run begins.
    world: World,
    examples: Vec<Example>,
}

/// An action with an input that the simulator takes.
#[derive(Clone, Debug)]
pub struct Example {
    pub action: &'static str,
    pub input: Value,
}

/// What one run came to.
#[derive(Debug)]
pub struct Run {
    /// The output, or the error.
    pub result: Result<Value, types::Error>,
    pub seen: Seen,
    /// What arrived.
    pub arrived: Vec<RecordedRequest>,
    /// Messages that Meta accepted.
    pub messages: usize,
}

impl Run {
    /// `ok`, or the case of the error.
    pub fn case(&self) -> &'static str {
        match &self.result {
            Ok(_) => "ok",
            Err(error) => error.case(),
        }
    }
}

impl Worker {
    pub async fn new() -> Self {
        let simulator = Simulator::builder().world(world()).start().await.unwrap();
        let network = Network::new();
        let host = Host::builder()
            .component(component::path())
            .credentials(credentials())
            .allow_base_url(simulator.url())
            .http_client(network.clone())
            .max_response_bytes(LARGEST)
            .blobs(BlobStore::temporary().unwrap().max_bytes(LARGEST))
            .max_concurrent_calls(2)
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
        simulator.settle().await;
        let mut worker = Self {
            world: simulator.world(|world| world.clone()),
            simulator,
            network,
            host,
            connection: connection.to_string(),
            examples: Vec::new(),
        };
        let more = MORE.map(|(action, input)| (action, serde_json::from_str(input).unwrap()));
        let examples = manifest::examples().map(|(action, input)| (action, input.clone()));
        for (action, example) in examples.chain(more) {
            let input = worker.with_files(&example, &message).await;
            worker.examples.push(Example { action, input });
        }
        worker
    }

    pub fn examples(&self) -> &[Example] {
        &self.examples
    }

    /// The example with this simulator's message, file and address of a file in the place of those that it names.
    async fn with_files(&self, example: &Value, message: &str) -> Value {
        let mut example = example.clone();
        if let Some(id) = example.get_mut("message_id") {
            *id = message.into();
        }
        if let Some(blob) = example.get_mut("blob") {
            *blob = self.host.blobs().put(b"a file", None).await.unwrap().into();
        }
        if let Some(Value::String(url)) = example.get_mut("url")
            && url.starts_with("https://lookaside.fbsbx.com/")
        {
            let file = json!({"id": EXAMPLE_FILE}).to_string();
            let info = self.host.invoke("get-media", &self.connection, &file).await;
            let info: Value = serde_json::from_str(&info.unwrap().unwrap()).unwrap();
            *url = info["url"].as_str().unwrap().to_owned();
        }
        example
    }

    /// Runs an example in the world as it was, with a fault at the request with this number.
    pub async fn run(
        &self,
        example: &Example,
        fault: Option<(usize, &Kind)>,
        elsewhere: &str,
    ) -> Run {
        let world = self.world.clone();
        self.simulator.world(|now| *now = world);
        self.simulator.clear_requests();
        self.simulator.clear_faults();
        let before = self.world.messages.len();
        if let Some((step, kind)) = fault
            && let How::Simulated(make) = kind.how
        {
            let mut fault = Fault::new(make(elsewhere)).after(u32::try_from(step).unwrap());
            fault.after_handling = kind.handled;
            self.simulator.inject(fault);
        }
        self.network
            .prepare(fault.map(|(step, kind)| (step, kind.how)));
        // Tokens that Meta issues are those of this run alone.
        let host = self.host.with_credentials(credentials());
        let input = example.input.to_string();
        let result = host.invoke(example.action, &self.connection, &input).await;
        let result = match result {
            Ok(result) => result,
            Err(error) => Err(error.to_contract()),
        };
        let seen = self.network.seen();
        self.network.prepare(None);
        if let Some((
            _,
            Kind {
                how: How::Simulated(_),
                name,
                ..
            },
        )) = fault
        {
            assert_eq!(self.simulator.faults(), [], "{name} hit nothing");
        }
        Run {
            result: result.map(|output| serde_json::from_str(&output).unwrap()),
            seen,
            arrived: self.simulator.requests(),
            messages: self.simulator.messages().len() - before,
        }
    }
}

fn credentials() -> Credentials {
    Credentials::new()
        .access_token(Secret::new(demo::ACCESS_TOKEN).unwrap())
        .app_secret(Secret::new(demo::APP_SECRET).unwrap())
}

fn world() -> World {
    let mut world = World::demo();
    for number in 0..NUMBERS {
        let id = format!("3000000000{number:05}");
        let display = format!("+1 555-0{number}");
        world.add_phone_number(PhoneNumber::new(id, demo::WABA_ID, display));
    }
    let mut number = PhoneNumber::new(EXAMPLE_NUMBER, demo::WABA_ID, "+1 555-1000").unregistered();
    number.code_verification_status = "NOT_VERIFIED".into();
    world.add_phone_number(number);
    let content = MediaContent::Bytes(bytes::Bytes::from_static(b"the bytes of a picture"));
    world.add_media(Media::new(
        EXAMPLE_FILE,
        EXAMPLE_NUMBER,
        "image/png",
        content,
    ));
    world
}
