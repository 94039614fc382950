//! What the words of Meta's fields mean for sending. Source: Meta's pages "Phone numbers", "Display names", "Quality rating" and the OpenAPI
//! document.

use crate::text::split;

/// A field and its words. What stands in neither list is worth a warning.
pub struct Row {
    /// The step.
    pub step: &'static str,
    /// Meta's field.
    pub field: &'static str,
    good: &'static str,
    bad: &'static str,
    /// What to do about every word that is not good.
    pub advice: &'static str,
}

/// Every word.
const ANY: &str = "*";

impl Row {
    /// Whether nothing has to be done.
    pub fn is_good(&self, word: &str) -> bool {
        among(self.good, word)
    }

    /// Whether messages go out all the same.
    pub fn passes(&self, word: &str) -> bool {
        self.is_good(word) || !among(self.bad, word)
    }
}

fn among(words: &str, word: &str) -> bool {
    words == ANY || split(words, b' ').any(|known| known == word)
}

const fn row(
    step: &'static str,
    field: &'static str,
    good: &'static str,
    bad: &'static str,
    advice: &'static str,
) -> Row {
    Row {
        step,
        field,
        good,
        bad,
        advice,
    }
}

/// What is asked about a phone number, beside the messaging limit.
pub const NUMBER_FIELDS: &str = "display_phone_number,code_verification_status,platform_type,status,name_status,quality_rating,health_status,";

/// What is asked about an account.
pub const ACCOUNT_FIELDS: &str = "name,account_review_status,health_status";

#[rustfmt::skip]
/// A phone number.
pub const NUMBER: &[Row] = &[
    row("verification", "code_verification_status", "VERIFIED", "NOT_VERIFIED UNVERIFIED",
        "Prove that the number is yours with request-code and verify-code. A number that is connected works on without it."),
    row("platform", "platform_type", "CLOUD_API", ANY, "Run ensure-registered with the number's PIN."),
    row("status", "status", "CONNECTED", ANY,
        "PENDING and DISCONNECTED: run ensure-registered with the number's PIN. Other words: look at the number in WhatsApp Manager."),
    row("display_name", "name_status", "APPROVED AVAILABLE_WITHOUT_REVIEW", "DECLINED EXPIRED",
        "Have the display name approved in WhatsApp Manager."),
    row("quality", "quality_rating", "GREEN UNKNOWN NA", "RED",
        "Customers block or report messages of this number. Write only to people who agreed to it; WhatsApp Manager shows what they complain of."),
];

/// The messaging limit is news, not a judgement.
pub const fn messaging_limit(field: &'static str) -> Row {
    row("messaging_limit", field, ANY, "", "")
}

/// An account.
pub const ACCOUNT: &[Row] = &[row(
    "account_review",
    "account_review_status",
    "APPROVED",
    "REJECTED",
    "Look at the account in Business Support Home of Meta Business Suite, and ask for a review there.",
)];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_neither_list_pass_with_advice() {
        let quality = &NUMBER[4];
        let cases = [
            ("GREEN", true, true),
            ("YELLOW", false, true),
            ("RED", false, false),
        ];
        for (word, good, passes) in cases {
            assert_eq!(
                (quality.is_good(word), quality.passes(word)),
                (good, passes),
                "{word}"
            );
        }
        assert!(!NUMBER[2].passes("BANNED"));
        let limit = messaging_limit("messaging_limit_tier");
        assert!(limit.passes("TIER_250") && limit.is_good("TIER_250"));
    }
}
