//! Only an approved template can be sent.

use super::fields::text;
use crate::fault::{Fallible, invalid};
use crate::prelude::*;
use serde_json::Value;

/// What to do about a status.
static ADVICE: &[(&str, &str)] = &[
    (
        "PAUSED",
        "Meta lifts the pause by itself after some hours; until then send another template. Change the text to which customers objected.",
    ),
    (
        "REJECTED",
        "Correct the template and submit it again, or appeal in WhatsApp Manager.",
    ),
    (
        "DISABLED",
        "It cannot be sent any more. Make a new template with another text, or appeal in WhatsApp Manager.",
    ),
    ("PENDING", REVIEW),
    ("IN_APPEAL", REVIEW),
    ("ARCHIVED", "Restore it in WhatsApp Manager."),
];

const ONLY_APPROVED: &str = ", and only an APPROVED template can be sent";

const REVIEW: &str = "Wait until Meta has reviewed it: mostly minutes, sometimes a day.";

/// Refuses a template that Meta will not send now, with Meta's reason and what to do. `field` is the input that it comes from.
pub fn refuse_unless_approved(field: &str, template: &Value) -> Fallible<()> {
    match problem(template) {
        None => Ok(()),
        Some((problem, advice)) => Err(invalid(field, &problem, advice)),
    }
}

/// Why a template cannot be sent now, and what to do about it. Nothing is known against one without a `status`.
pub fn problem(template: &Value) -> Option<(String, &'static str)> {
    let status = text(template, "status");
    if status.is_empty() || status.eq_ignore_ascii_case("APPROVED") {
        return None;
    }
    let mut advice = "Send another template, or look it up in WhatsApp Manager.";
    for (name, known) in ADVICE {
        if status.eq_ignore_ascii_case(name) {
            advice = known;
        }
    }
    let name = text(template, "name");
    let mut problem = [name, " is ", status, ONLY_APPROVED].joined("");
    add(
        &mut problem,
        "; reason: ",
        text(template, "rejected_reason"),
    );
    add(&mut problem, "; quality: ", quality(template));
    Some((problem, advice))
}

fn add(problem: &mut String, what: &str, found: &str) {
    // These words are no reason.
    if !["", "NONE", "UNKNOWN", "GREEN"].contains(&found) {
        problem.push_str(what);
        problem.push_str(found);
    }
}

/// What customers make of a template. In Meta's answer the word stands in an object; `list-templates` hands it on alone.
pub fn quality(template: &Value) -> &str {
    let found = template.get("quality_score").unwrap_or(&Value::Null);
    found.as_str().unwrap_or_else(|| text(found, "score"))
}
