//! Publishing to a real registry on this machine: Debian's `docker-registry`. Without it these tests pass without a check and say so.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that panics has failed, as it should"
)]

mod program;
mod server;

use host_test::testing::ScriptedClient;
use host_test::wit::types::Connection;
use host_test::{Credentials, Host, Secret};
use oci_client::manifest::OciImageManifest;
use program::Published;
use serde_json::{Value, json};
use server::Server;
use sha2::{Digest, Sha256};
use wit_component::DecodedWasm;

/// What is published, and what it is called by itself.
const ARTIFACTS: [(&str, &str); 5] = [
    ("whatsapp-connector", "whatsapp-connector"),
    ("whatsapp-connector-wasi", "whatsapp-connector-wasi"),
    ("whatsapp-connector-events", "whatsapp-events"),
    (
        "whatsapp-connector-webhook-endpoint",
        "whatsapp-webhook-endpoint",
    ),
    ("whatsapp-connector-wit", "whatsapp:connector"),
];

/// Where the source is, as these tests say.
const SOURCE: [&str; 2] = ["--source", "https://example.com/whatsapp-connector"];

fn sha256(bytes: &[u8]) -> String {
    let hex: String = Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("sha256:{hex}")
}

/// The manifest and the layer of a published artifact, pulled by digest.
async fn pulled(server: &Server, artifact: &Published) -> (OciImageManifest, Vec<u8>) {
    let manifest = server
        .get(&format!(
            "{}/manifests/{}",
            artifact.repository, artifact.manifest
        ))
        .await;
    assert_eq!(sha256(&manifest), artifact.manifest);
    let manifest: OciImageManifest = serde_json::from_slice(&manifest).unwrap();
    let [layer] = manifest.layers.as_slice() else {
        panic!("expected one layer: {manifest:?}");
    };
    let bytes = server
        .get(&format!("{}/blobs/{}", artifact.repository, layer.digest))
        .await;
    assert_eq!(sha256(&bytes), layer.digest);
    (manifest, bytes)
}

#[tokio::test]
async fn a_release_is_pulled_back_by_digest_in_the_layout_of_wasm_artifacts() {
    let Some(server) = Server::start().await else {
        return;
    };
    let published = server.publish("whatsapp-connector", &SOURCE).success();
    assert_eq!(published.len(), ARTIFACTS.len());
    for (artifact, (repository, title)) in published.iter().zip(ARTIFACTS) {
        assert_eq!(artifact.repository, repository);
        assert_eq!(artifact.tag, env!("CARGO_PKG_VERSION"));
        let (manifest, bytes) = pulled(&server, artifact).await;
        assert_eq!(
            manifest.media_type.as_deref(),
            Some("application/vnd.oci.image.manifest.v1+json")
        );
        assert_eq!(
            manifest.config.media_type,
            "application/vnd.wasm.config.v0+json"
        );
        assert_eq!(manifest.layers[0].media_type, "application/wasm");
        let annotations = manifest.annotations.unwrap();
        let said = |name: &str| annotations[&format!("org.opencontainers.image.{name}")].as_str();
        assert_eq!(said("title"), title);
        assert_eq!(said("version"), env!("CARGO_PKG_VERSION"));
        assert_eq!(said("licenses"), "Apache-2.0");
        assert_eq!(said("source"), SOURCE[1]);
        assert_eq!(said("revision").len(), 40);
        if let Some(file) = title.strip_prefix("whatsapp-") {
            let file = format!(
                "{}/../../dist/whatsapp-{file}.wasm",
                env!("CARGO_MANIFEST_DIR")
            );
            assert!(
                bytes == std::fs::read(file).unwrap(),
                "{title} is not what was built"
            );
        }
        let config = server
            .get(&format!("{repository}/blobs/{}", manifest.config.digest))
            .await;
        let config: Value = serde_json::from_slice(&config).unwrap();
        assert_eq!(config["os"], "wasip2");
        assert_eq!(config["architecture"], "wasm");
        assert_eq!(config["layerDigests"], json!([sha256(&bytes)]));
        let exports = config["component"]["exports"].as_array().unwrap();
        assert!(!exports.is_empty(), "{config}");
    }
}

#[tokio::test]
async fn what_was_pulled_runs() {
    let Some(server) = Server::start().await else {
        return;
    };
    let published = server.publish("whatsapp-connector", &SOURCE).success();
    let (_, bytes) = pulled(&server, &published[0]).await;
    let answer = json!({"messaging_product": "whatsapp", "contacts": [{"input": "+491701234567", "wa_id": "491701234567"}], "messages": [{"id": "wamid.A"}]});
    let network = ScriptedClient::new().json(200, answer.to_string());
    let host = Host::builder()
        .component_bytes(bytes)
        .credentials(Credentials::new().access_token(Secret::new("EAAToken").unwrap()))
        .http_client(network.clone())
        .build()
        .unwrap();
    let connection = Connection {
        api_version: None,
        base_url: None,
        phone_number_id: Some("106540352242922".to_owned()),
        business_account_id: None,
        app_id: None,
    };
    let sent = host
        .connect(connection)
        .send_text_to("+491701234567", "Hello")
        .await
        .unwrap();
    assert_eq!(sent.message_id, "wamid.A");
    assert!(network.requests()[0].text().contains("\"body\":\"Hello\""));
}

#[tokio::test]
async fn the_contract_is_an_artifact_of_its_own() {
    let Some(server) = Server::start().await else {
        return;
    };
    let published = server.publish("whatsapp-connector", &SOURCE).success();
    let (_, bytes) = pulled(&server, published.last().unwrap()).await;
    let DecodedWasm::WitPackage(resolve, package) = wit_component::decode(&bytes).unwrap() else {
        panic!("it is no WIT package");
    };
    let package = &resolve.packages[package];
    assert_eq!(
        package.name.to_string(),
        format!("whatsapp:connector@{}", env!("CARGO_PKG_VERSION"))
    );
    for name in ["http", "messages", "webhooks", "plugin"] {
        assert!(package.interfaces.contains_key(name), "{name}");
    }
}

#[tokio::test]
async fn the_same_again_changes_nothing_and_something_else_is_refused() {
    let Some(server) = Server::start().await else {
        return;
    };
    let first = server.publish("whatsapp-connector", &SOURCE).success();
    let again = server.publish("whatsapp-connector", &SOURCE);
    assert!(again.stdout.contains("is there already"), "{again:?}");
    assert!(!again.stdout.contains("published "), "{again:?}");
    assert_eq!(again.success(), first);

    let other = ["--source", "https://example.com/elsewhere"];
    let refused = server.publish("whatsapp-connector", &other);
    assert!(!refused.success, "{refused:?}");
    for word in [
        "the tag holds something else already",
        &first[0].manifest,
        "raise `version`",
        "--replace",
    ] {
        assert!(refused.stderr.contains(word), "{word}: {refused:?}");
    }
    let replaced = server
        .publish("whatsapp-connector", &[&other[..], &["--replace"]].concat())
        .success();
    assert_ne!(replaced[0].manifest, first[0].manifest);
    // Who pulls by digest still gets what was published first.
    pulled(&server, &first[0]).await;
}

#[tokio::test]
async fn a_dry_run_names_the_same_digests_and_sends_nothing() {
    let Some(server) = Server::start().await else {
        return;
    };
    let dry = server
        .publish(
            "whatsapp-connector",
            &[&SOURCE[..], &["--dry-run"]].concat(),
        )
        .success();
    assert!(server.repositories().await.is_empty());
    let published = server.publish("whatsapp-connector", &SOURCE).success();
    assert_eq!(dry, published);
    assert_eq!(server.repositories().await.len(), ARTIFACTS.len());
}

#[tokio::test]
async fn what_is_wrong_is_told_with_what_to_do() {
    let Some(server) = Server::start().await else {
        return;
    };
    for (login, who) in [
        ("", "somebody without credentials"),
        ("nobody:wrong", "these credentials"),
    ] {
        let refused = server.publish_as(login, "whatsapp-connector", &SOURCE);
        assert!(
            !refused.success
                && refused.stderr.contains(who)
                && refused.stderr.contains("docker login"),
            "{refused:?}"
        );
    }
    let refused = server.publish("whatsapp-connector", &[]);
    assert!(
        !refused.success && refused.stderr.contains("add --source URL"),
        "{refused:?}"
    );
    let refused = server.publish("whatsapp-connector:9.9.9", &SOURCE);
    assert!(
        !refused.success && refused.stderr.contains("the tag says version 9.9.9"),
        "{refused:?}"
    );
    assert!(server.repositories().await.is_empty());
}
