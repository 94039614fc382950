//! What Meta is asked for: the webhooks of an account, from its first trigger to its last.

use std::path::Path;
use std::sync::Arc;

use graph_simulator::world::demo;
use graph_simulator::{Fault, FaultKind, Simulator};
use host_test::inbox::{Inbox, Release, Store, Subscription, Term, TriggerError};
use host_test::wit::types::Connection;
use host_test::{Credentials, Secret};

use crate::common::{builder, file, start, subscription};

/// Both accounts of the simulator are within its reach; no app gets their webhooks yet.
async fn simulator() -> Simulator {
    let simulator = Simulator::builder().start().await.unwrap();
    simulator.world(|world| world.subscriptions.clear());
    simulator
}

fn inbox(simulator: &Simulator, store: Store) -> Arc<Inbox> {
    connected(simulator, store, Connection::default())
}

fn connected(simulator: &Simulator, store: Store, connection: Connection) -> Arc<Inbox> {
    let credentials = Credentials::new().access_token(Secret::new(demo::BUSINESS_TOKEN).unwrap());
    let builder = builder().credentials(credentials);
    let host = builder.allow_base_url(simulator.url()).build().unwrap();
    let account = host.connect(Connection {
        base_url: Some(simulator.url().to_owned()),
        ..connection
    });
    Arc::new(Inbox::new(host, store).with_meta(account))
}

fn in_file(simulator: &Simulator, path: &Path) -> Arc<Inbox> {
    inbox(simulator, Store::open(path).unwrap())
}

/// What was asked since the last call, such as `POST 200000000000001`.
fn asked(simulator: &Simulator) -> Vec<String> {
    let requests = simulator.requests();
    simulator.clear_requests();
    let of = |path: &str| {
        let account = path.strip_suffix("/subscribed_apps").unwrap();
        account.rsplit_once('/').unwrap().1.to_owned()
    };
    // Looking changes nothing.
    let said = requests.iter().filter(|request| request.method != "GET");
    said.map(|request| format!("{} {}", request.method, of(&request.path)))
        .collect()
}

fn post(account: &str) -> String {
    format!("POST {account}")
}

fn delete(account: &str) -> String {
    format!("DELETE {account}")
}

/// Begins as a program does, and gives up as one does when something is refused.
async fn begin(inbox: &Inbox, given: Vec<Subscription>) -> Result<(), TriggerError> {
    inbox.begin(given).await?;
    let mut unasked = inbox.ask_meta().await?;
    match unasked.pop() {
        Some(one) if !one.of_earlier => {
            inbox.abandon().await;
            Err(one.error)
        }
        _ => Ok(()),
    }
}

/// Meta is well again, the program starts without triggers, and the account that was left over is unsubscribed.
async fn is_undone_at_the_next_start(simulator: &Simulator, path: &Path) {
    simulator.clear_faults();
    asked(simulator);
    begin(&in_file(simulator, path), Vec::new()).await.unwrap();
    assert_eq!(asked(simulator), [delete(demo::WABA_ID)]);
}

#[tokio::test]
async fn an_account_is_subscribed_for_its_first_trigger_until_its_last() {
    let simulator = simulator().await;
    let inbox = inbox(&simulator, Store::temporary().unwrap());
    start(&inbox, subscription("a", "new-message", demo::WABA_ID)).await;
    start(&inbox, subscription("b", "any-event", demo::WABA_ID)).await;
    start(&inbox, subscription("b", "any-event", demo::WABA_ID)).await;
    assert_eq!(asked(&simulator), [post(demo::WABA_ID)]);
    start(&inbox, subscription("c", "any-event", demo::CLIENT_WABA_ID)).await;
    assert_eq!(asked(&simulator), [post(demo::CLIENT_WABA_ID)]);
    inbox.stop("a").await.unwrap();
    assert_eq!(asked(&simulator), [""; 0]);
    inbox.stop("b").await.unwrap();
    assert_eq!(asked(&simulator), [delete(demo::WABA_ID)]);
    // And again.
    start(&inbox, subscription("a", "new-message", demo::WABA_ID)).await;
    assert_eq!(asked(&simulator), [post(demo::WABA_ID)]);
    let accounts = simulator.world(|world| world.subscriptions.clone());
    assert_eq!(accounts.len(), 2, "{accounts:?}");
}

#[tokio::test]
async fn triggers_that_start_at_the_same_time_ask_once() {
    let simulator = simulator().await;
    let inbox = inbox(&simulator, Store::temporary().unwrap());
    let start = |id: usize| {
        let inbox = Arc::clone(&inbox);
        let subscription = subscription(&id.to_string(), "new-message", demo::WABA_ID);
        tokio::spawn(async move { inbox.start(subscription, Term::UntilStopped).await })
    };
    for task in (0..5).map(start).collect::<Vec<_>>() {
        task.await.unwrap().unwrap();
    }
    assert_eq!(asked(&simulator), [post(demo::WABA_ID)]);
}

fn given_for_both() -> Vec<Subscription> {
    let accounts = [demo::WABA_ID, demo::CLIENT_WABA_ID];
    let given = accounts.map(|account| subscription(account, "new-message", account));
    given.to_vec()
}

#[tokio::test]
async fn a_restart_with_a_store_leaves_meta_as_it_is_and_undoes_what_is_not_given_again() {
    let simulator = simulator().await;
    let (_folder, path) = file();
    let number = {
        let inbox = in_file(&simulator, &path);
        begin(&inbox, given_for_both()).await.unwrap();
        asked(&simulator);
        let ended = inbox.end(false).await;
        assert_eq!(asked(&simulator), [""; 0]);
        assert_eq!(ended.len(), 2);
        assert!(ended.iter().all(|(_, one)| matches!(one, Release::Kept)));
        let stored = inbox.store().subscription(demo::WABA_ID).await.unwrap();
        stored.unwrap().number
    };
    // The same trigger goes on as the same: what it was started for is still to be run.
    let inbox = in_file(&simulator, &path);
    begin(&inbox, given_for_both()[..1].to_vec()).await.unwrap();
    assert_eq!(
        asked(&simulator),
        [post(demo::WABA_ID), delete(demo::CLIENT_WABA_ID)]
    );
    let left = inbox.store().subscriptions().await.unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].number, number);
    inbox.stop(demo::WABA_ID).await.unwrap();
    assert_eq!(asked(&simulator), [delete(demo::WABA_ID)]);
}

#[tokio::test]
async fn the_end_undoes_what_it_is_told_to_and_what_no_store_remembers() {
    let simulator = simulator().await;
    let (_folder, path) = file();
    let in_file = in_file(&simulator, &path);
    begin(&in_file, given_for_both()).await.unwrap();
    start(
        &in_file,
        subscription("stays", "new-message", demo::WABA_ID),
    )
    .await;
    asked(&simulator);
    let ended = in_file.end(true).await;
    assert_eq!(asked(&simulator), [delete(demo::CLIENT_WABA_ID)]);
    assert!(
        matches!(&ended[..], [(ours, Release::Kept), (client, Release::Unsubscribed)]
            if ours == demo::WABA_ID && client == demo::CLIENT_WABA_ID),
        "{ended:?}"
    );
    let temporary = inbox(&simulator, Store::temporary().unwrap());
    begin(&temporary, given_for_both()[1..].to_vec())
        .await
        .unwrap();
    asked(&simulator);
    temporary.end(false).await;
    assert_eq!(asked(&simulator), [delete(demo::CLIENT_WABA_ID)]);
}

/// An app gets the webhooks already, or another one does.
fn is_subscribed(simulator: &Simulator, app: &str, account: &str) {
    let subscription = graph_simulator::world::Subscription {
        waba_id: account.to_owned(),
        app_id: app.to_owned(),
        override_callback_uri: Some("https://example.com/own".to_owned()),
    };
    simulator.world(|world| world.subscriptions.push(subscription));
}

fn with_app_id(simulator: &Simulator, store: Store, app_id: Option<&str>) -> Arc<Inbox> {
    connected(
        simulator,
        store,
        Connection {
            app_id: app_id.map(str::to_owned),
            ..Connection::default()
        },
    )
}

#[tokio::test]
async fn what_was_subscribed_before_is_never_unsubscribed() {
    for app_id in [Some(demo::APP_ID), None] {
        let simulator = simulator().await;
        let (_folder, path) = file();
        is_subscribed(&simulator, "another-app", demo::WABA_ID);
        is_subscribed(&simulator, demo::APP_ID, demo::WABA_ID);
        let open = || with_app_id(&simulator, Store::open(&path).unwrap(), app_id);
        let given = || vec![subscription("a", "new-message", demo::WABA_ID)];
        // By its end, by a later start without the trigger, by stopping it.
        let inbox = open();
        begin(&inbox, given()).await.unwrap();
        let ended = inbox.end(true).await;
        assert!(matches!(&ended[..], [(_, Release::NotOurs)]), "{ended:?}");
        begin(&inbox, given()).await.unwrap();
        drop(inbox);
        begin(&open(), Vec::new()).await.unwrap();
        let inbox = open();
        begin(&inbox, given()).await.unwrap();
        assert!(inbox.stop("a").await.unwrap());
        let asked = asked(&simulator);
        assert!(!asked.contains(&delete(demo::WABA_ID)), "{asked:?}");
        if app_id.is_some() {
            // Nor asked for again, which would remove the address that the account has of its own.
            assert_eq!(asked, [""; 0]);
        }
        assert_eq!(simulator.world(|world| world.subscriptions.len()), 2);
    }
}

#[tokio::test]
async fn what_another_app_has_does_not_keep_ours_from_being_undone() {
    for app_id in [Some(demo::APP_ID), None] {
        let simulator = simulator().await;
        is_subscribed(&simulator, "another-app", demo::WABA_ID);
        let inbox = with_app_id(&simulator, Store::temporary().unwrap(), app_id);
        start(&inbox, subscription("a", "new-message", demo::WABA_ID)).await;
        inbox.stop("a").await.unwrap();
        assert_eq!(
            asked(&simulator),
            [post(demo::WABA_ID), delete(demo::WABA_ID)]
        );
    }
}

#[tokio::test]
async fn meta_that_is_away_is_asked_again_for_what_is_missing() {
    let simulator = simulator().await;
    let inbox = inbox(&simulator, Store::temporary().unwrap());
    inbox.begin(given_for_both()).await.unwrap();
    let away = Fault::new(FaultKind::CutBeforeHandling {});
    simulator.inject(away.on("GET", &format!("{}/subscribed_apps", demo::WABA_ID)));
    let unasked = inbox.ask_meta().await.unwrap();
    let accounts: Vec<_> = unasked.iter().map(|one| one.account.as_str()).collect();
    assert_eq!(accounts, [demo::WABA_ID]);
    assert!(unasked[0].error.may_pass() && !unasked[0].of_earlier);
    assert_eq!(asked(&simulator), [post(demo::CLIENT_WABA_ID)]);
    assert!(inbox.ask_meta().await.unwrap().is_empty());
    assert_eq!(asked(&simulator), [post(demo::WABA_ID)]);
}

#[tokio::test]
async fn a_program_that_was_killed_is_tidied_up_after() {
    let simulator = simulator().await;
    let (_folder, path) = file();
    let given = vec![subscription("given", "new-message", demo::CLIENT_WABA_ID)];
    begin(&in_file(&simulator, &path), given).await.unwrap();
    assert_eq!(asked(&simulator), [post(demo::CLIENT_WABA_ID)]);
    let inbox = in_file(&simulator, &path);
    begin(&inbox, Vec::new()).await.unwrap();
    assert_eq!(asked(&simulator), [delete(demo::CLIENT_WABA_ID)]);
    assert_eq!(inbox.store().subscriptions().await.unwrap(), []);
}

#[tokio::test]
async fn an_account_that_cannot_be_subscribed_starts_no_trigger() {
    let simulator = simulator().await;
    let inbox = inbox(&simulator, Store::temporary().unwrap());
    let no_such = subscription("a", "new-message", "999000000000001");
    let error = inbox.start(no_such, Term::UntilStopped).await.unwrap_err();
    assert!(matches!(error, TriggerError::Meta { .. }), "{error}");
    assert!(
        error
            .to_string()
            .contains("subscribe-webhooks for account 999000000000001 failed"),
        "{error}"
    );
    assert_eq!(inbox.store().subscriptions().await.unwrap(), []);
    // Of several that begin together, none stays.
    asked(&simulator);
    let given = ["200000000000001", "999000000000001"]
        .map(|account| subscription(account, "new-message", account));
    begin(&inbox, given.to_vec()).await.unwrap_err();
    assert_eq!(
        asked(&simulator),
        [post(demo::WABA_ID), delete(demo::WABA_ID)]
    );
}

#[tokio::test]
async fn a_trigger_stops_even_when_meta_does_not_and_meta_is_asked_again_later() {
    let simulator = simulator().await;
    let (_folder, path) = file();
    let inbox = in_file(&simulator, &path);
    start(&inbox, subscription("a", "new-message", demo::WABA_ID)).await;
    let broken = FaultKind::CutBeforeHandling {};
    simulator.inject(Fault::new(broken).on("DELETE", "/subscribed_apps"));
    let error = inbox.stop("a").await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("unsubscribe-webhooks for account"),
        "{error}"
    );
    assert_eq!(inbox.store().subscriptions().await.unwrap(), []);
    drop(inbox);
    is_undone_at_the_next_start(&simulator, &path).await;
}

#[tokio::test]
async fn a_trigger_of_the_command_line_can_be_asked_to_stay() {
    let simulator = simulator().await;
    let (_folder, path) = file();
    let inbox = in_file(&simulator, &path);
    let trigger = || subscription("a", "new-message", demo::WABA_ID);
    begin(&inbox, vec![trigger()]).await.unwrap();
    inbox.start(trigger(), Term::UntilStopped).await.unwrap();
    inbox.end(false).await;
    drop(inbox);
    let inbox = in_file(&simulator, &path);
    begin(&inbox, Vec::new()).await.unwrap();
    let left = inbox.store().subscriptions().await.unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].term, Term::UntilStopped);
}

#[tokio::test]
async fn an_account_is_not_forgotten_because_meta_was_away() {
    let simulator = simulator().await;
    let (_folder, path) = file();
    let given = || vec![subscription("given", "new-message", demo::WABA_ID)];
    // Subscribed, and killed.
    begin(&in_file(&simulator, &path), given()).await.unwrap();
    // Started again while Meta is away.
    let broken = || FaultKind::CutBeforeHandling {};
    simulator.inject(Fault::new(broken()).always());
    begin(&in_file(&simulator, &path), given())
        .await
        .unwrap_err();
    is_undone_at_the_next_start(&simulator, &path).await;
}

#[tokio::test]
async fn an_account_whose_answer_was_lost_is_undone_later() {
    let simulator = simulator().await;
    let (_folder, path) = file();
    let lost = FaultKind::CutAfterHandling {};
    simulator.inject(Fault::new(lost).on("POST", "/subscribed_apps"));
    let inbox = in_file(&simulator, &path);
    let trigger = subscription("a", "new-message", demo::WABA_ID);
    inbox.start(trigger, Term::UntilStopped).await.unwrap_err();
    drop(inbox);
    is_undone_at_the_next_start(&simulator, &path).await;
}

#[tokio::test]
async fn a_trigger_of_earlier_that_stops_while_its_account_could_not_be_asked_for_is_undone() {
    let simulator = simulator().await;
    let (_folder, path) = file();
    let inbox = in_file(&simulator, &path);
    start(&inbox, subscription("a", "new-message", demo::WABA_ID)).await;
    drop(inbox);
    simulator.inject(
        Fault::new(FaultKind::CutBeforeHandling {})
            .on("POST", "/subscribed_apps")
            .always(),
    );
    let inbox = in_file(&simulator, &path);
    begin(&inbox, Vec::new()).await.unwrap();
    asked(&simulator);
    assert!(inbox.stop("a").await.unwrap());
    assert_eq!(asked(&simulator), [delete(demo::WABA_ID)]);
}

#[tokio::test]
async fn what_makes_no_sense_is_said_before_anything_is_asked() {
    let simulator = simulator().await;
    let inbox = inbox(&simulator, Store::temporary().unwrap());
    start(&inbox, subscription("taken", "new-message", demo::WABA_ID)).await;
    asked(&simulator);
    let mut filtered = subscription("a", "new-message", demo::WABA_ID);
    filtered.filter = Some(serde_json::json!({"states": ["read"]}));
    for (wrong, says) in [
        (
            subscription("a", "newmessage", demo::WABA_ID),
            "did you mean `new-message`?",
        ),
        (
            subscription("a", "new-message", ""),
            "business-account-id: required",
        ),
        (
            subscription("", "new-message", demo::WABA_ID),
            "id: expected",
        ),
        (
            subscription("a/b", "new-message", demo::WABA_ID),
            "found \"a/b\"",
        ),
        (filtered, "filter.states: new-message has no such filter"),
        (
            subscription("taken", "any-event", demo::WABA_ID),
            "`taken` is running",
        ),
    ] {
        let error = inbox.start(wrong, Term::UntilStopped).await.unwrap_err();
        assert!(error.to_string().contains(says), "{error}");
    }
    assert_eq!(asked(&simulator), [""; 0]);
    assert_eq!(inbox.store().subscriptions().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_second_program_does_not_take_the_triggers_of_the_first_for_left_over() {
    let simulator = simulator().await;
    let (_folder, path) = file();
    let first = in_file(&simulator, &path);
    let given = vec![subscription("given", "new-message", demo::WABA_ID)];
    begin(&first, given).await.unwrap();
    let second = in_file(&simulator, &path);
    let error = begin(&second, Vec::new()).await.unwrap_err().to_string();
    assert!(error.contains("inbox.sqlite is in use"), "{error}");
    assert_eq!(asked(&simulator), [post(demo::WABA_ID)]);
    assert_eq!(first.store().subscriptions().await.unwrap().len(), 1);
    drop(first);
    begin(&second, Vec::new()).await.unwrap();
}
