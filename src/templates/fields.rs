//! The walk over a template: everything that can be filled in, in the order in which a person reads the message.

use super::definition::check_known;
use super::kinds::{
    Absent, BODY_ALONE_MAX, BODY_CODE, BODY_MAX, BODY_TEXT, CARDS_MAX, HEADER_TEXT, How, KINDS,
    Kind, OFFER_END, ORDER_STATUS,
};
use super::part::ACTION;
use super::placeholders::{Placeholder, next};
use crate::fault::{Fallible, invalid};
use crate::json::{Object, kind, to_text};
use crate::plugin::help;
use crate::prelude::*;
use serde_json::Value;

/// Something that can be filled in.
pub struct Field<'t> {
    /// Its name in the form. The code of an authentication template is several fields of one name.
    pub name: String,
    /// What it is.
    pub kind: &'static Kind,
    /// Whether it has to be given.
    pub required: bool,
    /// Most characters of a variable in the body; 0 is as the type says.
    pub max: usize,
    /// In which card of the carousel.
    pub card: Option<usize>,
    /// Whether that card is not in the template itself: a template of product cards may be sent with more of them.
    pub more: bool,
    /// Position of the button among all buttons.
    pub button: usize,
    /// The header, the body or the button that it is in.
    pub source: &'t Value,
    /// The variable.
    pub placeholder: Placeholder<'t>,
    /// The variable's number, when it is numbered.
    pub number: Option<usize>,
}

/// Everything that can be filled in.
pub fn fields(template: &Value) -> Fallible<Vec<Field<'_>>> {
    let given = template.get("components").unwrap_or(&Value::Null);
    let Value::Array(components) = given else {
        return Err(invalid(
            "template.components",
            &format!("expected the template's components, got {}", kind(given)),
            "Give it as get-template returns it.",
        ));
    };
    check_known(components)?;
    let mut walk = Walk {
        fields: Vec::new(),
        named: is(template, "parameter_format", "named"),
        has_code: has_code(template, components),
        alone: components.len() == 1,
        card: None,
        more: false,
        button: 0,
    };
    if is(template, "sub_category", "order_status") {
        walk.add(&ORDER_STATUS, template);
    }
    walk.components(components);
    Ok(walk.fields)
}

/// The text of a field; empty when there is none.
pub fn text<'t>(value: &'t Value, name: &str) -> &'t str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// Whether a field holds this word, in capitals or not.
pub fn is(value: &Value, name: &str, word: &str) -> bool {
    text(value, name).eq_ignore_ascii_case(word)
}

/// The list in a field; empty when there is none.
pub fn list<'t>(value: &'t Value, name: &str) -> &'t [Value] {
    match value.get(name) {
        Some(Value::Array(items)) => items,
        _ => &[],
    }
}

/// The first component of a type; null when there is none.
pub fn find<'t>(components: &'t [Value], kind: &str) -> &'t Value {
    components
        .iter()
        .find(|component| is(component, "type", kind))
        .unwrap_or(&Value::Null)
}

/// Whether this is an authentication template as Meta has had them since 2023: its one variable, the code, is in the body and in
/// its button. Graph returns that button as `OTP` or as a `URL` with a variable.
fn has_code(template: &Value, components: &[Value]) -> bool {
    let body = text(find(components, "body"), "text");
    let second = next(body, 0).and_then(|first| next(body, first.end));
    let category = is(template, "category", "authentication");
    second.is_none()
        && list(find(components, "buttons"), "buttons")
            .iter()
            .any(|button| {
                is(button, "type", "otp") || category && next(text(button, "url"), 0).is_some()
            })
}

struct Walk<'t> {
    fields: Vec<Field<'t>>,
    named: bool,
    has_code: bool,
    /// Whether the body is all there is.
    alone: bool,
    card: Option<usize>,
    more: bool,
    button: usize,
}

impl<'t> Walk<'t> {
    fn components(&mut self, components: &'t [Value]) {
        let header = find(components, "header");
        for kind in &KINDS {
            if kind.component == "header" && is(header, "format", kind.when) {
                self.add(kind, header);
            }
        }
        self.texts(&HEADER_TEXT, header);
        // A phone shows the offer between the two.
        let offer = find(components, "limited_time_offer").get("limited_time_offer");
        if let Some(offer) = offer {
            let expires = offer.get("has_expiration").and_then(Value::as_bool);
            if expires != Some(false) {
                self.add(&OFFER_END, offer).required = expires == Some(true);
            }
        }
        let body = find(components, "body");
        if !self.has_code {
            self.texts(&BODY_TEXT, body);
        } else if next(text(body, "text"), 0).is_some() || text(body, "text").is_empty() {
            // A template that was only written down has no text here: Meta writes it.
            self.add(&BODY_CODE, body);
        }
        // A card holds no carousel, whatever a hostile template says.
        if self.card.is_none() {
            self.carousel(list(find(components, "carousel"), "cards"));
        }
        self.buttons(list(find(components, "buttons"), "buttons"));
    }

    /// The variables in the text of header or body.
    fn texts(&mut self, kind: &'static Kind, component: &'t Value) {
        let (before, mut from) = (self.fields.len(), 0);
        while let Some(placeholder) = next(text(component, "text"), from) {
            from = placeholder.end;
            let name = placeholder.name;
            let known = self.fields.iter().skip(before);
            if known
                .map(|field| field.placeholder.name)
                .any(|known| known == name)
            {
                continue;
            }
            let number = name.parse::<usize>().ok().filter(|_| !self.named);
            let alone = self.alone;
            let field = self.add(kind, component);
            field.placeholder = placeholder;
            field.number = number;
            field.name.push_str(match number {
                Some(1) if kind.component == "header" => "text",
                _ => name,
            });
            if kind.component == "body" {
                field.max = if alone { BODY_ALONE_MAX } else { BODY_MAX };
            }
        }
    }

    fn carousel(&mut self, cards: &'t [Value]) {
        let Some(last) = cards.last() else { return };
        let header = find(list(last, "components"), "header");
        let mut count = cards.len();
        if is(header, "format", "product") && count < CARDS_MAX {
            // Approved with two cards, such a template may be sent with up to ten.
            count = CARDS_MAX;
        }
        for position in 0..count {
            self.card = Some(position);
            self.more = position >= cards.len();
            let card = cards.get(position).unwrap_or(last);
            self.components(list(card, "components"));
        }
        self.card = None;
        self.more = false;
    }

    fn buttons(&mut self, buttons: &'t [Value]) {
        for (position, button) in buttons.iter().enumerate() {
            self.button = position;
            let variable = next(text(button, "url"), 0);
            let is_code = self.has_code && (variable.is_some() || is(button, "type", "otp"));
            for kind in &KINDS {
                let is_of_code = kind.name == BODY_CODE.name;
                if kind.component != "button"
                    || is_of_code != is_code
                    || !is_code && !is(button, "type", kind.when)
                {
                    continue;
                }
                match variable {
                    Some(variable) => self.add(kind, button).placeholder = variable,
                    // An address without a variable takes nothing.
                    None if kind.when == "url" && !is_code => {}
                    None => {
                        self.add(kind, button);
                    }
                }
            }
        }
    }

    /// Adds a field of this kind at the present place.
    fn add(&mut self, kind: &'static Kind, source: &'t Value) -> &mut Field<'t> {
        let mut name = kind.name.to_owned();
        if kind.component == "button" && kind.name != BODY_CODE.name {
            name = format!("button_{}_{name}", self.button);
        }
        if let Some(card) = self.card {
            name = format!("card_{card}_{name}");
        }
        self.fields.push_mut(Field {
            name,
            kind,
            required: kind.absent == Absent::Refused,
            max: 0,
            card: self.card,
            more: self.more,
            button: self.button,
            source,
            placeholder: Placeholder::default(),
            number: None,
        })
    }
}

impl Field<'_> {
    /// Whether it is in the same component as another one.
    pub fn is_beside(&self, other: &Self) -> bool {
        self.card == other.card
            && self.kind.component == other.kind.component
            && self.button == other.button
    }

    /// Meta's name of a named variable.
    pub fn parameter_name(&self) -> Option<&str> {
        let named = self.number.is_none() && self.kind.component != "button";
        (named && !self.placeholder.name.is_empty()).then_some(self.placeholder.name)
    }

    /// What stands before the variable in a button's address.
    pub fn fixed(&self) -> &str {
        self.placeholder.part(0, self.placeholder.start)
    }

    /// Its label, for a person.
    pub fn title(&self) -> String {
        let kind = self.kind;
        let mut title = kind.name.replace('_', " ");
        if kind.name.ends_with('_') {
            let placeholder = &self.placeholder;
            title.push_str(placeholder.part(placeholder.start, placeholder.end));
        } else if kind.component == "button" && kind.name != BODY_CODE.name {
            let label = text(self.source, "text");
            title = match label {
                "" => ["button, ", &title].joined(""),
                label => ["button “", label, "”, ", &title].joined(""),
            };
        }
        match self.card {
            Some(card) => format!("card {}, {title}", card + 1),
            None => title,
        }
    }

    /// The text around it; empty when it stands in none.
    pub fn excerpt(&self) -> String {
        match self.placeholder.name {
            "" => String::new(),
            _ if self.kind.name == BODY_CODE.name => String::new(),
            _ => self.placeholder.excerpt(),
        }
    }

    /// The same behind other words.
    pub fn where_it_stands(&self) -> String {
        let excerpt = self.excerpt();
        match excerpt.as_str() {
            "" => excerpt,
            excerpt => ["; ", excerpt].joined(""),
        }
    }

    /// What to give for it.
    pub fn advice(&self) -> String {
        match self.example() {
            Some(example) => ["Give it a value, for example ", &to_text(&example), "."].joined(""),
            None => help::of(Some(ACTION), self.kind.typed).unwrap_or_default(),
        }
    }

    /// The template's own example, in the shape of a value. Meta has it as a text, as a list, as a list in a list, or by name;
    /// around the example of a header or body is an object with one key that says which, around that of a button is none.
    pub fn example(&self) -> Option<Value> {
        let mut found = self.source.get("example")?;
        if let Value::Object(only) = found {
            found = only.values().next()?;
        }
        while let Value::Array(items) = found {
            let name = self.placeholder.name;
            let named = items.iter().position(|one| text(one, "param_name") == name);
            let nested = items.first().is_some_and(Value::is_array);
            let place = self.number.filter(|_| !nested).unwrap_or(1).checked_sub(1);
            found = items.get(named.or(place)?)?;
        }
        let mut example = found.as_str().unwrap_or_else(|| text(found, "example"));
        if self.kind.component == "button" {
            // The whole address, or its end.
            example = example.strip_prefix(self.fixed()).unwrap_or(example);
        }
        if example.is_empty() {
            return None;
        }
        if self.kind.how != How::File {
            return Some(example.into());
        }
        // Graph returns the address of a file; a template that was only written down has a handle, which sends nothing.
        let link = || Object::new().with("link", example).into();
        example.starts_with("http").then(link)
    }
}
