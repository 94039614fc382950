//! Carousels, offers, codes, places and flows in template messages.

use graph_simulator::World;
use graph_simulator::world::{Template, demo};
use serde_json::{Value, json};

use crate::common::{Client, refused};
use crate::templates::{body, image_header, template, text};

fn button(sub_type: &str, index: usize, parameter: Value) -> Value {
    json!({"type": "button", "sub_type": sub_type, "index": index.to_string(), "parameters": [parameter]})
}

fn offer(expiration: Value) -> Value {
    json!({"type": "limited_time_offer", "parameters": [
        {"type": "limited_time_offer", "limited_time_offer": {"expiration_time_ms": expiration}},
    ]})
}

fn coupon(code: &str) -> Value {
    button(
        "copy_code",
        0,
        json!({"type": "coupon_code", "coupon_code": code}),
    )
}

#[tokio::test]
async fn the_other_templates_of_the_demo_world_can_be_sent() {
    let client = Client::demo().await;
    let of =
        |name: &str, value: &str| json!({"type": "text", "parameter_name": name, "text": value});
    let parcel = json!([
        image_header(),
        body(&[
            of("last_day", "Friday"),
            of("customer_name", "Kim"),
            of("parcel_number", "A")
        ]),
        button("url", 0, text("A-17")),
    ]);
    assert_eq!(template(&client, "parcel_ready", parcel).await.0, 200);
    let card = |index: usize| {
        json!({"card_index": index, "components": [
            image_header(),
            body(&[text("$9")]),
            button("quick_reply", 0, json!({"type": "payload", "payload": "more"})),
            button("url", 1, text("1")),
        ]})
    };
    let cards = |indices: &[usize]| {
        let cards: Vec<_> = indices.iter().map(|index| card(*index)).collect();
        json!([body(&[text("plants"), text("Kim")]), {"type": "carousel", "cards": cards}])
    };
    let (status, answer) = template(&client, "new_arrivals", cards(&[0, 1])).await;
    assert_eq!(status, 200, "{answer}");
    refused(
        &template(&client, "new_arrivals", cards(&[0, 2])).await,
        400,
        132_018,
        "must have card_index 1",
    );
    let sale = |parts: &[Value]| {
        let mut all = vec![
            image_header(),
            body(&[text("Kim"), text("SALE25")]),
            button("url", 1, text("SALE25")),
        ];
        all.extend(parts.iter().cloned());
        Value::Array(all)
    };
    let whole = sale(&[offer(json!(1_795_000_000_000_u64)), coupon("SALE25")]);
    assert_eq!(template(&client, "flash_sale", whole).await.0, 200);
    for (parts, code, part) in [
        (vec![coupon("SALE25")], 131_008, "expiration_time_ms"),
        (
            vec![offer(json!("tomorrow")), coupon("SALE25")],
            132_012,
            "expiration_time_ms",
        ),
        (
            vec![offer(json!(1))],
            131_008,
            "Button at index 0 of type CopyCode requires a parameter",
        ),
        (
            vec![offer(json!(1)), coupon(&"A".repeat(21))],
            100,
            "coupon_code must be at most 20",
        ),
        (
            vec![offer(json!(1)), button("copy_code", 0, text("SALE25"))],
            132_018,
            "parameter of type coupon_code, received text",
        ),
        (
            vec![offer(json!(1)), button("url", 0, text("SALE25"))],
            132_018,
            "has sub_type copy_code, received url",
        ),
    ] {
        refused(
            &template(&client, "flash_sale", sale(&parts)).await,
            400,
            code,
            part,
        );
    }
    let place = json!({"type": "location", "location": {"latitude": "1.5", "longitude": "2", "name": "Shop", "address": "Street 1"}});
    let header = |parameter: &Value| json!([{"type": "header", "parameters": [parameter]}]);
    assert_eq!(
        template(&client, "pickup_point", header(&place)).await.0,
        200
    );
    refused(
        &template(
            &client,
            "pickup_point",
            header(&json!({"type": "location", "location": {"name": "Shop"}})),
        )
        .await,
        400,
        100,
        "['location']['latitude'] is required",
    );
    let action =
        json!({"type": "action", "action": {"flow_token": "t", "flow_action_data": {"a": 1}}});
    let form = json!([{"type": "header", "parameters": [of("first_name", "Kim")]}, button("flow", 0, action)]);
    assert_eq!(template(&client, "feedback_form", form).await.0, 200);
}

#[tokio::test]
async fn what_the_template_does_not_have_cannot_be_filled_in() {
    let client = Client::demo().await;
    for (components, code, part) in [
        (
            json!([offer(json!(1))]),
            132_018,
            "the template has no offer",
        ),
        (
            json!([{"type": "carousel", "cards": []}]),
            132_018,
            "the template has no cards",
        ),
        (
            json!([{"type": "footer", "parameters": []}]),
            100,
            "template['components'][0]['type'] must be one of {BODY",
        ),
        (
            json!([{"type": "carousel", "cards": [{"components": [{"type": "header", "parameters": [{"type": "image", "image": {"id": "404"}}]}]}]}]),
            132_018,
            "no cards",
        ),
    ] {
        refused(
            &template(&client, "hello_world", components).await,
            400,
            code,
            part,
        );
    }
    let call = button("voice_call", 0, json!({"type": "payload", "payload": "x"}));
    let place = json!({"type": "header", "parameters": [{"type": "location", "location": {"latitude": 1, "longitude": 2}}]});
    refused(
        &template(&client, "pickup_point", json!([place, call])).await,
        400,
        132_018,
        "of type PHONE_NUMBER takes no parameter",
    );
}

#[tokio::test]
async fn two_product_cards_stand_for_up_to_ten() {
    let mut world = World::demo();
    let card = json!({"components": [{"type": "HEADER", "format": "PRODUCT"}, {"type": "BUTTONS", "buttons": [{"type": "SPM", "text": "View"}]}]});
    world.add_template(Template::new(
        demo::WABA_ID,
        "products",
        "en_US",
        vec![
            json!({"type": "BODY", "text": "Look"}),
            json!({"type": "CAROUSEL", "cards": [card, card]}),
        ],
    ));
    let client = Client::with(world).await;
    let given = |count: usize| {
        let product =
            json!({"type": "product", "product": {"product_retailer_id": "1", "catalog_id": "2"}});
        let cards: Vec<_> = (0..count)
            .map(|n| json!({"card_index": n, "components": [{"type": "header", "parameters": [product]}]}))
            .collect();
        json!([{"type": "carousel", "cards": cards}])
    };
    for count in [2, 3, 10] {
        assert_eq!(template(&client, "products", given(count)).await.0, 200);
    }
    for count in [1, 11] {
        refused(
            &template(&client, "products", given(count)).await,
            400,
            132_012,
            "number of cards",
        );
    }
}
