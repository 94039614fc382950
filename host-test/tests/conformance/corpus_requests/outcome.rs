//! What becomes of a body: translate it, invoke the action, compare what was sent.

use std::fmt::{self, Display};

use serde_json::{Value, json};

use super::NOT_YET;
use super::translate::{Candidate, translate, whole};
use crate::call::{self, Network};
use crate::component;

/// What became of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The component sent the same body. `raw`: it was handed over in Meta's own shape (`components`, `interactive`, `message`).
    Equal { action: &'static str, raw: bool },
    /// It did so in Meta's own shape, after typed fields that should have done as well: what became of those.
    OnlyRaw(Box<Outcome>),
    /// The action that would say it is not there yet.
    NotYet(&'static str),
    /// The component refused the input: the field at fault.
    Refused(String),
    /// The component sent another body: the places that differ, as JSON pointers.
    Differs(Vec<String>),
    /// No input says this: the place in the body.
    Cannot(String),
}

impl Display for Outcome {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Equal { action, raw: false } => write!(out, "{action}"),
            Self::Equal { action, raw: true } => write!(out, "{action} (Meta's own shape)"),
            Self::OnlyRaw(typed) => write!(out, "only in Meta's own shape, else {typed}"),
            Self::NotYet(action) => write!(out, "not yet: {action}"),
            Self::Refused(field) => write!(out, "refused: {field}"),
            Self::Differs(places) => write!(out, "differs: {}", places.join(" ")),
            Self::Cannot(place) => write!(out, "cannot say: {place}"),
        }
    }
}

/// What becomes of a body of `POST /{phone-number-id}/messages`. The ways to say it are tried in turn; when none gives the same body, what
/// became of the first counts.
pub fn of_message(body: &Value) -> Outcome {
    let (mut candidates, mut first) = match translate(body) {
        Ok(candidates) => (candidates, None),
        Err(place) => (Vec::new(), Some(Outcome::Cannot(place))),
    };
    candidates.extend(whole(body));
    let answer = json!({
        "status": 200,
        "body": {"success": true, "messages": [{"id": "wamid.A"}]},
    });
    for candidate in &candidates {
        // Marketing Messages alone know it.
        let path = match body.get("product_policy") {
            Some(_) => "/marketing_messages",
            None => "/messages",
        };
        let found = run(candidate, Network::always(&answer), path, body);
        match (&found, first.take()) {
            (Outcome::Equal { .. }, Some(typed)) => return Outcome::OnlyRaw(Box::new(typed)),
            (Outcome::Equal { .. } | Outcome::NotYet(_), _) => return found,
            (_, earlier) => first = Some(earlier.unwrap_or(found)),
        }
    }
    first.unwrap()
}

/// Invokes the action and compares the body of its POST, which has to go to a path with this end.
pub fn run(candidate: &Candidate, network: Network, path: &str, body: &Value) -> Outcome {
    let Candidate { action, input, raw } = candidate;
    if !component::actions().any(|export| export.name == *action) {
        assert!(
            NOT_YET.contains(action),
            "the component has no {action}: misspelt here, or to be added to NOT_YET"
        );
        return Outcome::NotYet(action);
    }
    let outcome = call::invoke(action, &call::connection(), input, network);
    let requests = outcome.requests.iter().map(call::request_to_json);
    let posts: Vec<_> = requests
        .filter(|request| request["method"] == "post")
        .collect();
    match (posts.as_slice(), outcome.result) {
        ([post], _) => {
            let url = post["url"].as_str().unwrap();
            assert!(url.ends_with(path), "{action} posts to {url}");
            let mut places = Vec::new();
            differences(
                "",
                &normal(body),
                &normal(&post["body"]["json"]),
                &mut places,
            );
            match places.is_empty() {
                true => Outcome::Equal { action, raw: *raw },
                false => Outcome::Differs(places),
            }
        }
        ([], Err(error)) => {
            let field = error["fault"]["field"].as_str();
            let why = || error["fault"]["message"].as_str().unwrap_or_default();
            Outcome::Refused(field.unwrap_or_else(why).to_owned())
        }
        (posts, result) => panic!("{action} sent {posts:?} and returned {result:?}\nfor {input}"),
    }
}

/// With `to` in one form: a text, a phone number without spaces and `()-.`. Our component removes them, and Meta does not need them.
fn normal(body: &Value) -> Value {
    let mut body = body.clone();
    if let Some(to) = body.get_mut("to") {
        let text = to.as_str().map_or_else(|| to.to_string(), str::to_owned);
        let marks = |c: char| c.is_whitespace() || "()-.".contains(c);
        *to = text.replace(marks, "").into();
    }
    body
}

/// The places at which two values differ, as JSON pointers. Numbers are equal when they mean the same: `37` and `37.0`.
fn differences(at: &str, left: &Value, right: &Value, places: &mut Vec<String>) {
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => {
            let more = right.keys().filter(|name| !left.contains_key(*name));
            for name in left.keys().chain(more) {
                let at = format!("{at}/{name}");
                match (left.get(name), right.get(name)) {
                    (Some(left), Some(right)) => differences(&at, left, right, places),
                    _ => places.push(at),
                }
            }
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            for (index, (left, right)) in left.iter().zip(right).enumerate() {
                differences(&format!("{at}/{index}"), left, right, places);
            }
        }
        (Value::Number(left), Value::Number(right)) if left.as_f64() == right.as_f64() => {}
        _ if left == right => {}
        _ => places.push(at.to_owned()),
    }
}
