//! Every fault, as a client sees it, and whether the request was handled.

use std::collections::BTreeMap;

use graph_simulator::world::demo;
use graph_simulator::{Fault, FaultKind};
use serde_json::{Value, json};

use crate::common::{Client, message, refused};

/// Sends a text under a fault: the answer or the transport error, and how many messages were accepted.
async fn hit(
    kind: FaultKind,
    after_handling: bool,
) -> (Result<reqwest::Response, reqwest::Error>, usize, Client) {
    let client = Client::demo().await;
    let mut fault = Fault::new(kind);
    fault.after_handling = after_handling;
    client.sim.inject(fault);
    let url = client.url(&format!("{}/messages", demo::PHONE_NUMBER_ID));
    let body = message(json!({"text": {"body": "x"}}));
    let answer = client
        .http
        .post(url)
        .bearer_auth(&client.token)
        .json(&body)
        .send()
        .await;
    let sent = client.sim.messages().len();
    (answer, sent, client)
}

#[tokio::test]
async fn a_cut_before_handling_leaves_no_message() {
    let (answer, sent, client) = hit(FaultKind::CutBeforeHandling {}, false).await;
    assert!(answer.is_err());
    assert_eq!(sent, 0);
    let recorded = &client.sim.requests()[0];
    assert_eq!(
        (recorded.status, recorded.faults.as_slice()),
        (None, ["cut_before_handling".to_owned()].as_slice())
    );
}

#[tokio::test]
async fn a_cut_after_handling_leaves_a_message_without_an_answer() {
    let (answer, sent, _client) = hit(FaultKind::CutAfterHandling {}, false).await;
    assert!(answer.is_err());
    assert_eq!(sent, 1);
}

#[tokio::test]
async fn a_cut_in_the_answer_announces_more_than_it_sends() {
    let (answer, sent, _client) = hit(FaultKind::CutMidAnswer { bytes: Some(10) }, false).await;
    let answer = answer.unwrap();
    assert_eq!(answer.status(), 200);
    let announced: usize = answer.headers()["content-length"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!(announced > 100);
    assert!(answer.bytes().await.is_err());
    assert_eq!(sent, 1);
}

#[tokio::test]
async fn truncated_json_is_complete_for_http() {
    let (answer, sent, _client) = hit(FaultKind::TruncatedJson { bytes: Some(20) }, false).await;
    let text = answer.unwrap().text().await.unwrap();
    assert_eq!(text.len(), 20);
    assert!(serde_json::from_str::<Value>(&text).is_err());
    assert_eq!(sent, 1);
}

#[tokio::test]
async fn graph_errors_can_be_had_with_any_code_status_and_wait() {
    let kind = FaultKind::GraphError {
        code: 2,
        status: Some(500),
        subcode: Some(99),
        is_transient: Some(true),
        details: Some("down".into()),
        retry_after: Some(7),
    };
    let (answer, sent, _client) = hit(kind, false).await;
    let answer = answer.unwrap();
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["retry-after"]),
        (500, &"7".parse().unwrap())
    );
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["error"]["is_transient"], true);
    assert_eq!(body["error"]["error_subcode"], 99);
    refused(&(500, body), 500, 2, "(#2) API Service");
    assert_eq!(sent, 0);
    for (code, status) in [
        (1, 400),
        (131_000, 500),
        (130_429, 400),
        (131_048, 400),
        (80007, 400),
    ] {
        let (answer, _, _client) = hit(FaultKind::graph_error(code), false).await;
        assert_eq!(answer.unwrap().status().as_u16(), status, "code {code}");
    }
}

#[tokio::test]
async fn an_error_can_also_come_after_the_message_was_sent() {
    let (answer, sent, _client) = hit(FaultKind::graph_error(131_000), true).await;
    assert_eq!(answer.unwrap().status(), 500);
    assert_eq!(sent, 1);
}

#[tokio::test]
async fn statuses_without_a_graph_body() {
    let (answer, _, _client) = hit(
        FaultKind::EmptyAnswer {
            status: 429,
            retry_after: Some(3),
        },
        false,
    )
    .await;
    let answer = answer.unwrap();
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["retry-after"]),
        (429, &"3".parse().unwrap())
    );
    assert_eq!(answer.text().await.unwrap(), "");
    let (answer, _, _client) = hit(FaultKind::Html { status: 502 }, false).await;
    let answer = answer.unwrap();
    assert_eq!(answer.status(), 502);
    assert!(
        answer.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/html")
    );
    assert!(answer.text().await.unwrap().contains("502 Bad Gateway"));
}

#[tokio::test]
async fn a_redirect_to_another_host() {
    let location = "http://evil.example/steal".to_owned();
    let (answer, _, _client) = hit(
        FaultKind::Redirect {
            location: location.clone(),
            status: None,
        },
        false,
    )
    .await;
    let answer = answer.unwrap();
    assert_eq!(answer.status(), 302);
    assert_eq!(answer.headers()["location"], location.as_str());
}

#[tokio::test]
async fn an_oversize_answer_is_valid_json_of_that_length() {
    let (answer, _, _client) = hit(FaultKind::Oversize { bytes: 3_000_000 }, false).await;
    let text = answer.unwrap().text().await.unwrap();
    assert_eq!(text.len(), 3_000_000);
    assert!(serde_json::from_str::<Value>(&text).is_ok());
}

#[tokio::test]
async fn a_slow_drip_is_the_real_answer_in_pieces() {
    let (answer, sent, _client) = hit(
        FaultKind::SlowDrip {
            bytes: 50,
            every_millis: 1,
        },
        false,
    )
    .await;
    let body: Value = answer.unwrap().json().await.unwrap();
    assert!(body["messages"][0]["id"].is_string());
    assert_eq!(sent, 1);
}

#[tokio::test]
async fn latency_adds_to_another_fault() {
    let client = Client::demo().await;
    client
        .sim
        .inject(Fault::new(FaultKind::Latency { millis: 1 }));
    client.sim.inject(Fault::new(FaultKind::graph_error(4)));
    refused(&client.send_text("x").await, 400, 4, "limit");
    assert_eq!(client.sim.requests()[0].faults, ["latency", "graph_error"]);
}

#[tokio::test]
async fn a_client_that_does_not_wait_has_sent_its_message_nevertheless() {
    let client = Client::demo().await;
    client
        .sim
        .inject(Fault::new(FaultKind::Latency { millis: 900 }));
    let url = client.url(&format!("{}/messages", demo::PHONE_NUMBER_ID));
    let body = message(json!({"text": {"body": "x"}}));
    let request = client.http.post(url).bearer_auth(&client.token).json(&body);
    let gone = request
        .timeout(std::time::Duration::from_millis(500))
        .send()
        .await;
    assert!(gone.unwrap_err().is_timeout());
    for _ in 0..2000 {
        if !client.sim.messages().is_empty() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("the message was never sent");
}

#[tokio::test]
async fn any_answer_can_be_given() {
    let headers = BTreeMap::from([("x-odd".to_owned(), "1".to_owned())]);
    let (answer, _, _client) = hit(
        FaultKind::Answer {
            status: 418,
            headers,
            body: "short".into(),
        },
        false,
    )
    .await;
    let answer = answer.unwrap();
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["x-odd"]),
        (418, &"1".parse().unwrap())
    );
    assert_eq!(answer.text().await.unwrap(), "short");
}

#[tokio::test]
async fn a_fault_hits_only_its_requests_and_only_so_often() {
    let client = Client::demo().await;
    client.sim.inject(
        Fault::new(FaultKind::graph_error(2))
            .on("POST", "/messages")
            .after(1)
            .times(2),
    );
    assert_eq!(client.get(demo::PHONE_NUMBER_ID).await.0, 200);
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(client.send_text("x").await.0);
    }
    assert_eq!(statuses, [200, 503, 503, 200]);
    assert!(client.sim.faults().is_empty());
    client.sim.inject(
        Fault::new(FaultKind::graph_error(2))
            .always()
            .after_handling(),
    );
    assert_eq!(client.send_text("x").await.0, 503);
    assert_eq!(client.send_text("x").await.0, 503);
    client.sim.clear_faults();
    assert_eq!(client.send_text("x").await.0, 200);
}

#[tokio::test]
async fn media_downloads_can_be_cut_too() {
    let client = Client::demo().await;
    client
        .sim
        .customer(demo::CUSTOMER)
        .send_image(&[7; 5000], None)
        .unwrap();
    let id = client.sim.world(|world| world.media[0].id.clone());
    let url = client.get(&id).await.1["url"].as_str().unwrap().to_owned();
    client
        .sim
        .inject(Fault::new(FaultKind::CutMidAnswer { bytes: None }).on("GET", "media-cdn"));
    let answer = client
        .http
        .get(&url)
        .bearer_auth(&client.token)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["content-length"], "5000");
    assert!(answer.bytes().await.is_err());
}
