//! Guests that misbehave are stopped, the error says how, and the host goes on serving.

use std::time::Duration;

use host_test::testing::ScriptedClient;
use host_test::{Credentials, Host, HostBuilder, HostError, Secret};

use crate::guest::{MANIFEST, PLUGIN_ONLY, POST, WITH_HTTP, component, component_with};

const LOOP: &str = "(loop $again (br $again))";
const URL: &str = "https://graph.facebook.com/v25.0/1/messages";
const SHORT: Duration = Duration::from_millis(50);

fn builder(guest: Vec<u8>) -> HostBuilder {
    let credentials = Credentials::new().access_token(Secret::new("EAAGtoken").unwrap());
    let client = ScriptedClient::new().json(200, "{}").json(200, "{}");
    Host::builder()
        .component_bytes(guest)
        .allow_missing_exports(true)
        .credentials(credentials)
        .http_client(client)
        .memory_limit(1 << 20)
}

/// What `invoke` fails with, after checking that the host still serves.
async fn failure(host: &Host) -> HostError {
    let error = host.invoke(URL, "{}", "{}").await.unwrap_err();
    assert_eq!(host.describe().await.unwrap(), MANIFEST);
    error
}

#[tokio::test]
async fn an_endless_loop_is_stopped() {
    let host = builder(component(PLUGIN_ONLY, LOOP))
        .call_timeout(SHORT)
        .build()
        .unwrap();
    let error = failure(&host).await;
    assert!(
        matches!(
            error,
            HostError::TimedOut {
                limit: SHORT,
                writes: 0
            }
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_guest_that_computes_is_stopped_long_before_one_that_waits() {
    let host = builder(component(PLUGIN_ONLY, LOOP))
        .call_timeout(Duration::from_secs(3600))
        .compute_timeout(SHORT)
        .build()
        .unwrap();
    let error = failure(&host).await;
    assert!(
        matches!(
            error,
            HostError::ComputedTooLong {
                limit: SHORT,
                writes: 0
            }
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn an_endless_loop_does_not_keep_others_from_running() {
    // One thread: without giving way, the loop would be over before anything else begins.
    let looping = builder(component(PLUGIN_ONLY, LOOP))
        .call_timeout(Duration::from_secs(3600))
        .compute_timeout(Duration::from_secs(3600))
        .build()
        .unwrap();
    let task = tokio::spawn({
        let host = looping.clone();
        async move { host.invoke(URL, "{}", "{}").await }
    });
    for _ in 0..5 {
        assert_eq!(looping.describe().await.unwrap(), MANIFEST);
    }
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
    assert_eq!(looping.describe().await.unwrap(), MANIFEST);
}

#[tokio::test]
async fn an_endless_start_function_is_stopped() {
    let items = format!("(func $endless {LOOP}) (start $endless)");
    let host = builder(component_with(PLUGIN_ONLY, "", &items))
        .call_timeout(SHORT)
        .build()
        .unwrap();
    let error = host.describe().await.unwrap_err();
    assert!(matches!(error, HostError::TimedOut { .. }), "{error:?}");
}

#[tokio::test]
async fn a_guest_that_eats_memory_is_stopped() {
    let grow = "(loop $again (drop (memory.grow (i32.const 1))) (br $again))";
    let host = builder(component(PLUGIN_ONLY, grow)).build().unwrap();
    let error = failure(&host).await;
    assert!(
        matches!(
            error,
            HostError::MemoryLimit {
                limit: 1_048_576,
                writes: 0
            }
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_guest_may_use_all_of_its_memory() {
    // 4 pages are there, 12 more are allowed: 16 pages of 64 KiB.
    let grow = "(if (i32.ne (memory.grow (i32.const 12)) (i32.const 4)) (then unreachable)) (i32.store8 (i32.const 0xfffff) (i32.const 1))";
    let host = builder(component(PLUGIN_ONLY, grow)).build().unwrap();
    assert_eq!(host.invoke(URL, "{}", "{}").await.unwrap().unwrap(), "");
}

#[test]
fn a_guest_that_begins_with_too_much_memory_is_refused() {
    let error = builder(component(PLUGIN_ONLY, ""))
        .memory_limit(3 << 16)
        .build()
        .unwrap_err();
    assert!(
        matches!(&error, HostError::NotAComponent { detail } if detail.contains("memory")),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_crash_says_what_happened() {
    for (body, items, says) in [
        ("unreachable", "", "unreachable"),
        (
            "(call $deep)",
            "(func $deep (call $deep) (call $deep))",
            "call stack exhausted",
        ),
        (
            "(drop (i32.load (i32.const -4)))",
            "",
            "out of bounds memory access",
        ),
        // A result that lies outside of its memory.
        (
            "(i32.store (i32.const 1032) (i32.const 0x7fffffff)) (i32.store (i32.const 1036) (i32.const 9))",
            "",
            "out of bounds",
        ),
    ] {
        let host = builder(component_with(PLUGIN_ONLY, body, items))
            .build()
            .unwrap();
        let error = failure(&host).await;
        assert!(
            matches!(&error, HostError::Trap { reason, writes: 0 } if reason.contains(says)),
            "{error:?}"
        );
        assert!(!error.may_have_acted());
    }
}

#[tokio::test]
async fn a_call_that_breaks_off_after_a_post_may_have_acted() {
    for rest in [
        "unreachable",
        LOOP,
        "(loop $again (drop (memory.grow (i32.const 1))) (br $again))",
    ] {
        let host = builder(component(WITH_HTTP, &format!("{POST} {rest}")))
            .call_timeout(SHORT * 4)
            .build()
            .unwrap();
        let error = failure(&host).await;
        assert!(error.may_have_acted(), "{error:?}");
        assert!(error.to_string().contains("find out"), "{error}");
    }
    let host = builder(component(WITH_HTTP, &format!("{POST} {LOOP}")))
        .compute_timeout(SHORT)
        .build()
        .unwrap();
    let error = failure(&host).await;
    assert!(
        matches!(error, HostError::ComputedTooLong { writes: 1, .. }),
        "{error:?}"
    );
    assert!(error.may_have_acted(), "{error:?}");
    assert!(error.to_string().contains("find out"), "{error}");
}

#[tokio::test]
async fn a_post_of_an_earlier_call_does_not_count_for_a_later_one() {
    // The second post does not leave: the script has one answer.
    let client = ScriptedClient::new().json(200, "{}");
    let host = builder(component(WITH_HTTP, POST))
        .http_client(client)
        .build()
        .unwrap();
    let mut session = host.session().await.unwrap();
    session.invoke(URL, "{}", "{}").await.unwrap().unwrap();
    let error = session.invoke(URL, "{}", "{}").await.unwrap_err();
    assert!(
        matches!(error, HostError::Trap { writes: 0, .. }),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_post_that_did_not_leave_has_not_acted() {
    // A script without answers sends nothing, and this guest crashes on a failure.
    let guest = component(WITH_HTTP, POST);
    let host = builder(guest)
        .http_client(ScriptedClient::new())
        .build()
        .unwrap();
    let error = failure(&host).await;
    assert!(
        matches!(error, HostError::Trap { writes: 0, .. }),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_post_that_never_comes_back_is_cut_off_and_may_have_acted() {
    struct Never;
    impl host_test::client::HttpClient for Never {
        fn send(
            &self,
            _: host_test::client::OutgoingRequest,
        ) -> futures_util::future::BoxFuture<
            '_,
            Result<host_test::client::IncomingResponse, host_test::client::SendError>,
        > {
            Box::pin(std::future::pending())
        }
    }
    // The guest hears of it while there is still time, and this one does not know better than to crash; or it hears too late.
    let host = builder(component(WITH_HTTP, POST))
        .http_client(Never)
        .call_timeout(SHORT)
        .build()
        .unwrap();
    let error = failure(&host).await;
    assert!(
        matches!(
            error,
            HostError::Trap { writes: 1, .. } | HostError::TimedOut { writes: 1, .. }
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn lists_that_overlap_do_not_cost_the_host_more_than_its_limit() {
    // 4000 headers that all point at the same 200 KiB: 800 MiB if the host copied them.
    let body = r#"
        (local.set $al (i32.const 0))
        (loop $fill
            (i32.store (i32.add (i32.const 131072) (i32.mul (local.get $al) (i32.const 16))) (i32.const 0))
            (i32.store (i32.add (i32.const 131076) (i32.mul (local.get $al) (i32.const 16))) (i32.const 200000))
            (local.set $al (i32.add (local.get $al) (i32.const 1)))
            (br_if $fill (i32.lt_u (local.get $al) (i32.const 4000))))
        (call $send (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 131072) (i32.const 4000) (i32.const 0) (i32.const 0) (i32.const 0)
            (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 2048))"#;
    let host = builder(component(WITH_HTTP, body)).build().unwrap();
    let error = failure(&host).await;
    assert!(
        matches!(&error, HostError::Trap { reason, .. } if reason.contains("fuel")),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_call_waits_for_a_slot_and_gives_up_after_its_time() {
    let host = builder(component(PLUGIN_ONLY, ""))
        .max_concurrent_calls(1)
        .call_timeout(SHORT)
        .build()
        .unwrap();
    let session = host.session().await.unwrap();
    let error = host.describe().await.unwrap_err();
    assert!(
        matches!(
            error,
            HostError::Busy {
                limit: 1,
                waited: SHORT
            }
        ),
        "{error:?}"
    );
    let (described, ()) = tokio::join!(host.describe(), async { drop(session) });
    assert_eq!(described.unwrap(), MANIFEST);
}

#[tokio::test]
async fn more_calls_than_slots_all_get_their_turn() {
    let host = builder(component(PLUGIN_ONLY, ""))
        .max_concurrent_calls(2)
        .build()
        .unwrap();
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            tokio::spawn({
                let host = host.clone();
                async move { host.describe().await }
            })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap().unwrap(), MANIFEST);
    }
}

#[tokio::test]
async fn a_session_is_over_after_an_error_or_a_dropped_call() {
    let host = builder(component(PLUGIN_ONLY, LOOP)).build().unwrap();
    let mut session = host.session().await.unwrap();
    assert_eq!(session.describe().await.unwrap(), MANIFEST);
    assert_eq!(session.describe().await.unwrap(), MANIFEST);
    assert!(
        tokio::time::timeout(SHORT, session.invoke(URL, "{}", "{}"))
            .await
            .is_err()
    );
    assert!(matches!(
        session.describe().await,
        Err(HostError::SessionSpent)
    ));
}

#[tokio::test]
async fn where_address_space_is_short_the_host_has_memories_with_checks() {
    // Two memories for each call: with 4 GiB for each of them more than the 128 TiB that a process can have.
    let host = builder(component(PLUGIN_ONLY, "unreachable"))
        .max_concurrent_calls(17_000)
        .build()
        .unwrap();
    assert_eq!(host.describe().await.unwrap(), MANIFEST);
    let error = failure(&host).await;
    assert!(matches!(error, HostError::Trap { .. }), "{error:?}");
}
