//! Lists: pages, filters, order.

use graph_simulator::World;
use graph_simulator::world::demo;
use serde_json::json;

use crate::common::{Client, read, refused};

fn numbers() -> String {
    format!("{}/phone_numbers", demo::WABA_ID)
}

fn ids(body: &serde_json::Value) -> Vec<String> {
    body["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|n| n["id"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn numbers_are_paged_with_addresses_that_hold_the_token() {
    let client = Client::demo().await;
    let (_, first) = client
        .get(&format!("{}?fields=id,status&limit=2", numbers()))
        .await;
    assert_eq!(
        ids(&first),
        [demo::PHONE_NUMBER_ID, demo::UNREGISTERED_PHONE_NUMBER_ID]
    );
    let next = first["paging"]["next"].as_str().unwrap();
    assert!(next.starts_with(client.sim.url()), "{next}");
    assert!(
        next.contains(&format!("access_token={}", demo::ACCESS_TOKEN)),
        "{next}"
    );
    assert!(next.contains("fields=id%2Cstatus"), "{next}");

    // The address works as it is, without a header.
    let (status, second) = read(client.http.get(next)).await;
    assert_eq!(status, 200);
    assert_eq!(ids(&second), [demo::TEST_PHONE_NUMBER_ID]);
    assert!(second["paging"].get("next").is_none());
    let (_, back) = read(
        client
            .http
            .get(second["paging"]["previous"].as_str().unwrap()),
    )
    .await;
    assert_eq!(ids(&back), ids(&first));

    let after = first["paging"]["cursors"]["after"].as_str().unwrap();
    let (_, by_cursor) = client
        .get(&format!("{}?limit=2&after={after}", numbers()))
        .await;
    assert_eq!(ids(&by_cursor), ids(&second));
}

#[tokio::test]
async fn a_wrong_cursor_or_limit_is_refused_with_100() {
    let client = Client::demo().await;
    refused(
        &client.get(&format!("{}?after=nonsense", numbers())).await,
        400,
        100,
        "cursor",
    );
    refused(
        &client.get(&format!("{}?limit=many", numbers())).await,
        400,
        100,
        "limit",
    );
}

#[tokio::test]
async fn an_edge_without_items_has_no_paging() {
    let mut world = World::demo();
    world.phone_numbers.clear();
    let client = Client::with(world).await;
    assert_eq!(client.get(&numbers()).await.1, json!({"data": []}));
}

#[tokio::test]
async fn numbers_are_filtered_by_account_mode_and_sort_is_tolerated() {
    let client = Client::demo().await;
    let filter = r#"[{"field":"account_mode","operator":"EQUAL","value":"SANDBOX"}]"#;
    let request = client
        .http
        .get(client.url(&numbers()))
        .bearer_auth(&client.token);
    let (_, body) =
        read(request.query(&[("filtering", filter), ("sort", "creation_time_descending")])).await;
    assert_eq!(ids(&body), [demo::TEST_PHONE_NUMBER_ID]);
    refused(
        &client.get(&format!("{}?filtering=x", numbers())).await,
        400,
        100,
        "filtering",
    );
}

#[tokio::test]
async fn numbers_are_filtered_by_any_field_and_sorted() {
    let client = Client::demo().await;
    let list = async |query: &[(&str, &str)]| {
        let request = client
            .http
            .get(client.url(&numbers()))
            .bearer_auth(&client.token);
        read(request.query(query)).await
    };
    let filter = r#"[{"field":"is_pin_enabled","operator":"EQUAL","value":false},{"field":"status","operator":"NOT_IN","value":["PENDING"]}]"#;
    assert_eq!(
        ids(&list(&[("filtering", filter)]).await.1),
        [demo::PHONE_NUMBER_ID, demo::TEST_PHONE_NUMBER_ID]
    );
    let newest_first = [
        demo::TEST_PHONE_NUMBER_ID,
        demo::UNREGISTERED_PHONE_NUMBER_ID,
        demo::PHONE_NUMBER_ID,
    ];
    for order in ["creation_time.desc", "creation_time_descending"] {
        assert_eq!(ids(&list(&[("sort", order)]).await.1), newest_first);
    }
    let (_, first) = list(&[("sort", "creation_time.desc"), ("limit", "1")]).await;
    let (_, second) = read(client.http.get(first["paging"]["next"].as_str().unwrap())).await;
    assert_eq!(
        ids(&second),
        [demo::UNREGISTERED_PHONE_NUMBER_ID],
        "pages are sorted too"
    );
    let (_, by_registration) = list(&[("sort", "last_onboarded_time.asc")]).await;
    assert_eq!(
        ids(&by_registration)[0],
        demo::UNREGISTERED_PHONE_NUMBER_ID,
        "never registered"
    );
    refused(
        &list(&[("sort", "name")]).await,
        400,
        100,
        "Param sort must be one of",
    );
    let wrong = r#"[{"field":"status","operator":"LIKE","value":"x"}]"#;
    refused(
        &list(&[("filtering", wrong)]).await,
        400,
        100,
        "filtering[0]['operator'] must be one of",
    );
    let wrong = r#"[{"field":"colour","operator":"EQUAL","value":"x"}]"#;
    refused(
        &list(&[("filtering", wrong)]).await,
        400,
        100,
        "Filtering field 'colour'",
    );
}
