//! What the component or Meta refused, laid out.

use host_test::json;
use host_test::wit::types::{Error, Fault, GraphError};
use serde_json::{Value, json};

use super::style::{BAD, DIM};
use super::text;

/// What each case means for whoever wonders about a retry.
const MEANING: &[(&str, &str)] = &[
    ("execution-failed", "the call broke off in the host"),
    ("rate-limited", "nothing was done; try again later"),
    ("unavailable", "nothing was done; try again later"),
    (
        "permanent-invalid-input",
        "nothing was done; change the input",
    ),
    (
        "permanent-unauthorized",
        "nothing was done; the connection needs a person",
    ),
    (
        "permanent-window-closed",
        "nothing was done; send a template instead",
    ),
    (
        "permanent-rejected",
        "nothing was done; it will be refused again",
    ),
    (
        "permanent-outcome-unknown",
        "it may have been done: find out before you repeat it",
    ),
];

/// Where the labels end.
const COLUMN: usize = 10;

/// Some lines for a person.
pub fn for_people(error: &Error) -> String {
    let case = error.case();
    let meaning = MEANING
        .iter()
        .find(|(name, _)| *name == case)
        .map_or("", |(_, meaning)| meaning);
    let mut lines = vec![format!("{BAD}{case}{BAD:#} {DIM}({meaning}){DIM:#}")];
    if let Some(fault) = error.fault() {
        lines.extend(
            rows(fault)
                .into_iter()
                .map(|(label, said)| text::hanging(&said, &format!("  {label:8}"), COLUMN)),
        );
    }
    lines.join("\n")
}

/// Everything that a fault says, with a label.
fn rows(fault: &Fault) -> Vec<(&'static str, String)> {
    let mut rows = vec![("what", text::harmless(&fault.message))];
    rows.extend(fault.field.clone().map(|field| ("field", field)));
    // A field's help has lines of its own, for example one for each word that it takes.
    let advice: Vec<_> = fault.advice.lines().map(text::harmless).collect();
    rows.push(("help", advice.join("\n")));
    rows.extend(
        fault
            .retry_after_ms
            .map(|ms| ("retry", format!("after {} s", ms.div_ceil(1000)))),
    );
    rows.extend(fault.graph.as_ref().map(|graph| ("Meta", of_meta(graph))));
    rows
}

/// What to look up in Meta's documents, or to tell Meta's support.
fn of_meta(graph: &GraphError) -> String {
    let mut said = format!("code {}", graph.code);
    if let Some(subcode) = graph.subcode {
        said.push_str(&format!("/{subcode}"));
    }
    said.push_str(&format!(", HTTP {}", graph.status));
    if let Some(trace) = &graph.trace_id {
        said.push_str(&format!(", trace id {}", text::harmless(trace)));
    }
    said
}

/// The fault of the contract with its case.
pub fn to_json(error: &Error) -> Value {
    let mut object = serde_json::Map::new();
    object.insert("case".to_owned(), json!(error.case()));
    match error.fault().map(json::to_value) {
        Some(Value::Object(fault)) => object.extend(fault),
        _ => {
            object.insert(
                "message".to_owned(),
                json!("the call broke off in the host"),
            );
        }
    }
    Value::Object(object)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_help_stay_lines_and_are_indented() {
        let said = for_people(&Error::PermanentInvalidInput(Fault {
            message: "no".to_owned(),
            advice: "What it is for.\n`marketing`: offers.\u{1b}".to_owned(),
            field: None,
            retry_after_ms: None,
            graph: None,
        }));
        let lines: Vec<&str> = said.lines().skip(2).collect();
        let expected = [
            "  help    What it is for.",
            "          `marketing`: offers.\\u{1b}",
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn every_case_of_the_contract_has_its_meaning() {
        let wit = include_str!("../../../wit/types.wit");
        let (_, cases) = wit.split_once("variant error {").unwrap();
        let (cases, _) = cases.split_once('}').unwrap();
        let cases: Vec<&str> = cases
            .lines()
            .map(str::trim)
            .filter(|line| !line.starts_with("///") && !line.is_empty())
            .map(|line| line.trim_end_matches(',').trim_end_matches("(fault)"))
            .collect();
        let named: Vec<&str> = MEANING.iter().map(|(name, _)| *name).collect();
        assert_eq!(named, cases);
    }
}
