//! The example, run as its README says, against the simulator.

#![allow(
    clippy::unwrap_used,
    reason = "a test that panics has failed, as it should"
)]

use graph_simulator::{Simulator, world::demo};
use std::path::Path;
use tokio::process::Command;

async fn run(simulator: &Simulator, arguments: &[&str]) -> (bool, String, String) {
    let component =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dist/whatsapp-connector.wasm");
    let output = Command::new(env!("CARGO_BIN_EXE_rust-example"))
        .args(arguments)
        .env("WHATSAPP_COMPONENT", component)
        .env("WHATSAPP_BASE_URL", simulator.url())
        .env("WHATSAPP_ACCESS_TOKEN", demo::ACCESS_TOKEN)
        .env("WHATSAPP_PHONE_NUMBER_ID", demo::PHONE_NUMBER_ID)
        .env("WHATSAPP_BUSINESS_ACCOUNT_ID", demo::WABA_ID)
        .output()
        .await
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.success(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[tokio::test]
async fn a_text_is_sent_and_the_numbers_are_listed() {
    let simulator = Simulator::builder().start().await.unwrap();
    let to = format!("+{}", demo::CUSTOMER);
    let (success, stdout, stderr) = run(&simulator, &[&to, "Hello"]).await;
    assert!(success, "{stderr}");
    let messages = simulator.messages();
    assert_eq!(messages.len(), 1);
    assert!(
        stdout.contains(&format!("accepted as {}\n", messages[0].id)),
        "{stdout}"
    );
    assert!(stdout.contains(demo::PHONE_NUMBER_ID), "{stdout}");
}

#[tokio::test]
async fn what_is_wrong_is_told_with_what_to_do() {
    let simulator = Simulator::builder().start().await.unwrap();
    let (success, _, stderr) = run(&simulator, &["12"]).await;
    assert!(!success);
    assert!(stderr.contains("to: expected a phone number"), "{stderr}");
    assert!(stderr.contains("Correct the recipient"), "{stderr}");
    let (success, _, stderr) = run(&simulator, &[]).await;
    assert!(!success);
    assert!(stderr.contains("usage:"), "{stderr}");
    assert!(simulator.requests().is_empty());
}
