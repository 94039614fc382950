//! Only an approved template can be sent.

use super::fields::text;
use crate::fault::{Fallible, invalid};
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

const REVIEW: &str = "Wait until Meta has reviewed it: mostly minutes, sometimes a day.";

/// Refuses a template that Meta will not send now, with Meta's reason and what to do. One without a `status` passes: nothing is
/// known against it. `field` is the input that it comes from.
pub fn refuse_unless_approved(field: &str, template: &Value) -> Fallible<()> {
    let status = text(template, "status");
    if status.is_empty() || status.eq_ignore_ascii_case("APPROVED") {
        return Ok(());
    }
    let advice = ADVICE
        .iter()
        .find(|(name, _)| status.eq_ignore_ascii_case(name))
        .map_or(
            "Send another template, or look it up in WhatsApp Manager.",
            |(_, advice)| *advice,
        );
    let mut problem = [
        text(template, "name"),
        " is ",
        status,
        ", and only an APPROVED template can be sent",
    ]
    .concat();
    // `list-templates` hands on the word alone.
    let quality = template.get("quality_score").unwrap_or(&Value::Null);
    for (what, found) in [
        ("; reason: ", text(template, "rejected_reason")),
        ("; quality: ", text(quality, "score")),
        ("; quality: ", text(template, "quality_score")),
    ] {
        // These two words say nothing.
        if !matches!(found, "" | "NONE" | "UNKNOWN") {
            problem.push_str(what);
            problem.push_str(found);
        }
    }
    Err(invalid(field, &problem, advice))
}
