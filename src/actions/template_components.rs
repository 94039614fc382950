//! From a template's typed parts to Meta's `components`.

use crate::fault::Fallible;
use crate::json::{Input, Object};
use crate::prelude::*;
use crate::templates::{
    BODY_TEXT, HEADER_TEXT, KINDS, Kind, OFFER_END, ORDER_STATUS, Part, carousel, component,
};
use serde_json::Value;

/// Highest position of a button; a template has at most 10.
pub const BUTTON_INDEX_MAX: u64 = 9;

/// Where the buttons' kinds of values stand in the input.
const BUTTONS: &str = "buttons[].";

/// The `components` array, or nothing for a template without variables.
pub fn build(input: &Input<'_>) -> Fallible<Option<Vec<Value>>> {
    let mut output = Vec::new();
    texts(input, &mut output)?;
    for kind in [&OFFER_END, &ORDER_STATUS] {
        single(&mut output, part(input, kind, kind.typed))?;
    }
    buttons(input, &mut output)?;
    let mut cards = Vec::new();
    for card in input.objects("cards") {
        let mut components = Vec::new();
        texts(&card, &mut components)?;
        buttons(&card, &mut components)?;
        cards.push(components);
    }
    carousel(&mut output, cards);
    Ok((!output.is_empty()).then_some(output))
}

/// A component with one part.
fn single(output: &mut Vec<Value>, part: Part<'_>) -> Fallible<()> {
    component(output, &[part], 0)
}

/// The value of a field.
fn part<'v>(input: &Input<'v>, kind: &'static Kind, name: &str) -> Part<'v> {
    Part {
        kind,
        value: input.shared(name),
        place: input.path(name),
        name: None,
        number: None,
        max: 0,
        more: false,
        fixed: "",
    }
}

/// Header and body, of the template or of a card.
fn texts(input: &Input<'_>, output: &mut Vec<Value>) -> Fallible<()> {
    if let Some(given) = input.object("header") {
        single(output, header(&given)?)?;
    }
    body(input, output)
}

fn header<'v>(input: &Input<'v>) -> Fallible<Part<'v>> {
    let given = input.one_of(&[
        "text", "image", "video", "document", "location", "gif", "product",
    ])?;
    if input.has("name") && given != "text" {
        return Err(input.refuse(
            "name",
            &["goes with a text variable, and the header is ", given].joined(""),
            "Leave it out.",
        ));
    }
    let of_header = |kind: &&Kind| kind.component == "header" && kind.when == given;
    let kind = KINDS.iter().find(of_header).unwrap_or(&HEADER_TEXT);
    Ok(Part {
        name: input.text("name"),
        ..part(input, kind, given)
    })
}

fn body(input: &Input<'_>, output: &mut Vec<Value>) -> Fallible<()> {
    let mut parts: Vec<Part<'_>> = Vec::new();
    for variable in input.objects("body") {
        let name = variable.text("name");
        if let Some(first) = parts.first()
            && first.name.is_some() != name.is_some()
        {
            return Err(input.refuse(
                "body",
                "expected a name for all variables or for none; found some with and some without",
                "A template has either named variables ({{first_name}}) or numbered ones ({{1}}).",
            ));
        }
        if let Some(name) = name
            && parts.iter().any(|part| part.name == Some(name))
        {
            return Err(variable.refuse(
                "name",
                &["`", name, "` is given twice"].joined(""),
                "Give each variable one value.",
            ));
        }
        let given = variable.one_of(&["text", "currency", "date_time"])?;
        let mut part = part(&variable, &BODY_TEXT, given);
        part.name = name;
        if given != "text" {
            part.value = Some(variable.value());
            part.place = variable.place().to_owned();
        }
        parts.push(part);
    }
    component(output, &parts, 0)
}

fn buttons(input: &Input<'_>, output: &mut Vec<Value>) -> Fallible<()> {
    let mut seen = Vec::new();
    for button in input.objects("buttons") {
        let index = button.number("index").unwrap_or_default();
        if index > BUTTON_INDEX_MAX {
            return Err(button.refuse(
                "index",
                &format!("expected 0 to {BUTTON_INDEX_MAX}, got {index}"),
                "Count the template's buttons from 0.",
            ));
        }
        if seen.contains(&index) {
            return Err(button.refuse(
                "index",
                &format!("{index} is given twice"),
                "Give each button once; the first button of the template has index 0.",
            ));
        }
        seen.push(index);
        let given = button.one_of(&[
            "quick_reply",
            "url",
            "copy_code",
            "one_time_password",
            "flow",
            "catalog",
            "products",
            "order_details",
            "call",
        ])?;
        let mut parts = Vec::new();
        for kind in &KINDS {
            let place = kind.typed.strip_prefix(BUTTONS).unwrap_or_default();
            let Some(inner) = place.strip_prefix(given) else {
                continue;
            };
            let mut part = part(&button, kind, given);
            if let Some(name) = inner.strip_prefix('.') {
                let inner = part.value.and_then(|value| value.get(name));
                part.value = inner.filter(|value| !value.is_null());
                part.place = button.path(place);
            }
            parts.push(part);
        }
        component(output, &parts, index)?;
    }
    Ok(())
}

/// Meta's shape of a template message.
pub fn content(input: &Input<'_>, components: Option<Vec<Value>>) -> Object {
    let language = Object::new().with("code", input.need("language"));
    input
        .pick(&["name"])
        .with("language", language)
        .with_some("components", components.map(Value::Array))
}
