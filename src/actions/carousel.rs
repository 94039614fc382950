//! `send-media-carousel`.

use super::choices::reply_buttons;
use super::interactive::{BUTTON_MAX, Texts, check_count, send};
use super::media;
use crate::contract::exports::whatsapp::connector::interactive::{Card, MediaCarousel};
use crate::contract::whatsapp::connector::types::Sent;
use crate::fault::{Fallible, check_text, exactly_one, invalid};
use crate::graph::Graph;
use crate::json::Object;
use crate::prelude::*;
use serde_json::Value;

/// Fewest and most cards. Source: Meta's page "Interactive media carousel messages".
pub const CARDS: (usize, usize) = (2, 10);

/// Most characters of a card's text.
pub const CARD_BODY_MAX: usize = 160;

/// Most buttons of a card.
const CARD_BUTTONS_MAX: usize = 2;

/// Sends a carousel.
pub fn send_media_carousel(graph: &Graph<'_>, input: MediaCarousel) -> Fallible<Sent> {
    check_count("cards", input.cards.len(), CARDS.0, CARDS.1)?;
    let mut cards = Vec::new();
    let mut first = None;
    for (position, given) in input.cards.iter().enumerate() {
        let place = format!("cards[{position}]");
        let shape = shape(&place, given)?;
        if *first.get_or_insert(shape) != shape {
            return Err(invalid(
                &place,
                &format!(
                    "has {} and {}, but the first card has {} and {}",
                    shape.0,
                    shape.1,
                    first.map_or("", |first| first.0),
                    first.map_or("", |first| first.1)
                ),
                "Give all cards the same kind of file and the same kind of buttons.",
            ));
        }
        cards.push(card(&place, position, given, shape)?);
    }
    let action = Object::new().with("cards", cards);
    send(
        graph,
        &input.address,
        "carousel",
        Texts::body(&input.body),
        action,
    )
}

/// The kind of file, and the kind of buttons.
type CardShape = (&'static str, &'static str);

fn shape(place: &str, card: &Card) -> Fallible<CardShape> {
    let file = exactly_one(
        place,
        &[
            ("image", card.image.is_some()),
            ("video", card.video.is_some()),
        ],
    )?;
    let buttons = exactly_one(
        place,
        &[
            ("link", card.link.is_some()),
            ("buttons", card.buttons.is_some()),
        ],
    )?;
    Ok((file, buttons))
}

fn card(place: &str, position: usize, card: &Card, (kind, _): CardShape) -> Fallible<Value> {
    let file = card.image.as_ref().or(card.video.as_ref());
    let header = match file {
        Some(file) => media::reference(&format!("{place}.{kind}"), kind, file)?,
        None => Object::new(),
    };
    let body = match &card.body {
        Some(body) => {
            check_text(&format!("{place}.body"), body, CARD_BODY_MAX)?;
            Some(Object::new().with("text", body.as_str()))
        }
        None => None,
    };
    let (name, action) = match (&card.link, &card.buttons) {
        (Some(link), _) => {
            let field = format!("{place}.link");
            check_text(
                &format!("{field}.display_text"),
                &link.display_text,
                BUTTON_MAX,
            )?;
            media::check_address(&format!("{field}.url"), &link.url)?;
            let parameters = Object::new()
                .with("display_text", link.display_text.as_str())
                .with("url", link.url.as_str());
            (
                "cta_url",
                Object::new()
                    .with("name", "cta_url")
                    .with("parameters", parameters),
            )
        }
        (None, buttons) => {
            let buttons = buttons.as_deref().unwrap_or_default();
            let replies = reply_buttons(
                &format!("{place}.buttons"),
                buttons,
                CARD_BUTTONS_MAX,
                BUTTON_MAX,
            )?;
            let quick: Vec<Value> = replies.into_iter().map(quick_reply).collect();
            ("button", Object::new().with("buttons", quick))
        }
    };
    Ok(Object::new()
        .with("card_index", position)
        .with("type", name)
        .with(
            "header",
            Object::new().with("type", kind).with(kind, header),
        )
        .with_some("body", body)
        .with("action", action)
        .into())
}

/// In a card, Meta calls a reply button `quick_reply`.
fn quick_reply(mut button: Value) -> Value {
    let reply = button.get_mut("reply").map(Value::take).unwrap_or_default();
    Object::new()
        .with("type", "quick_reply")
        .with("quick_reply", reply)
        .into()
}
