//! Template messages and template management.

use graph_simulator::World;
use graph_simulator::world::{Template, demo};
use serde_json::{Value, json};

use crate::common::{Answer, Client, refused};

pub async fn template(client: &Client, name: &str, components: Value) -> Answer {
    let template = json!({"name": name, "language": {"code": "en_US"}, "components": components});
    client
        .send(json!({"type": "template", "template": template}))
        .await
}

pub fn text(text: &str) -> Value {
    json!({"type": "text", "text": text})
}

fn named(name: &str) -> Value {
    json!({"type": "text", "parameter_name": name, "text": "x"})
}

pub fn body(parameters: &[Value]) -> Value {
    json!({"type": "body", "parameters": parameters})
}

pub fn image_header() -> Value {
    json!({"type": "header", "parameters": [{"type": "image", "image": {"link": "https://example.com/a.jpg"}}]})
}

fn url_button() -> Value {
    json!({"type": "BUTTON", "sub_type": "url", "index": 1, "parameters": [text("A-17")]})
}

#[tokio::test]
async fn templates_with_all_their_parameters_are_accepted() {
    let client = Client::demo().await;
    let (status, answer) = template(&client, "hello_world", Value::Null).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["messages"][0]["message_status"], "accepted");
    let full = json!([
        image_header(),
        body(&[text("Kim"), text("A-17")]),
        url_button()
    ]);
    assert_eq!(template(&client, "order_update", full).await.0, 200);
    let by_name = json!([body(&[named("date"), named("customer_name")])]);
    assert_eq!(template(&client, "appointment", by_name).await.0, 200);
}

#[tokio::test]
async fn a_template_that_is_not_there_or_not_approved_is_132001() {
    let client = Client::demo().await;
    let answer = template(&client, "nothing", json!([])).await;
    refused(
        &answer,
        404,
        132_001,
        "template name (nothing) does not exist in en_US",
    );
    refused(
        &template(&client, "rejected_offer", json!([])).await,
        404,
        132_001,
        "does not exist",
    );
    let other = json!({"type": "template", "template": {"name": "hello_world", "language": {"code": "de"}}});
    refused(
        &client.send(other).await,
        404,
        132_001,
        "does not exist in de",
    );
}

#[tokio::test]
async fn paused_and_disabled_templates_have_codes_of_their_own() {
    let client = Client::demo().await;
    refused(
        &template(&client, "paused_offer", json!([])).await,
        400,
        132_015,
        "paused",
    );
    refused(
        &template(&client, "disabled_offer", json!([])).await,
        400,
        132_016,
        "disabled",
    );
}

#[tokio::test]
async fn a_wrong_number_of_parameters_is_132000() {
    let client = Client::demo().await;
    let one = json!([image_header(), body(&[text("Kim")]), url_button()]);
    refused(
        &template(&client, "order_update", one).await,
        400,
        132_000,
        "body: number of localizable_params (1) does not match the expected number of params (2)",
    );
    refused(
        &template(&client, "hello_world", json!([body(&[text("x")])])).await,
        400,
        132_000,
        "(1) does not match the expected number of params (0)",
    );
    let header = json!([{"type": "header", "parameters": [text("x")]}]);
    refused(
        &template(&client, "hello_world", header).await,
        400,
        132_000,
        "header: number of localizable_params (1)",
    );
}

#[tokio::test]
async fn parameters_of_the_wrong_format_are_132012() {
    let client = Client::demo().await;
    let params = body(&[text("Kim"), text("A-17")]);
    let no_header = json!([params, url_button()]);
    refused(
        &template(&client, "order_update", no_header).await,
        400,
        132_012,
        "expected IMAGE, received UNKNOWN",
    );
    let text_header = json!([{"type": "header", "parameters": [text("x")]}, params, url_button()]);
    refused(
        &template(&client, "order_update", text_header).await,
        400,
        132_012,
        "expected IMAGE, received TEXT",
    );
    refused(
        &template(
            &client,
            "appointment",
            json!([body(&[text("a"), text("b")])]),
        )
        .await,
        400,
        132_012,
        "Parameter name is missing",
    );
    refused(
        &template(
            &client,
            "appointment",
            json!([body(&[named("date"), named("hour")])]),
        )
        .await,
        400,
        132_012,
        "hour",
    );
    let positional = json!([
        image_header(),
        body(&[named("1"), named("2")]),
        url_button()
    ]);
    refused(
        &template(&client, "order_update", positional).await,
        400,
        132_012,
        "POSITIONAL",
    );
}

#[tokio::test]
async fn a_missing_button_parameter_or_text_is_131008() {
    let client = Client::demo().await;
    let params = body(&[text("Kim"), text("A-17")]);
    let no_button = json!([image_header(), params]);
    refused(
        &template(&client, "order_update", no_button).await,
        400,
        131_008,
        "Button at index 1 of type Url requires a parameter",
    );
    let empty = json!([image_header(), body(&[text("Kim"), text("")]), url_button()]);
    refused(
        &template(&client, "order_update", empty).await,
        400,
        131_008,
        "missing text value",
    );
}

#[tokio::test]
async fn odd_texts_and_unknown_buttons_are_132018_and_long_ones_132005() {
    let client = Client::demo().await;
    let with = |kim: &str| {
        json!([
            image_header(),
            body(&[text(kim), text("A-17")]),
            url_button()
        ])
    };
    refused(
        &template(&client, "order_update", with("a\nb")).await,
        400,
        132_018,
        "new-line",
    );
    refused(
        &template(&client, "order_update", with(&"a".repeat(1100))).await,
        400,
        132_005,
        "too long",
    );
    let button =
        json!([{"type": "button", "sub_type": "quick_reply", "index": "0", "parameters": []}]);
    assert_eq!(
        template(&client, "hello_world", button.clone()).await.0,
        200,
        "a template without buttons does not look at them"
    );
    let third = json!([image_header(), body(&[text("a"), text("b")]), url_button(), {"type": "button", "sub_type": "quick_reply", "index": "2", "parameters": []}]);
    refused(
        &template(&client, "order_update", third).await,
        400,
        132_018,
        "no button at index 2",
    );
}

#[tokio::test]
async fn the_language_and_name_are_required() {
    let client = Client::demo().await;
    refused(
        &client
            .send(json!({"type": "template", "template": {"name": "x"}}))
            .await,
        400,
        100,
        "template['language'] is required",
    );
    refused(
        &client
            .send(json!({"type": "template", "template": {}}))
            .await,
        400,
        100,
        "template['name'] is required",
    );
}

#[tokio::test]
async fn authentication_templates_cannot_go_to_user_ids() {
    let client = Client::demo().await;
    let code = json!([body(&[text("123")]), {"type": "button", "sub_type": "url", "index": "0", "parameters": [text("123")]}]);
    assert_eq!(template(&client, "login_code", code.clone()).await.0, 200);
    let answer = client
        .send(
            json!({"to": null, "recipient": demo::CUSTOMER_USER_ID, "type": "template",
        "template": {"name": "login_code", "language": {"code": "en_US"}, "components": code}}),
        )
        .await;
    refused(&answer, 400, 131_062, "BSUID");
}

#[tokio::test]
async fn cards_are_compared_one_by_one() {
    let mut world = World::demo();
    let card = json!({"components": [{"type": "BODY", "text": "Card {{1}}"}]});
    world.add_template(Template::new(
        demo::WABA_ID,
        "cards",
        "en_US",
        vec![
            json!({"type": "BODY", "text": "Look"}),
            json!({"type": "CAROUSEL", "cards": [card, card]}),
        ],
    ));
    let client = Client::with(world).await;
    let given = |count: usize, params: &[Value]| {
        json!([{"type": "carousel", "cards":
        (0..count).map(|n| json!({"card_index": n, "components": [body(params)]})).collect::<Vec<_>>()}])
    };
    assert_eq!(
        template(&client, "cards", given(2, &[text("x")])).await.0,
        200
    );
    refused(
        &template(&client, "cards", given(1, &[text("x")])).await,
        400,
        132_012,
        "number of cards (1)",
    );
    refused(
        &template(&client, "cards", given(2, &[])).await,
        400,
        132_000,
        "expected number of params (1)",
    );
}

#[tokio::test]
async fn the_marketing_endpoint_takes_only_marketing_templates() {
    let client = Client::demo().await;
    let path = format!("{}/marketing_messages", demo::PHONE_NUMBER_ID);
    let send = |members: Value| client.post(&path, crate::common::message(members));
    refused(
        &send(json!({"text": {"body": "x"}})).await,
        400,
        131_055,
        "Only marketing",
    );
    let by_name = |name: &str| json!({"type": "template", "template": {"name": name, "language": {"code": "en_US"}}, "product_policy": "STRICT"});
    refused(
        &send(by_name("hello_world")).await,
        400,
        134_100,
        "MARKETING",
    );
    assert_eq!(send(by_name("summer_sale")).await.0, 200);
}

#[tokio::test]
async fn marketing_can_be_switched_off_for_the_messages_endpoint() {
    let client = Client::demo().await;
    assert_eq!(template(&client, "summer_sale", json!([])).await.0, 200);
    client
        .sim
        .world(|world| world.wabas[0].disable_marketing_messages_on_cloud_api = true);
    refused(
        &template(&client, "summer_sale", json!([])).await,
        400,
        131_063,
        "Marketing",
    );
    assert_eq!(template(&client, "hello_world", json!([])).await.0, 200);
}
