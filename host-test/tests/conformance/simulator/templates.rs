//! Templates from the list to the message: the form of every template of the demo world, filled in with what it shows, is a message that
//! the simulator takes; what is wrong about it is refused before anything leaves.

use graph_simulator::Simulator;
use graph_simulator::world::demo;
use host_test::wit::messages::Template;
use host_test::wit::templates::{
    NewTemplate, TemplateCategory, TemplateChange, TemplateReference, TemplateRemoval,
    TemplateValues, TemplatesQuery,
};
use host_test::wit::types::{Error, TemplateAddress};
use host_test::{Account, CallError};
use serde_json::{Map, Value, json};

use super::{account, customer, host};

fn refused<T: std::fmt::Debug>(result: Result<T, CallError>) -> Error {
    match result {
        Err(CallError::Refused(error)) => *error,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

fn field(error: &Error) -> String {
    let fault = error.fault().unwrap();
    assert!(
        matches!(error, Error::PermanentInvalidInput(_)),
        "{error:?}"
    );
    assert!(!fault.advice.is_empty(), "{error:?}");
    fault.field.clone().unwrap()
}

fn named(name: &str) -> TemplateReference {
    TemplateReference {
        business_account_id: None,
        id: None,
        name: Some(name.to_owned()),
        language: Some("en_US".to_owned()),
        template: None,
    }
}

fn message(name: &str, values: &Map<String, Value>) -> Template {
    Template {
        values: Some(Value::from(values.clone()).to_string()),
        ..Template::new(TemplateAddress::to(customer()), name, "en_US")
    }
}

/// A value that a property of a form allows: its example, if it has one.
fn sample(name: &str, property: &Value) -> Value {
    if let Some(example) = property["examples"].get(0) {
        return example.clone();
    }
    match (name, property["type"].as_str().unwrap()) {
        ("header_location", _) => json!({"latitude": 52.52, "longitude": 13.4, "name": "Shop"}),
        (_, "string") => "sample".into(),
        (_, "integer") => property["minimum"].clone(),
        _ => json!({"id": "sample"}),
    }
}

/// The form of a template, and values for all of it.
async fn filled(account: &Account, name: &str) -> (Value, Map<String, Value>) {
    let described = account.describe_template(&named(name)).await.unwrap();
    assert_eq!(described.name.as_deref(), Some(name));
    let form: Value = serde_json::from_str(&described.form).unwrap();
    let names = form["x-order"].as_array().unwrap().iter();
    let values = names.map(|name| {
        let name = name.as_str().unwrap();
        (name.to_owned(), sample(name, &form["properties"][name]))
    });
    let values = values.collect();
    (form, values)
}

/// The templates of the demo world that are approved, and those that are not.
async fn names(account: &Account) -> (Vec<String>, Vec<String>) {
    let list = account.list_templates(&TemplatesQuery::default()).await;
    let (approved, others): (Vec<_>, Vec<_>) = list
        .unwrap()
        .templates
        .into_iter()
        .partition(|template| template.status.as_deref() == Some("APPROVED"));
    let names = |list: Vec<host_test::wit::templates::Template>| {
        let names = list.into_iter().map(|template| template.name.unwrap());
        names.collect::<Vec<_>>()
    };
    (names(approved), names(others))
}

#[tokio::test]
async fn every_form_filled_in_is_a_message() {
    let simulator = Simulator::builder().start().await.unwrap();
    let host = host(&simulator);
    let account = account(&host, &simulator);
    let (approved, _) = names(&account).await;
    for name in [
        "parcel_ready",
        "new_arrivals",
        "flash_sale",
        "pickup_point",
        "feedback_form",
        "login_code",
        "appointment",
        "hello_world",
        "order_update",
    ] {
        assert!(approved.iter().any(|known| known == name), "{name}");
    }
    for name in &approved {
        let (form, values) = filled(&account, name).await;
        // All of it, and only what is required.
        let required = form["required"].as_array().unwrap();
        let mut least = values.clone();
        least.retain(|name, _| required.iter().any(|required| required == name));
        for values in [&values, &least] {
            let sent = account.send_template(&message(name, values)).await;
            let sent = sent.unwrap_or_else(|error| panic!("{name} {values:?}: {error}"));
            assert!(simulator.message(&sent.message_id).is_some());
        }
    }
}

#[tokio::test]
async fn what_does_not_fit_a_template_is_refused_and_nothing_is_sent() {
    let simulator = Simulator::builder().start().await.unwrap();
    let host = host(&simulator);
    let account = account(&host, &simulator);
    let (approved, _) = names(&account).await;
    for name in &approved {
        let (form, values) = filled(&account, name).await;
        let template = account.get_template(&named(name)).await.unwrap();
        let template = host_test::json::to_string(&template);
        let mut wrong: Vec<(String, Map<String, Value>)> = Vec::new();
        let mut with = |name: &str, value: Value| {
            let mut values = values.clone();
            values.insert(name.to_owned(), value);
            wrong.push((format!("values.{name}"), values));
        };
        with("body_unheard_of", "x".into());
        for required in form["required"].as_array().unwrap() {
            with(required.as_str().unwrap(), Value::Null);
        }
        for (name, property) in form["properties"].as_object().unwrap() {
            with(name, json!(["x"]));
            if property.get("pattern").is_some() {
                for text in ["two\nlines", "a\ttab", "many     spaces", "", " "] {
                    with(name, text.into());
                }
            }
            if let Some(max) = property["maxLength"].as_u64() {
                with(name, "x".repeat(max as usize + 1).into());
            }
        }
        for (place, values) in wrong {
            simulator.clear_requests();
            let read = refused(account.send_template(&message(name, &values)).await);
            assert_eq!(field(&read), place, "{name}: {read:?}");
            // The template was read, and that is all.
            let requests = simulator.requests();
            assert!(requests.iter().all(|request| request.method == "GET"));
            assert_eq!(requests.len(), 1, "{name}: {requests:?}");

            simulator.clear_requests();
            let with_template = Template {
                template: Some(template.clone()),
                ..message(name, &values)
            };
            let given = refused(account.send_template(&with_template).await);
            let pure = TemplateValues {
                template: template.clone(),
                values: Value::from(values).to_string(),
            };
            let compiled = refused(account.compile_template(&pure).await);
            assert_eq!([&given, &compiled], [&read, &read]);
            assert!(simulator.requests().is_empty());
        }
    }
    assert!(simulator.messages().is_empty());
}

#[tokio::test]
async fn a_template_that_is_not_approved_has_a_form_and_is_not_sent() {
    let simulator = Simulator::builder().start().await.unwrap();
    let host = host(&simulator);
    let account = account(&host, &simulator);
    let (_, others) = names(&account).await;
    assert!(others.len() >= 3, "{others:?}");
    for name in &others {
        let described = account.describe_template(&named(name)).await.unwrap();
        let status = described.status.unwrap();
        assert!(described.advice.unwrap().contains(&status), "{name}");
        let (_, values) = filled(&account, name).await;
        let error = refused(account.send_template(&message(name, &values)).await);
        assert_eq!(field(&error), "name");
        let told = &error.fault().unwrap().message;
        assert!(told.contains(&status), "{told}");
    }
    let missing = refused(
        account
            .send_template(&Template {
                language: "fr".to_owned(),
                ..message("hello_world", &Map::new())
            })
            .await,
    );
    assert_eq!(field(&missing), "language");
    assert!(missing.fault().unwrap().message.contains("en_US"));
    assert!(simulator.messages().is_empty());
}

#[tokio::test]
async fn a_template_is_made_changed_and_deleted() {
    let simulator = Simulator::builder().start().await.unwrap();
    let host = host(&simulator);
    let account = account(&host, &simulator);
    let body = |text: &str| json!([{"type": "BODY", "text": text}]).to_string();
    let new = NewTemplate {
        business_account_id: None,
        name: "order_ready".to_owned(),
        language: "en_US".to_owned(),
        category: TemplateCategory::Utility,
        parameter_format: None,
        components: Some(body("Your order is ready.")),
        message_send_ttl_seconds: Some(3600),
        allow_category_change: None,
        cta_url_link_tracking_opted_out: None,
        library_template_name: None,
        library_template_body_inputs: None,
        library_template_button_inputs: None,
    };
    let made = account.create_template(&new).await.unwrap();
    assert_eq!(made.status.as_deref(), Some("PENDING"));
    // A second call makes no second one.
    let again = refused(account.create_template(&new).await);
    assert!(again.fault().unwrap().graph.is_some(), "{again:?}");

    simulator.world(|world| {
        let mut templates = world.templates.iter_mut();
        templates.find(|it| it.id == made.id).unwrap().status = "APPROVED".into();
    });
    let change = TemplateChange {
        id: made.id.clone(),
        category: None,
        parameter_format: None,
        components: Some(body("Your order can be collected.")),
        message_send_ttl_seconds: None,
        cta_url_link_tracking_opted_out: None,
    };
    account.edit_template(&change).await.unwrap();
    let changed = TemplateReference {
        id: Some(made.id.clone()),
        name: None,
        language: None,
        ..named("order_ready")
    };
    let changed = account.get_template(&changed).await.unwrap();
    assert_eq!(changed.status.as_deref(), Some("PENDING"));
    assert_eq!(changed.message_send_ttl_seconds, Some(3600));
    assert!(changed.components.unwrap().contains("collected"));

    let removal = TemplateRemoval {
        business_account_id: Some(demo::WABA_ID.to_owned()),
        name: "order_ready".to_owned(),
        id: Some(made.id),
    };
    account.delete_template(&removal).await.unwrap();
    let gone = refused(account.get_template(&named("order_ready")).await);
    assert_eq!(field(&gone), "name");
}

#[tokio::test]
async fn filters_and_pages_reach_meta() {
    let simulator = Simulator::builder().start().await.unwrap();
    let host = host(&simulator);
    let account = account(&host, &simulator);
    let paused = TemplatesQuery {
        status: Some(host_test::wit::templates::TemplateStatus::Paused),
        category: Some(TemplateCategory::Marketing),
        language: Some("en_US".to_owned()),
        ..TemplatesQuery::default()
    };
    let list = account.list_templates(&paused).await.unwrap().templates;
    let names: Vec<_> = list.iter().map(|it| it.name.as_deref()).collect();
    assert_eq!(names, [Some("paused_offer")]);

    let all = account.list_templates(&TemplatesQuery::default()).await;
    let all = all.unwrap().templates;
    let mut paged = Vec::new();
    let mut after = None;
    loop {
        let query = TemplatesQuery {
            limit: Some(5),
            after,
            ..TemplatesQuery::default()
        };
        let page = account.list_templates(&query).await.unwrap();
        paged.extend(page.templates);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(paged, all);
}
