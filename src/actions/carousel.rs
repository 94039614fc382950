//! `send-media-carousel`.

use super::choices::reply_buttons;
use super::interactive::link;
use super::output::List;
use super::{item, media};
use crate::fault::{Fallible, invalid};
use crate::graph::Graph;
use crate::json::{Input, Object};
use crate::prelude::*;
use serde_json::Value;

/// Most line breaks in a card's text. Source: Meta's page "Interactive media carousel messages".
const BREAKS_MAX: usize = 2;

/// Sends a carousel.
pub fn send(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let mut cards = List::default();
    let mut first = String::new();
    for (position, given) in input.objects("cards").iter().enumerate() {
        let file = given.one_of(&["image", "video"])?;
        let action = given.one_of(&["link", "buttons"])?;
        let shape = described(file, action, given.values("buttons").len());
        if first.is_empty() {
            first.push_str(&shape);
        }
        if first != shape {
            return Err(invalid(
                &item("cards", position),
                &["has ", &shape, ", but the first card has ", &first].joined(""),
                "Give all cards the same kind of file, the same kind of buttons and the same number of them.",
            ));
        }
        cards.push(card(position, given, file)?);
    }
    let action = Object::new().with("cards", cards);
    super::interactive::send(graph, input, "carousel", false, action)
}

/// What all cards have to have alike: the file, and a link or a number of buttons.
fn described(file: &str, action: &str, buttons: usize) -> String {
    match buttons {
        0 => [file, " and ", action].joined(""),
        number => format!("{file} and {action} ({number})"),
    }
}

fn card(position: usize, card: &Input<'_>, file: &str) -> Fallible<Object> {
    let header = Object::new()
        .with("type", file)
        .with(file, media::reference(card, file)?);
    let action = match card.object("link") {
        Some(given) => link(&given)?,
        // In a card, Meta calls a reply button `quick_reply`.
        None => reply_buttons(&card.objects("buttons"), "quick_reply")?,
    };
    let body = card.text("body");
    let breaks = body.map_or(0, |text| text.bytes().filter(|byte| *byte == b'\n').count());
    if breaks > BREAKS_MAX {
        return Err(card.refuse(
            "body",
            &format!("at most {BREAKS_MAX} line breaks, got {breaks}"),
            "Put it into fewer lines.",
        ));
    }
    let mut output = Object::new()
        .with("card_index", position)
        // Whatever its buttons do; copies of Meta's own example have it with quick replies as well.
        .with("type", "cta_url")
        .with("header", header)
        .with("action", action);
    if let Some(text) = body {
        output = output.with("body", Object::new().with("text", text));
    }
    Ok(output)
}
