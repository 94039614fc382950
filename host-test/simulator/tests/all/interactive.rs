//! Interactive messages of all kinds.

use graph_simulator::World;
use serde_json::{Value, json};

use crate::common::{Client, refused};

/// A client that may send many messages to the one customer.
async fn client() -> Client {
    let mut world = World::demo();
    world.settings.pair_burst = None;
    Client::with(world).await
}

fn interactive(kind: &str, action: Value) -> Value {
    json!({"type": kind, "body": {"text": "b"}, "action": action})
}

fn with(mut message: Value, name: &str, member: Value) -> Value {
    message[name] = member;
    message
}

fn without(mut message: Value, name: &str) -> Value {
    message.as_object_mut().unwrap().remove(name);
    message
}

async fn send(client: &Client, interactive: Value) -> (u16, Value) {
    client
        .send(json!({"type": "interactive", "interactive": interactive}))
        .await
}

fn button(id: usize, title: &str) -> Value {
    json!({"type": "reply", "reply": {"id": id.to_string(), "title": title}})
}

fn buttons(list: Vec<Value>) -> Value {
    interactive("button", json!({ "buttons": list }))
}

fn list(rows: usize, title: &str) -> Value {
    let rows: Vec<_> = (0..rows)
        .map(|n| json!({"id": n.to_string(), "title": title}))
        .collect();
    interactive(
        "list",
        json!({"button": "go", "sections": [{"rows": rows}]}),
    )
}

fn cta_url(url: &str) -> Value {
    let action = json!({"name": "cta_url", "parameters": {"display_text": "Open", "url": url}});
    interactive("cta_url", action)
}

fn flow(parameters: Value) -> Value {
    let mut all = json!({"flow_message_version": "3", "flow_id": "1", "flow_cta": "Book"});
    all.as_object_mut()
        .unwrap()
        .extend(parameters.as_object().unwrap().clone());
    interactive("flow", json!({"name": "flow", "parameters": all}))
}

fn products(sections: Value) -> Value {
    let action = json!({"catalog_id": "1", "sections": sections});
    with(
        interactive("product_list", action),
        "header",
        json!({"type": "text", "text": "h"}),
    )
}

fn named(kind: &str, name: &str, parameters: Value) -> Value {
    let action = match parameters {
        Value::Null => json!({ "name": name }),
        parameters => json!({"name": name, "parameters": parameters}),
    };
    interactive(kind, action)
}

/// A media card with a link.
fn card(index: usize) -> Value {
    json!({
        "card_index": index, "type": "cta_url",
        "header": {"type": "image", "image": {"link": "https://example.com/a.jpg"}},
        "body": {"text": "one\ntwo\nthree"},
        "action": {"name": "cta_url", "parameters": {"display_text": "Buy", "url": "https://example.com/"}},
    })
}

fn quick_reply_card(index: usize, titles: &[&str]) -> Value {
    let buttons: Vec<_> = titles
        .iter()
        .map(|title| json!({"type": "quick_reply", "quick_reply": {"id": title, "title": title}}))
        .collect();
    let card = with(card(index), "action", json!({ "buttons": buttons }));
    with(card, "type", json!("button"))
}

fn carousel(cards: Vec<Value>) -> Value {
    interactive("carousel", json!({ "cards": cards }))
}

#[tokio::test]
async fn every_kind_is_accepted() {
    let client = client().await;
    let image = json!({"type": "image", "image": {"link": "https://example.com/a.jpg"}});
    let product_card = |index: usize| json!({"card_index": index, "type": "product", "action": {"product_retailer_id": "a", "catalog_id": "1"}});
    for message in [
        with(buttons(vec![button(1, "t")]), "header", image.clone()),
        with(list(10, "t"), "footer", json!({"text": "f"})),
        with(cta_url("https://example.com/"), "header", image),
        flow(json!({})),
        flow(json!({
            "flow_action": "navigate", "mode": "draft", "flow_token": "t",
            "flow_action_payload": {"screen": "FIRST", "data": {"a": 1}},
        })),
        interactive(
            "product",
            json!({"catalog_id": "1", "product_retailer_id": "2"}),
        ),
        without(
            interactive(
                "product",
                json!({"catalog_id": "1", "product_retailer_id": "2"}),
            ),
            "body",
        ),
        products(json!([{"product_items": [{"product_retailer_id": "2"}]}])),
        named("catalog_message", "catalog_message", Value::Null),
        named(
            "catalog_message",
            "catalog_message",
            json!({"thumbnail_product_retailer_id": "2"}),
        ),
        carousel((0..10).map(card).collect()),
        carousel(vec![
            quick_reply_card(0, &["a", "b"]),
            quick_reply_card(1, &["c", "d"]),
        ]),
        carousel(vec![product_card(0), product_card(1)]),
        named("location_request_message", "send_location", Value::Null),
        named(
            "address_message",
            "address_message",
            json!({"country": "IN", "values": {"city": "Pune"}}),
        ),
        named(
            "call_permission_request",
            "call_permission_request",
            Value::Null,
        ),
        named("request_contact_info", "request_contact_info", Value::Null),
        named(
            "voice_call",
            "voice_call",
            json!({"display_text": "Call us", "ttl_minutes": 60}),
        ),
        named(
            "order_details",
            "review_and_pay",
            json!({"reference_id": "1"}),
        ),
        named("order_status", "review_order", json!({"reference_id": "1"})),
    ] {
        let (status, body) = send(&client, message.clone()).await;
        assert_eq!(status, 200, "{message} {body}");
    }
}

#[tokio::test]
async fn values_out_of_range_are_131009() {
    let client = client().await;
    let header = |kind: &str| json!({"type": kind, kind: {"link": "https://example.com/a"}});
    for (message, part) in [
        (buttons(vec![]), "Invalid buttons count"),
        (
            buttons((0..4).map(|n| button(n, "t")).collect()),
            "Max allowed buttons: 3",
        ),
        (
            buttons(vec![button(1, &"t".repeat(21))]),
            "Button title length invalid",
        ),
        (
            buttons(vec![button(1, "a"), button(1, "b")]),
            "Duplicated button ids",
        ),
        (
            list(11, "t"),
            "Total row count exceed max allowed count: 10",
        ),
        (list(1, &"t".repeat(25)), "Row title length invalid"),
        (
            with(list(1, "t"), "header", header("image")),
            "header of type image",
        ),
        (
            with(
                carousel(vec![card(0), card(1)]),
                "footer",
                json!({"text": "f"}),
            ),
            "cannot have a footer",
        ),
        (cta_url("example.com"), "not a valid URL"),
        (
            flow(json!({"flow_name": "also"})),
            "Only one of flow_id and flow_name",
        ),
        (
            flow(json!({"flow_cta": "x".repeat(31)})),
            "Flow CTA length invalid",
        ),
        (products(json!([])), "Invalid sections count"),
        (
            products(json!([{"product_items": []}])),
            "Invalid products count",
        ),
        (
            products(
                json!([{"product_items": [{"product_retailer_id": "1"}]}, {"product_items": [{"product_retailer_id": "1"}]}]),
            ),
            "Section title length invalid",
        ),
        (
            named("voice_call", "voice_call", json!({"ttl_minutes": 43_201})),
            "ttl_minutes",
        ),
        (carousel(vec![card(0)]), "Min allowed cards: 2"),
        (carousel(vec![card(0), card(0)]), "Duplicated card indices"),
        (carousel(vec![card(0), card(10)]), "between 0 and 9"),
        (
            carousel(vec![card(0), quick_reply_card(1, &["a"])]),
            "All cards must have the same",
        ),
        (
            carousel(vec![
                quick_reply_card(0, &["a"]),
                quick_reply_card(1, &["a", "b"]),
            ]),
            "All cards must have the same",
        ),
        (
            carousel(vec![with(card(0), "header", header("document")), card(1)]),
            "must be image or video",
        ),
        (
            carousel(vec![
                with(card(0), "body", json!({"text": "1\n2\n3\n4"})),
                card(1),
            ]),
            "at most 2 line breaks",
        ),
    ] {
        let answer = send(&client, message).await;
        refused(&answer, 400, 131_009, part);
    }
}

#[tokio::test]
async fn missing_and_wrong_parameters_are_100_or_131008() {
    let client = client().await;
    for (message, code, part) in [
        (
            interactive("telepathy", json!({})),
            100,
            "interactive['type'] must be one of {ADDRESS_MESSAGE",
        ),
        (
            without(buttons(vec![button(1, "t")]), "body"),
            100,
            "interactive['body']['text'] is required",
        ),
        (
            without(buttons(vec![button(1, "t")]), "action"),
            100,
            "interactive['action'] is required",
        ),
        (
            with(list(1, "t"), "body", json!({"text": "b".repeat(4097)})),
            100,
            "at most 4096",
        ),
        (
            with(
                buttons(vec![button(1, "t")]),
                "body",
                json!({"text": "b".repeat(1025)}),
            ),
            100,
            "at most 1024",
        ),
        (
            with(
                cta_url("https://a.b"),
                "header",
                json!({"type": "text", "text": "h".repeat(61)}),
            ),
            100,
            "at most 60",
        ),
        (
            with(cta_url("https://a.b"), "header", json!({"type": "sticker"})),
            100,
            "interactive['header']['type'] must be one of",
        ),
        (
            named("location_request_message", "location", Value::Null),
            100,
            "must be one of {SEND_LOCATION} - got \\\"location",
        ),
        (
            interactive("request_contact_info", json!({})),
            100,
            "interactive['action']['name'] is required",
        ),
        (
            without(
                products(json!([{"product_items": [{"product_retailer_id": "1"}]}])),
                "header",
            ),
            100,
            "interactive['header'] is required",
        ),
        (
            interactive("product", json!({"product_retailer_id": "1"})),
            100,
            "['catalog_id'] is required",
        ),
        (
            flow(json!({"mode": "test"})),
            100,
            "['mode'] must be one of {DRAFT, PUBLISHED}",
        ),
        (
            flow(json!({"flow_action_payload": {"data": {}}})),
            100,
            "['screen'] is required",
        ),
        (
            named("address_message", "address_message", json!({"values": {}})),
            100,
            "['country'] is required",
        ),
        (
            named("address_message", "address_message", Value::Null),
            131_008,
            "'parameters' is mandatory",
        ),
        (
            named("flow", "flow", json!({"flow_cta": "x"})),
            131_008,
            "'flow_id' or 'flow_name' is mandatory",
        ),
        (
            carousel(vec![without(card(0), "header"), card(1)]),
            100,
            "['cards'][0]['header']['type'] is required",
        ),
        (
            carousel(vec![without(card(0), "action"), card(1)]),
            100,
            "['cards'][0]['action'] is required",
        ),
        (
            carousel(vec![
                with(
                    card(0),
                    "header",
                    json!({"type": "image", "image": {"id": "404"}}),
                ),
                card(1),
            ]),
            100,
            "['cards'][0]['header']['image']['id'] is not a valid whatsapp business account media",
        ),
    ] {
        let answer = send(&client, message).await;
        refused(&answer, 400, code, part);
    }
}
