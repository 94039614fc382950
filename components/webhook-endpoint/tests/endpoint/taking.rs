//! Deliveries, and when Meta may forget them.

use crate::delivery::{id, message_keys, messages, texts};
use crate::host::Endpoint;
use crate::sink::{Manner, Sink, keys};
use std::{collections::BTreeSet, sync::Arc};
use tokio::sync::Barrier;

#[tokio::test]
async fn each_event_goes_to_the_sink_in_its_order_and_then_meta_is_answered() {
    let sink = Sink::good();
    let answer = Endpoint::new(&sink).deliver(messages(3)).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, ""));
    assert_eq!(answer.log, Vec::<String>::new());
    let posts = sink.posts();
    assert_eq!(keys(&posts), message_keys(3));
    for (index, post) in posts.iter().enumerate() {
        assert_eq!(post.method, "POST");
        assert_eq!(post.url, "https://sink.example:8443/events?key=hidden");
        assert_eq!(post.header("content-type"), Some("application/json"));
        assert_eq!(post.header("authorization"), Some("Bearer hidden"));
        let length = post.body.len().to_string();
        assert_eq!(post.header("content-length"), Some(length.as_str()));
        let event = post.json();
        assert_eq!(event["envelope"]["id"], post.key());
        let message = &event["payload"]["message"];
        assert_eq!(message["id"], id(index));
        assert_eq!(message["content"]["text"], format!("text {index}"));
    }
}

#[tokio::test]
async fn answers_of_the_sink_are_read_to_their_end() {
    let sink = Sink::good();
    let answer = Endpoint::new(&sink).deliver(messages(3)).await;
    assert_eq!((answer.status, sink.answers_read()), (200, 3));
}

#[tokio::test]
async fn every_status_of_success_counts() {
    for status in [200, 201, 202, 204, 299] {
        let sink = Sink::new([Manner::Status(status)]);
        let answer = Endpoint::new(&sink).deliver(messages(1)).await;
        assert_eq!(answer.status, 200, "{status}");
    }
}

#[tokio::test]
async fn what_the_sink_refuses_meta_keeps() {
    for status in [199, 302, 400, 401, 404, 409, 413, 500] {
        // After one that was taken.
        let sink = Sink::new([Manner::Status(200), Manner::Status(status)]);
        let answer = Endpoint::new(&sink).deliver(messages(3)).await;
        assert_eq!((answer.status, answer.body.as_str()), (503, ""), "{status}");
        let [line] = &answer.log[..] else {
            panic!("{:?}", answer.log);
        };
        assert!(
            line.contains("https://sink.example:8443 took 1 of 3"),
            "{line}"
        );
        assert!(line.contains(&status.to_string()), "{line}");
        // The third was not sent behind the refused one.
        assert_eq!(keys(&sink.posts()), message_keys(2));
    }
}

#[tokio::test]
async fn what_does_not_reach_the_sink_meta_keeps() {
    let sink = Sink::new([Manner::Away]);
    let answer = Endpoint::new(&sink).deliver(messages(2)).await;
    assert_eq!(answer.status, 503);
    assert!(
        answer.log[0].contains("ConnectionRefused"),
        "{:?}",
        answer.log
    );
}

#[tokio::test]
async fn a_sink_that_never_answers_does_not_hold_the_server() {
    let sink = Sink::new([Manner::Status(200), Manner::Silent]);
    let endpoint = Endpoint::new(&sink).with("WHATSAPP_TIME_LIMIT_SECONDS", "1");
    let answer = endpoint.deliver(messages(3)).await;
    assert_eq!(answer.status, 503);
    assert!(answer.log[0].contains("took 1 of 3"), "{:?}", answer.log);
}

#[tokio::test]
async fn a_sink_may_refuse_before_it_has_read() {
    let sink = Sink::new([Manner::AtOnce(413)]);
    let answer = Endpoint::new(&sink)
        .deliver(texts(["x".repeat(2_500_000)]))
        .await;
    assert_eq!(answer.status, 503);
    assert!(answer.log[0].contains("answered 413"), "{:?}", answer.log);
}

#[tokio::test]
async fn what_is_delivered_again_has_the_same_keys() {
    let sink = Sink::new([
        Manner::Status(200),
        Manner::Status(500),
        Manner::Status(200),
    ]);
    let endpoint = Endpoint::new(&sink);
    assert_eq!(endpoint.deliver(messages(3)).await.status, 503);
    assert_eq!(keys(&sink.posts()), message_keys(2));
    assert_eq!(endpoint.deliver(messages(3)).await.status, 200);
    assert_eq!(keys(&sink.posts()), message_keys(3));
}

#[tokio::test]
async fn a_thousand_updates_in_one_delivery() {
    for parallel in ["1", "32"] {
        let sink = Sink::good();
        let endpoint = Endpoint::new(&sink)
            .with("WHATSAPP_SINK_PARALLEL", parallel)
            .with("WHATSAPP_TIME_LIMIT_SECONDS", "600");
        let answer = endpoint.deliver(messages(1000)).await;
        assert_eq!(answer.status, 200, "{:?}", answer.log);
        let found = keys(&sink.posts());
        assert_eq!(found.len(), 1000);
        assert_eq!(
            BTreeSet::from_iter(found),
            BTreeSet::from_iter(message_keys(1000))
        );
    }
}

#[tokio::test]
async fn a_batch_is_one_request_with_all_events() {
    let sink = Sink::good();
    let endpoint = Endpoint::new(&sink).with("WHATSAPP_SINK_BATCH", "1");
    assert_eq!(endpoint.deliver(messages(1000)).await.status, 200);
    let [post] = &sink.posts()[..] else {
        panic!("not one request");
    };
    // There is no key for all: Meta may put the same events into another delivery with others.
    assert_eq!(post.header("idempotency-key"), None);
    let events = post.json();
    let events = events.as_array().expect("is a list");
    let found: Vec<_> = events
        .iter()
        .map(|event| {
            event["envelope"]["id"]
                .as_str()
                .expect("has an id")
                .to_owned()
        })
        .collect();
    assert_eq!(found, message_keys(1000));
}

#[tokio::test]
async fn a_refused_batch_is_not_forgotten() {
    let sink = Sink::new([Manner::Status(500)]);
    let endpoint = Endpoint::new(&sink).with("WHATSAPP_SINK_BATCH", "1");
    let answer = endpoint.deliver(messages(5)).await;
    assert_eq!(answer.status, 503);
    assert!(answer.log[0].contains("took 0 of 5"), "{:?}", answer.log);
}

#[tokio::test]
async fn several_events_are_under_way_at_once_when_that_is_set() {
    // The sink answers the first only when the fourth is there.
    let sink = Sink::new([Manner::Together(Arc::new(Barrier::new(4)))]);
    let endpoint = Endpoint::new(&sink).with("WHATSAPP_SINK_PARALLEL", "4");
    let answer = endpoint.deliver(messages(8)).await;
    assert_eq!(answer.status, 200, "{:?}", answer.log);
    assert_eq!(sink.posts().len(), 8);
}

#[tokio::test]
async fn one_refusal_among_several_under_way_counts() {
    let taken = Manner::Status(200);
    let sink = Sink::new([taken.clone(), Manner::Status(500), taken.clone(), taken]);
    let endpoint = Endpoint::new(&sink).with("WHATSAPP_SINK_PARALLEL", "3");
    let answer = endpoint.deliver(messages(100)).await;
    assert_eq!(answer.status, 503);
    assert!(sink.posts().len() < 100, "nothing is sent behind a refusal");
}

#[tokio::test]
async fn a_large_event_arrives_whole() {
    let sink = Sink::good();
    let text = "0123456789".repeat(250_000);
    let answer = Endpoint::new(&sink).deliver(texts([text.clone()])).await;
    assert_eq!(answer.status, 200, "{:?}", answer.log);
    let event = sink.posts()[0].json();
    assert!(event["payload"]["message"]["content"]["text"] == text);
}
