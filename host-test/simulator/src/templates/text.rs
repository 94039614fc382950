//! Body, footer, and the rules for variables in a text.

use serde_json::Value;

use super::{Draft, Refusal, at_most, normalized, text_of};
use crate::graph_error::GraphError;
use crate::request::scalar_text;
use crate::world::placeholders;

/// Code points of body and footer (template components page).
const BODY_CHARACTERS: usize = 1024;
const FOOTER_CHARACTERS: usize = 60;

/// `{"type":"BODY","text","example"}`.
pub(super) fn body(component: &Value, _: &str, draft: &Draft) -> Result<Value, GraphError> {
    let text = text_of(component, "BODY", "text")?;
    at_most("The body", &text, BODY_CHARACTERS)?;
    let variables = variables(&text, draft, Refusal::Body)?;
    check_examples(
        component,
        "BODY",
        &variables,
        draft,
        ("body_text_named_params", "body_text"),
    )?;
    check_edges(&text)?;
    // Words that are not variables: more than twice as many as variables.
    let words = text
        .split_whitespace()
        .filter(|word| !word.contains("{{"))
        .count();
    if !variables.is_empty() && words < 2 * variables.len() + 1 {
        return Err(Refusal::Ratio.because(
            "This template has too many variables for its length. Reduce the number of variables or increase the message length.",
        ));
    }
    Ok(normalized(component))
}

/// `{"type":"FOOTER","text"}`.
pub(super) fn footer(component: &Value, _: &str, _: &Draft) -> Result<Value, GraphError> {
    let text = text_of(component, "FOOTER", "text")?;
    at_most("The footer", &text, FOOTER_CHARACTERS)?;
    if !placeholders(&text).is_empty() {
        return Err(Refusal::Footer.because("The footer can't have variables."));
    }
    Ok(normalized(component))
}

/// The variables of a text: `{{1}}`, `{{2}}`… without a gap, or lower-case names.
pub(super) fn variables(
    text: &str,
    draft: &Draft,
    refusal: Refusal,
) -> Result<Vec<String>, GraphError> {
    let found = placeholders(text);
    if text.matches("{{").count() != text.matches("}}").count() {
        return Err(refusal.because("The curly brackets of a variable are not closed."));
    }
    for name in &found {
        let fits = if draft.named {
            name.bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        } else {
            // Names in a positional template are let through here: review rejects them at once.
            name.parse::<usize>()
                .map_or(true, |n| (1..=found.len()).contains(&n))
        };
        if !fits {
            return Err(refusal.because(format!(
                "The variable {{{{{name}}}}} is not valid: variables are numbered from 1 without gaps, or have names of lower-case letters, digits and underscores."
            )));
        }
    }
    Ok(found)
}

/// A value for each variable, under the member for named or for positional variables.
pub(super) fn check_examples(
    component: &Value,
    kind: &str,
    variables: &[String],
    draft: &Draft,
    (named, positional): (&str, &str),
) -> Result<(), GraphError> {
    if variables.is_empty() {
        return Ok(());
    }
    let example = component.get("example").unwrap_or(&Value::Null);
    let complete = if draft.named {
        let given = example.get(named).and_then(Value::as_array);
        given.is_some_and(|given| {
            let has = |name: &String| {
                given.iter().any(|item| {
                    item.get("param_name").and_then(Value::as_str) == Some(name)
                        && item
                            .get("example")
                            .and_then(scalar_text)
                            .is_some_and(|text| !text.is_empty())
                })
            };
            variables.iter().all(has)
        })
    } else {
        // `[["a","b"]]` for bodies, `["a"]` for headers; Meta takes the flat form for both.
        let given = example.get(positional).and_then(Value::as_array);
        let given = given.map(|given| match given.first() {
            Some(Value::Array(first)) => first,
            _ => given,
        });
        given.is_some_and(|given| {
            given.len() == variables.len() && given.iter().all(|item| scalar_text(item).is_some())
        })
    };
    if complete {
        return Ok(());
    }
    Err(Refusal::missing_field(kind, "example"))
}

/// Punctuation after the last variable does not count as text.
fn check_edges(text: &str) -> Result<(), GraphError> {
    let bare = text.trim_matches(|c: char| c.is_whitespace() || "!?.,;:)(".contains(c));
    if bare.starts_with("{{") || bare.ends_with("}}") {
        return Err(
            Refusal::Edge.because("Variables can't be at the start or end of the template.")
        );
    }
    Ok(())
}
