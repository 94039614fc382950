//! `host-test mcp`, one process for the whole time, and somebody who sends with it as an engine should.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rmcp::model::{CallToolRequestParams, CallToolResult};
use rmcp::service::RunningService;
use rmcp::transport::TokioChildProcess;
use rmcp::{RoleClient, ServiceExt};
use serde_json::{Value, json};

use crate::program::{command, settings};
use crate::{Stage, customers};

/// How often what was not sent is tried.
const TRIES: u32 = 20;
/// Messages whose statuses have not all come: more, and the lanes wait.
const AHEAD: u64 = 100;

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Sent,
    /// `permanent-outcome-unknown`: not tried again.
    Unknown,
    /// Tried as often as may be, and never sent.
    GivenUp,
}

pub struct Sender {
    client: RunningService<RoleClient, ()>,
    id: u32,
    next: AtomicU64,
    fates: Mutex<BTreeMap<String, Fate>>,
    cases: Mutex<BTreeMap<String, u64>>,
}

impl Sender {
    pub async fn start(stage: &Stage) -> Self {
        let command = command(&["mcp", "--only", "send-text"], &settings(&stage.simulator));
        let builder = TokioChildProcess::builder(command).stderr(Stdio::null());
        let (process, _) = builder.spawn().unwrap();
        let id = process.id().unwrap();
        Self {
            client: ().serve(process).await.unwrap(),
            id,
            next: AtomicU64::new(0),
            fates: Mutex::default(),
            cases: Mutex::default(),
        }
    }

    pub fn id(&self) -> u32 {
        self.id
    }

    /// Sends one message after the other.
    pub async fn send(self: Arc<Self>, stage: Arc<Stage>) {
        let customers: Vec<_> = customers().collect();
        while stage.goes_on() {
            let number = self.next.fetch_add(1, Ordering::SeqCst);
            // Three statuses for each: who sends faster than they are delivered only makes the queue longer.
            while number * 3 > stage.road.counts().0 + AHEAD * 3 && stage.goes_on() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            let to = &customers[usize::try_from(number).unwrap() % customers.len()];
            let key = format!("soak-{number}");
            let fate = self.deliver(to, &key).await;
            self.fates.lock().unwrap().insert(key, fate);
        }
    }

    async fn deliver(&self, to: &str, key: &str) -> Fate {
        for _ in 0..TRIES {
            let input = json!({"to": format!("+{to}"), "body": key, "callback_data": key});
            let result = self.call(input).await;
            let content = result.structured_content.unwrap();
            let case = match result.is_error {
                Some(true) => content["case"].clone(),
                _ => Value::from("ok"),
            };
            let case = case.as_str().unwrap();
            *self
                .cases
                .lock()
                .unwrap()
                .entry(case.to_owned())
                .or_default() += 1;
            match case {
                "ok" => return Fate::Sent,
                "permanent-outcome-unknown" => return Fate::Unknown,
                "rate-limited" | "unavailable" => {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                other => panic!("{key}: {other}: {content}"),
            }
        }
        Fate::GivenUp
    }

    async fn call(&self, input: Value) -> CallToolResult {
        let Value::Object(arguments) = input else {
            panic!("no object")
        };
        let request = CallToolRequestParams::new("send-text").with_arguments(arguments);
        self.client.call_tool(request).await.unwrap()
    }

    pub fn count(&self) -> usize {
        self.fates.lock().unwrap().len()
    }

    pub fn outcome(&self) -> BTreeMap<String, Fate> {
        self.fates.lock().unwrap().clone()
    }

    pub fn cases(&self) -> BTreeMap<String, u64> {
        self.cases.lock().unwrap().clone()
    }

    pub async fn end(self: Arc<Self>) {
        let this = Arc::into_inner(self).unwrap();
        this.client.cancel().await.unwrap();
    }
}
