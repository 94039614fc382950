//! `diagnose`: the checks that support teams make by hand, in their order. Nothing is sent but questions.

mod rows;

use super::connection::{self, REQUIRED_SCOPES};
use super::output::{List, finish};
use super::phone_numbers;
use super::reading::{known, word, words};
use super::window::{self, OPEN_S};
use super::{check_beside, fault_of};
use crate::contract::whatsapp::connector::types::Error;
use crate::fault::{Fallible, passes};
use crate::graph::{
    Graph, answer, codes,
    request::Call,
    usage::{self, Usage},
    versions,
};
use crate::json::{Input, Object, items, text_at};
use crate::prelude::*;
use crate::templates::problem;
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
    steps: List,
    problem: Option<String>,
    usage: Option<Usage>,
    /// Why a step that Meta was to answer knows nothing.
    unknown: &'static str,
}

/// Makes all checks.
pub fn diagnose(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let now = window::time(input, "now")?;
    let last_inbound = window::time(input, "last_inbound_at")?;
    check_beside(input, "language", "template_name")?;
    check_beside(input, "template_name", "language")?;
    check_beside(input, "last_inbound_at", "now")?;
    let mut report = Report {
        graph,
        steps: List::default(),
        problem: None,
        usage: None,
        unknown: NOT_READ,
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
    report.health(&number, &waba);
    let account = graph.business_account_id(input).ok();
    report.webhooks(account, graph.app_id(input).ok().or(token.as_deref()));
    report.template(account, input);
    report.window(now, last_inbound);
    report.limits();
    report.version(now);
    finish(
        Object::new()
            .with("ok", report.problem.is_none())
            .with("first_problem", report.problem)
            .with("steps", report.steps),
    )
}

impl Report<'_> {
    /// Adds a step; what was seen comes in pieces.
    fn add(&mut self, step: &str, passed: Option<bool>, seen: &[&str], advice: &str) {
        let seen = seen.joined("");
        if passed == Some(false) {
            self.found(step, &seen, advice);
        }
        let step = Object::new()
            .with("step", step)
            .with("passed", passed)
            .with("seen", seen);
        self.steps.push(known(step, "advice", advice));
    }

    fn found(&mut self, step: &str, seen: &str, advice: &str) {
        if self.problem.is_none() {
            let problem = [step, ": ", seen.trim_end_matches('.'), ". ", advice].joined("");
            self.problem = Some(problem.trim_ascii_end().to_owned());
        }
    }

    /// Adds a step that nothing is known of.
    fn skip(&mut self, step: &str, why: &str) {
        self.add(step, None, &[why], "");
    }

    /// A check that failed itself: what Meta refuses is a problem found, what passes is one that could not be looked at.
    fn fail(&mut self, step: &str, error: Box<Error>) {
        let known = (!passes(&error)).then_some(false);
        let fault = fault_of(error);
        self.found(step, &fault.message, &fault.advice);
        self.add(step, known, &[&fault.message], &fault.advice);
    }

    /// Whether Meta would refuse each call for the token's sake: the problem stands in the first step already.
    fn is_pointless(&self) -> bool {
        self.unknown == NO_TOKEN
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
                if is_about_token(&error) {
                    self.unknown = NO_TOKEN;
                }
                self.fail("token", error);
                self.skip("permissions", self.unknown);
                return None;
            }
        };
        let text = |name| word(&data, &[name]);
        let problem = connection::token_problem(&data);
        if problem.is_empty() {
            let ending = now.map(|now| connection::ending(&data, now));
            let seen = [text("type"), " token of ", text("application")];
            self.add("token", Some(true), &seen, &ending.unwrap_or_default());
        } else {
            self.unknown = NO_TOKEN;
            self.add("token", Some(false), &[&problem], "");
            self.skip("permissions", NO_TOKEN);
            return text_at(&data, &["app_id"]);
        }
        let missing = connection::missing(&data, &REQUIRED_SCOPES);
        let problem = connection::scope_problem(&missing);
        if problem.is_empty() {
            let scopes = words(items(&data, &["scopes"])).joined(", ");
            self.add("permissions", Some(true), &[&scopes], "");
        } else {
            self.add("permissions", Some(false), &[&problem], "");
        }
        text_at(&data, &["app_id"])
    }

    /// Whether an object can be read at all; what it says.
    fn object(&mut self, step: &str, id: Fallible<&str>, fields: &str, name: &str) -> Value {
        if id.is_ok() && self.is_pointless() {
            self.skip(step, self.unknown);
            return Value::Null;
        }
        let answer = id.and_then(|id| {
            let call = Call::get(&[id]).query("fields", fields);
            Ok((id, self.call(call)?))
        });
        match answer {
            Ok((id, object)) => {
                self.add(
                    step,
                    Some(true),
                    &[word(&object, &[name]), " (", id, ")"],
                    "",
                );
                object
            }
            Err(error) => {
                self.fail(step, error);
                Value::Null
            }
        }
    }

    /// Fields of an object against what they should be.
    fn rows(&mut self, object: &Value, rows: &[Row]) {
        for row in rows {
            let word = word(object, &[row.field]);
            if word.is_empty() {
                self.skip(row.step, self.unknown);
                continue;
            }
            let advice = if row.is_good(word) { "" } else { row.advice };
            self.add(row.step, Some(row.passes(word)), &[word], advice);
        }
    }

    /// What Meta itself says about everything that takes part in sending; of the first object that has it.
    fn health(&mut self, number: &Value, account: &Value) {
        let health = number.get("health_status");
        let Some(health) = health.or_else(|| account.get("health_status")) else {
            return self.skip("health", self.unknown);
        };
        let (mut seen, mut advice) = (Vec::new(), Vec::new());
        for entity in items(health, &["entities"]) {
            if !seen.is_empty() {
                seen.push("; ");
            }
            let text = |name| word(entity, &[name]);
            seen.push(text("entity_type"));
            seen.push(" ");
            seen.push(text("can_send_message"));
            for error in items(entity, &["errors"]) {
                let text = |name| word(error, &[name]);
                let problem = text("error_description").trim_end_matches('.');
                seen.push(": ");
                seen.push(problem);
                let solution = text("possible_solution");
                if !solution.is_empty() {
                    advice.push(solution);
                }
            }
        }
        let blocked = word(health, &["can_send_message"]) == "BLOCKED";
        self.add("health", Some(!blocked), &seen, &advice.joined(" "));
    }

    /// Whether the app is among those that get the account's webhooks.
    fn webhooks(&mut self, account: Option<&str>, app: Option<&str>) {
        let Some(account) = account.filter(|_| !self.is_pointless()) else {
            return self.skip("webhooks", self.unknown);
        };
        let answer = match self.call(Call::get(&[account, "subscribed_apps"])) {
            Ok(answer) => answer,
            Err(error) => return self.fail("webhooks", error),
        };
        let mut apps = String::new();
        let mut there = false;
        for item in items(&answer, &["data"]) {
            if let Some(known) = text_at(item, &["whatsapp_business_api_data", "id"]) {
                there |= app == Some(known.as_str());
                append(&mut apps, &known);
            }
        }
        let passed = (app.is_some() || apps.is_empty()).then_some(there);
        let advice = match passed {
            Some(true) => "",
            Some(false) if !apps.is_empty() => {
                "Run subscribe-webhooks for this account, so that messages and statuses reach your app; or correct app_id, when one of these is yours."
            }
            _ => {
                "Run subscribe-webhooks for this account, so that messages and statuses reach your app."
            }
        };
        let (yours, app) = app.map_or(("", ""), |app| ("; yours: ", app));
        let seen = ["apps that get the webhooks: ", or_none(&apps), yours, app];
        self.add("webhooks", passed, &seen, advice);
    }

    /// Whether the template is there in this language and approved.
    fn template(&mut self, account: Option<&str>, input: &Input<'_>) {
        let name = input.text("template_name");
        let account = account.filter(|_| !self.is_pointless());
        let (Some(account), Some(name)) = (account, name) else {
            let why = if name.is_some() {
                self.unknown
            } else {
                NOT_ASKED
            };
            return self.skip("template", why);
        };
        let call = Call::get(&[account, "message_templates"])
            .query(
                "fields",
                "name,language,status,rejected_reason,quality_score",
            )
            .query("name", name)
            .query("limit", "100");
        let answer = match self.call(call) {
            Ok(answer) => answer,
            Err(error) => return self.fail("template", error),
        };
        let mut languages = String::new();
        for template in items(&answer, &["data"]) {
            let text = |name| word(template, &[name]);
            // Meta takes a part of a name for the name.
            if text("name") != name {
                continue;
            }
            if text("language") == input.need("language") {
                return match problem(template) {
                    Some((seen, advice)) => {
                        self.add("template", Some(false), &[&seen], advice);
                    }
                    None => self.add("template", Some(true), &[text("status")], ""),
                };
            }
            append(&mut languages, text("language"));
        }
        let advice = codes::find(Some(NO_TEMPLATE), None).map_or("", codes::Entry::advice);
        let seen = ["not there; languages of this name: ", or_none(&languages)];
        self.add("template", Some(false), &seen, advice);
    }

    /// Whether free text may be sent.
    fn window(&mut self, now: Option<u64>, last: Option<u64>) {
        let Some((now, last)) = now.zip(last) else {
            return self.skip("service_window", NOT_ASKED);
        };
        let open = now.saturating_sub(last) <= OPEN_S;
        let (seen, seconds, advice) = if open {
            (
                "open, time left: ",
                last.saturating_add(OPEN_S).saturating_sub(now),
                "",
            )
        } else {
            (
                "closed, for ",
                now - last - OPEN_S,
                "Send a template; when the customer answers, free text works again.",
            )
        };
        let (hours, minutes) = (number(seconds / 3600), number(seconds / 60 % 60));
        let seen = [seen, &hours, " h ", &minutes, " min"];
        self.add("service_window", Some(open), &seen, advice);
    }

    /// How much of the account's calls is used, by the answers so far.
    fn limits(&mut self) {
        let Some(usage) = self.usage else {
            let why = match self.is_pointless() {
                true => self.unknown,
                false => "Meta says nothing: it does once a good part of the hour's calls is used.",
            };
            return self.skip("rate_limit", why);
        };
        let free = usage.minutes == 0 && usage.percent < 100;
        let advice = match usage.percent {
            percent if free && percent < USAGE_PERCENT => "",
            _ => {
                "Call less often: Meta counts reading numbers, templates and accounts by the hour and account."
            }
        };
        let middle = " % of the hour's calls used, minutes until calls are taken again: ";
        let percent = number(usage.percent);
        let seen = [&percent, middle, &number(usage.minutes)];
        self.add("rate_limit", Some(free), &seen, advice);
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
        let advice = match now {
            _ if soon => "Set api_version of the connection to a newer version, or leave it out.",
            None if known.is_some() => {
                "Give now, and this says whether Meta still serves the version."
            }
            _ => "",
        };
        let seen = [version, ", ends: ", ends];
        let served = end.map(|(end, now)| end > now);
        self.add("api_version", served, &seen, advice);
    }
}

const NOT_READ: &str = "not known";
const NO_TOKEN: &str = "not checked: the token does not work";
const NOT_ASKED: &str = "not asked for";

/// Whether it is the token that Meta refuses, not a permission that one call needs; without Meta's word it was the host.
fn is_about_token(error: &Error) -> bool {
    let Error::PermanentUnauthorized(fault) = error else {
        return false;
    };
    let code = fault.graph.as_ref().map(|graph| graph.code);
    matches!(code, None | Some(0 | 102 | 104 | 190))
}

/// Adds a text to a list in one line.
fn append(list: &mut String, text: &str) {
    if !list.is_empty() {
        list.push_str(", ");
    }
    list.push_str(text);
}

fn or_none(list: &str) -> &str {
    if list.is_empty() { "none" } else { list }
}
