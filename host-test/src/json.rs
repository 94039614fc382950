//! The contract's types as the JSON that `wit/plugin.wit` describes.
//!
//! Names are those of the contract in snake_case. A variant is an object with one name (`{"text": …}`), a case without content is its
//! name alone, and the `other(string)` of an open enumeration is that string. An absent option is `null`. Where the contract says `json`,
//! the value itself stands, not a string that holds it. The fields of an `address` stand beside the message's own.

mod serializer;

use serde::Serialize;
use serde_json::Value;

/// Members that are JSON text in the contract (`json`), as Rust names: the type, and its field or case. A test compares the list with the WIT.
const RAW_JSON: &[(&str, &str)] = &[
    ("AddressRequest", "saved_addresses"),
    ("AddressRequest", "validation_errors"),
    ("AddressRequest", "values"),
    ("Contacts", "contacts"),
    ("FallbackTemplate", "components"),
    ("Flow", "data"),
    ("FlowButton", "data"),
    ("GraphAnswer", "body"),
    ("GraphRequest", "body"),
    ("GraphRequest", "query"),
    ("InboundChange", "message"),
    ("InboundForm", "response"),
    ("JsonOutcome", "events"),
    ("MessageContent", "Contacts"),
    ("MessageContent", "Unknown"),
    ("NewTemplate", "components"),
    ("NewTemplate", "library_template_body_inputs"),
    ("NewTemplate", "library_template_button_inputs"),
    ("RawInteractive", "interactive"),
    ("RawMessage", "message"),
    ("SettingsUpdate", "settings"),
    ("Subscription", "filter"),
    ("Template", "components"),
    ("Template", "order_status"),
    ("Template", "template"),
    ("Template", "values"),
    ("TemplateButton", "order_details"),
    ("TemplateChange", "components"),
    ("TemplateComponents", "components"),
    ("TemplateForm", "form"),
    ("TemplateReference", "template"),
    ("TemplateUpdate", "buttons"),
    ("TemplateValues", "template"),
    ("TemplateValues", "values"),
];

/// Fields of the type `address`: their own fields stand in the outer object. A place has an `address` of its own, so there it is the
/// `recipient`.
const FLATTENED: [&str; 2] = ["address", "recipient"];

/// A value of the contract as JSON.
#[must_use]
pub fn to_value(value: &impl Serialize) -> Value {
    // The contract's types hold nothing that has no JSON form; a number that has none (NaN) becomes null.
    value.serialize(serializer::ToJson).unwrap_or(Value::Null)
}

/// A value of the contract as JSON text.
#[must_use]
pub fn to_string(value: &impl Serialize) -> String {
    to_value(value).to_string()
}

fn is_raw_json(type_name: &str, member: &str) -> bool {
    RAW_JSON.contains(&(type_name, member))
}

/// `ButtonReply` as `button_reply`.
fn snake_case(camel: &str) -> String {
    let mut snake = String::with_capacity(camel.len() + 4);
    for (index, letter) in camel.char_indices() {
        if letter.is_ascii_uppercase() && index > 0 {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
#[path = "json_tests.rs"]
mod tests;
