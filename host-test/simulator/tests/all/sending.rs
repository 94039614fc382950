//! What the messages endpoint accepts and refuses, template messages apart.

use graph_simulator::World;
use graph_simulator::world::{Customer, Group, Media, MediaContent, demo};
use serde_json::json;

use crate::common::{Client, message, read, refused};

#[tokio::test]
async fn a_text_is_accepted_with_metas_answer() {
    let client = Client::demo().await;
    let (status, body) = client.send_text("hello").await;
    assert_eq!(status, 200);
    let id = body["messages"][0]["id"].as_str().unwrap();
    assert_eq!(
        body,
        json!({
            "messaging_product": "whatsapp",
            "contacts": [{"input": demo::CUSTOMER, "wa_id": demo::CUSTOMER}],
            "messages": [{"id": id}],
        })
    );
    assert!(id.starts_with("wamid.HBgL"), "{id}");
    assert_eq!(
        client.sim.message(id).unwrap().request["text"]["body"],
        "hello"
    );
}

#[tokio::test]
async fn the_same_calls_give_the_same_ids() {
    let ids = || async {
        Client::demo()
            .await
            .sent(json!({"text": {"body": "x"}}))
            .await
    };
    assert_eq!(ids().await, ids().await);
}

#[tokio::test]
async fn every_type_is_accepted() {
    let mut world = World::demo();
    world.settings.pair_burst = None;
    world.add_media(Media::new(
        "77",
        demo::PHONE_NUMBER_ID,
        "image/webp",
        MediaContent::Pattern(10),
    ));
    let client = Client::with(world).await;
    let link = "https://example.com/a";
    for members in [
        json!({"text": {"body": "type is text when absent", "preview_url": true}}),
        json!({"type": "TEXT", "text": {"body": "upper case"}}),
        json!({"type": "image", "image": {"link": link, "caption": "c"}}),
        json!({"type": "audio", "audio": {"link": link, "voice": true}}),
        json!({"type": "video", "video": {"link": link}}),
        json!({"type": "document", "document": {"link": link, "filename": "a.pdf"}}),
        json!({"type": "sticker", "sticker": {"id": 77}}),
        json!({"type": "location", "location": {"latitude": "1.5", "longitude": -2}}),
        json!({"type": "contacts", "contacts": [{"name": {"formatted_name": "A"}}]}),
        json!({"type": "reaction", "reaction": {"message_id": "wamid.x", "emoji": ""}}),
        json!({"type": "template", "template": {"name": "hello_world", "language": {"code": "en_US"}}}),
    ] {
        let (status, body) = client.send(members.clone()).await;
        assert_eq!(status, 200, "{members} {body}");
    }
}

#[tokio::test]
async fn wrong_envelopes_are_refused_by_the_parameter_parser() {
    let client = Client::demo().await;
    let text = json!({"body": "x"});
    for (members, part) in [
        (
            json!({"messaging_product": null}),
            "(#100) The parameter messaging_product is required.",
        ),
        (
            json!({"messaging_product": "telegram"}),
            "messaging_product must be one of {WHATSAPP}",
        ),
        (
            json!({"to": null, "text": text}),
            "(#100) The parameter to is required.",
        ),
        (
            json!({"to": "not a number", "text": text}),
            "Invalid recipient",
        ),
        (json!({"to": "56789", "text": text}), "Invalid recipient"),
        (
            json!({"recipient_type": "crowd", "text": text}),
            "recipient_type must be one of",
        ),
        (
            json!({"type": "telepathy"}),
            "(#100) Param type must be one of {AUDIO, CONTACTS",
        ),
        (
            json!({"text": {"body": ""}}),
            "(#100) The parameter text['body'] is required.",
        ),
        (
            json!({"text": {"body": "x".repeat(4097)}}),
            "Param text['body'] must be at most 4096 characters long.",
        ),
        (json!({"text": "x"}), "Param text must be a JSON object"),
        (
            json!({"text": text, "context": {}}),
            "context['message_id'] is required",
        ),
        (
            json!({"text": text, "biz_opaque_callback_data": "x".repeat(513)}),
            "at most 512",
        ),
        (
            json!({"type": "image", "image": {"link": "example.com"}}),
            "not a valid URI",
        ),
        (
            json!({"type": "audio", "audio": {"link": "https://a.b", "caption": "c"}}),
            "Unexpected key \\\"caption\\\"",
        ),
        (
            json!({"type": "image", "image": {"id": "404"}}),
            "image['id'] is not a valid whatsapp business account media attachment ID",
        ),
    ] {
        let answer = client.send(members).await;
        refused(&answer, 400, 100, part);
    }
    assert!(client.sim.messages().is_empty());
    assert_eq!(
        client.send_text(&"é".repeat(4096)).await.0,
        200,
        "characters, not bytes"
    );
}

#[tokio::test]
async fn missing_objects_are_131008() {
    let client = Client::demo().await;
    for members in [
        json!({"type": "text"}),
        json!({"type": "image", "image": {}}),
        json!({"type": "contacts", "contacts": []}),
        json!({"type": "interactive"}),
        json!({"type": "interactive", "interactive": {"type": "flow", "body": {"text": "b"}, "action": {"name": "flow", "parameters": {}}}}),
    ] {
        refused(
            &client.send(members).await,
            400,
            131_008,
            "Required parameter is missing",
        );
    }
}

#[tokio::test]
async fn values_out_of_range_are_131009() {
    let client = Client::demo().await;
    for (members, part) in [
        (
            json!({"type": "image", "image": {"link": "https://a.b", "id": "1"}}),
            "either id or link",
        ),
        (
            json!({"type": "location", "location": {"latitude": 91, "longitude": 0}}),
            "latitude",
        ),
    ] {
        refused(&client.send(members).await, 400, 131_009, part);
    }
}

#[tokio::test]
async fn numbers_are_accepted_in_every_notation() {
    let client = Client::demo().await;
    for (to, wa_id) in [
        (json!("+1 (555) 010-0100"), "15550100100"),
        (json!(15_550_100_100_u64), "15550100100"),
        (json!("+49 170 1234567"), "491701234567"),
        // Without + the calling code of the business number is put in front of a national number.
        (json!("555 010 0199"), "15550100199"),
    ] {
        let (status, body) = client.send(json!({"to": to, "text": {"body": "x"}})).await;
        assert_eq!(status, 200, "{body}");
        assert_eq!(body["contacts"][0]["wa_id"], wa_id);
        let input = to.as_str().map_or_else(|| to.to_string(), str::to_owned);
        assert_eq!(body["contacts"][0]["input"], input);
    }
}

#[tokio::test]
async fn a_user_id_is_a_recipient_and_a_phone_number_wins_over_it() {
    let client = Client::demo().await;
    let (_, body) = client
        .send(json!({"to": null, "recipient": demo::CUSTOMER_USER_ID, "text": {"body": "x"}}))
        .await;
    assert_eq!(
        body["contacts"],
        json!([{"input": demo::CUSTOMER_USER_ID, "user_id": demo::CUSTOMER_USER_ID}])
    );
    let (_, body) = client
        .send(json!({"recipient": demo::CUSTOMER_USER_ID, "text": {"body": "x"}}))
        .await;
    assert_eq!(body["contacts"][0]["wa_id"], demo::CUSTOMER);
    let wrong = client
        .send(json!({"to": null, "recipient": "nobody", "text": {"body": "x"}}))
        .await;
    refused(&wrong, 400, 100, "Invalid recipient");
}

#[tokio::test]
async fn recipients_that_cannot_be_are_refused_at_once() {
    let client = Client::demo().await;
    let text = json!({"body": "x"});
    refused(
        &client
            .send(json!({"to": "15550100001", "text": text}))
            .await,
        400,
        131_021,
        "Recipient cannot be sender",
    );
    let stranger = json!({"to": "15550109999", "text": text});
    let answer = client
        .send_from(demo::TEST_PHONE_NUMBER_ID, stranger.clone())
        .await;
    refused(
        &answer,
        400,
        131_030,
        "(#131030) Recipient phone number not in allowed list",
    );
    assert_eq!(
        client
            .send_from(demo::TEST_PHONE_NUMBER_ID, json!({"text": text}))
            .await
            .0,
        200
    );
    assert_eq!(client.send(stranger).await.0, 200);
}

#[tokio::test]
async fn groups_get_messages_but_not_interactive_ones() {
    let mut world = World::demo();
    let group = |id: &str, participants: Vec<String>| Group {
        id: id.into(),
        phone_number_id: demo::PHONE_NUMBER_ID.into(),
        participants,
        ..Group::default()
    };
    world.groups.push(group("G1", vec![demo::CUSTOMER.into()]));
    world.groups.push(group("G2", vec![]));
    let client = Client::with(world).await;
    let to = |id: &str| json!({"to": id, "recipient_type": "group", "text": {"body": "x"}});
    let (status, body) = client.send(to("G1")).await;
    assert_eq!(
        (status, &body["messages"][0]["group_id"]),
        (200, &json!("G1"))
    );
    refused(
        &client.send(to("G2")).await,
        400,
        131_020,
        "only one member",
    );
    refused(&client.send(to("G3")).await, 400, 131_041, "Unknown group");
    let mut interactive = to("G1");
    interactive["type"] = json!("location");
    interactive["location"] = json!({"latitude": 1, "longitude": 1});
    refused(
        &client.send(interactive).await,
        400,
        131_051,
        "cannot be sent to groups",
    );
}

#[tokio::test]
async fn an_inbound_message_is_marked_as_read_with_its_elders() {
    let client = Client::demo().await;
    let customer = client.sim.customer(demo::CUSTOMER);
    let first = customer.say("one").unwrap();
    let second = customer.say("two").unwrap();
    let third = customer.say("three").unwrap();
    let path = format!("{}/messages", demo::PHONE_NUMBER_ID);
    let mark = |id: &str| json!({"messaging_product": "whatsapp", "status": "read", "message_id": id, "typing_indicator": {"type": "text"}});
    assert_eq!(
        client.post(&path, mark(&second)).await,
        (200, json!({"success": true}))
    );
    let read: Vec<_> = client.sim.world(|world| {
        world
            .inbound
            .iter()
            .map(|m| (m.id.clone(), m.read, m.typing_shown))
            .collect()
    });
    assert_eq!(
        read,
        [
            (first, true, false),
            (second.clone(), true, true),
            (third, false, false)
        ]
    );
    refused(
        &client.post(&path, mark("wamid.unknown")).await,
        400,
        100,
        "Invalid message_id",
    );
    let mut wrong = mark(&second);
    wrong["status"] = json!("unread");
    refused(
        &client.post(&path, wrong).await,
        400,
        100,
        "status must be one of {READ}",
    );
}

#[tokio::test]
async fn bodies_are_read_by_their_content_type() {
    let client = Client::demo().await;
    let url = client.url(&format!("{}/messages", demo::PHONE_NUMBER_ID));
    let text = message(json!({"text": {"body": "x"}})).to_string();
    let post = |kind: &str, body: String| {
        client
            .http
            .post(&url)
            .bearer_auth(&client.token)
            .header("content-type", kind.to_owned())
            .body(body)
    };
    for kind in [
        "application/json",
        "application/json; charset=utf-8",
        "Application/JSON;charset=UTF-8",
    ] {
        assert_eq!(read(post(kind, text.clone())).await.0, 200);
    }
    let form = format!(
        "messaging_product=whatsapp&to={}&type=text&text=%7B%22body%22%3A%22x%22%7D",
        demo::CUSTOMER
    );
    assert_eq!(
        read(post("application/x-www-form-urlencoded", form))
            .await
            .0,
        200
    );
    // What curl -d sends when nothing else is said: JSON under the name of a form.
    let answer = read(post("application/x-www-form-urlencoded", text.clone())).await;
    refused(&answer, 400, 100, "messaging_product is required");
    refused(
        &read(post("application/json", "{".into())).await,
        400,
        100,
        "not JSON",
    );
    refused(
        &read(post("application/json", "[]".into())).await,
        400,
        100,
        "not an object",
    );
    refused(
        &read(post("text/plain", text.clone())).await,
        400,
        100,
        "its Content-Type is `text/plain`",
    );
    refused(
        &read(post("multipart/form-data", text)).await,
        400,
        100,
        "multipart",
    );
}

#[tokio::test]
async fn a_blocked_customer_is_refused() {
    let mut world = World::demo();
    let mut customer = Customer::new("15550100777", "B");
    customer.blocked = true;
    world.add_customer(customer);
    let client = Client::with(world).await;
    refused(
        &client
            .send(json!({"to": "15550100777", "text": {"body": "x"}}))
            .await,
        400,
        130_403,
        "blocked",
    );
}
