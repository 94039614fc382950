//! `send-buttons`, `send-list`, and `send-choices`, which takes the one that fits.

use super::interactive::{BUTTON_MAX, Texts, check_count, check_unique, send};
use crate::contract::exports::whatsapp::connector::interactive::{
    Buttons, ChoiceList, Choices, ListRow, ListSection, ReplyButton,
};
use crate::contract::whatsapp::connector::types::Sent;
use crate::fault::{Fallible, check_text, invalid};
use crate::graph::Graph;
use crate::json::Object;
use crate::prelude::*;
use serde_json::Value;

/// Most reply buttons. Source: Meta's page "Interactive reply buttons messages".
pub const BUTTONS_MAX: usize = 3;

/// Most characters of a button's id.
pub const BUTTON_ID_MAX: usize = 256;

/// Most characters of a list's body, by Meta's page; its OpenAPI document says 1024. Meta decides.
pub const LIST_BODY_MAX: usize = 4096;

/// Most sections, and most rows over all sections. Source: Meta's page "Interactive list messages".
pub const ROWS_MAX: usize = 10;

/// Most characters of a row's id.
pub const ROW_ID_MAX: usize = 200;

/// Most characters of the title of a row or a section.
pub const ROW_TITLE_MAX: usize = 24;

/// Most characters of a row's description.
pub const ROW_DESCRIPTION_MAX: usize = 72;

/// `send-buttons`.
pub fn send_buttons(graph: &Graph<'_>, input: Buttons) -> Fallible<Sent> {
    let texts = Texts::body(&input.body).with(&input.header, &input.footer);
    let buttons = reply_buttons("buttons", &input.buttons, BUTTONS_MAX, BUTTON_ID_MAX)?;
    let action = Object::new().with("buttons", buttons);
    send(graph, &input.address, "button", texts, action)
}

/// Reply buttons in Meta's shape; `field` is where they stand.
pub fn reply_buttons(
    field: &str,
    buttons: &[ReplyButton],
    max: usize,
    id_max: usize,
) -> Fallible<Vec<Value>> {
    check_count(field, buttons.len(), 1, max)?;
    let mut output = Vec::new();
    for (position, button) in buttons.iter().enumerate() {
        let place = format!("{field}[{position}]");
        let earlier = &buttons[..position];
        let (id, title) = (format!("{place}.id"), format!("{place}.title"));
        check_text(&id, &button.id, id_max)?;
        check_text(&title, &button.title, BUTTON_MAX)?;
        check_unique(
            &id,
            &button.id,
            earlier.iter().map(|button| button.id.as_str()),
        )?;
        check_unique(
            &title,
            &button.title,
            earlier.iter().map(|button| button.title.as_str()),
        )?;
        let reply = Object::new()
            .with("id", button.id.as_str())
            .with("title", button.title.as_str());
        output.push(
            Object::new()
                .with("type", "reply")
                .with("reply", reply)
                .into(),
        );
    }
    Ok(output)
}

/// `send-list`.
pub fn send_list(graph: &Graph<'_>, input: ChoiceList) -> Fallible<Sent> {
    let texts = Texts {
        header_files: false,
        body_max: LIST_BODY_MAX,
        ..Texts::body(&input.body).with(&input.header, &input.footer)
    };
    check_text("button", &input.button, BUTTON_MAX)?;
    let action = Object::new()
        .with("button", input.button.as_str())
        .with("sections", sections(&input.sections)?);
    send(graph, &input.address, "list", texts, action)
}

fn sections(input: &[ListSection]) -> Fallible<Vec<Value>> {
    check_count("sections", input.len(), 1, ROWS_MAX)?;
    let count = input
        .iter()
        .map(|section| section.rows.len())
        .sum::<usize>();
    if count > ROWS_MAX {
        return Err(invalid(
            "sections",
            &format!("at most {ROWS_MAX} rows over all sections, got {count}"),
            "Leave rows out, or send two lists.",
        ));
    }
    let mut seen: Vec<&str> = Vec::new();
    let mut output = Vec::new();
    for (position, section) in input.iter().enumerate() {
        let place = format!("sections[{position}]");
        section_title(&place, section.title.as_deref(), input.len())?;
        check_count(&format!("{place}.rows"), section.rows.len(), 1, ROWS_MAX)?;
        let mut rows = Vec::new();
        for (position, given) in section.rows.iter().enumerate() {
            let place = format!("{place}.rows[{position}]");
            check_unique(&format!("{place}.id"), &given.id, seen.iter().copied())?;
            seen.push(&given.id);
            rows.push(row(&place, given)?);
        }
        output.push(
            Object::new()
                .with_some("title", section.title.as_deref())
                .with("rows", rows)
                .into(),
        );
    }
    Ok(output)
}

/// A section needs a title when there are several.
pub fn section_title(place: &str, title: Option<&str>, sections: usize) -> Fallible<()> {
    let field = format!("{place}.title");
    match title {
        Some(title) => check_text(&field, title, ROW_TITLE_MAX),
        None if sections > 1 => Err(invalid(
            &field,
            "required when there is more than one section; got none",
            "Give every section a title.",
        )),
        None => Ok(()),
    }
}

fn row(place: &str, row: &ListRow) -> Fallible<Value> {
    check_text(&format!("{place}.id"), &row.id, ROW_ID_MAX)?;
    check_text(&format!("{place}.title"), &row.title, ROW_TITLE_MAX)?;
    if let Some(description) = &row.description {
        check_text(
            &format!("{place}.description"),
            description,
            ROW_DESCRIPTION_MAX,
        )?;
    }
    Ok(Object::new()
        .with("id", row.id.as_str())
        .with("title", row.title.as_str())
        .with_some("description", row.description.as_deref())
        .into())
}

/// `send-choices`.
pub fn send_choices(graph: &Graph<'_>, input: Choices) -> Fallible<Sent> {
    check_count("options", input.options.len(), 1, ROWS_MAX)?;
    let described = input
        .options
        .iter()
        .any(|option| option.description.is_some());
    if input.options.len() <= BUTTONS_MAX && !described {
        let buttons: Vec<_> = input
            .options
            .into_iter()
            .map(|option| ReplyButton {
                id: option.id,
                title: option.title,
            })
            .collect();
        let texts = Texts::body(&input.body).with(&input.header, &input.footer);
        let buttons = reply_buttons("options", &buttons, BUTTONS_MAX, BUTTON_ID_MAX)?;
        return send(
            graph,
            &input.address,
            "button",
            texts,
            Object::new().with("buttons", buttons),
        );
    }
    let button = input.button.as_deref().ok_or_else(|| {
        invalid(
            "button",
            "required, because these options become a list; got none",
            "Say what the button that opens the list shall say, up to 20 characters.",
        )
    })?;
    check_text("button", button, BUTTON_MAX)?;
    let mut rows = Vec::new();
    for (position, option) in input.options.iter().enumerate() {
        let place = format!("options[{position}]");
        let earlier = input.options[..position]
            .iter()
            .map(|option| option.id.as_str());
        check_unique(&format!("{place}.id"), &option.id, earlier)?;
        rows.push(row(&place, option)?);
    }
    let texts = Texts {
        header_files: false,
        body_max: LIST_BODY_MAX,
        ..Texts::body(&input.body).with(&input.header, &input.footer)
    };
    let section = Object::new().with("rows", rows);
    let action = Object::new()
        .with("button", button)
        .with("sections", vec![Value::from(section)]);
    send(graph, &input.address, "list", texts, action)
}
