//! Last chapter: what happened, and where to go from here.

use serde_json::{Map, Value, json};

use super::super::problem::Problem;
use super::super::program;
use super::super::style::{DIM, NAME};
use super::super::text::{count, harmless, moment};
use super::inbox::News;
use super::story::Story;

/// Characters of a message id on a line.
const ID_SHOWN: usize = 16;

impl Story {
    /// Counts, timelines, and the search for the token, if one was made.
    pub fn summarize(&self, requests: usize, searched: Option<usize>) -> Result<(), Problem> {
        let tell = self.tell;
        tell.chapter("What happened")?;
        tell.note(&format!(
            "  {} left the component, all through its only import, http.send.",
            count(requests, "HTTP request")
        ))?;
        tell.note(&match searched {
            Some(bytes) => format!(
                "  The host put the access token in; searched {} KB of the component's memory: it is not there.",
                bytes / 1000
            ),
            None => "  The host put the access token in; the component never had it.".to_owned(),
        })?;
        let mut timelines = Map::new();
        for message in &self.sent {
            let news = self
                .inbox
                .news
                .get(&message.id)
                .map_or(&[][..], Vec::as_slice);
            let steps: Vec<_> = news.iter().map(step).collect();
            tell.note(&format!(
                "  {:10} {:52} {DIM}{}{DIM:#}",
                message.label,
                if steps.is_empty() {
                    "accepted".to_owned()
                } else {
                    steps.join("  ")
                },
                end_of(&harmless(&message.id))
            ))?;
            let steps = news
                .iter()
                .map(|news| json!({"state": news.state, "at": news.at}));
            timelines.insert(message.id.clone(), steps.collect());
        }
        if self.sent.is_empty() {
            return Ok(());
        }
        tell.summary(json!({
            "http_requests": requests,
            "memory_bytes_searched_for_the_token": searched,
            "timelines": Value::Object(timelines),
        }))
    }

    /// What to type next.
    pub fn suggest(&self, hint: Option<&str>) -> Result<(), Problem> {
        let tell = self.tell;
        let program = program::name();
        tell.chapter("Next")?;
        for (command, what) in [
            ("describe send-text", "what an action takes, with examples"),
            ("simulate", "the simulator, for `invoke` and `serve`"),
            (
                "demo --live --help",
                "the same with your own account; see README",
            ),
        ] {
            tell.note(&format!("  {NAME}{program} {command:19}{NAME:#}  {what}"))?;
        }
        match hint {
            Some(hint) => tell.note(hint),
            None => Ok(()),
        }
    }
}

/// The end of a message id, which is what differs.
fn end_of(id: &str) -> String {
    match id.char_indices().rev().nth(ID_SHOWN - 1) {
        Some((start, _)) if start > 0 => format!("wamid.…{}", id.get(start..).unwrap_or(id)),
        _ => id.to_owned(),
    }
}

/// `delivered 09:00:01`
fn step(news: &News) -> String {
    let time = news.at.map(moment);
    let time = time.as_deref().and_then(|moment| moment.get(11..19));
    format!("{} {}", news.state, time.unwrap_or("-"))
}
