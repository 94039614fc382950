//! `simulate`: the simulator for other programs.

use graph_simulator::world::demo;
use serde_json::Value;

use crate::program::{run, start, url_in};
use crate::raw_http::{exchange, parts};

#[tokio::test]
async fn what_it_prints_is_enough_to_use_it() {
    let mut program = start(&["simulate", "--port", "0"], &[]);
    let url = url_in(&program.stdout_with("simulated, at").await);
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    let mut settings = Vec::new();
    let mut curl = String::new();
    loop {
        let line = program.stdout_with("").await;
        if let Some((name, value)) = line
            .trim()
            .strip_prefix("export ")
            .and_then(|set| set.split_once('='))
        {
            settings.push((name.to_owned(), value.to_owned()));
        }
        if line.starts_with("The customer writes") {
            curl = url_in(&line);
        }
        if line.contains("Ctrl-C") {
            break;
        }
    }
    let settings: Vec<_> = settings
        .iter()
        .map(|(name, value)| (name.as_str(), value.clone()))
        .collect();
    let text = r#"{"to": "+15550100100", "body": "hello"}"#;
    // Its secrets are public, so they are not looked for in the output.
    assert_eq!(
        run(&["invoke", "send-text", "-i", text], &settings)
            .await
            .code,
        Some(0)
    );
    program
        .stderr_with(&format!(
            "POST /v25.0/{}/messages 200",
            demo::PHONE_NUMBER_ID
        ))
        .await;
    let written = exchange("POST", &curl, "", br#"{"text":"hello"}"#).await;
    assert_eq!(parts(&written).0, "200", "{written}");
}

#[tokio::test]
async fn webhooks_go_to_an_endpoint_that_starts_later() {
    let token = [("WHATSAPP_VERIFY_TOKEN", "mine".to_owned())];
    // Ports are only known afterwards, so the endpoint is told by the control interface, as the printed line says.
    let mut simulator = start(&["simulate", "--port", "0", "--json"], &token);
    let about: Value = serde_json::from_str(&simulator.stdout_with("base_url").await).unwrap();
    let url = about["base_url"].as_str().unwrap();
    assert!(
        about["environment"].get("WHATSAPP_VERIFY_TOKEN").is_none(),
        "an own token is not printed"
    );
    let settings = [
        ("WHATSAPP_APP_SECRET", demo::APP_SECRET.to_owned()),
        ("WHATSAPP_VERIFY_TOKEN", "mine".to_owned()),
    ];
    let mut endpoint = start(&["serve", "--listen", "127.0.0.1:0"], &settings);
    let callback = url_in(&endpoint.stderr_with("Listening").await);
    let order = serde_json::json!({"url": callback, "verify_token": "mine"}).to_string();
    let set = exchange(
        "POST",
        &format!("{url}/_simulator/callback"),
        "",
        order.as_bytes(),
    )
    .await;
    assert_eq!(parts(&set).0, "200", "{set}");
    let said = format!("{url}/_simulator/customers/{}/messages", demo::CUSTOMER);
    exchange("POST", &said, "", br#"{"text":"over here"}"#).await;
    endpoint.stdout_with("\"over here\"").await;
    simulator.stderr_with("webhook 1 to").await;
}

#[tokio::test]
async fn an_endpoint_that_is_not_there_yet_is_waited_for() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/webhook", free.local_addr().unwrap());
    drop(free);
    let mut simulator = start(&["simulate", "--port", "0", "--webhook", &url], &[]);
    simulator.stderr_with("no webhooks yet, trying again").await;
}

#[cfg(unix)]
#[tokio::test]
async fn ctrl_c_ends_it_well() {
    let mut program = start(&["simulate", "--port", "0"], &[]);
    program.stdout_with("Ctrl-C").await;
    program.interrupt().await;
    assert_eq!(program.end().await.code, Some(0));
}

#[tokio::test]
async fn a_port_that_is_taken_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let ended = run(&["simulate", "--port", &port], &[]).await.expect(2);
    ended.complains(&[&port, "--port"]);
}
