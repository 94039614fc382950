//! Typed functions and `plugin.invoke` are two doors to one table: the same requests, outputs and errors.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::call::{self, Network};
use crate::component::{self, Export};
use crate::{golden, manifest};

/// Connections whose every field shows in requests or errors.
fn connections() -> [Value; 3] {
    [
        call::connection(),
        json!({"api_version": "v24.0", "base_url": "http://127.0.0.1:8080/graph", "phone_number_id": "4711", "business_account_id": "4712"}),
        json!({}),
    ]
}

/// Answers that are good for one action or another, and such that are good for none.
fn answers() -> Vec<Value> {
    let good = |body| json!({"status": 200, "body": body});
    vec![
        good(json!({
            "contacts": [{"input": "+16505551234", "wa_id": "16505551234", "user_id": "US.1"}],
            "messages": [{"id": "wamid.A", "group_id": "G1", "message_status": "held_for_quality_assessment"}],
        })),
        good(json!({"messages": [{"id": "wamid.B", "message_status": "a_new_word"}]})),
        good(
            json!({"data": [{"id": "1", "display_phone_number": "+1", "throughput": {"level": "HIGH"}}, {"id": "2"}]}),
        ),
        good(
            json!({"id": "1", "platform_type": "CLOUD_API", "status": "CONNECTED", "url": "https://lookaside.fbsbx.com/x"}),
        ),
        json!({"status": 200, "headers": {"x-blob-size": "3"}, "blob": "blob:1"}),
        good(
            json!({"data": {"is_valid": true, "app_id": "7", "expires_at": 1_800_000_000, "scopes": ["a"], "granular_scopes": []}}),
        ),
        good(json!({"success": true})),
        good(json!({"token_type": "bearer", "expires_in": 5_183_944})),
        good(json!({"block_users": {
            "added_users": [{"input": "+1", "wa_id": "1"}],
            "failed_users": [{"input": "+2", "errors": [{"code": 131_047, "message": "m"}]}],
        }})),
        good(
            json!({"url": "https://lookaside.fbsbx.com/x", "mime_type": "image/png", "sha256": "ab", "file_size": 3, "id": "1"}),
        ),
        good(
            json!({"data": [{"messaging_product": "whatsapp", "about": "a", "websites": ["https://example.com"]}]}),
        ),
        json!({"status": 400, "headers": {"retry-after": "7"}, "body": {"error": {
            "message": "(#131056) Pair rate", "type": "OAuthException", "code": 131_056, "error_subcode": 1, "fbtrace_id": "A",
            "error_user_title": "t", "error_user_msg": "m", "error_data": {"details": "d"},
        }}}),
        json!({"no_answer": "the connection was closed"}),
        json!({"too_large": 8_388_608}),
    ]
}

#[test]
fn the_exported_actions_are_those_of_the_manifest() {
    let mut exported: Vec<_> = component::actions()
        .map(|export| export.name.as_str())
        .collect();
    let mut described: Vec<_> = manifest::actions()
        .iter()
        .map(|action| action["name"].as_str().unwrap())
        .collect();
    exported.sort_unstable();
    described.sort_unstable();
    assert_eq!(exported, described);
}

#[test]
fn both_doors_send_the_same_requests_and_return_the_same_for_every_example() {
    for export in component::actions() {
        let mut outputs = 0;
        let mut errors = 0;
        for example in manifest::action(&export.name)["examples"]
            .as_array()
            .unwrap()
        {
            for connection in connections() {
                for answer in answers() {
                    let network = || Network::always(&answer);
                    match compare(export, &connection, example, network) {
                        Some(Ok(_)) => outputs += 1,
                        Some(Err(_)) => errors += 1,
                        None => panic!("{}: the types cannot say {example}", export.name),
                    }
                }
            }
        }
        // Otherwise the comparison says less than it seems to. A download needs two answers: the golden cases have them.
        assert!(
            outputs > 0 || export.name == "download-media",
            "{}: no answer here is a good one",
            export.name
        );
        // A diagnosis reports what it finds, errors included.
        assert!(
            errors > 0 || manifest::sends_nothing(&export.name) || export.name == "diagnose",
            "{}: no answer here is a bad one",
            export.name
        );
    }
}

#[test]
fn both_doors_do_the_same_in_every_golden_case() {
    let mut compared = BTreeSet::new();
    for case in golden::cases() {
        let Some(export) = component::actions().find(|export| export.name == case.action) else {
            continue;
        };
        let (Ok(connection), Ok(input)) = (
            serde_json::from_str::<Value>(&case.connection),
            serde_json::from_str::<Value>(&case.input),
        ) else {
            continue;
        };
        let answers = case.answers();
        if compare(export, &connection, &input, || Network::script(&answers)).is_some() {
            compared.insert(case.action.clone());
        }
    }
    let all: BTreeSet<_> = component::actions()
        .map(|export| export.name.clone())
        .collect();
    assert_eq!(compared, all, "actions with a case that both doors can say");
}

/// Compares the doors. What the types cannot say (`None`), the dynamic door has to refuse without sending anything.
fn compare(
    export: &Export,
    connection: &Value,
    input: &Value,
    network: impl Fn() -> Network,
) -> Option<Result<Value, Value>> {
    let dynamic = call::invoke(&export.name, connection, input, network());
    match call::typed(export, connection, input, network()) {
        Ok(typed) => {
            assert_eq!(typed, dynamic, "{} {connection} {input}", export.name);
            Some(dynamic.result)
        }
        Err(reason) => {
            let case = dynamic.result.as_ref().err().map(|error| &error["case"]);
            assert!(
                case == Some(&Value::from("permanent-invalid-input"))
                    && dynamic.requests.is_empty(),
                "{} {input}: {reason}, but the dynamic door gave {dynamic:?}",
                export.name
            );
            None
        }
    }
}
