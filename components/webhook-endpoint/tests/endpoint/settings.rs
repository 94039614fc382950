//! Settings that are not right.

use crate::delivery::messages;
use crate::host::Endpoint;
use crate::sink::Sink;

#[tokio::test]
async fn without_settings_the_operator_is_told_and_nobody_else() {
    let sink = Sink::good();
    let answer = Endpoint::bare(&sink).deliver(messages(1)).await;
    assert_eq!((answer.status, answer.body.as_str()), (500, ""));
    let [line] = &answer.log[..] else {
        panic!("{:?}", answer.log);
    };
    for name in [
        "WHATSAPP_VERIFY_TOKEN",
        "WHATSAPP_APP_SECRET",
        "WHATSAPP_SINK_URL",
    ] {
        assert!(line.contains(&format!("{name} is missing")), "{line}");
    }
    assert!(sink.posts().is_empty());
}

#[tokio::test]
async fn the_handshake_fails_as_well() {
    // Meta's dashboard shows it, before any message is on its way.
    let endpoint = Endpoint::new(&Sink::good()).with("WHATSAPP_SINK_URL", "");
    let target = "/?hub.mode=subscribe&hub.verify_token=verify-token-hidden&hub.challenge=1";
    assert_eq!(endpoint.get(target).await.status, 500);
}

#[tokio::test]
async fn a_wrong_setting_stands_in_the_log_without_its_value() {
    for (name, value) in [
        ("WHATSAPP_SINK_URL", "https://user:hidden@sink.example/"),
        ("WHATSAPP_SINK_URL", "hidden"),
        ("WHATSAPP_SINK_AUTHORIZATION", "Bearer hidden\nX: y"),
    ] {
        let endpoint = Endpoint::new(&Sink::good()).with(name, value);
        let answer = endpoint.deliver(messages(1)).await;
        assert_eq!(answer.status, 500);
        assert!(answer.log[0].contains(name), "{:?}", answer.log);
    }
}

#[tokio::test]
async fn without_an_authorization_the_sink_gets_none() {
    let sink = Sink::good();
    let endpoint = Endpoint::new(&sink).with("WHATSAPP_SINK_AUTHORIZATION", "");
    assert_eq!(endpoint.deliver(messages(1)).await.status, 200);
    assert_eq!(sink.posts()[0].header("authorization"), None);
}
