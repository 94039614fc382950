use super::*;

fn files(store: &BlobStore) -> usize {
    let folder = std::fs::read_dir(store.inner.place.folder().unwrap()).unwrap();
    // Beside the one that says that the folder is in use.
    folder
        .filter(|file| file.as_ref().unwrap().file_name() != "lock")
        .count()
}

#[tokio::test]
async fn what_was_put_in_comes_out() {
    let store = BlobStore::temporary().unwrap();
    let handle = store.put(b"hello", Some("text/plain")).await.unwrap();
    let other = store.put(b"hello", None).await.unwrap();
    assert_ne!(handle, other);
    assert_eq!(store.read(&handle).await.unwrap(), b"hello");
    let info = BlobInfo {
        handle: handle.clone(),
        size: 5,
        content_type: Some("text/plain".to_owned()),
    };
    assert_eq!(store.info(&handle).await.unwrap(), info);
    store.delete(&handle).await.unwrap();
    assert!(matches!(
        store.open(&handle).await,
        Err(BlobError::Unknown { .. })
    ));
    assert_eq!(store.read(&other).await.unwrap(), b"hello");
}

#[tokio::test]
async fn a_file_is_copied() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("photo.png");
    let content: Vec<u8> = (0..200_000_u32).map(|n| n.to_le_bytes()[0]).collect();
    std::fs::write(&path, &content).unwrap();
    let store = BlobStore::in_folder(folder.path().join("store")).unwrap();
    let handle = store.put_file(&path, None).await.unwrap();
    std::fs::remove_file(&path).unwrap();
    assert_eq!(store.read(&handle).await.unwrap(), content);
    assert!(
        store
            .put_file(&path, None)
            .await
            .unwrap_err()
            .to_string()
            .contains("open the file to put")
    );
}

#[tokio::test]
async fn a_handle_cannot_leave_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("secret"), "x").unwrap();
    let store = BlobStore::in_folder(folder.path().join("store")).unwrap();
    let handle = store.put(b"x", None).await.unwrap();
    let name = handle.strip_prefix(PREFIX).unwrap();
    for bad in [
        "",
        "blob:",
        "../secret",
        "blob:../secret",
        "blob:/etc/passwd",
        "blob:.",
        name,
        &handle.to_uppercase(),
        &format!("{handle}/"),
        &format!("{handle}0"),
    ] {
        assert!(
            matches!(store.info(bad).await, Err(BlobError::Unknown { .. })),
            "{bad}"
        );
    }
    assert!(store.info(&handle).await.is_ok());
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_in_the_folder_is_not_followed() {
    let store = BlobStore::temporary().unwrap();
    let name = "0".repeat(32);
    let folder = store.inner.place.make().unwrap();
    std::os::unix::fs::symlink("/etc/passwd", folder.join(&name)).unwrap();
    assert!(matches!(
        store.read(&format!("{PREFIX}{name}")).await,
        Err(BlobError::Unknown { .. })
    ));
}

#[tokio::test]
async fn too_much_is_refused_and_leaves_nothing_behind() {
    let store = BlobStore::temporary().unwrap().max_bytes(10);
    assert!(store.put(&[0; 10], None).await.is_ok());
    assert!(matches!(
        store.put(&[0; 11], None).await,
        Err(BlobError::TooLarge { limit: 10 })
    ));
    let mut writer = store.writer(None).unwrap();
    writer.write(&[0; 6]).await.unwrap();
    assert!(writer.write(&[0; 6]).await.is_err());
    drop(writer);
    assert_eq!(files(&store), 1);
}

#[tokio::test]
async fn a_temporary_folder_is_made_for_the_first_file_and_goes_with_the_last_view() {
    let store = BlobStore::temporary().unwrap();
    let unknown = store.read(&format!("{PREFIX}{}", "0".repeat(32))).await;
    assert!(matches!(unknown, Err(BlobError::Unknown { .. })));
    assert_eq!(store.inner.place.folder(), None);
    store.put(b"x", None).await.unwrap();
    let folder = store.inner.place.folder().unwrap();
    let view = store.clone();
    drop(store);
    assert!(folder.exists());
    drop(view);
    assert!(!folder.exists());
}

#[tokio::test]
async fn all_files_together_have_a_limit_too() {
    let folder = tempfile::tempdir().unwrap();
    let store = BlobStore::in_folder(folder.path())
        .unwrap()
        .max_total_bytes(10);
    let first = store.put(b"12345", None).await.unwrap();
    let mut unfinished = store.writer(None).unwrap();
    unfinished.write(b"1234").await.unwrap();
    assert!(matches!(
        store.put(b"12", None).await,
        Err(BlobError::Full { limit: 10 })
    ));
    // One that is given up makes room, as one that is deleted does.
    drop(unfinished);
    store.put(b"12345", None).await.unwrap();
    assert!(store.put(b"1", None).await.is_err());
    store.delete(&first).await.unwrap();
    store.put(b"1", None).await.unwrap();
    // What is there at the beginning counts.
    let again = BlobStore::in_folder(folder.path())
        .unwrap()
        .max_total_bytes(10);
    assert!(again.put(b"12345", None).await.is_err());
    again.put(b"1234", None).await.unwrap();
}
