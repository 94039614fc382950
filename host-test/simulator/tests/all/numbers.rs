//! Objects, fields, versions, headers.

use graph_simulator::world::{PhoneNumber, demo};
use graph_simulator::{Clock, World};
use serde_json::json;

use crate::common::{Client, refused};

fn numbers() -> String {
    format!("{}/phone_numbers", demo::WABA_ID)
}

#[tokio::test]
async fn a_number_shows_the_asked_fields_and_its_id() {
    let client = Client::demo().await;
    let (_, body) = client
        .get(&format!(
            "{}?fields=status,platform_type,throughput{{level}}",
            demo::PHONE_NUMBER_ID
        ))
        .await;
    assert_eq!(
        body,
        json!({
            "status": "CONNECTED", "platform_type": "CLOUD_API", "throughput": {"level": "STANDARD"}, "id": demo::PHONE_NUMBER_ID,
        })
    );
    let (_, body) = client.get(demo::UNREGISTERED_PHONE_NUMBER_ID).await;
    assert_eq!(body["platform_type"], "NOT_APPLICABLE");
    assert_eq!(body["display_phone_number"], "+1 555-010-0002");
    assert!(
        body.get("status").is_none(),
        "status is not a default field: {body}"
    );
}

#[tokio::test]
async fn an_unknown_field_edge_object_or_method_is_refused_as_graph_does() {
    let client = Client::demo().await;
    let number = demo::PHONE_NUMBER_ID;
    refused(
        &client.get(&format!("{number}?fields=colour")).await,
        400,
        100,
        "nonexisting field (colour)",
    );
    refused(
        &client.get(&format!("{number}/friends")).await,
        400,
        100,
        "nonexisting field (friends) on node type (WhatsAppBusinessPhoneNumber)",
    );
    let answer = client.get("999").await;
    refused(
        &answer,
        400,
        100,
        "Unsupported get request. Object with ID '999' does not exist",
    );
    assert_eq!(answer.1["error"]["error_subcode"], 33);
    refused(
        &client.delete(number).await,
        400,
        100,
        "Unsupported delete request",
    );
    refused(
        &client.get(&format!("{number}/messages")).await,
        400,
        100,
        "Unsupported get request",
    );
    refused(
        &client.get(&format!("{number}/messages/more")).await,
        400,
        2500,
        "Unknown path components",
    );
}

#[tokio::test]
async fn every_version_and_none_and_unknown_query_parameters_are_accepted() {
    let client = Client::demo().await;
    for (path, version) in [("v17.0/", "v17.0"), ("v99.0/", "v99.0"), ("", "v25.0")] {
        let url = format!(
            "{}/{path}{}?pretty=1&locale=de_DE",
            client.sim.url(),
            demo::PHONE_NUMBER_ID
        );
        let answer = client
            .http
            .get(url)
            .bearer_auth(&client.token)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["facebook-api-version"], version);
        assert_eq!(
            answer.headers()["content-type"],
            "application/json; charset=UTF-8"
        );
        assert!(answer.headers().contains_key("x-fb-trace-id"));
        assert!(
            !answer.headers().contains_key("x-app-usage"),
            "usage is not notable yet"
        );
    }
}

#[tokio::test]
async fn a_new_number_is_added_verified_and_registered() {
    let client = Client::demo().await;
    let new = json!({"cc": "49", "phone_number": "1701234567", "verified_name": "Simulated GmbH"});
    let (status, body) = client.post(&numbers(), new.clone()).await;
    assert_eq!(status, 200, "{body}");
    let id = body["id"].as_str().unwrap();
    let fields = "display_phone_number,verified_name,code_verification_status,status,name_status,country_dial_code";
    let (_, number) = client.get(&format!("{id}?fields={fields}")).await;
    assert_eq!(
        number,
        json!({
            "id": id, "display_phone_number": "+49 1701234567", "verified_name": "Simulated GmbH", "country_dial_code": "49",
            "code_verification_status": "NOT_VERIFIED", "status": "PENDING", "name_status": "PENDING_REVIEW",
        })
    );
    let again = client.post(&numbers(), new).await;
    refused(&again, 400, 100, "in the list");
    assert_eq!(again.1["error"]["error_subcode"], 2_388_012);
    for (order, part) in [
        (
            json!({"cc": "49", "phone_number": "1701234568"}),
            "verified_name is required",
        ),
        (
            json!({"cc": "49", "phone_number": "1", "verified_name": "x"}),
            "not a valid phone number",
        ),
    ] {
        refused(&client.post(&numbers(), order).await, 400, 100, part);
    }
    for (edge, order) in [
        (
            "request_code",
            json!({"code_method": "SMS", "language": "de_DE"}),
        ),
        ("verify_code", json!({"code": "123456"})),
        (
            "register",
            json!({"messaging_product": "whatsapp", "pin": "123456", "data_localization_region": "DE"}),
        ),
    ] {
        let (status, body) = client.post(&format!("{id}/{edge}"), order).await;
        assert_eq!(status, 200, "{edge} {body}");
    }
    let (_, number) = client
        .get(&format!("{id}?fields=status,last_onboarded_time"))
        .await;
    assert_eq!(number["status"], "CONNECTED");
    assert_eq!(number["last_onboarded_time"], "2026-11-21T09:00:00+0000");
    assert_eq!(
        client.send_from(id, json!({"text": {"body": "x"}})).await.0,
        200
    );
}

#[tokio::test]
async fn another_display_name_waits_for_its_review() {
    let client = Client::demo().await;
    let number = demo::PHONE_NUMBER_ID;
    assert_eq!(
        client
            .post(number, json!({"new_display_name": "Better name"}))
            .await
            .0,
        200
    );
    let (_, body) = client
        .get(&format!(
            "{number}?fields=verified_name,new_display_name,new_name_status"
        ))
        .await;
    assert_eq!(
        body,
        json!({
            "id": number, "verified_name": "Simulated Business", "new_display_name": "Better name",
            "new_name_status": "PENDING_REVIEW",
        })
    );
    refused(
        &client.post(number, json!({"new_display_name": "x"})).await,
        400,
        100,
        "2 to 75",
    );
    refused(
        &client.post(number, json!({})).await,
        400,
        100,
        "pin is required",
    );
}

#[tokio::test]
async fn every_field_of_a_number_that_connectors_ask_for_is_there() {
    let client = Client::demo().await;
    let fields = "id,verified_name,display_phone_number,quality_rating,code_verification_status,name_status,account_mode,\
        messaging_limit_tier,whatsapp_business_manager_messaging_limit,platform_type,is_official_business_account,status,\
        throughput,health_status,is_pin_enabled,last_onboarded_time,webhook_configuration,is_on_biz_app";
    let (status, body) = client
        .get(&format!(
            "{}?fields={}",
            demo::PHONE_NUMBER_ID,
            fields.replace(' ', "")
        ))
        .await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(body.as_object().unwrap().len(), 18, "{body}");
    assert_eq!(body["whatsapp_business_manager_messaging_limit"], "TIER_2K");
    assert_eq!(body["last_onboarded_time"], "2026-11-01T08:00:00+0000");
}

#[tokio::test]
async fn a_waba_shows_its_fields_and_expands_its_numbers() {
    let client = Client::demo().await;
    let (_, body) = client
        .get(&format!(
            "{}?fields=name,phone_numbers.limit(9){{status}}",
            demo::WABA_ID
        ))
        .await;
    assert_eq!(body["name"], "Simulated Business Account");
    let (_, apps) = client
        .get(&format!("{}?fields=subscribed_apps", demo::WABA_ID))
        .await;
    assert_eq!(
        apps["subscribed_apps"]["data"][0]["whatsapp_business_api_data"]["id"],
        demo::APP_ID
    );
    assert_eq!(
        body["phone_numbers"]["data"][0],
        json!({"id": demo::PHONE_NUMBER_ID, "status": "CONNECTED"})
    );
}

#[tokio::test]
async fn management_calls_are_limited_per_hour_and_usage_is_told() {
    let mut world = World::demo();
    world.settings.management_calls_per_hour = Some(2);
    let client = Client::with(world).await;
    assert_eq!(client.get(&numbers()).await.0, 200);
    let answer = client
        .http
        .get(client.url(&numbers()))
        .bearer_auth(&client.token)
        .send()
        .await
        .unwrap();
    assert!(
        answer.headers()["x-app-usage"]
            .to_str()
            .unwrap()
            .contains("\"call_count\":100")
    );
    let usage = answer.headers()["x-business-use-case-usage"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        usage.contains(demo::WABA_ID) && usage.contains("\"estimated_time_to_regain_access\":60"),
        "{usage}"
    );
    refused(&client.get(&numbers()).await, 400, 80007, "too many calls");
    client
        .sim
        .clock()
        .advance(std::time::Duration::from_secs(3600));
    assert_eq!(client.get(&numbers()).await.0, 200);
}

#[tokio::test]
async fn a_waba_without_a_registered_number_has_200_calls_per_hour() {
    let mut world = World::demo();
    world.phone_numbers.retain(|number| !number.is_registered());
    let client = Client::with(world).await;
    for _ in 0..200 {
        assert_eq!(client.get(&numbers()).await.0, 200);
    }
    refused(&client.get(&numbers()).await, 400, 80007, "too many calls");
}

#[tokio::test]
async fn shutdown_frees_the_port_and_a_real_clock_can_be_used() {
    let sim = graph_simulator::Simulator::builder()
        .clock(Clock::real())
        .start()
        .await
        .unwrap();
    let port = sim.address().port();
    assert!(!sim.clock().is_manual());
    sim.shutdown().await;
    let again = graph_simulator::Simulator::builder()
        .port(port)
        .start()
        .await
        .unwrap();
    assert_eq!(again.address().port(), port);
    let taken = graph_simulator::Simulator::builder()
        .port(port)
        .start()
        .await;
    assert!(taken.unwrap_err().to_string().contains("another port"));
}

#[tokio::test]
async fn a_coexistence_number_is_shown_as_such() {
    let mut world = World::demo();
    let mut number = PhoneNumber::new("1", demo::WABA_ID, "+1 555-010-0009");
    number.is_on_biz_app = true;
    world.add_phone_number(number);
    let client = Client::with(world).await;
    assert_eq!(
        client.get("1?fields=is_on_biz_app").await.1["is_on_biz_app"],
        true
    );
}
