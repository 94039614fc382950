//! What comes is kept, all of it or nothing, and once.

use host_test::inbox::{ReceiveError, Selection, Store, StoreError};
use rusqlite::Connection;

use crate::common::{
    ACCOUNT, OTHER_ACCOUNT, delivery, file, got, ids, inbox, inbox_in, receive, start, status,
    subscription, text,
};

#[tokio::test]
async fn the_same_thing_counts_once_however_it_is_batched() {
    let inbox = inbox();
    start(&inbox, subscription("flow", "new-message", ACCOUNT)).await;
    let first = delivery(ACCOUNT, &[text("wamid.1"), text("wamid.2")]);
    let kept = receive(&inbox, &first).await.unwrap();
    assert_eq!((kept.events, kept.new, kept.starts), (2, 2, 2));
    let again = receive(&inbox, &first).await.unwrap();
    assert_eq!((again.events, again.new, again.starts), (2, 0, 0));
    let rebatched = delivery(
        ACCOUNT,
        &[text("wamid.3"), text("wamid.2"), text("wamid.3")],
    );
    let kept = receive(&inbox, &rebatched).await.unwrap();
    assert_eq!((kept.events, kept.new, kept.starts), (3, 1, 1));
    let all = ["message:wamid.1", "message:wamid.2", "message:wamid.3"];
    assert_eq!(ids(&inbox, &Selection::All).await, all);
    assert_eq!(got(&inbox, "flow").await, all);
}

#[tokio::test]
async fn a_restart_forgets_nothing() {
    let (_folder, path) = file();
    let body = delivery(ACCOUNT, &[text("wamid.1")]);
    let last = receive(&inbox_in(&path), &body).await.unwrap().last;
    let inbox = inbox_in(&path);
    assert_eq!(receive(&inbox, &body).await.unwrap().new, 0);
    let later = receive(&inbox, &delivery(ACCOUNT, &[text("wamid.2")])).await;
    assert!(later.unwrap().last > last);
}

#[tokio::test]
async fn the_same_id_in_two_accounts_is_two_events() {
    let inbox = inbox();
    for account in [ACCOUNT, OTHER_ACCOUNT] {
        let kept = receive(&inbox, &delivery(account, &[text("wamid.1")])).await;
        assert_eq!(kept.unwrap().new, 1);
    }
}

#[tokio::test]
async fn a_delivery_that_cannot_be_kept_leaves_no_trace_and_comes_again() {
    let (_folder, path) = file();
    let inbox = inbox_in(&path);
    start(&inbox, subscription("flow", "new-message", ACCOUNT)).await;
    let database = Connection::open(&path).unwrap();
    let body = delivery(
        ACCOUNT,
        &[text("wamid.1"), status("wamid.2", "sent", 1_700_000_001)],
    );
    // Wherever it breaks off: in the first table, or in the last.
    for table in ["deliveries", "events", "starts", "message_states"] {
        let full = format!(
            "CREATE TRIGGER full BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
        );
        database.execute_batch(&full).unwrap();
        let error = receive(&inbox, &body).await.unwrap_err();
        assert!(
            matches!(error, ReceiveError::Store(StoreError::Refused { .. })),
            "{error}"
        );
        assert!(error.to_string().contains("the disk is full"), "{error}");
        database.execute_batch("DROP TRIGGER full").unwrap();
        for table in ["deliveries", "events", "starts", "message_states"] {
            let count = format!("SELECT count(*) FROM {table}");
            let rows: i64 = database.query_row(&count, [], |row| row.get(0)).unwrap();
            assert_eq!(rows, 0, "{table}");
        }
    }
    let kept = receive(&inbox, &body).await.unwrap();
    assert_eq!((kept.new, kept.starts), (2, 1));
}

#[tokio::test]
async fn what_is_old_is_forgotten_with_everything_that_hangs_on_it() {
    let (_folder, path) = file();
    let inbox = inbox_in(&path);
    start(&inbox, subscription("flow", "any-event", ACCOUNT)).await;
    let body = delivery(
        ACCOUNT,
        &[text("wamid.1"), status("wamid.2", "sent", 1_700_000_001)],
    );
    let first = receive(&inbox, &body).await.unwrap();
    // Received at that very second: not before it.
    assert_eq!(inbox.store().forget_before(1_700_000_100).await.unwrap(), 0);
    assert_eq!(ids(&inbox, &Selection::All).await.len(), 2);
    assert_eq!(inbox.store().forget_before(1_700_000_101).await.unwrap(), 1);
    let database = Connection::open(&path).unwrap();
    for table in [
        "deliveries",
        "events",
        "starts",
        "message_states",
        "service_windows",
    ] {
        let count = format!("SELECT count(*) FROM {table}");
        let rows: i64 = database.query_row(&count, [], |row| row.get(0)).unwrap();
        assert_eq!(rows, 0, "{table}");
    }
    // A subscriber's place is not given to another event.
    assert_eq!(Some(inbox.store().last().await.unwrap()), first.last);
    assert!(receive(&inbox, &body).await.unwrap().last > first.last);
}

#[tokio::test]
async fn a_delivery_of_another_shape_is_an_event_too() {
    let inbox = inbox();
    for expected in [1, 0] {
        let kept = receive(&inbox, "{\"object\": \"novelty\"}").await.unwrap();
        assert_eq!((kept.events, kept.new), (1, expected));
    }
    let entries = inbox.store().entries(&Selection::All, 0, 10).await.unwrap();
    assert_eq!(entries.unwrap()[0].name, "other");
}

#[test]
fn a_file_that_is_no_store_is_left_alone() {
    let (folder, path) = file();
    std::fs::write(
        &path,
        "Dear diary, this is no database, but a text that is long enough to look.",
    )
    .unwrap();
    let error = Store::open(&path).unwrap_err().to_string();
    assert!(
        error.contains("inbox.sqlite") && error.contains("not a database"),
        "{error}"
    );

    let other = folder.path().join("other.sqlite");
    let database = Connection::open(&other).unwrap();
    database
        .execute_batch("CREATE TABLE notes (text TEXT)")
        .unwrap();
    let error = Store::open(&other).unwrap_err().to_string();
    assert!(error.contains("a database of another program"), "{error}");
    database.execute_batch("PRAGMA user_version = 7").unwrap();
    let error = Store::open(&other).unwrap_err().to_string();
    assert!(
        error.contains("version 2") && error.contains("version 7"),
        "{error}"
    );

    let nowhere = folder.path().join("no/such/folder.sqlite");
    let error = Store::open(nowhere).unwrap_err().to_string();
    assert!(
        error.contains("no/such/folder.sqlite") && error.contains("a folder that exists"),
        "{error}"
    );
}

#[tokio::test]
async fn a_store_of_version_1_is_taken_over_with_what_is_in_it() {
    let (folder, path) = file();
    let inbox = inbox_in(&path);
    start(&inbox, subscription("flow", "new-message", ACCOUNT)).await;
    receive(&inbox, &delivery(ACCOUNT, &[text("wamid.1")]))
        .await
        .unwrap();
    drop(inbox);
    let layout = |path: &std::path::Path| {
        let database = Connection::open(path).unwrap();
        let mut query = database
            .prepare(
                "SELECT objects.name, columns.name, columns.type, columns.\"notnull\", columns.dflt_value
                 FROM sqlite_schema objects LEFT JOIN pragma_table_info(objects.name) columns
                 ORDER BY objects.name, columns.name",
            )
            .unwrap();
        let rows = query
            .query_map([], |row| {
                let value = |index| row.get::<_, rusqlite::types::Value>(index);
                Ok((value(0)?, value(1)?, value(2)?, value(3)?, value(4)?))
            })
            .unwrap();
        rows.map(Result::unwrap).collect::<Vec<_>>()
    };
    let database = Connection::open(&path).unwrap();
    database
        .execute_batch(
            "DROP INDEX starts_to_run; ALTER TABLE starts DROP COLUMN done_at; DROP TABLE service_windows;
             ALTER TABLE accounts DROP COLUMN ours; PRAGMA user_version = 1;
             INSERT INTO accounts VALUES ('1')",
        )
        .unwrap();
    drop(database);
    let inbox = inbox_in(&path);
    assert_eq!(got(&inbox, "flow").await, ["message:wamid.1"]);
    assert_eq!(inbox.store().starts_to_run(10).await.unwrap().len(), 1);
    // What version 1 had noted, it had asked for.
    let database = Connection::open(&path).unwrap();
    let ours: i64 = database
        .query_row("SELECT ours FROM accounts", [], |row| row.get(0))
        .unwrap();
    assert_eq!(ours, 1);
    let new = folder.path().join("new.sqlite");
    drop(Store::open(&new).unwrap());
    assert_eq!(layout(&path), layout(&new));
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_a_store() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, path) = file();
    let _store = Store::open(&path).unwrap();
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{:?}", file.path());
    }
}

#[tokio::test]
async fn what_only_repeats_takes_no_room() {
    let (_folder, path) = file();
    let inbox = inbox_in(&path);
    let body = delivery(ACCOUNT, &[text("wamid.1")]);
    let more = delivery(ACCOUNT, &[text("wamid.1"), text("wamid.2")]);
    for (body, new, rows) in [(&body, 1, 1), (&body, 0, 1), (&more, 1, 2), (&more, 0, 2)] {
        assert_eq!(receive(&inbox, body).await.unwrap().new, new);
        let count = "SELECT count(*) FROM deliveries";
        let database = Connection::open(&path).unwrap();
        let kept: i64 = database.query_row(count, [], |row| row.get(0)).unwrap();
        assert_eq!(kept, rows);
    }
}
