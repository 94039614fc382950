//! `diagnose`: the checks that support teams make by hand, in their order. Nothing is sent but questions.

mod rows;

use super::connection::{self, REQUIRED_SCOPES};
use super::phone_numbers;
use super::window::{self, OPEN_S};
use crate::contract::whatsapp::connector::types::Error;
use crate::fault::{Fallible, into_fault, passes};
use crate::graph::{
    Graph, answer, codes,
    request::Call,
    usage::{self, Usage},
    versions,
};
use crate::json::{Input, Object, at, text_at};
use crate::prelude::*;
use crate::text::number;
use rows::{ACCOUNT, NUMBER, Row};
use serde_json::Value;

/// Percent of the hour's calls from which a person is warned.
const USAGE_PERCENT: u64 = 80;

/// Meta's code for a template that is not there.
const NO_TEMPLATE: i64 = 132_001;

/// The steps so far.
struct Report<'a> {
    graph: &'a Graph<'a>,
    steps: Vec<Value>,
    problem: Option<String>,
    usage: Option<Usage>,
}

/// Makes all checks.
pub fn diagnose(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let now = window::time(input, "now")?;
    let last_inbound = window::time(input, "last_inbound_at")?;
    for (field, other) in [
        ("template_name", "language"),
        ("language", "template_name"),
        ("now", "last_inbound_at"),
    ] {
        if input.has(other) && !input.has(field) {
            let problem = ["required together with ", other, ", got none"].joined("");
            return Err(input.refuse(field, &problem, ""));
        }
    }
    let mut report = Report {
        graph,
        steps: Vec::new(),
        problem: None,
        usage: None,
    };
    let token = report.token(now);
    let limit = phone_numbers::limit_field(graph);
    let number = report.object(
        "phone_number",
        graph.phone_number_id(input),
        &[rows::NUMBER_FIELDS, limit].joined(""),
        "display_phone_number",
    );
    report.rows(&number, NUMBER);
    report.rows(&number, &[rows::messaging_limit(limit)]);
    let account = graph.business_account_id(input);
    let waba = report.object("business_account", account, rows::ACCOUNT_FIELDS, "name");
    report.rows(&waba, ACCOUNT);
    report.health(&[&number, &waba]);
    let account = graph.business_account_id(input).ok();
    report.webhooks(account, graph.app_id(input).ok().or(token.as_deref()));
    report.template(account, input);
    report.window(now, last_inbound);
    report.limits();
    report.version(now);
    Ok(Object::new()
        .with("ok", report.problem.is_none())
        .with("first_problem", report.problem)
        .with("steps", report.steps)
        .into())
}

impl Report<'_> {
    fn add(&mut self, step: &str, passed: Option<bool>, seen: String, advice: &str) {
        if passed == Some(false) {
            self.found(step, &seen, advice);
        }
        self.push(step, passed, seen, advice);
    }

    fn push(&mut self, step: &str, passed: Option<bool>, seen: String, advice: &str) {
        let step = Object::new()
            .with("step", step)
            .with_some("passed", passed)
            .with("seen", seen)
            .with_some("advice", (!advice.is_empty()).then_some(advice));
        self.steps.push(step.into());
    }

    fn found(&mut self, step: &str, seen: &str, advice: &str) {
        if self.problem.is_none() {
            let seen = seen.trim_end_matches('.');
            let text = [step, ": ", seen, ". ", advice].joined("");
            self.problem = Some(text.trim_ascii_end().to_owned());
        }
    }

    /// A check that failed itself: what Meta refuses is a problem found, what passes is one that could not be looked at.
    fn fail(&mut self, step: &str, error: Error) {
        let passed = if passes(&error) { None } else { Some(false) };
        let fault = into_fault(error);
        self.found(step, &fault.message, &fault.advice);
        self.push(step, passed, fault.message, &fault.advice);
    }

    fn call(&mut self, call: Call) -> Fallible<Value> {
        let effect = call.effect;
        let answer = self.graph.send(call);
        if let Ok(response) = &answer {
            self.usage = usage::business_usage(&response.headers).or(self.usage);
        }
        answer::read(answer, effect, None)
    }

    /// Token and permissions. Returns the token's app.
    fn token(&mut self, now: Option<u64>) -> Option<String> {
        let answer = self.call(connection::token_call());
        let data = match answer.and_then(connection::token_data) {
            Ok(data) => data,
            Err(error) => {
                self.fail("token", *error);
                self.push("permissions", None, NOT_READ.to_owned(), "");
                return None;
            }
        };
        let text = |name| text_at(&data, &[name]).unwrap_or_default();
        let ending = now.and_then(|now| connection::ending(&data, now));
        match connection::token_problem(&data) {
            Some(problem) => self.add("token", Some(false), problem, ""),
            None => self.add(
                "token",
                Some(true),
                [&text("type"), " token of ", &text("application")].joined(""),
                ending.as_deref().unwrap_or_default(),
            ),
        }
        let missing = connection::missing(&data, &REQUIRED_SCOPES);
        match connection::scope_problem(&missing) {
            Some(problem) => self.add("permissions", Some(false), problem, ""),
            None => {
                let scopes = connection::texts(at(&data, &["scopes"]));
                self.add("permissions", Some(true), scopes.joined(", "), "");
            }
        }
        text_at(&data, &["app_id"])
    }

    /// Whether an object can be read at all; what it says.
    fn object(&mut self, step: &str, id: Fallible<&str>, fields: &str, name: &str) -> Value {
        let answer = id.and_then(|id| {
            let call = Call::get(&[id]).query("fields", fields);
            Ok((id, self.call(call)?))
        });
        match answer {
            Ok((id, object)) => {
                let name = text_at(&object, &[name]).unwrap_or_default();
                self.add(step, Some(true), [&name, " (", id, ")"].joined(""), "");
                object
            }
            Err(error) => {
                self.fail(step, *error);
                Value::Null
            }
        }
    }

    /// Fields of an object against what they should be.
    fn rows(&mut self, object: &Value, rows: &[Row]) {
        for row in rows {
            let word = text_at(object, &[row.field]);
            let passed = word.as_deref().map(|word| row.passes(word));
            let advice = match &word {
                Some(word) if !row.is_good(word) => row.advice,
                _ => "",
            };
            self.add(
                row.step,
                passed,
                word.unwrap_or_else(|| NOT_READ.to_owned()),
                advice,
            );
        }
    }

    /// What Meta itself says about everything that takes part in sending; of the first object that has it.
    fn health(&mut self, objects: &[&Value]) {
        let mut health = objects
            .iter()
            .filter_map(|object| at(object, &["health_status"]));
        let Some(health) = health.next() else {
            return self.push("health", None, NOT_READ.to_owned(), "");
        };
        let (mut seen, mut advice) = (Vec::new(), Vec::new());
        for entity in list(health, "entities") {
            let text = |name| text_at(entity, &[name]).unwrap_or_default();
            let mut words = [&text("entity_type"), " ", &text("can_send_message")].joined("");
            for error in list(entity, "errors") {
                let problem = text_at(error, &["error_description"]).unwrap_or_default();
                words = [&words, ": ", problem.trim_end_matches('.')].joined("");
                advice.extend(text_at(error, &["possible_solution"]));
            }
            seen.push(words);
        }
        let blocked = text_at(health, &["can_send_message"]).as_deref() == Some("BLOCKED");
        self.add(
            "health",
            Some(!blocked),
            seen.joined("; "),
            &advice.joined(" "),
        );
    }

    /// Whether the app is among those that get the account's webhooks.
    fn webhooks(&mut self, account: Option<&str>, app: Option<&str>) {
        let Some(account) = account else {
            return self.push("webhooks", None, NOT_READ.to_owned(), "");
        };
        let answer = match self.call(Call::get(&[account, "subscribed_apps"])) {
            Ok(answer) => answer,
            Err(error) => return self.fail("webhooks", *error),
        };
        let apps = list(&answer, "data").iter();
        let apps = apps.filter_map(|item| text_at(item, &["whatsapp_business_api_data", "id"]));
        let apps: Vec<_> = apps.collect();
        let passed = match app {
            Some(app) => Some(apps.iter().any(|known| known == app)),
            None if apps.is_empty() => Some(false),
            None => None,
        };
        let advice = match passed {
            Some(true) => "",
            _ => {
                "Run subscribe-webhooks for this account, so that messages and statuses reach your app."
            }
        };
        let seen = ["apps that get the webhooks: ", &or_none(&apps)].joined("");
        self.add("webhooks", passed, seen, advice);
    }

    /// Whether the template is there in this language and approved.
    fn template(&mut self, account: Option<&str>, input: &Input<'_>) {
        let name = input.text("template_name");
        let (Some(account), Some(name)) = (account, name) else {
            let seen = if name.is_some() { NOT_READ } else { NOT_ASKED };
            return self.push("template", None, seen.to_owned(), "");
        };
        let call = Call::get(&[account, "message_templates"])
            .query("fields", "name,language,status")
            .query("name", name)
            .query("limit", "100");
        let answer = match self.call(call) {
            Ok(answer) => answer,
            Err(error) => return self.fail("template", *error),
        };
        let mut languages = Vec::new();
        for template in list(&answer, "data") {
            let text = |name| text_at(template, &[name]).unwrap_or_default();
            // Meta takes a part of a name for the name.
            if text("name") != name {
                continue;
            }
            if text("language") == input.need("language") {
                let status = text("status");
                let approved = status == "APPROVED";
                let advice = if approved { "" } else { rows::TEMPLATE };
                return self.add("template", Some(approved), status, advice);
            }
            languages.push(text("language"));
        }
        let advice = codes::find(Some(NO_TEMPLATE), None).map_or("", codes::Entry::advice);
        let seen = ["not there; languages of this name: ", &or_none(&languages)].joined("");
        self.add("template", Some(false), seen, advice);
    }

    /// Whether free text may be sent.
    fn window(&mut self, now: Option<u64>, last: Option<u64>) {
        let Some((now, last)) = now.zip(last) else {
            return self.push("service_window", None, NOT_ASKED.to_owned(), "");
        };
        let open = now.saturating_sub(last) <= OPEN_S;
        let (seen, seconds, advice) = if open {
            (
                "open, minutes left: ",
                last.saturating_add(OPEN_S).saturating_sub(now),
                "",
            )
        } else {
            (
                "closed, minutes since: ",
                now - last - OPEN_S,
                "Send a template; when the customer answers, free text works again.",
            )
        };
        let seen = [seen, &number(seconds / 60)].joined("");
        self.add("service_window", Some(open), seen, advice);
    }

    /// How much of the account's calls is used, by the answers so far.
    fn limits(&mut self) {
        let Some(usage) = self.usage else {
            return self.push(
                "rate_limit",
                None,
                "Meta says nothing: it does once a good part of the hour's calls is used."
                    .to_owned(),
                "",
            );
        };
        let free = usage.minutes == 0 && usage.percent < 100;
        let advice = match usage.percent {
            percent if free && percent < USAGE_PERCENT => "",
            _ => {
                "Call less often: Meta counts reading numbers, templates and accounts by the hour and account."
            }
        };
        let seen = format!(
            "{} % of the hour's calls used, minutes until calls are taken again: {}",
            usage.percent, usage.minutes
        );
        self.add("rate_limit", Some(free), seen, advice);
    }

    /// Whether Meta serves the API version, and for how long.
    fn version(&mut self, now: Option<u64>) {
        let version = self.graph.version();
        let known = versions::find(version);
        let ends = known.map_or("not known", |version| match version.ends {
            "" => "no date yet",
            ends => ends,
        });
        let end = known.map(|version| match version.ends_at {
            0 => u64::MAX,
            end => end,
        });
        let end = end.zip(now);
        let soon =
            end.is_some_and(|(end, now)| connection::days_until(end, now) < versions::WARN_DAYS);
        let advice = if soon {
            "Set api_version of the connection to a newer version, or leave it out."
        } else {
            ""
        };
        let seen = [version, ", ends: ", ends].joined("");
        let served = end.map(|(end, now)| end > now);
        self.add("api_version", served, seen, advice);
    }
}

const NOT_READ: &str = "not known";
const NOT_ASKED: &str = "not asked for";

fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    at(value, &[name])
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice)
}

fn or_none(texts: &[String]) -> String {
    match texts {
        [] => "none".to_owned(),
        texts => texts.joined(", "),
    }
}
