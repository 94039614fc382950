//! What a business does in a day: a template, an answer, free text, and news of it all.

use std::time::Duration;

use graph_simulator::Simulator;
use graph_simulator::world::demo;
use host_test::wit::messages::{Media, MediaKind, Template, Text};
use host_test::wit::types::{Address, TemplateAddress};
use host_test::wit::webhooks::{
    Event, InboundMessage, MessageContent, MessageState, MessageStatus, Payload,
};

use super::endpoint::Endpoint;
use super::{VERIFY_TOKEN, account, customer, host};

const HOUR: Duration = Duration::from_secs(3600);

fn template(name: &str, callback_data: &str) -> Template {
    let address = TemplateAddress {
        callback_data: Some(callback_data.to_owned()),
        ..TemplateAddress::to(customer())
    };
    Template::new(address, name, "en_US")
}

fn statuses(events: Vec<Event>) -> Vec<MessageStatus> {
    let status = |event: Event| match event.payload {
        Payload::Status(status) => status,
        other => panic!("expected a status, got {other:?}"),
    };
    events.into_iter().map(status).collect()
}

fn states(events: Vec<Event>) -> Vec<(String, MessageState)> {
    let statuses = statuses(events).into_iter();
    statuses
        .map(|status| (status.message_id, status.state))
        .collect()
}

fn message(events: Vec<Event>) -> InboundMessage {
    let [event] = events.try_into().unwrap();
    match event.payload {
        Payload::Message(message) => message,
        other => panic!("expected a message, got {other:?}"),
    }
}

#[tokio::test]
async fn a_conversation_from_the_template_to_the_read_answer() {
    let simulator = Simulator::builder().start().await.unwrap();
    let host = host(&simulator);
    let account = account(&host, &simulator);
    let endpoint = Endpoint::start(&host).await;
    let registered = simulator.set_callback(&endpoint.url, VERIFY_TOKEN).await;
    registered.unwrap();

    let offer = account
        .send_template(&template("hello_world", "step-1"))
        .await
        .unwrap();
    simulator.advance(Duration::from_secs(2)).await;
    let news = statuses(endpoint.events());
    let seen: Vec<_> = news.iter().map(|status| &status.state).collect();
    assert_eq!(seen, [&MessageState::Sent, &MessageState::Delivered]);
    for status in &news {
        assert_eq!(status.message_id, offer.message_id);
        assert_eq!(status.callback_data.as_deref(), Some("step-1"));
    }

    let answer = simulator
        .customer(demo::CUSTOMER)
        .replying_to(&offer.message_id);
    let answer = answer.say("Yes, please").unwrap();
    simulator.settle().await;
    let received = message(endpoint.events());
    assert_eq!(received.id, answer);
    assert_eq!(
        received.content,
        MessageContent::Text("Yes, please".to_owned())
    );
    assert_eq!(received.from.as_deref(), Some(demo::CUSTOMER));
    assert_eq!(received.profile_name.as_deref(), Some("Kim Customer"));
    let quoted = received.context.unwrap().message_id;
    assert_eq!(quoted, Some(offer.message_id));

    let text = Text {
        address: Address {
            reply_to: Some(answer.clone()),
            ..Address::to(customer())
        },
        body: "Here is your table".to_owned(),
        preview_url: None,
    };
    let text = account.send_text(&text).await.unwrap();
    let image = Media {
        address: Address::to(customer()),
        kind: MediaKind::Image,
        link: Some("https://example.com/table.jpg".to_owned()),
        id: None,
        blob: None,
        mime_type: None,
        size: None,
        caption: Some("Your table".to_owned()),
        filename: None,
    };
    let image = account.send_media(&image).await.unwrap();
    simulator.advance(Duration::from_secs(2)).await;
    let mut arrived = states(endpoint.events());
    arrived.sort_by_key(|(id, _)| *id == image.message_id);
    let both = [MessageState::Sent, MessageState::Delivered];
    let expected =
        [&text, &image].map(|sent| both.clone().map(|state| (sent.message_id.clone(), state)));
    assert_eq!(arrived, expected.concat());
    let stored = simulator.message(&text.message_id).unwrap().request;
    assert_eq!(stored["context"]["message_id"], answer);

    simulator.customer(demo::CUSTOMER).reads();
    simulator.settle().await;
    let read = states(endpoint.events());
    assert!(
        read.contains(&(text.message_id, MessageState::Read)),
        "{read:?}"
    );
    assert!(
        read.contains(&(image.message_id, MessageState::Read)),
        "{read:?}"
    );
    assert_eq!(endpoint.problems(), Vec::<String>::new());
}

#[tokio::test]
async fn a_text_after_the_window_closed_fails_with_advice() {
    let simulator = Simulator::builder().start().await.unwrap();
    let host = host(&simulator);
    let endpoint = Endpoint::start(&host).await;
    simulator
        .set_callback(&endpoint.url, VERIFY_TOKEN)
        .await
        .unwrap();
    simulator.customer(demo::CUSTOMER).say("hello").unwrap();
    simulator.advance(25 * HOUR).await;
    endpoint.events();

    let account = account(&host, &simulator);
    let sent = account
        .send_text_to(customer(), "Still there?")
        .await
        .unwrap();
    simulator.advance(Duration::from_secs(2)).await;
    let [status] = statuses(endpoint.events()).try_into().unwrap();
    assert_eq!(
        (status.message_id, status.state),
        (sent.message_id, MessageState::Failed)
    );
    assert_eq!(status.errors[0].code, 131_047);
    assert!(
        status.errors[0].advice.contains("send-template"),
        "{:?}",
        status.errors
    );
    // Which is right: the template arrives.
    account
        .send_template(&template("hello_world", "again"))
        .await
        .unwrap();
    simulator.advance(Duration::from_secs(2)).await;
    let states: Vec<_> = statuses(endpoint.events())
        .into_iter()
        .map(|status| status.state)
        .collect();
    assert_eq!(states, [MessageState::Sent, MessageState::Delivered]);
}

#[tokio::test]
async fn a_delivery_that_comes_again_has_the_same_id() {
    let simulator = Simulator::builder().start().await.unwrap();
    let host = host(&simulator);
    let endpoint = Endpoint::start(&host).await;
    simulator
        .set_callback(&endpoint.url, VERIFY_TOKEN)
        .await
        .unwrap();
    simulator.customer(demo::CUSTOMER).say("hello").unwrap();
    simulator.settle().await;
    let first = endpoint.events();
    assert!(simulator.redeliver(None).is_some());
    simulator.settle().await;
    let again = endpoint.events();
    assert_eq!(first.len(), 1);
    assert_eq!(first, again);
}

#[tokio::test]
async fn an_endpoint_with_other_secrets_takes_nothing() {
    let simulator = Simulator::builder().start().await.unwrap();
    let host = host(&simulator);
    let endpoint = Endpoint::start(&host).await;
    let wrong = simulator.set_callback(&endpoint.url, "another").await;
    assert!(wrong.is_err());
    simulator
        .set_callback(&endpoint.url, VERIFY_TOKEN)
        .await
        .unwrap();
    simulator.world(|world| world.app.secret = "another".to_owned());
    simulator.customer(demo::CUSTOMER).say("hello").unwrap();
    simulator.settle().await;
    assert_eq!(endpoint.events(), []);
    let problems = endpoint.problems();
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(problems[0].contains("hub.verify_token"), "{problems:?}");
    assert!(
        problems[1].contains("matches no app secret"),
        "{problems:?}"
    );
}
