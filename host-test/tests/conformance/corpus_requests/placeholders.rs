//! Bodies with `<LIKE_THIS>` or `{{like this}}` in the place of values. They go through as they are; only where our component or Meta looks
//! at the form of a value, a good one is put in.

use serde_json::Value;

/// The body with values that have a form.
pub fn fill(body: &mut Value) {
    match body {
        Value::Object(fields) => {
            for (name, value) in fields {
                let text = value.as_str().unwrap_or_default();
                match name.as_str() {
                    "to" if text.contains(|c: char| c.is_ascii_alphabetic()) => {
                        *value = "+16505551234".into()
                    }
                    "name" if text == "<TEMPLATE_NAME>" => *value = "template_name".into(),
                    "type" if text == "<HEADER_TYPE>" => *value = "text".into(),
                    "link" | "url" if text.contains("http(s)://") => {
                        let address = text.replace("http(s)", "https");
                        *value = address.trim_matches(['<', '>']).into();
                    }
                    _ => fill(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(fill),
        _ => {}
    }
}
