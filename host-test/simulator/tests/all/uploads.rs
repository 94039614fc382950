//! The Resumable Upload API.

use graph_simulator::world::demo;
use serde_json::{Value, json};

use crate::common::{Answer, Client, read, refused};

async fn session(client: &Client, about: Value) -> Answer {
    client
        .post(&format!("{}/uploads", demo::APP_ID), about)
        .await
}

async fn put(client: &Client, id: &str, offset: &str, bytes: &'static str) -> Answer {
    let request = client
        .http
        .post(client.url(id))
        .bearer_auth(&client.token)
        .header("file_offset", offset)
        .header("content-type", "image/png")
        .body(bytes);
    read(request).await
}

#[tokio::test]
async fn a_complete_file_has_a_handle() {
    let client = Client::demo().await;
    let handle = client.upload(b"{not json", "image/png").await;
    assert!(handle.starts_with("4::aW1hZ2UvcG5n:AR"), "{handle}");
    assert!(handle.contains(demo::APP_ID), "{handle}");
    let other = client.upload(b"{not json", "image/png").await;
    assert_ne!(handle, other);
}

#[tokio::test]
async fn an_interrupted_upload_goes_on_where_it_stopped() {
    let client = Client::demo().await;
    // Parameters may stand in the query, as in Meta's samples.
    let path = format!(
        "{}/uploads?file_length=6&file_type=image/png&file_name=a.png",
        demo::APP_ID
    );
    let (_, body) = client.post(&path, json!({})).await;
    let id = body["id"].as_str().unwrap();
    let (_, first) = put(&client, id, "0", "abc").await;
    assert_eq!(first["file_offset"], 3);
    assert_eq!(client.get(id).await.1["file_offset"], 3);
    let again = put(&client, id, "0", "abc").await;
    refused(&again, 400, 100, "file_offset must be 3");
    refused(
        &put(&client, id, "3", "defg").await,
        400,
        100,
        "has 7 bytes",
    );
    let (_, done) = put(&client, id, "3", "def").await;
    assert!(done["h"].is_string(), "{done}");
}

#[tokio::test]
async fn wrong_sessions_are_refused() {
    let client = Client::demo().await;
    let about = |length: Value, kind: &str| json!({"file_length": length, "file_type": kind});
    refused(
        &session(&client, json!({"file_type": "image/png"})).await,
        400,
        100,
        "file_length is required",
    );
    refused(
        &session(&client, about(json!(0), "image/png")).await,
        400,
        100,
        "positive integer",
    );
    refused(
        &session(&client, about(json!(1), "image/gif")).await,
        400,
        100,
        "file_type must be one of",
    );
    let (_, body) = session(&client, about(json!(3), "image/png")).await;
    let id = body["id"].as_str().unwrap();
    let (name, _) = id.split_once('?').unwrap();
    refused(
        &put(&client, name, "0", "abc").await,
        400,
        100,
        "does not exist",
    );
    refused(
        &put(&client, "upload:x?sig=y", "0", "abc").await,
        400,
        100,
        "does not exist",
    );
    let in_query = format!("{id}&access_token={}", client.token);
    let request = client
        .http
        .post(client.url(&in_query))
        .header("file_offset", "0")
        .body("abc");
    refused(&read(request).await, 401, 104, "Authorization header");
    refused(
        &client.delete(id).await,
        400,
        100,
        "Unsupported delete request",
    );
    refused(
        &client.get(&format!("{}/uploads", demo::APP_ID)).await,
        400,
        100,
        "Unsupported get request",
    );
}
