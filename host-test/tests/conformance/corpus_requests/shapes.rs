//! Every shape of message that Meta's pages show, in bodies of our own: `shapes.json` has one in each line, after what becomes of it (see
//! [`Outcome`]). `messaging_product` and, but for read receipts, a recipient are added. Lines that begin with `cannot say`, `refused` or
//! `differs` are the limits of our inputs.

use serde_json::Value;

use super::outcome::{self, Outcome};

#[test]
fn every_shape_comes_out_as_its_line_says() {
    let lines: Vec<(String, Value)> = serde_json::from_str(include_str!("shapes.json")).unwrap();
    let mut problems = Vec::new();
    for (expected, mut body) in lines {
        let fields = body.as_object_mut().unwrap();
        fields
            .entry("messaging_product")
            .or_insert_with(|| "whatsapp".into());
        if !fields.contains_key("recipient") && !fields.contains_key("status") {
            fields.entry("to").or_insert_with(|| "+16505551234".into());
        }
        let found = outcome::of_message(&body);
        let as_expected = match &found {
            // What else may become of it shows when the action is there.
            Outcome::NotYet(action) => {
                expected.starts_with(action)
                    || ["refused", "differs", "only"]
                        .iter()
                        .any(|word| expected.starts_with(word))
            }
            found => found.to_string() == expected,
        };
        if !as_expected {
            problems.push(format!("expected {expected}\nfound    {found}\n{body}\n"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
