//! Files on their way to Meta and back, through a host that holds them.

use std::time::Duration;

use bytes::Bytes;
use graph_simulator::Simulator;
use graph_simulator::world::{Media, MediaContent, demo};
use host_test::wit::media::{DownloadedMedia, MediaDownload, MediaReference, MediaUpload};
use host_test::wit::types::Error;
use host_test::{Account, CallError};

use super::{account, host};

fn by_id(id: &str) -> MediaDownload {
    MediaDownload {
        id: Some(id.to_owned()),
        url: None,
        sha256: None,
        phone_number_id: None,
    }
}

fn reference(id: &str) -> MediaReference {
    MediaReference {
        id: id.to_owned(),
        phone_number_id: None,
    }
}

/// The error of a download.
async fn refused(account: &Account, input: &MediaDownload) -> Error {
    match account.download_media(input).await {
        Err(CallError::Refused(error)) => *error,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

/// The input that an error names.
fn field(error: &Error) -> Option<&str> {
    error.fault().and_then(|fault| fault.field.as_deref())
}

#[tokio::test]
async fn a_file_goes_to_meta_and_comes_back_as_it_was() {
    let simulator = Simulator::builder().start().await.unwrap();
    let host = host(&simulator);
    let account = account(&host, &simulator);
    let file: Vec<u8> = (0..300_000_u32).map(|n| n.to_le_bytes()[0]).collect();
    let handle = host.blobs().put(&file, None).await.unwrap();
    let upload = MediaUpload {
        phone_number_id: None,
        blob: Some(handle.clone()),
        bytes_base64: None,
        mime_type: "application/pdf".to_owned(),
        filename: Some("r\u{e9}sum\u{e9} \"1\".pdf".to_owned()),
        kind: None,
        size: Some(300_000),
    };
    let id = account.upload_media(&upload).await.unwrap().id;

    let DownloadedMedia {
        blob,
        mime_type,
        size,
        verified,
        ..
    } = account.download_media(&by_id(&id)).await.unwrap();
    assert!(verified && blob != handle);
    assert_eq!(mime_type.as_deref(), Some("application/pdf"));
    assert_eq!(size, Some(300_000));
    assert_eq!(host.blobs().read(&blob).await.unwrap(), file);

    account.delete_media(&reference(&id)).await.unwrap();
    let gone = refused(&account, &by_id(&id)).await;
    assert!(matches!(gone, Error::PermanentInvalidInput(_)), "{gone:?}");
    assert_eq!(field(&gone), Some("id"));
}

#[tokio::test]
async fn bytes_arrive_as_they_are() {
    let simulator = Simulator::builder().start().await.unwrap();
    let host = host(&simulator);
    let account = account(&host, &simulator);
    let upload = MediaUpload {
        phone_number_id: None,
        blob: None,
        // 0xff 0x00 0x0d 0x0a: no UTF-8, and what a form could mistake for its own.
        bytes_base64: Some("/wANCg==".to_owned()),
        mime_type: "image/png".to_owned(),
        filename: None,
        kind: None,
        size: None,
    };
    let id = account.upload_media(&upload).await.unwrap().id;
    let stored = simulator.world(|world| {
        let file = world.media.iter().find(|media| media.id == id).unwrap();
        (file.content.clone(), file.filename.clone())
    });
    let (MediaContent::Bytes(bytes), name) = stored else {
        panic!("{stored:?}")
    };
    assert_eq!(bytes, Bytes::from_static(b"\xff\x00\r\n"));
    assert_eq!(name.as_deref(), Some("file.png"));
}

#[tokio::test]
async fn a_file_that_is_not_the_one_meta_means_is_refused() {
    let simulator = Simulator::builder().start().await.unwrap();
    let host = host(&simulator);
    let account = account(&host, &simulator);
    let content = MediaContent::Bytes(Bytes::from_static(b"abc"));
    let mut file = Media::new("4711", demo::PHONE_NUMBER_ID, "image/png", content);
    file.sha256_hex = "00".repeat(32);
    simulator.world(|world| world.add_media(file));
    let damaged = refused(&account, &by_id("4711")).await;
    assert!(matches!(damaged, Error::Unavailable(_)), "{damaged:?}");

    // By its address and without a hash, there is nothing to compare; with the one of a webhook, there is.
    let url = account.get_media(&reference("4711")).await.unwrap().url;
    let by_url = |sha256: Option<&str>| MediaDownload {
        id: None,
        url: Some(url.clone()),
        sha256: sha256.map(str::to_owned),
        phone_number_id: None,
    };
    let unknown = account.download_media(&by_url(None)).await.unwrap();
    assert!(!unknown.verified);
    let of_webhook = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";
    let known = account.download_media(&by_url(Some(of_webhook))).await;
    assert!(known.unwrap().verified);

    // Five minutes later the address leads nowhere, but the file is still there.
    simulator.advance(Duration::from_secs(301)).await;
    let old = refused(&account, &by_url(None)).await;
    assert_eq!(field(&old), Some("url"), "{old:?}");
    assert!(account.get_media(&reference("4711")).await.is_ok());
}
