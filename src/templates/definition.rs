//! The parts of a template's definition: which of them are known, and what Meta's limits on them are.

use super::fields::{find, is, list, text};
use super::placeholders::next;
use crate::fault::{Fallible, check_length, invalid};
use crate::prelude::*;
use crate::text::split;
use serde_json::Value;

/// Types of components.
const COMPONENTS: &str =
    "HEADER, BODY, FOOTER, BUTTONS, CAROUSEL, LIMITED_TIME_OFFER, CALL_PERMISSION_REQUEST";

/// Formats of headers.
const FORMATS: &str = "TEXT, IMAGE, VIDEO, GIF, DOCUMENT, LOCATION, PRODUCT";

/// Types of buttons, those that take no parameter among them.
const BUTTONS: &str = "QUICK_REPLY, URL, PHONE_NUMBER, COPY_CODE, OTP, FLOW, CATALOG, MPM, SPM, ORDER_DETAILS, VOICE_CALL, \
                       CALL_PERMISSION_REQUEST, REQUEST_CONTACT_INFO";

/// Most characters of a body.
const BODY_TEXT_MAX: usize = 1024;

/// Most characters of a header and of a footer.
const LINE_MAX: usize = 60;

/// Most characters on a button.
const LABEL_MAX: usize = 25;

/// What looks at a component or a button, and where that stands.
type Check = fn(place: &str, part: &Value, is_button: bool) -> Fallible<()>;

/// Looks at all components and buttons, in the cards too.
fn each(place: &str, components: &[Value], check: Check) -> Fallible<()> {
    for (position, component) in components.iter().enumerate() {
        let place = format!("{place}[{position}]");
        check(&place, component, false)?;
        for (position, button) in list(component, "buttons").iter().enumerate() {
            check(&format!("{place}.buttons[{position}]"), button, true)?;
        }
        for (position, card) in list(component, "cards").iter().enumerate() {
            let place = format!("{place}.cards[{position}].components");
            each(&place, list(card, "components"), check)?;
        }
    }
    Ok(())
}

/// Refuses a template with a part that no form shows: its variables would be left out without a word.
pub fn check_known(components: &[Value]) -> Fallible<()> {
    each(
        "template.components",
        components,
        |place, part, is_button| {
            let types = if is_button { BUTTONS } else { COMPONENTS };
            known(place, part, "type", types)?;
            if is_button {
                return Ok(());
            }
            // Older templates have a text and no format.
            if is(part, "type", "header")
                && (part.get("format").is_some() || text(part, "text").is_empty())
            {
                known(place, part, "format", FORMATS)?;
            }
            if is(part, "type", "carousel") && list(part, "cards").is_empty() {
                return Err(invalid(
                    &[place, ".cards"].joined(""),
                    "expected the carousel's cards, got none",
                    "Give the template as get-template returns it, or send it with `components`.",
                ));
            }
            Ok(())
        },
    )
}

fn known(place: &str, part: &Value, name: &str, words: &str) -> Fallible<()> {
    if split(words, b',').any(|word| is(part, name, word.trim_ascii())) {
        return Ok(());
    }
    let found = match text(part, name) {
        "" => "none",
        found => found,
    };
    Err(invalid(
        &[place, ".", name].joined(""),
        &["expected one of ", words, "; got ", found].joined(""),
        "What it takes is not known here: send the template with `components`, in Meta's shape.",
    ))
}

/// Refuses the components of a new template that Meta would refuse. `is_texted` says whether the body has to have a text: that of an
/// authentication template is Meta's.
pub fn check_definition(components: &[Value], is_texted: bool) -> Fallible<()> {
    let body = find(components, "body");
    let problem = match body {
        Value::Null => "expected a component of type BODY, got none",
        body if is_texted && text(body, "text").trim_ascii().is_empty() => {
            "expected a BODY with a `text`, got none"
        }
        _ => "",
    };
    if !problem.is_empty() {
        return Err(invalid(
            "components",
            problem,
            "Add it: a template has a body.",
        ));
    }
    each("components", components, |place, part, is_button| {
        let mut max = LABEL_MAX;
        if !is_button {
            max = match text(part, "type") {
                of if of.eq_ignore_ascii_case("body") => BODY_TEXT_MAX,
                of if of.eq_ignore_ascii_case("header") => LINE_MAX,
                of if of.eq_ignore_ascii_case("footer") => LINE_MAX,
                _ => return Ok(()),
            };
        }
        check_length(&[place, ".text"].joined(""), text(part, "text"), max)?;
        let (name, of) = if is_button {
            ("url", "the address has a variable")
        } else {
            ("text", "the text has variables")
        };
        if next(text(part, name), 0).is_some() && part.get("example").is_none_or(Value::is_null) {
            return Err(invalid(
                &[place, ".example"].joined(""),
                &["required, because ", of].joined(""),
                "Meta's reviewers want an example of each variable.",
            ));
        }
        Ok(())
    })
}
