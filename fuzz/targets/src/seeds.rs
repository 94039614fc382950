//! The seeds: the cases and deliveries of `host-test/tests`, and bodies from elsewhere, if they are there: `$WHATSAPP_CORPUS`, or `shared/corpus`
//! beside the workspace. Those are read from there and never copied into the project.

use serde_json::{Map, Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use whatsapp_connector::contract::tables::SIGNATURES;
use whatsapp_connector::door::index_of;

/// The connection of a case that has none of its own.
const CONNECTION: &str =
    r#"{"phone_number_id":"106540352242922","business_account_id":"102290129340398"}"#;

/// An input to begin with.
pub struct Seed {
    /// The target that it is for.
    pub target: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// All seeds.
pub fn seeds() -> Vec<Seed> {
    let mut seeds = Seeds::default();
    seeds.deliveries();
    seeds.handshakes();
    seeds.cases();
    seeds.corpus();
    seeds.large();
    seeds.0
}

#[derive(Default)]
struct Seeds(Vec<Seed>);

impl Seeds {
    fn add(&mut self, target: &'static str, head: &[u8], parts: &[&str]) {
        let mut bytes = head.to_vec();
        bytes.extend_from_slice(parts.join("\0").as_bytes());
        self.0.push(Seed { target, bytes });
    }

    fn delivery(&mut self, body: &str) {
        self.add("webhooks_parse", &[], &[body]);
        // The host has checked it; or the secret that signs it is the second of two.
        for choice in [0b0000, 0b0100] {
            self.add("webhooks_handle", &[choice], &["", "", body]);
        }
    }

    fn deliveries(&mut self) {
        for file in files(&tests().join("deliveries"), "delivery.json") {
            self.delivery(&compact(&file));
        }
    }

    fn handshakes(&mut self) {
        let digits = "0".repeat(64);
        for (choice, query, header) in [
            (0b0100_0001, "hub.challenge=1158201444", ""),
            (
                0b0000_0001,
                "hub.mode=subscribe&hub.challenge=1&hub.verify_token=x%2By+z",
                "",
            ),
            (0b0000_0011, "", "PUT"),
            (0b0001_0100, "", &*format!("sha256={digits}")),
            (0b0010_1000, "", ""),
            (0b0011_1100, "", ""),
        ] {
            self.add(
                "webhooks_handle",
                &[choice],
                &[query, header, "{\"entry\":[]}"],
            );
        }
    }

    fn cases(&mut self) {
        for input in files(&tests().join("cases"), "input.json") {
            let folder = input.parent().expect("is in a folder");
            let action = folder
                .parent()
                .and_then(Path::file_name)
                .and_then(|name| name.to_str());
            let Some(index) = action.and_then(index_of) else {
                continue;
            };
            let connection = fs::read_to_string(folder.join("connection.json"));
            let connection = connection.unwrap_or_else(|_| CONNECTION.to_owned());
            let text = fs::read_to_string(&input).expect("an input can be read");
            let input = serde_json::from_str(&text).map_or(text, |value: Value| value.to_string());
            let exchanges = fs::read_to_string(folder.join("exchanges.json")).unwrap_or_default();
            let exchanges: Value = serde_json::from_str(&exchanges).unwrap_or_default();
            let exchanges = exchanges.as_array().into_iter().flatten();
            let answers: Vec<_> = exchanges
                .map(|exchange| answer(&exchange["answer"]))
                .collect();
            let mut parts = vec![connection.as_str(), &input];
            parts.extend(answers.iter().map(String::as_str));
            let choice = u8::try_from(index).expect("so many actions");
            self.add("action_input", &[choice], &parts);
            if !answers.is_empty() {
                let answers: Vec<_> = answers.iter().map(String::as_str).collect();
                self.add("graph_answer", &[choice, 0], &answers);
            }
            self.template(&input);
        }
    }

    fn template(&mut self, input: &str) {
        let input: Value = serde_json::from_str(input).unwrap_or_default();
        if input["template"].is_object() {
            let values = input.get("values").cloned().unwrap_or_else(|| json!({}));
            let (template, values) = (input["template"].to_string(), values.to_string());
            self.add("template_compiler", &[], &[&template, &values]);
        }
    }

    /// As large as it gets here: what is done again for each item, or kept with each, shows in time and memory.
    fn large(&mut self) {
        let history = json!([{
            "metadata": {"phase": 0, "x": "y".repeat(30_000)},
            "threads": vec![json!({"id": "1", "messages": [{}]}); 900],
        }]);
        let ids = || (0..1100).map(|id| id.to_string());
        let cards: Vec<_> = ids().map(|id| json!({"wa_id": id})).collect();
        let messages: Vec<_> = ids().map(|id| json!({"from": "x", "id": id})).collect();
        for (field, value) in [
            ("history", json!({"history": history})),
            ("messages", json!({"contacts": cards, "messages": messages})),
        ] {
            let change = json!({"field": field, "value": value});
            let body = json!({"entry": [{"id": "1", "changes": [change]}]});
            self.delivery(&body.to_string());
        }
        let value = r#""value":{"messages":[{"id":"1"}]},"#.repeat(1800);
        self.delivery(&format!(
            r#"{{"entry":[{{"id":"1","changes":[{{{value}"field":"messages"}}]}}]}}"#
        ));
        let text: String = (1..1000)
            .map(|number| format!("{{{{{number}}}}}"))
            .collect();
        let template =
            json!({"status": "APPROVED", "components": [{"type": "BODY", "text": text}]});
        let names = (1..3000).map(|number| format!("body_{number}"));
        let values: Map<_, _> = names.map(|name| (name, "x".into())).collect();
        let values = Value::Object(values);
        self.add(
            "template_compiler",
            &[],
            &[&template.to_string(), &values.to_string()],
        );
    }

    fn corpus(&mut self) {
        let Some(corpus) = corpus() else { return };
        for file in files(&corpus.join("webhooks"), ".json") {
            self.delivery(&compact(&file));
        }
        for file in files(&corpus.join("webhook-fragments"), ".json") {
            let fragment = compact(&file);
            self.add("webhooks_parse", &[], &[&fragment]);
            self.delivery(&format!(
                r#"{{"entry":[{{"id":"1","changes":[{{"field":"messages","value":{fragment}}}]}}]}}"#
            ));
        }
        for (position, file) in files(&corpus.join("errors"), ".json").iter().enumerate() {
            let body = compact(file);
            let action = (position % SIGNATURES.len()) as u8;
            let status = ["400", "500", "200", "429\tretry-after=7"][position % 4];
            self.add(
                "graph_answer",
                &[action, 0],
                &[&format!("{status}\n{body}")],
            );
        }
        for (position, file) in files(&corpus.join("responses"), ".json").iter().enumerate() {
            let body = compact(file);
            let action = (position % SIGNATURES.len()) as u8;
            self.add("graph_answer", &[action, 0], &[&format!("200\n{body}")]);
            let mut found = Vec::new();
            templates(&serde_json::from_str(&body).unwrap_or_default(), &mut found);
            for template in found {
                self.add("template_compiler", &[], &[&template, "{}"]);
            }
        }
        for file in files(&corpus.join("requests"), ".json") {
            let choice = index_of("send-raw").expect("an action") as u8;
            let message: Value = serde_json::from_str(&compact(&file)).unwrap_or_default();
            let input = json!({"to": "+16505551234", "message": message}).to_string();
            self.add("action_input", &[choice], &[CONNECTION, &input, "200\n{}"]);
        }
    }
}

/// The templates in an answer.
fn templates(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            if fields.get("components").is_some_and(Value::is_array) {
                let mut template = value.clone();
                template["status"] = "APPROVED".into();
                found.push(template.to_string());
            }
            fields.values().for_each(|value| templates(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| templates(value, found)),
        _ => {}
    }
}

/// An answer of a case, as the targets read it.
fn answer(answer: &Value) -> String {
    let Some(status) = answer.get("status") else {
        let (name, said) = answer
            .as_object()
            .and_then(|one| one.iter().next())
            .expect("a failure");
        let said = said
            .as_str()
            .map_or_else(|| said.to_string(), str::to_owned);
        return format!("{} {said}", name.replace('_', "-"));
    };
    let mut line = status.to_string();
    for (name, value) in answer["headers"].as_object().into_iter().flatten() {
        line += &format!("\t{name}={}", value.as_str().unwrap_or_default());
    }
    let body = match (answer.get("body"), answer["blob"].as_str()) {
        (Some(body), _) => body.to_string(),
        (_, Some(blob)) => {
            line += "\tblob";
            blob.to_owned()
        }
        _ => answer["text"].as_str().unwrap_or_default().to_owned(),
    };
    format!("{line}\n{body}")
}

/// The files below a folder whose name ends like this, in order.
fn files(folder: &Path, end: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else {
        return found;
    };
    for entry in entries {
        let path = entry.expect("can be listed").path();
        if path.is_dir() {
            found.extend(files(&path, end));
        } else if path.to_string_lossy().ends_with(end) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The JSON of a file without white space; as it is when it is none.
fn compact(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("a seed can be read");
    serde_json::from_str(&text).map_or(text, |value: Value| value.to_string())
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn tests() -> PathBuf {
    workspace().join("host-test/tests")
}

fn corpus() -> Option<PathBuf> {
    let folder = std::env::var_os("WHATSAPP_CORPUS")
        .map_or_else(|| workspace().join("../shared/corpus"), PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: no corpus at {}", folder.display());
    None
}
