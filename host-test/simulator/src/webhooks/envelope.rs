//! The body of a webhook POST.

use serde_json::{Map, Value, json};

use crate::meta_json;
use crate::world::World;

/// One update, ready to be put into a body.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub waba_id: String,
    /// Set for everything that has `metadata`.
    pub phone_number_id: Option<String>,
    /// `metadata.display_phone_number`.
    pub display_phone_number: String,
    /// `messages`, `account_update`, …
    pub field: String,
    pub content: Content,
}

#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// Goes into `value.messages[]`, with its writer in `value.contacts[]`.
    Message { contact: Value, message: Value },
    /// Goes into `value.statuses[]`.
    Status {
        contact: Option<Value>,
        status: Value,
    },
    /// Is the whole `value`.
    Value(Value),
}

impl Item {
    /// An item about a business phone number; `None` when there is no such number.
    pub(crate) fn about_number(
        world: &World,
        phone_number_id: &str,
        content: Content,
    ) -> Option<Self> {
        let number = world.phone_number(phone_number_id)?;
        Some(Self {
            waba_id: number.waba_id.clone(),
            phone_number_id: Some(number.id.clone()),
            display_phone_number: number.digits(),
            field: "messages".into(),
            content,
        })
    }

    /// An item of another field than `messages`, with the product and the number added to its value.
    pub(crate) fn of_field(
        world: &World,
        phone_number_id: &str,
        field: &str,
        mut value: Value,
    ) -> Option<Self> {
        let number = world.phone_number(phone_number_id)?;
        value["messaging_product"] = json!("whatsapp");
        value["metadata"] =
            json!({"display_phone_number": number.digits(), "phone_number_id": number.id});
        Some(Self {
            field: field.to_owned(),
            ..Self::about_number(world, phone_number_id, Content::Value(value))?
        })
    }

    /// An item that is the whole `value` of a change.
    pub(crate) fn whole(waba_id: String, field: String, value: Value) -> Self {
        Self {
            waba_id,
            phone_number_id: None,
            display_phone_number: String::new(),
            field,
            content: Content::Value(value),
        }
    }

    /// The array of `value` it is listed in.
    fn list(&self) -> Option<&'static str> {
        match self.content {
            Content::Message { .. } => Some("messages"),
            Content::Status { .. } => Some("statuses"),
            Content::Value(_) => None,
        }
    }
}

/// The text of one POST that holds all these items: an entry per WABA, a change per number and kind.
pub(crate) fn body(items: &[Item], now_ms: u64) -> String {
    let mut entries: Vec<(String, Vec<Change>)> = Vec::new();
    for item in items {
        let at = entries.iter().position(|(id, _)| *id == item.waba_id);
        let at = at.unwrap_or_else(|| {
            entries.push((item.waba_id.clone(), Vec::new()));
            entries.len() - 1
        });
        if let Some((_, changes)) = entries.get_mut(at) {
            add(changes, item);
        }
    }
    let entries: Vec<Value> = entries
        .into_iter()
        .map(|(id, changes)| {
            let mut entry = Map::new();
            entry.insert("id".into(), json!(id));
            // Meta writes `entry[].time` only beside fields other than messages.
            if changes.iter().any(|change| change.list.is_none()) {
                entry.insert("time".into(), json!(now_ms / 1000));
            }
            let changes: Vec<Value> = changes
                .into_iter()
                .map(|change| json!({"value": change.value, "field": change.field}))
                .collect();
            entry.insert("changes".into(), json!(changes));
            Value::Object(entry)
        })
        .collect();
    meta_json::to_text(&json!({"object": "whatsapp_business_account", "entry": entries}))
}

struct Change {
    phone_number_id: Option<String>,
    list: Option<&'static str>,
    field: String,
    value: Value,
}

fn add(changes: &mut Vec<Change>, item: &Item) {
    let (list, contact, element) = match &item.content {
        Content::Value(value) => {
            changes.push(Change {
                phone_number_id: item.phone_number_id.clone(),
                list: None,
                field: item.field.clone(),
                value: value.clone(),
            });
            return;
        }
        Content::Message { contact, message } => ("messages", Some(contact), message),
        Content::Status { contact, status } => ("statuses", contact.as_ref(), status),
    };
    let at = changes.iter().position(|change| {
        change.list == item.list() && change.phone_number_id == item.phone_number_id
    });
    let at = at.unwrap_or_else(|| {
        changes.push(Change {
            phone_number_id: item.phone_number_id.clone(),
            list: item.list(),
            field: item.field.clone(),
            value: json!({
                "messaging_product": "whatsapp",
                "metadata": {
                    "display_phone_number": item.display_phone_number,
                    "phone_number_id": item.phone_number_id,
                },
            }),
        });
        changes.len() - 1
    });
    let Some(value) = changes
        .get_mut(at)
        .and_then(|change| change.value.as_object_mut())
    else {
        return;
    };
    if let Some(contact) = contact {
        push_once(value, "contacts", contact);
    }
    if let Some(elements) = value
        .entry(list)
        .or_insert_with(|| json!([]))
        .as_array_mut()
    {
        elements.push(element.clone());
    }
}

/// A person is listed once however many updates they have.
fn push_once(value: &mut Map<String, Value>, list: &str, element: &Value) {
    if let Some(elements) = value
        .entry(list)
        .or_insert_with(|| json!([]))
        .as_array_mut()
        && !elements.contains(element)
    {
        elements.push(element.clone());
    }
}
