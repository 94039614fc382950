//! JSON text as Meta writes it: ASCII only with lower-case `\uXXXX`, `\/` for slashes, members in Meta's order.
//!
//! The escapes matter for signatures: a receiver has to take the HMAC over the bytes as received, and only a body that a
//! JSON library would have written differently can show that.

use std::fmt::Write;

use serde_json::Value;

/// The order in which Meta writes members it uses often; others follow alphabetically.
#[rustfmt::skip]
static ORDER: &[&str] = &[
    "object", "entry", "error", "data", "success", "url", "messaging_product", "metadata", "display_phone_number",
    "phone_number_id", "contacts", "profile", "input", "wa_id", "user_id", "messages", "statuses", "context", "message",
    "from", "from_user_id", "id", "status", "timestamp", "recipient_id", "recipient_user_id", "type", "code", "title",
    "error_subcode", "is_transient", "error_user_title", "error_user_msg",
    "error_data", "details", "changes", "value", "field", "fbtrace_id",
];

/// Meta's text of a JSON value.
pub(crate) fn to_text(value: &Value) -> String {
    let mut out = String::new();
    write_value(&mut out, value);
    out
}

fn write_value(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) => {
            let _ = write!(out, "{number}");
        }
        Value::String(text) => write_text(out, text),
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_value(out, item);
            }
            out.push(']');
        }
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by_key(|(name, _)| {
                ORDER
                    .iter()
                    .position(|known| known == name)
                    .unwrap_or(ORDER.len())
            });
            out.push('{');
            for (at, (name, member)) in sorted.into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_text(out, name);
                out.push(':');
                write_value(out, member);
            }
            out.push('}');
        }
    }
}

fn write_text(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '/' => out.push_str("\\/"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            ' '..='~' => out.push(c),
            _ => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn text_is_ascii_with_lower_case_escapes_and_escaped_slashes() {
        assert_eq!(
            to_text(&json!("é 👍 https://a/b \"q\" \u{7f}")),
            r#""\u00e9 \ud83d\udc4d https:\/\/a\/b \"q\" \u007f""#
        );
    }

    #[test]
    fn what_is_written_reads_back_the_same() {
        let value = json!({"z": [1, 2.5, null, true], "object": {"a": "\u{0}\n"}, "error": {}});
        let text = to_text(&value);
        assert!(text.starts_with("{\"object\""), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).ok(), Some(value));
    }
}
