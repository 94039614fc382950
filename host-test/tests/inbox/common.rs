//! An inbox and deliveries for it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use host_test::inbox::{Inbox, Kept, Reader, ReceiveError, Selection, Store, Subscription, Term};
use host_test::wit::webhooks::{Request, Signature, Verification};
use host_test::{Host, HostBuilder};
use serde_json::{Value, json};

pub const ACCOUNT: &str = "102290129340398";
pub const OTHER_ACCOUNT: &str = "203330129340398";

pub fn builder() -> HostBuilder {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist/whatsapp-connector.wasm");
    assert!(
        path.exists(),
        "run `cargo xtask build` first: dist/whatsapp-connector.wasm is not there"
    );
    Host::builder().component(path)
}

static HOST: LazyLock<Host> = LazyLock::new(|| builder().build().unwrap());

/// An inbox on a store of its own.
pub fn inbox() -> Arc<Inbox> {
    Arc::new(Inbox::new(HOST.clone(), Store::temporary().unwrap()))
}

/// A file that an inbox can be opened on again, and its folder.
pub fn file() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("inbox.sqlite");
    (folder, path)
}

/// An inbox on this file.
pub fn inbox_in(path: &Path) -> Arc<Inbox> {
    Arc::new(Inbox::new(HOST.clone(), Store::open(path).unwrap()))
}

/// A text of a customer.
pub fn text(id: &str) -> (&'static str, Value) {
    let message = json!({"from": "491701234567", "id": id, "timestamp": "1700000000", "type": "text", "text": {"body": format!("text of {id}")}});
    ("messages", message)
}

/// A status of a message of ours.
pub fn status(id: &str, word: &str, time: u64) -> (&'static str, Value) {
    let status = json!({"id": id, "status": word, "timestamp": time.to_string(), "recipient_id": "491701234567"});
    ("statuses", status)
}

/// A delivery of these items, each in a change of its own.
pub fn delivery(account: &str, items: &[(&str, Value)]) -> String {
    let change = |(list, item): &(&str, Value)| {
        json!({"field": "messages", "value": {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "4930123456", "phone_number_id": "106540352242922"},
            *list: [item],
        }})
    };
    let changes: Vec<_> = items.iter().map(change).collect();
    json!({"object": "whatsapp_business_account", "entry": [{"id": account, "changes": changes}]})
        .to_string()
}

/// Hands a delivery to the inbox, as genuine.
pub async fn receive(inbox: &Inbox, body: &str) -> Result<Kept, ReceiveError> {
    let request = Request {
        method: "POST".to_owned(),
        query: String::new(),
        headers: Vec::new(),
        body: body.to_owned(),
    };
    let verification = Verification {
        verify_token: String::new(),
        signature: Signature::VerifiedByHost,
    };
    let received = inbox.receive(request, &verification, 1_700_000_100).await?;
    assert_eq!(received.reply.status, 200);
    Ok(received.kept.unwrap())
}

/// A trigger.
pub fn subscription(id: &str, trigger: &str, account: &str) -> Subscription {
    Subscription {
        id: id.to_owned(),
        trigger: trigger.to_owned(),
        business_account_id: account.to_owned(),
        filter: None,
    }
}

/// Starts a trigger that runs until it is stopped.
pub async fn start(inbox: &Inbox, subscription: Subscription) {
    inbox.start(subscription, Term::UntilStopped).await.unwrap();
}

/// The ids of everything that is kept for a reader.
pub async fn ids(inbox: &Inbox, of: &Selection) -> Vec<String> {
    let entries = inbox.store().entries(of, 0, 1000).await.unwrap().unwrap();
    entries.iter().map(|entry| id(&entry.event)).collect()
}

/// What a trigger got.
pub async fn got(inbox: &Inbox, subscription: &str) -> Vec<String> {
    let stored = inbox.store().subscription(subscription).await.unwrap();
    ids(inbox, &Selection::Subscription(stored.unwrap().number)).await
}

/// The id of the next event that a reader gets.
pub async fn next(reader: &mut Reader) -> Option<String> {
    let entry = reader.next().await.unwrap();
    entry.map(|entry| id(&entry.event))
}

fn id(event: &str) -> String {
    let event: Value = serde_json::from_str(event).unwrap();
    event["envelope"]["id"].as_str().unwrap().to_owned()
}
