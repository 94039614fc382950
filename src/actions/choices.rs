//! `send-buttons`, `send-list`, and `send-choices`, which takes the one that fits.

use super::interactive::{HEADER_KINDS, check_unique, send};
use super::output::List;
use crate::fault::{Fallible, invalid, too_long};
use crate::graph::Graph;
use crate::json::{Input, Object};
use crate::prelude::*;
use serde_json::Value;

/// Most reply buttons. Source: Meta's page "Interactive reply buttons messages".
pub const BUTTONS_MAX: usize = 3;

/// Most characters of a button's title.
pub const BUTTON_TITLE_MAX: usize = 20;

/// Most characters of the text above buttons.
pub const BUTTONS_BODY_MAX: usize = 1024;

/// Most rows over all sections. Source: Meta's page "Interactive list messages".
pub const ROWS_MAX: usize = 10;

/// `send-buttons`.
pub fn send_buttons(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let action = reply_buttons(&input.objects("buttons"), "reply")?;
    send(graph, input, "button", true, action)
}

/// Reply buttons in Meta's shape; `kind` is what Meta calls them there.
pub fn reply_buttons(buttons: &[Input<'_>], kind: &str) -> Fallible<Object> {
    check_unique(buttons, "id")?;
    check_unique(buttons, "title")?;
    let mut output = List::default();
    for button in buttons {
        let reply = button.pick(&["id", "title"]);
        output.push(Object::new().with("type", kind).with(kind, reply));
    }
    Ok(Object::new().with("buttons", output))
}

/// `send-list`.
pub fn send_list(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let sections = input.objects("sections");
    check_sections("sections", &sections, "rows", ROWS_MAX)?;
    let mut rows = Vec::new();
    let mut output = List::default();
    for section in sections {
        let own = section.objects("rows");
        let title = section.pick(&["title"]);
        output.push(title.with("rows", self::rows(&own)));
        rows.extend(own);
    }
    check_unique(&rows, "id")?;
    let action = input.pick(&["button"]).with("sections", output);
    send(graph, input, "list", false, action)
}

/// The sections of a list at `place`: several need titles, and all together have a limit.
pub fn check_sections(
    place: &str,
    sections: &[Input<'_>],
    items: &str,
    max: usize,
) -> Fallible<()> {
    let mut count = 0;
    for section in sections {
        count += section.values(items).len();
    }
    if count > max {
        return Err(invalid(
            place,
            &format!("at most {max} items over all sections, got {count}"),
            "Leave some out, or send two messages.",
        ));
    }
    if let (true, Some(section)) = (
        sections.len() > 1,
        sections.iter().find(|section| !section.has("title")),
    ) {
        return Err(section.refuse(
            "title",
            "required when there is more than one section; got none",
            "Give every section a title.",
        ));
    }
    Ok(())
}

fn rows(rows: &[Input<'_>]) -> List {
    let mut output = List::default();
    for row in rows {
        output.push(row.pick(&["id", "title", "description"]));
    }
    output
}

/// `send-choices`.
pub fn send_choices(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let options = input.objects("options");
    let described = options.iter().any(|option| option.has("description"));
    if options.len() <= BUTTONS_MAX && !described {
        fits_buttons(input, "body", BUTTONS_BODY_MAX)?;
        for option in &options {
            fits_buttons(option, "title", BUTTON_TITLE_MAX)?;
        }
        let action = reply_buttons(&options, "reply")?;
        return send(graph, input, "button", true, action);
    }
    if !input.has("button") {
        return Err(input.refuse(
            "button",
            "required, because these options become a list; got none",
            "Say what the button that opens the list shall say, up to 20 characters.",
        ));
    }
    if let Some(header) = input.object("header") {
        let kind = header.one_of(&HEADER_KINDS)?;
        if kind != "text" {
            return Err(header.refuse(
                kind,
                "only a text can stand above a list, and these options become one",
                "Give header.text, or leave the header out.",
            ));
        }
    }
    check_unique(&options, "id")?;
    let mut sections = List::default();
    sections.push(Object::new().with("rows", rows(&options)));
    let action = input.pick(&["button"]).with("sections", sections);
    send(graph, input, "list", false, action)
}

/// Refuses a text that is too long where options become buttons.
fn fits_buttons(input: &Input<'_>, field: &str, max: usize) -> Fallible<()> {
    match too_long(input.need(field), max) {
        None => Ok(()),
        Some((problem, _)) => Err(input.refuse(
            field,
            &format!("{problem}, because these options become buttons"),
            "Shorten it, or send them with send-list.",
        )),
    }
}
