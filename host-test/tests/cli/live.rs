//! `demo --live`, with a simulator in the place of Meta.

use graph_simulator::world::demo;
use graph_simulator::{Clock, Simulator};

use crate::program::{VERIFY_TOKEN, run, settings, start, url_in, without};

const TO: &str = "+1 (555) 010-0100";

async fn simulator() -> Simulator {
    let simulator = Simulator::builder()
        .clock(Clock::real())
        .start()
        .await
        .unwrap();
    simulator.world(|world| {
        world.settings.delivered_delay_ms = 0;
        world.settings.read_delay_ms = Some(0);
    });
    simulator
}

#[tokio::test]
async fn the_conversation_goes_through_with_a_person_who_replies() {
    let simulator = simulator().await;
    let arguments = [
        "demo",
        "--live",
        "--to",
        TO,
        "--listen",
        "127.0.0.1:0",
        "--wait",
        "60",
    ];
    let mut program = start(&arguments, &settings(&simulator));
    let first = program.stdout_with("sends real messages").await;
    assert!(first.contains(TO), "{first}");
    let url = url_in(&program.stdout_with("webhooks").await);
    simulator.set_callback(&url, VERIFY_TOKEN).await.unwrap();
    program.stdout_with("Please answer").await;
    // Somebody else writes, too, and gets no answer.
    simulator
        .customer("15550100777")
        .say("wrong person")
        .unwrap();
    simulator
        .customer(demo::CUSTOMER)
        .say("right person")
        .unwrap();
    let ended = program.end().await.expect(0);
    ended.tells(&[
        "✓ validate-connection",
        "✓ ensure-registered",
        "already was",
        "✓ send-template",
        "\"right person\"",
        "✓ send-text",
        "✓ status webhooks",
        "✓ send-media",
        "HTTP requests",
    ]);
    assert!(!ended.stdout.contains("wrong person"), "{}", ended.stdout);
    let messages = simulator.messages();
    let kinds: Vec<_> = messages
        .iter()
        .map(|message| message.kind.as_str())
        .collect();
    assert_eq!(kinds, ["template", "text", "image"]);
    assert!(
        messages
            .iter()
            .all(|message| message.recipient == demo::CUSTOMER)
    );
}

#[tokio::test]
async fn without_webhooks_it_ends_after_the_template_and_says_what_is_missing() {
    let simulator = simulator().await;
    let settings = without(settings(&simulator), "WHATSAPP_APP_SECRET");
    let ended = run(&["demo", "--live", "--to", TO], &settings)
        .await
        .expect(0);
    ended.tells(&[
        "sends a real message to",
        "off, because WHATSAPP_APP_SECRET is not set",
        "✓ send-template",
        "set WHATSAPP_APP_SECRET and start again",
        "public https address",
    ]);
    assert_eq!(simulator.messages().len(), 1);
}

#[tokio::test]
async fn a_number_that_is_not_registered_needs_its_pin() {
    let simulator = simulator().await;
    let mut settings = without(settings(&simulator), "WHATSAPP_APP_SECRET");
    settings.push((
        "WHATSAPP_PHONE_NUMBER_ID",
        demo::UNREGISTERED_PHONE_NUMBER_ID.to_owned(),
    ));
    let ended = run(&["demo", "--live", "--to", TO], &settings)
        .await
        .expect(1);
    ended.complains(&["PIN", "WHATSAPP_PIN", "--pin-file"]);
    assert!(simulator.messages().is_empty());
    settings.push(("WHATSAPP_PIN", "975318".to_owned()));
    let ended = run(&["demo", "--live", "--to", TO, "-v"], &settings)
        .await
        .expect(0);
    ended.tells(&["registered it with the PIN: now CONNECTED"]);
    assert!(!ended.stdout.contains("975318") && !ended.stderr.contains("975318"));
}

#[tokio::test]
async fn no_reply_is_an_error_that_says_what_to_check() {
    let simulator = simulator().await;
    let arguments = [
        "demo",
        "--live",
        "--to",
        TO,
        "--listen",
        "127.0.0.1:0",
        "--wait",
        "0",
    ];
    let ended = run(&arguments, &settings(&simulator)).await.expect(1);
    ended.complains(&["no reply", "within 0 s", "help:", "--wait"]);
    assert_eq!(simulator.messages().len(), 1);
}

#[tokio::test]
async fn a_number_of_another_account_is_noticed_before_anything_is_sent() {
    let simulator = simulator().await;
    let mut settings = settings(&simulator);
    settings.push(("WHATSAPP_PHONE_NUMBER_ID", "4711".to_owned()));
    let arguments = [
        "demo",
        "--live",
        "--to",
        TO,
        "--listen",
        "127.0.0.1:0",
        "--json",
    ];
    let ended = run(&arguments, &settings).await.expect(1);
    let lines = ended.json_lines();
    let [.., failed, error] = lines.as_slice() else {
        panic!("{lines:?}")
    };
    assert_eq!(failed["step"], "list-phone-numbers");
    assert_eq!(failed["ok"], false);
    let message = error["error"]["message"].as_str().unwrap();
    assert!(
        message.contains("4711") && message.contains(demo::PHONE_NUMBER_ID),
        "{message}"
    );
    assert!(simulator.messages().is_empty());
}

#[tokio::test]
async fn a_bad_token_is_named_as_the_problem() {
    let simulator = simulator().await;
    let mut settings = without(settings(&simulator), "WHATSAPP_VERIFY_TOKEN");
    settings.push(("WHATSAPP_ACCESS_TOKEN", demo::EXPIRED_TOKEN.to_owned()));
    let ended = run(&["demo", "--live", "--to", TO], &settings)
        .await
        .expect(1);
    ended.tells(&["✗ validate-connection"]);
    assert!(
        !ended.stdout.contains(demo::EXPIRED_TOKEN) && !ended.stderr.contains(demo::EXPIRED_TOKEN)
    );
}

#[tokio::test]
async fn what_is_missing_is_said_at_once() {
    let ended = run(&["demo", "--live", "--to", TO], &[]).await.expect(2);
    ended.complains(&[
        "WHATSAPP_ACCESS_TOKEN, WHATSAPP_PHONE_NUMBER_ID, WHATSAPP_BUSINESS_ACCOUNT_ID",
        "Nothing was sent",
    ]);
    run(&["demo", "--live"], &[]).await.expect(2);
    run(&["demo", "--to", TO], &[]).await.expect(2);
}

/// A base URL that was allowed by hand may lead to this machine by its name.
#[tokio::test]
async fn the_simulator_is_reached_by_its_name_too() {
    let simulator = simulator().await;
    let mut settings = without(settings(&simulator), "WHATSAPP_APP_SECRET");
    let by_name = simulator.url().replace("127.0.0.1", "localhost");
    assert_ne!(by_name, simulator.url());
    settings.retain(|(name, _)| *name != "WHATSAPP_BASE_URL");
    settings.push(("WHATSAPP_BASE_URL", by_name));
    run(&["demo", "--live", "--to", TO], &settings)
        .await
        .expect(0);
    assert_eq!(simulator.messages().len(), 1);
}
