//! Handing the events over.

use crate::bindings::wasi::http::types::ErrorCode;
use crate::call::Call;
use crate::deadline::{Deadline, Over};
use crate::settings::Settings;
use alloc::{borrow::ToOwned, format, string::String, vec::Vec};
use serde_json::Value;
use whatsapp_connector::json::to_text;

/// An event on its way.
pub struct Event {
    /// `envelope.id` as a header can hold it.
    key: String,
    /// The event as JSON.
    text: String,
}

impl Event {
    /// An event of the parsers.
    pub fn new(event: &Value) -> Self {
        let id = event["envelope"]["id"].as_str().unwrap_or_default();
        Self {
            key: header_text(id),
            text: to_text(event),
        }
    }
}

/// The same text for every id that Meta sends today. What a header cannot hold is percent-encoded, so that different ids stay different.
fn header_text(id: &str) -> String {
    let mut text = String::new();
    for byte in id.bytes() {
        if byte.is_ascii_graphic() && byte != b'%' {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

/// Why an event was not taken.
enum Refusal {
    /// The sink answered with this status.
    Status(u16),
    /// There was no answer.
    Broken(ErrorCode),
    /// The request could not be made.
    Unsent(&'static str),
    /// It took too long.
    Over,
}

/// Posts the events in their order and stops at the first that is not taken. The error is for the operator.
pub fn post(settings: &Settings, events: Vec<Event>, deadline: &Deadline) -> Result<(), String> {
    let count = events.len();
    let posts = match settings.batch {
        true if count > 0 => Vec::from([(None, batch(&events))]),
        _ => events
            .into_iter()
            .map(|event| (Some(event.key), event.text))
            .collect(),
    };
    post_all(settings, posts, deadline)
        .map_err(|(taken, refusal)| refusal.explain(settings, taken, count))
}

fn batch(events: &[Event]) -> String {
    let texts: Vec<&str> = events.iter().map(|event| event.text.as_str()).collect();
    format!("[{}]", texts.join(","))
}

/// A request to the sink: the key, and the body.
type Post = (Option<String>, String);

/// The error says how many were taken before.
fn post_all(
    settings: &Settings,
    posts: Vec<Post>,
    deadline: &Deadline,
) -> Result<(), (usize, Refusal)> {
    let mut waiting = posts.into_iter();
    let mut under_way: Vec<Call> = Vec::new();
    let mut refusal = None;
    let mut taken = 0;
    loop {
        while refusal.is_none() && under_way.len() < settings.parallel {
            let Some((key, text)) = waiting.next() else {
                break;
            };
            match Call::start(settings, key, text) {
                Ok(call) => under_way.push(call),
                Err(why) => refusal = Some(Refusal::Unsent(why)),
            }
        }
        let before = under_way.len();
        under_way.retain_mut(|call| {
            match call.advance() {
                None => return true,
                Some(Ok(200..=299)) => taken += 1,
                // The first one counts; those beside it are waited for, so that the sink is not cut short.
                Some(Ok(status)) => {
                    refusal.get_or_insert(Refusal::Status(status));
                }
                Some(Err(error)) => {
                    refusal.get_or_insert(Refusal::Broken(error));
                }
            }
            false
        });
        if under_way.len() < before {
            continue;
        }
        if under_way.is_empty() {
            return refusal.map_or(Ok(()), |refusal| Err((taken, refusal)));
        }
        let pollables: Vec<_> = under_way.iter().flat_map(Call::subscribe).collect();
        if let Err(Over) = deadline.wait(&pollables) {
            return Err((taken, refusal.unwrap_or(Refusal::Over)));
        }
    }
}

impl Refusal {
    fn explain(&self, settings: &Settings, taken: usize, count: usize) -> String {
        let (what, advice) = match self {
            Self::Status(status) => (
                format!("answered {status}"),
                match status {
                    300..=399 => {
                        "redirects are not followed: set WHATSAPP_SINK_URL to the address where it leads"
                    }
                    401 | 403 => "check WHATSAPP_SINK_AUTHORIZATION",
                    404 | 405 => "check the path of WHATSAPP_SINK_URL",
                    413 => "let the sink take larger bodies",
                    _ => "the sink's own log says why",
                },
            ),
            Self::Broken(error) => (
                format!("gave no answer ({})", name(error)),
                "check WHATSAPP_SINK_URL, and that this server may reach it",
            ),
            Self::Unsent(why) => ((*why).to_owned(), "check WHATSAPP_SINK_URL"),
            Self::Over => (
                format!("needed more than {} s", settings.time_limit),
                "let the sink answer as soon as it has stored an event, or set WHATSAPP_SINK_BATCH, WHATSAPP_SINK_PARALLEL or WHATSAPP_TIME_LIMIT_SECONDS",
            ),
        };
        format!(
            "the sink {} took {taken} of {count} events and then {what}: {advice}. Meta repeats the delivery",
            settings.sink.origin()
        )
    }
}

/// WASI's name of an error.
fn name(error: &ErrorCode) -> String {
    match error {
        ErrorCode::InternalError(Some(text)) => text.clone(),
        other => format!("{other:?}").replace("ErrorCode::", ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_meta_stay_as_they_are() {
        let id = "message:wamid.HBgLMTU1NTAxMDAxMDAVAgASGBQzQQ==";
        assert_eq!(header_text(id), id);
    }

    #[test]
    fn different_ids_stay_different_in_a_header() {
        assert_eq!(header_text("a\r\nb é"), "a%0D%0Ab%20%C3%A9");
        assert_ne!(header_text("a%0D"), header_text("a\r"));
    }
}
