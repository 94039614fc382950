//! `send-media-carousel`.

use super::choices::reply_buttons;
use super::interactive::link;
use super::media;
use crate::fault::{Fallible, invalid};
use crate::graph::Graph;
use crate::json::{Input, Object};
use crate::prelude::*;
use serde_json::Value;

/// Most line breaks in a card's text. Source: Meta's page "Interactive media carousel messages".
const BREAKS_MAX: usize = 2;

/// Sends a carousel.
pub fn send(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let mut cards = Vec::new();
    let mut first = None;
    for (position, given) in input.objects("cards").iter().enumerate() {
        let shape = (
            given.one_of(&["image", "video"])?,
            given.one_of(&["link", "buttons"])?,
            given.values("buttons").len(),
        );
        let first = *first.get_or_insert(shape);
        if first != shape {
            return Err(invalid(
                &format!("cards[{position}]"),
                &format!(
                    "has {}, but the first card has {}",
                    described(shape),
                    described(first)
                ),
                "Give all cards the same kind of file, the same kind of buttons and the same number of them.",
            ));
        }
        cards.push(card(position, given, shape.0)?);
    }
    let action = Object::new().with("cards", cards);
    super::interactive::send(graph, input, "carousel", false, action)
}

/// What all cards have to have alike: the file, and a link or a number of buttons.
fn described((file, action, buttons): (&str, &str, usize)) -> String {
    match buttons {
        0 => format!("{file} and {action}"),
        number => format!("{file} and {action} ({number})"),
    }
}

fn card(position: usize, card: &Input<'_>, file: &str) -> Fallible<Value> {
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
    Ok(Object::new()
        .with("card_index", position)
        // Whatever its buttons do; copies of Meta's own example have it with quick replies as well.
        .with("type", "cta_url")
        .with("header", header)
        .with_some("body", body.map(|text| Object::new().with("text", text)))
        .with("action", action)
        .into())
}
