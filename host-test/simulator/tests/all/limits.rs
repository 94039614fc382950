//! Throughput and pair rate, by the movable clock.

use std::time::Duration;

use graph_simulator::World;
use graph_simulator::world::demo;
use serde_json::json;

use crate::common::{Client, refused};

#[tokio::test]
async fn the_46th_message_to_a_customer_is_131056_until_six_seconds_passed() {
    let client = Client::demo().await;
    for _ in 0..45 {
        assert_eq!(client.send_text("x").await.0, 200);
    }
    refused(
        &client.send_text("x").await,
        400,
        131_056,
        "pair rate limit hit",
    );
    assert_eq!(
        client
            .send(json!({"to": "+4915550100200", "text": {"body": "x"}}))
            .await
            .0,
        200,
        "others are not affected"
    );
    let by_user_id =
        json!({"to": null, "recipient": demo::CUSTOMER_USER_ID, "text": {"body": "x"}});
    refused(
        &client.send(by_user_id).await,
        400,
        131_056,
        "pair rate limit hit",
    );
    client.sim.clock().advance(Duration::from_secs(6));
    assert_eq!(client.send_text("x").await.0, 200);
    refused(
        &client.send_text("x").await,
        400,
        131_056,
        "short period of time",
    );
}

#[tokio::test]
async fn the_81st_message_of_a_second_is_130429() {
    let client = Client::demo().await;
    let send = async |n: u32| {
        client
            .send(json!({"to": format!("+4915550{n:06}"), "text": {"body": "x"}}))
            .await
    };
    for n in 0..80 {
        assert_eq!(send(n).await.0, 200);
    }
    refused(&send(80).await, 400, 130_429, "throughput has been reached");
    client.sim.clock().advance(Duration::from_secs(1));
    assert_eq!(send(81).await.0, 200);
}

#[tokio::test]
async fn a_coexistence_number_sends_20_a_second() {
    let mut world = World::demo();
    world
        .phone_number_mut(demo::PHONE_NUMBER_ID)
        .unwrap()
        .is_on_biz_app = true;
    let client = Client::with(world).await;
    for _ in 0..20 {
        assert_eq!(client.send_text("x").await.0, 200);
    }
    refused(&client.send_text("x").await, 400, 130_429, "Rate limit hit");
}

#[tokio::test]
async fn the_limits_can_be_switched_off() {
    let mut world = World::demo();
    world.settings.pair_burst = None;
    world.settings.throughput_limit = false;
    let client = Client::with(world).await;
    for _ in 0..100 {
        assert_eq!(client.send_text("x").await.0, 200);
    }
}
