//! What the items of the webhook fields are: one row for each.

use super::change::Found;
use super::contacts::Cards;
use super::layers::Json;
use super::{call, coexistence, message, status};
use crate::door::Node;
use crate::json::Item;
use crate::prelude::*;

/// How an item is read.
#[derive(Clone, Copy)]
pub enum Kind {
    /// A message of a customer.
    Message,
    /// A status of a message or of a payment.
    Status,
    /// A message of the business itself.
    Echo,
    /// A file that belongs to the history.
    History,
    /// A call, or news of one.
    Call,
    /// A problem that belongs to no message.
    Error,
    /// A case of the payload of which `wire.json` says where the fields are.
    Plain(&'static str),
}

/// Lists of items, by field and name. An empty field is any.
#[rustfmt::skip]
static LISTS: [(&str, &str, Kind); 15] = [
    ("messages", "messages", Kind::Message),
    ("messages", "statuses", Kind::Status),
    ("messages", "user_actions", Kind::Plain("marketing_event")),
    ("history", "messages", Kind::History),
    ("history", "message_echoes", Kind::History),
    ("calls", "statuses", Kind::Call),
    ("automatic_events", "automatic_events", Kind::Plain("marketing_event")),
    ("tracking_events", "events", Kind::Plain("marketing_event")),
    ("", "message_echoes", Kind::Echo),
    ("", "state_sync", Kind::Plain("contact_sync")),
    ("", "groups", Kind::Plain("group_update")),
    ("", "user_preferences", Kind::Plain("user_preference")),
    ("", "user_id_update", Kind::Plain("user_id_update")),
    ("", "calls", Kind::Call),
    ("", "errors", Kind::Error),
];

/// Fields whose value is one thing. Meta's pages write one of them in the plural as well.
#[rustfmt::skip]
static VALUES: [(&str, Kind); 19] = [
    ("message_template_status_update", Kind::Plain("template_update")),
    ("message_template_quality_update", Kind::Plain("template_update")),
    ("message_template_components_update", Kind::Plain("template_update")),
    ("template_category_update", Kind::Plain("template_update")),
    ("template_correct_category_detection", Kind::Plain("template_update")),
    ("account_update", Kind::Plain("account_update")),
    ("account_review_update", Kind::Plain("account_update")),
    ("account_alerts", Kind::Plain("account_alert")),
    ("account_settings_update", Kind::Plain("settings_update")),
    ("business_capability_update", Kind::Plain("capability_update")),
    ("business_username_update", Kind::Plain("username_update")),
    ("business_username_updates", Kind::Plain("username_update")),
    ("phone_number_name_update", Kind::Plain("phone_number_update")),
    ("phone_number_quality_update", Kind::Plain("phone_number_update")),
    ("security", Kind::Plain("security_event")),
    ("flows", Kind::Plain("flow_update")),
    ("payment_configuration_update", Kind::Plain("payment_configuration")),
    ("partner_solutions", Kind::Plain("partner_solution")),
    ("messaging_handovers", Kind::Plain("handover")),
];

/// The kind of the items of a list, by field and list.
pub fn of_list(field: &str, list: &str) -> Option<Kind> {
    let found = LISTS
        .iter()
        .find(|(known, name, _)| *name == list && (*known == field || known.is_empty()));
    found.map(|(_, _, kind)| *kind)
}

/// Whether a list of this name, known or not, is one of items: in any other field it is a part of one thing. Problems say nothing of a field that is
/// not known: there they may belong to what stands beside them.
pub fn has_lists(field: &str, list: &str) -> bool {
    let is_named = |name: &str| name == list && list != "errors";
    LISTS
        .iter()
        .any(|(known, name, _)| *known == field || (known.is_empty() && is_named(name)))
}

/// The kind of a field whose value is one thing.
pub fn of_value(field: &str) -> Option<Kind> {
    let found = VALUES.iter().find(|(known, _)| *known == field);
    found.map(|(_, kind)| *kind)
}

impl Kind {
    /// Reads an item; nothing when it lacks what it is known by. `hash` is the key of an item that has none of its own.
    pub fn read<'a>(
        self,
        item: Item<'a>,
        cards: &Cards<'a>,
        raw: Json<'a>,
        hash: &dyn Fn() -> String,
    ) -> Option<Found<'a>> {
        let payload = match self {
            Self::Message => return message::read(item, cards, raw),
            Self::Status => return status::read(item, cards),
            Self::Echo => {
                let card = cards.find(item.get("to"), item.get("to_user_id"));
                return coexistence::echo(item, card, raw);
            }
            Self::History => {
                // A file of the business has the card of the customer beside it.
                let is_of_customer = !item.get("to").is_there();
                let card = cards.find(item.get("from"), item.get("from_user_id"));
                return coexistence::message(
                    item,
                    Item::absent(),
                    Item::absent(),
                    card.filter(is_of_customer),
                    raw,
                );
            }
            Self::Call => return call::read(item, cards),
            Self::Error => Node::case("error", Node::Item(item)),
            Self::Plain(case) => {
                let card = cards.find(item.get("wa_id"), item.get("user_id"));
                // Meta's word for no reason is no reason.
                let reason = item.at("other_info.title|reason");
                let reason = reason.filter(reason.text().as_deref() != Some("NONE"));
                let fields = vec![("reason", Node::Item(reason))];
                Node::case(case, Node::Fields(fields, item, card))
            }
        };
        Some(Found {
            id: hash(),
            payload,
            opens_window: false,
        })
    }
}
