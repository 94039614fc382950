//! The host with the real component.

use std::path::Path;

use host_test::testing::ScriptedClient;
use host_test::wit::{types, webhooks};
use host_test::{CallError, Credentials, Host, HostBuilder, Secret, json};

const TOKEN: &str = "EAAGtoken-that-must-not-be-seen";

fn builder(client: &ScriptedClient) -> HostBuilder {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist/whatsapp-connector.wasm");
    assert!(
        path.exists(),
        "run `cargo xtask build` first: dist/whatsapp-connector.wasm is not there"
    );
    let credentials = Credentials::new().access_token(Secret::new(TOKEN).unwrap());
    Host::builder()
        .component(path)
        .credentials(credentials)
        .http_client(client.clone())
}

fn connection() -> types::Connection {
    types::Connection {
        phone_number_id: Some("4711".to_owned()),
        ..types::Connection::default()
    }
}

/// Meta's answer to a sent message, with the token in it, which Meta does not do: it is there to be blanked.
fn sent() -> String {
    let answer = serde_json::json!({
        "messaging_product": "whatsapp",
        "contacts": [{"input": "+491701234567", "wa_id": "491701234567"}],
        "messages": [{"id": "wamid.MARK", "echo": TOKEN}],
    });
    answer.to_string()
}

#[tokio::test]
async fn a_text_is_sent_through_both_doors_in_the_same_way() {
    let client = ScriptedClient::new().json(200, sent()).json(200, sent());
    let account = builder(&client).build().unwrap().connect(connection());
    let typed = account
        .send_text_to("+491701234567", "Hello")
        .await
        .unwrap();
    assert_eq!(typed.message_id, "wamid.MARK");
    let dynamic = account
        .invoke(
            "send-text",
            &serde_json::json!({"to": "+491701234567", "body": "Hello"}),
        )
        .await
        .unwrap();
    assert_eq!(dynamic["message_id"], "wamid.MARK");
    let requests = client.requests();
    assert_eq!(requests[0], requests[1]);
    assert!(
        requests[0].url.starts_with("https://graph.facebook.com/v")
            && requests[0].url.ends_with("/4711/messages"),
        "{}",
        requests[0].url
    );
    assert_eq!(
        requests[0].headers["authorization"],
        format!("Bearer {TOKEN}").as_str()
    );
}

#[tokio::test]
async fn a_refusal_of_the_component_is_an_error_of_the_contract() {
    let client = ScriptedClient::new();
    let account = builder(&client).build().unwrap().connect(connection());
    let Err(CallError::Refused(error)) = account.send_text_to("+491701234567", "").await else {
        panic!("an empty text went out")
    };
    assert!(
        json::to_value(&*error)
            .get("permanent_invalid_input")
            .is_some(),
        "{error:?}"
    );
    assert!(client.requests().is_empty());
}

#[tokio::test]
async fn the_token_is_nowhere_in_the_components_memory() {
    let client = ScriptedClient::new().json(200, sent());
    let host = builder(&client).memory_dumps(true).build().unwrap();
    let mut session = host.session().await.unwrap();
    let connection = json::to_string(&connection());
    session
        .invoke(
            "send-text",
            &connection,
            r#"{"to":"+491701234567","body":"MARK-BODY"}"#,
        )
        .await
        .unwrap()
        .unwrap();
    let memory = session.memory_dump().await.unwrap();
    let holds = |text: &str| {
        memory
            .windows(text.len())
            .any(|window| window == text.as_bytes())
    };
    // The controls: what went in and what came back is still there, freed or not.
    assert!(holds("MARK-BODY") && holds("wamid.MARK"));
    assert!(!holds(TOKEN));
    assert!(
        client.requests()[0].headers["authorization"]
            .to_str()
            .unwrap()
            .contains(TOKEN)
    );
}

/// Below stands the stack, and in the packed component what its start function reads.
const STACK_BYTES: usize = 512 * 1024;

#[tokio::test]
async fn the_component_is_the_same_whoever_unpacks_its_data() {
    let mut memories = Vec::new();
    for data_unpacked in [true, false] {
        let host = builder(&ScriptedClient::new()).memory_dumps(true);
        let host = host.data_unpacked(data_unpacked).build().unwrap();
        let mut session = host.session().await.unwrap();
        assert!(session.describe().await.unwrap().contains("send-text"));
        memories.push(session.memory_dump().await.unwrap());
    }
    let [one, other] = memories.as_slice() else {
        unreachable!()
    };
    assert_eq!(one.len(), other.len());
    assert!(
        one[STACK_BYTES..] == other[STACK_BYTES..],
        "the data differs"
    );
    assert!(
        one[..STACK_BYTES] != other[..STACK_BYTES],
        "the data of both was unpacked by the host"
    );
}

#[tokio::test]
async fn a_webhook_becomes_events_with_a_json_form() {
    let host = builder(&ScriptedClient::new()).build().unwrap();
    let body = serde_json::json!({"object": "whatsapp_business_account", "entry": [{"id": "102", "changes": [{"field": "messages", "value": {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "4930", "phone_number_id": "4711"},
        "messages": [{"from": "491701234567", "id": "wamid.IN", "timestamp": "1700000000", "type": "text", "text": {"body": "Hi"}}],
    }}]}]});
    let events = host
        .webhooks_parse(&body.to_string())
        .await
        .unwrap()
        .unwrap();
    let event = json::to_value(&events[0]);
    assert_eq!(event["envelope"]["route"], "messages:102");
    assert_eq!(event["payload"]["message"]["content"]["text"], "Hi");
    let request = webhooks::Request {
        method: "PUT".to_owned(),
        query: String::new(),
        headers: vec![],
        body: String::new(),
    };
    let outcome = host
        .webhooks_handle(&request, &host.credentials().webhook_verification())
        .await
        .unwrap();
    assert_eq!(outcome.reply.status, 405);
}

#[tokio::test]
async fn the_functions_around_events_have_typed_forms() {
    let host = builder(&ScriptedClient::new()).build().unwrap();
    let request = webhooks::Request {
        method: "POST".to_owned(),
        query: String::new(),
        headers: vec![],
        body: serde_json::json!({"object": "whatsapp_business_account", "entry": [{"id": "102", "changes": [{"field": "messages", "value": {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "4930", "phone_number_id": "4711"},
            "messages": [{"from": "491701234567", "id": "wamid.IN", "timestamp": "1700000000", "type": "text", "text": {"body": "Hi"}}],
        }}]}]})
        .to_string(),
    };
    let verification = webhooks::Verification {
        verify_token: String::new(),
        signature: webhooks::Signature::VerifiedByHost,
    };
    let outcome = host
        .webhooks_handle_json(&request, &verification)
        .await
        .unwrap();
    assert_eq!(outcome.reply.status, 200);
    let subscription = |id: &str, trigger: &str, account: &str| webhooks::Subscription {
        id: id.to_owned(),
        trigger: trigger.to_owned(),
        business_account_id: account.to_owned(),
        filter: None,
    };
    let subscriptions = [
        subscription("other account", "new-message", "103"),
        subscription("wrong", "no-such-trigger", "102"),
        subscription("flow", "new-message", "102"),
    ];
    let matches = host
        .webhooks_match_events(&outcome.events, &subscriptions)
        .await
        .unwrap()
        .unwrap();
    let [start] = matches.starts.as_slice() else {
        panic!("{matches:?}")
    };
    assert_eq!((start.subscription.as_str(), start.event), ("flow", 0));
    assert_eq!(matches.problems[0].subscription, "wrong");
    let refused = host.webhooks_match_events("{}", &subscriptions).await;
    assert!(refused.unwrap().is_err());

    let triggers = host.webhooks_describe_triggers().await.unwrap();
    let triggers: Vec<serde_json::Value> = serde_json::from_str(&triggers).unwrap();
    assert!(
        triggers
            .iter()
            .any(|trigger| trigger["name"] == "new-message")
    );

    let window = host
        .webhooks_service_window(Some(1_700_000_000), 1_700_000_000 + 86_399)
        .await
        .unwrap();
    assert!(window.open);
    assert_eq!(window.seconds_left, 1);
}
