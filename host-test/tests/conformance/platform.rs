//! What the manifest says of the platform: options of fields, quotas, hosts, credentials, versions. Each is held against what the component
//! does.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::call::{self, Network};
use crate::golden;
use crate::manifest::{self, manifest};

fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value[name].as_array().map_or(&[][..], Vec::as_slice)
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_default()
}

/// Calls `look` with every field of an input: its schema and the fields beside it.
fn fields(schema: &Value, look: &mut dyn FnMut(&str, &Value, &Value)) {
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        look(name, property, &schema["properties"]);
        fields(property, look);
    }
    if let Some(items) = schema.get("items") {
        fields(items, look);
    }
}

#[test]
fn options_come_from_an_action_that_has_them() {
    let inputs = manifest::actions()
        .iter()
        .map(|action| &action["input_schema"]);
    let mut seen = 0;
    for schema in inputs.chain([&manifest()["connection_schema"]]) {
        fields(schema, &mut |name, property, beside| {
            let Some(options) = property.get("x-options") else {
                let has_options = ["phone_number_id", "business_account_id"].contains(&name);
                assert!(!has_options, "{name} has no options in {schema}");
                return;
            };
            seen += 1;
            assert_eq!(property["type"], "string", "{name}");
            let action = manifest::action(text(options, "action"));
            assert_eq!(
                action["access"], "read",
                "{options}: a form is shown, nothing more"
            );
            let output = &action["output_schema"]["properties"][text(options, "items")];
            assert_eq!(output["type"], "array", "{options}");
            for member in ["value", "label"] {
                let found = &output["items"]["properties"][text(options, member)];
                let kind = found["type"].to_string();
                assert!(kind.contains("\"string\""), "{options}: {member} is {kind}");
            }
            for (name, from) in options["input"].as_object().into_iter().flatten() {
                let known = &action["input_schema"]["properties"][name];
                assert!(known.is_object(), "{options}: no input {name}");
                let from = from.as_str().unwrap();
                assert!(beside[from].is_object(), "{options}: no field {from}");
            }
        });
    }
    assert!(seen > manifest::actions().len() / 2, "{seen} options");
}

#[test]
fn templates_are_chosen_from_those_of_the_account() {
    let places = [
        ("send-template", "/name", "name"),
        ("send-template", "/language", "language"),
        ("get-template", "/id", "id"),
        ("get-template", "/name", "name"),
        ("get-template", "/language", "language"),
        ("describe-template", "/id", "id"),
        ("describe-template", "/name", "name"),
        ("describe-template", "/language", "language"),
        ("edit-template", "/id", "id"),
        ("delete-template", "/id", "id"),
        ("delete-template", "/name", "name"),
        ("diagnose", "/template_name", "name"),
        ("diagnose", "/language", "language"),
        (
            "send-text",
            "/window/properties/fallback/properties/name",
            "name",
        ),
        (
            "send-text",
            "/window/properties/fallback/properties/language",
            "language",
        ),
    ];
    for (action, place, value) in places {
        let fields = &manifest::action(action)["input_schema"]["properties"];
        let options = &fields.pointer(place).unwrap()["x-options"];
        let found = (text(options, "action"), text(options, "value"));
        assert_eq!(found, ("list-templates", value), "{action} {place}");
    }
    // A new template's name and language are free.
    let new = &manifest::action("create-template")["input_schema"]["properties"];
    assert!(new["name"].get("x-options").is_none() && new["language"].get("x-options").is_none());
}

#[test]
fn a_field_with_a_form_of_its_own_says_which_action_makes_it() {
    for (action, inputs) in [("send-template", 4), ("compile-template", 1)] {
        let fields = &manifest::action(action)["input_schema"]["properties"];
        let form = &fields["values"]["x-form"];
        let maker = manifest::action(text(form, "action"));
        let output = &maker["output_schema"]["properties"];
        assert!(output[text(form, "form")].is_object(), "{form}");
        let input = form["input"].as_object().unwrap();
        assert_eq!(input.len(), inputs, "{form}");
        for (name, from) in input {
            let known = &maker["input_schema"]["properties"][name];
            assert!(known.is_object(), "{form}: no input {name}");
            let beside = &fields[from.as_str().unwrap()];
            assert!(beside.is_object(), "{form}: no field {from}");
        }
    }
}

#[test]
fn quotas_name_actions_and_fields_and_codes_that_ask_to_wait() {
    assert!(!list(manifest(), "quotas").is_empty());
    for quota in list(manifest(), "quotas") {
        for number in ["limit", "window_ms"] {
            assert!(quota[number].as_u64() > Some(0), "{number} of {quota}");
        }
        for name in ["name", "help", "source", "counts"] {
            assert!(!text(quota, name).is_empty(), "{name} of {quota}");
        }
        let names: BTreeSet<_> = list(quota, "actions")
            .iter()
            .map(Value::to_string)
            .collect();
        assert_eq!(names.len(), list(quota, "actions").len(), "{quota}");
        assert!(!names.is_empty(), "{quota}");
        for name in list(quota, "actions") {
            let action = manifest::action(name.as_str().unwrap());
            for scope in list(quota, "scope") {
                let scope = scope.as_str().unwrap();
                let places = [&action["input_schema"], &manifest()["connection_schema"]];
                let known = places
                    .iter()
                    .any(|schema| schema["properties"].get(scope).is_some());
                assert!(
                    known || scope == "business_portfolio",
                    "{name} {scope}: {quota}"
                );
            }
            if let Some(code) = quota.get("code") {
                let error =
                    json!({"status": 400, "body": {"error": {"code": code, "message": "m"}}});
                let refused = call::invoke(
                    name.as_str().unwrap(),
                    &call::connection(),
                    &action["examples"][0],
                    Network::always(&error),
                );
                // A diagnosis reports it. Who has to wait for days is not told to try again.
                match refused.result {
                    Err(error) if error["case"] == "rate-limited" => {}
                    Err(error) => {
                        assert_eq!(error["case"], "permanent-rejected", "{name} {quota}");
                        assert!(
                            quota["window_ms"].as_u64() > Some(86_400_000),
                            "{name} {quota}"
                        );
                    }
                    Ok(_) => assert_eq!(name, "diagnose"),
                }
            }
        }
        for level in list(quota, "levels") {
            let from = manifest::action(text(quota, "levels_from"));
            let output = &from["output_schema"]["properties"];
            for name in level["when"].as_object().unwrap().keys() {
                assert!(output.get(name).is_some(), "{level}: no output {name}");
            }
            let none = level.get("limit").is_none();
            assert!(none || level["limit"].as_u64() > Some(0), "{level}");
        }
    }
}

/// Every request of the golden cases that a host does not have to refuse, to the addresses that a connection has when it names none.
fn requests() -> Vec<Value> {
    let mut requests = Vec::new();
    for case in golden::cases() {
        if case.connection.contains("base_url") {
            continue;
        }
        for (request, answer) in case.requests().zip(case.answers()) {
            if answer.get("denied").is_none() {
                requests.push(request.clone());
            }
        }
    }
    requests
}

#[test]
fn hosts_are_those_that_requests_go_to() {
    let mut unused: BTreeSet<_> = list(manifest(), "hosts")
        .iter()
        .map(|row| text(row, "host"))
        .collect();
    for request in requests() {
        let url = url::Url::parse(text(&request, "url")).unwrap();
        let host = url.host_str().unwrap();
        let fits = |row: &&Value| match text(row, "host").strip_prefix('*') {
            Some(end) => host.ends_with(end),
            None => host == text(row, "host"),
        };
        let row = list(manifest(), "hosts").iter().find(fits);
        let row = row.unwrap_or_else(|| panic!("no row for {host}"));
        unused.remove(text(row, "host"));
    }
    assert!(unused.is_empty(), "no golden case goes to {unused:?}");
}

#[test]
fn credentials_are_those_that_requests_want() {
    let mut wanted = BTreeSet::new();
    for request in requests() {
        for credential in list(&request, "credentials") {
            let name = text(credential, "secret").replace('-', "_");
            let placement = match &credential["placement"] {
                Value::String(word) => word.clone(),
                place => format!("query:{}", text(place, "query")),
            };
            wanted.insert((name, placement));
        }
    }
    let mut said = BTreeSet::new();
    for credential in list(&manifest()["auth"], "credentials") {
        for placement in list(credential, "placements") {
            let placement = placement.as_str().unwrap().to_owned();
            said.insert((text(credential, "name").to_owned(), placement));
        }
    }
    assert_eq!(wanted, said);
}

#[test]
fn a_connect_screen_finds_what_its_actions_do() {
    let auth = &manifest()["auth"];
    let version = text(&manifest()["api_version"], "default");
    let run = |name: &str| {
        let action = manifest::action(name);
        let answer = json!({"status": 200, "body": {}});
        let network = Network::always(&answer);
        let input = &action["examples"][0];
        (
            input,
            call::invoke(name, &call::connection(), input, network),
        )
    };
    let url = |name: &str| text(&auth["oauth2"], name).replace("{api_version}", version);
    let (input, login) = run(text(&auth["oauth2"], "authorize"));
    let login = url::Url::parse(text(&login.result.unwrap(), "url")).unwrap();
    assert_eq!(
        login.as_str().split('?').next(),
        Some(&*url("authorization_url"))
    );
    assert!(
        input.get("scopes").is_none(),
        "the first example asks for the default"
    );
    let asked = login.query_pairs().find(|(name, _)| name == "scope");
    let required: Vec<_> = list(&auth["scopes"], "required")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let separator = text(&auth["oauth2"], "scope_separator");
    assert_eq!(asked.unwrap().1, required.join(separator));
    for step in ["exchange", "refresh"] {
        let (_, outcome) = run(text(&auth["oauth2"], step));
        let request = call::request_to_json(&outcome.requests[0]);
        let address = text(&request, "url").split('?').next();
        assert_eq!(address, Some(&*url("token_url")));
        assert!(request["sink"].is_object(), "the host keeps the token");
    }
    let others = [
        text(&auth["oauth2"], "check"),
        text(&auth["embedded_signup"], "page"),
        text(&auth["embedded_signup"], "exchange"),
    ];
    let optional = list(&auth["scopes"], "optional").iter();
    let optional = optional
        .flat_map(|scope| list(scope, "actions"))
        .filter_map(Value::as_str);
    for name in others.into_iter().chain(optional) {
        manifest::action(name);
    }
}

#[test]
fn versions_are_in_order_and_the_default_is_the_one_in_use() {
    let versions = &manifest()["api_version"];
    let rows = list(versions, "versions");
    let major = |row: &Value| -> u32 {
        let number = text(row, "name").strip_prefix('v').unwrap();
        number.strip_suffix(".0").unwrap().parse().unwrap()
    };
    let is_day = |day: &str| {
        let parts: Vec<_> = day.split('-').map(str::len).collect();
        parts == [4, 2, 2]
            && day
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'-')
    };
    for pair in rows.windows(2) {
        assert_eq!(major(&pair[0]), major(&pair[1]) + 1);
        for field in ["released", "ends"] {
            let (newer, older) = (text(&pair[0], field), text(&pair[1], field));
            for day in [newer, older] {
                assert!(day.is_empty() || is_day(day), "{pair:?}");
            }
            assert!(
                newer.is_empty() || older.is_empty() || newer > older,
                "{pair:?}"
            );
        }
    }
    let default = text(versions, "default");
    let newest = rows
        .iter()
        .filter(|row| text(row, "ends").is_empty())
        .count();
    assert!(newest <= 1, "only the newest has no end yet");
    assert!(rows.iter().any(|row| text(row, "name") == default));
    let list = manifest::action("list-phone-numbers");
    let sent = call::invoke(
        "list-phone-numbers",
        &call::connection(),
        &list["examples"][0],
        Network::default(),
    );
    let request = call::request_to_json(&sent.requests[0]);
    let start = format!("https://graph.facebook.com/{default}/");
    assert!(text(&request, "url").starts_with(&start), "{request}");
}

#[test]
fn the_warning_comes_when_the_manifest_says() {
    let versions = &manifest()["api_version"];
    let warn_days = versions["warn_days"].as_u64().unwrap();
    let connection =
        json!({"phone_number_id": "1", "business_account_id": "2", "api_version": "v25.0"});
    // The first second of 2028-07-29.
    let ends = 1_848_441_600;
    let row = list(versions, "versions")
        .iter()
        .find(|row| row["name"] == "v25.0");
    assert_eq!(text(row.unwrap(), "ends"), "2028-07-29");
    let advice = |now: u64| {
        let answer = json!({"status": 200, "body": {}});
        let outcome = call::invoke(
            "diagnose",
            &connection,
            &json!({"now": now}),
            Network::always(&answer),
        );
        let report = outcome.result.unwrap();
        let step = report["steps"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(step["step"], "api_version");
        step["advice"].clone()
    };
    let warned_from = ends - warn_days * 86_400;
    assert!(advice(warned_from).is_null());
    assert!(advice(warned_from + 1).is_string());
}

#[test]
fn groups_are_those_of_the_actions() {
    let groups = list(manifest(), "groups").iter();
    let groups: Vec<_> = groups
        .map(|group| {
            assert!(text(group, "help").ends_with('.'), "{group}");
            text(group, "name")
        })
        .collect();
    let mut found: Vec<_> = manifest::actions()
        .iter()
        .map(|action| text(action, "group"))
        .collect();
    found.dedup();
    assert_eq!(groups, found);
}
