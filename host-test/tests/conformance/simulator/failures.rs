//! When the network or Meta fails: what the caller is told, what was really sent, and that nothing is sent twice.

use std::collections::BTreeMap;

use graph_simulator::world::demo;
use graph_simulator::{Fault, FaultKind, Simulator};
use host_test::wit::phone_numbers::{PhoneNumbersQuery, Registration};
use host_test::wit::types::{Error, Fault as Told, Sent};
use host_test::{CallError, Host};

use super::{account, builder, customer, host};

/// The largest answer that the host of these tests takes.
const MAX_ANSWER: u64 = 100_000;

async fn send(host: &Host, simulator: &Simulator) -> Result<Sent, Error> {
    let result = account(host, simulator)
        .send_text_to(customer(), "Hello")
        .await;
    result.map_err(refused)
}

fn refused(error: CallError) -> Error {
    match error {
        CallError::Refused(error) => *error,
        other => panic!("expected a refusal, got {other}"),
    }
}

/// How many requests with this method and this part in the path arrived.
fn count(simulator: &Simulator, method: &str, path: &str) -> usize {
    let requests = simulator.requests();
    let fits = |request: &&graph_simulator::RecordedRequest| {
        request.method == method && request.path.ends_with(path)
    };
    requests.iter().filter(fits).count()
}

#[tokio::test]
async fn a_send_whose_answer_is_lost_may_have_been_sent_and_is_not_repeated() {
    let html = FaultKind::Html { status: 502 };
    let empty = FaultKind::EmptyAnswer {
        status: 500,
        retry_after: None,
    };
    // The fault, and whether the message was really sent.
    let faults = [
        (Fault::new(FaultKind::CutBeforeHandling {}), 0),
        (Fault::new(FaultKind::CutAfterHandling {}), 1),
        (Fault::new(FaultKind::CutMidAnswer { bytes: None }), 1),
        (Fault::new(FaultKind::CutMidAnswer { bytes: Some(0) }), 1),
        (Fault::new(FaultKind::TruncatedJson { bytes: None }), 1),
        (Fault::new(FaultKind::TruncatedJson { bytes: Some(0) }), 1),
        (Fault::new(html.clone()), 0),
        (Fault::new(html).after_handling(), 1),
        (Fault::new(empty).after_handling(), 1),
        (
            Fault::new(FaultKind::Oversize {
                bytes: MAX_ANSWER + 1,
            })
            .after_handling(),
            1,
        ),
    ];
    let simulator = Simulator::builder().start().await.unwrap();
    let host = builder(&simulator)
        .max_response_bytes(MAX_ANSWER)
        .build()
        .unwrap();
    for (fault, sent) in faults {
        let before = simulator.messages().len();
        simulator.clear_requests();
        simulator.inject(fault.clone());
        let result = send(&host, &simulator).await;
        let Err(Error::PermanentOutcomeUnknown(told)) = result else {
            panic!("{fault:?}: {result:?}")
        };
        assert!(told.advice.contains("may have been sent"), "{told:?}");
        assert_eq!(simulator.messages().len() - before, sent, "{fault:?}");
        assert_eq!(count(&simulator, "POST", "/messages"), 1, "{fault:?}");
    }
    // The control: without a fault all is well.
    send(&host, &simulator).await.unwrap();
}

#[tokio::test]
async fn a_read_whose_answer_is_lost_may_be_tried_again() {
    let simulator = Simulator::builder().start().await.unwrap();
    let host = host(&simulator);
    let account = account(&host, &simulator);
    let query = PhoneNumbersQuery::default();
    for fault in [
        FaultKind::CutBeforeHandling {},
        FaultKind::CutMidAnswer { bytes: None },
        FaultKind::TruncatedJson { bytes: None },
        FaultKind::Html { status: 502 },
    ] {
        simulator.inject(Fault::new(fault.clone()));
        let error = refused(account.list_phone_numbers(&query).await.unwrap_err());
        assert!(
            matches!(error, Error::Unavailable(_)),
            "{fault:?}: {error:?}"
        );
    }
    let list = account.list_phone_numbers(&query).await.unwrap();
    assert_eq!(list.phone_numbers.len(), 3);
}

#[tokio::test]
async fn a_refused_connection_is_unavailable_and_nothing_was_sent() {
    let simulator = Simulator::builder().start().await.unwrap();
    let host = host(&simulator);
    let account = account(&host, &simulator);
    simulator.shutdown().await;
    let error = refused(account.send_text_to(customer(), "Hello").await.unwrap_err());
    let Error::Unavailable(Told { advice, .. }) = error else {
        panic!("{error:?}")
    };
    assert!(advice.contains("Nothing was sent"), "{advice}");
}

#[tokio::test]
async fn a_base_url_that_was_not_allowed_gets_nothing() {
    let simulator = Simulator::builder().start().await.unwrap();
    let other = Simulator::builder().start().await.unwrap();
    let error = send(&host(&other), &simulator).await.unwrap_err();
    let Error::PermanentRejected(told) = error else {
        panic!("{error:?}")
    };
    assert!(told.message.contains(simulator.url()), "{told:?}");
    assert!(simulator.requests().is_empty() && other.requests().is_empty());
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Simulator::builder().start().await.unwrap();
    let simulator = Simulator::builder().start().await.unwrap();
    simulator.inject(Fault::new(FaultKind::Redirect {
        location: format!("{}/v25.0/1/messages", elsewhere.url()),
        status: Some(307),
    }));
    let host = builder(&simulator)
        .allow_base_url(elsewhere.url())
        .build()
        .unwrap();
    let error = send(&host, &simulator).await.unwrap_err();
    assert!(matches!(error, Error::PermanentRejected(_)), "{error:?}");
    assert_eq!(count(&simulator, "POST", "/messages"), 1);
    assert!(elsewhere.requests().is_empty());
}

#[tokio::test]
async fn a_rate_limit_says_how_long_to_wait() {
    let simulator = Simulator::builder().start().await.unwrap();
    let host = host(&simulator);
    simulator.inject(Fault::new(FaultKind::GraphError {
        code: 130_429,
        status: None,
        subcode: None,
        is_transient: None,
        details: None,
        retry_after: Some(7),
    }));
    let usage = r#"{"1":[{"type":"whatsapp","estimated_time_to_regain_access":2}]}"#;
    let graph = r#"{"error":{"message":"(#80007) Rate limit issues","type":"OAuthException","code":80007,"fbtrace_id":"A"}}"#;
    simulator.inject(Fault::new(FaultKind::Answer {
        status: 400,
        headers: BTreeMap::from([("x-business-use-case-usage".to_owned(), usage.to_owned())]),
        body: graph.to_owned(),
    }));
    for wait in [7_000, 120_000] {
        let error = send(&host, &simulator).await.unwrap_err();
        let Error::RateLimited(told) = error else {
            panic!("{error:?}")
        };
        assert_eq!(told.retry_after_ms, Some(wait));
    }
    assert!(simulator.messages().is_empty());
}

#[tokio::test]
async fn a_registration_whose_answer_is_lost_is_cleared_up_by_reading() {
    let simulator = Simulator::builder().start().await.unwrap();
    let host = host(&simulator);
    let account = account(&host, &simulator);
    let registration = Registration {
        phone_number_id: Some(demo::UNREGISTERED_PHONE_NUMBER_ID.to_owned()),
        pin: Some("123456".to_owned()),
        data_localization_region: None,
    };
    let lost = Fault::new(FaultKind::CutAfterHandling {}).on("POST", "/register");
    simulator.inject(lost);
    let outcome = account.ensure_registered(&registration).await.unwrap();
    assert!(
        outcome.registered && !outcome.was_already_registered,
        "{outcome:?}"
    );
    let again = account.ensure_registered(&registration).await.unwrap();
    assert!(
        again.registered && again.was_already_registered,
        "{again:?}"
    );
    assert_eq!(count(&simulator, "POST", "/register"), 1);
}

#[tokio::test]
async fn a_token_that_ended_or_was_withdrawn_asks_to_connect_again() {
    let simulator = Simulator::builder().start().await.unwrap();
    for token in [demo::EXPIRED_TOKEN, demo::REVOKED_TOKEN] {
        let secret = host_test::Secret::new(token).unwrap();
        let credentials = host_test::Credentials::new().access_token(secret);
        let host = builder(&simulator)
            .credentials(credentials)
            .build()
            .unwrap();
        let error = send(&host, &simulator).await.unwrap_err();
        let Error::PermanentUnauthorized(told) = error else {
            panic!("{error:?}")
        };
        assert!(told.advice.contains("Connect again"), "{told:?}");
    }
    assert!(simulator.messages().is_empty());
}
