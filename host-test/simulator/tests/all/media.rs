//! Uploading, looking up, downloading and deleting media.

use std::time::Duration;

use graph_simulator::World;
use graph_simulator::world::{Media, MediaContent, demo};
use serde_json::json;

use crate::common::{Answer, Client, read, refused};

async fn upload(client: &Client, bytes: Vec<u8>, mime: &str) -> Answer {
    let part = reqwest::multipart::Part::bytes(bytes)
        .file_name("a.bin")
        .mime_str(mime)
        .unwrap();
    let form = reqwest::multipart::Form::new()
        .text("messaging_product", "whatsapp")
        .text("type", mime.to_owned())
        .part("file", part);
    let url = client.url(&format!("{}/media", demo::PHONE_NUMBER_ID));
    read(
        client
            .http
            .post(url)
            .bearer_auth(&client.token)
            .multipart(form),
    )
    .await
}

#[tokio::test]
async fn an_uploaded_file_can_be_downloaded_and_deleted() {
    let client = Client::demo().await;
    let (status, body) = upload(&client, b"PNG bytes".to_vec(), "image/png").await;
    assert_eq!(status, 200, "{body}");
    let id = body["id"].as_str().unwrap().to_owned();
    assert!(id.bytes().all(|b| b.is_ascii_digit()));

    let (_, info) = client.get(&id).await;
    assert_eq!(info["mime_type"], "image/png");
    assert_eq!(info["file_size"], 9);
    assert_eq!(info["messaging_product"], "whatsapp");
    assert_eq!(info["sha256"].as_str().unwrap().len(), 64);
    let answer = client
        .http
        .get(info["url"].as_str().unwrap())
        .bearer_auth(&client.token)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["content-type"], "image/png");
    assert_eq!(answer.bytes().await.unwrap(), "PNG bytes");

    assert_eq!(client.delete(&id).await, (200, json!({"success": true})));
    refused(&client.get(&id).await, 400, 100, "does not exist");
    refused(
        &client.delete(&id).await,
        400,
        100,
        "Unsupported delete request",
    );
}

#[tokio::test]
async fn the_bytes_need_the_token_a_user_agent_and_a_fresh_address() {
    let client = Client::demo().await;
    let id = upload(&client, vec![1; 10], "image/png").await.1["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let url = client.get(&id).await.1["url"].as_str().unwrap().to_owned();
    assert_eq!(client.http.get(&url).send().await.unwrap().status(), 401);
    let no_agent = crate::common::client_builder()
        .build()
        .unwrap()
        .get(&url)
        .bearer_auth(&client.token)
        .send()
        .await
        .unwrap();
    assert_eq!(no_agent.status(), 400);
    let forged = url.replace("ext=1", "ext=2");
    assert_eq!(
        client
            .http
            .get(&forged)
            .bearer_auth(&client.token)
            .send()
            .await
            .unwrap()
            .status(),
        404
    );
    client.sim.clock().advance(Duration::from_secs(300));
    assert_eq!(
        client
            .http
            .get(&url)
            .bearer_auth(&client.token)
            .send()
            .await
            .unwrap()
            .status(),
        404
    );
    let fresh = client.get(&id).await.1["url"].as_str().unwrap().to_owned();
    assert_eq!(
        client
            .http
            .get(&fresh)
            .bearer_auth(&client.token)
            .send()
            .await
            .unwrap()
            .status(),
        200
    );
}

#[tokio::test]
async fn uploads_live_30_days() {
    let client = Client::demo().await;
    let id = upload(&client, vec![1; 10], "image/png").await.1["id"]
        .as_str()
        .unwrap()
        .to_owned();
    client.sim.clock().advance(Duration::from_secs(30 * 86_400));
    refused(&client.get(&id).await, 400, 100, "does not exist");
}

#[tokio::test]
async fn a_media_id_is_only_shown_for_the_number_it_was_uploaded_with() {
    let client = Client::demo().await;
    let id = upload(&client, vec![1; 10], "image/png").await.1["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        client
            .get(&format!("{id}?phone_number_id={}", demo::PHONE_NUMBER_ID))
            .await
            .0,
        200
    );
    refused(
        &client
            .get(&format!(
                "{id}?phone_number_id={}",
                demo::TEST_PHONE_NUMBER_ID
            ))
            .await,
        400,
        100,
        "does not exist",
    );
}

#[tokio::test]
async fn wrong_types_and_sizes_are_refused() {
    let client = Client::demo().await;
    refused(
        &upload(&client, vec![1], "application/zip").await,
        400,
        100,
        "Received file of type 'application/zip'",
    );
    refused(
        &upload(&client, vec![1; 5 * 1024 * 1024 + 1], "image/jpeg").await,
        400,
        131_053,
        "larger than the maximum",
    );
    refused(
        &upload(&client, vec![1; 500 * 1024 + 1], "image/webp").await,
        400,
        131_053,
        "larger than the maximum",
    );
    refused(
        &upload(&client, vec![], "image/png").await,
        400,
        131_053,
        "empty",
    );
    let url = client.url(&format!("{}/media", demo::PHONE_NUMBER_ID));
    let form = || reqwest::multipart::Form::new();
    let post = |form| {
        client
            .http
            .post(&url)
            .bearer_auth(&client.token)
            .multipart(form)
    };
    refused(
        &read(post(form().text("type", "image/png"))).await,
        400,
        100,
        "messaging_product is required",
    );
    refused(
        &read(post(form().text("messaging_product", "whatsapp"))).await,
        400,
        100,
        "file is required",
    );
}

#[tokio::test]
async fn large_media_is_made_while_it_is_sent() {
    let mut world = World::demo();
    world.add_media(Media::new(
        "7",
        demo::PHONE_NUMBER_ID,
        "video/mp4",
        MediaContent::Pattern(1_000_000),
    ));
    let client = Client::with(world).await;
    let url = client.get("7").await.1["url"].as_str().unwrap().to_owned();
    let bytes = client
        .http
        .get(&url)
        .bearer_auth(&client.token)
        .send()
        .await
        .unwrap()
        .bytes()
        .await
        .unwrap();
    assert_eq!(bytes.len(), 1_000_000);
    assert_eq!(bytes[65_536], 0);
}
