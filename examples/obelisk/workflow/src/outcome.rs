//! What is known of a message once its activity has ended.

use crate::child::Returned;
use serde_json::Value;

/// Sent, not sent, or nobody knows.
#[derive(Debug, PartialEq)]
pub enum Outcome {
    /// Meta took it.
    Accepted,
    /// Certainly not sent, and it may be tried again, after so many milliseconds when Meta says so.
    Again {
        after_ms: Option<u64>,
        refusal: Refused,
    },
    /// Certainly not sent, and it would not be next time.
    Refused(Refused),
    /// The request may have left: only a status can tell.
    Unknown,
}

/// Why not.
#[derive(Debug, PartialEq)]
pub struct Refused {
    /// The error's case.
    pub error: String,
    /// For a person.
    pub why: String,
}

impl Outcome {
    /// Reads what the activity returned.
    pub fn of(returned: &Returned) -> Self {
        let error = match returned {
            Ok(_) => return Self::Accepted,
            Err(error) => error,
        };
        // A case with a fault is an object with one member; `execution_failed`, a text, is the engine's word for an activity that was
        // locked by an executor that died, that trapped, or that took too long. Like every word that is not known here it may have sent.
        let Some((case, fault)) = error.as_object().and_then(|error| error.iter().next()) else {
            return Self::Unknown;
        };
        let refusal = Refused {
            error: case.clone(),
            why: text(fault),
        };
        match case.as_str() {
            "rate_limited" | "unavailable" => Self::Again {
                after_ms: fault["retry_after_ms"].as_u64(),
                refusal,
            },
            "permanent_invalid_input"
            | "permanent_unauthorized"
            | "permanent_window_closed"
            | "permanent_rejected" => Self::Refused(refusal),
            _ => Self::Unknown,
        }
    }
}

fn text(fault: &Value) -> String {
    let part = |name: &str| fault[name].as_str().unwrap_or_default();
    format!("{} {}", part("message"), part("advice"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_was_certainly_not_sent_is_sent_again() {
        let fault = json!({"message": "Too fast.", "advice": "Wait.", "retry_after_ms": 4000, "graph": null});
        let of = |error: Value| Outcome::of(&Err(error));
        assert_eq!(Outcome::of(&Ok(json!({}))), Outcome::Accepted);
        for case in ["rate_limited", "unavailable"] {
            let again = of(json!({ case: fault }));
            assert!(
                matches!(
                    again,
                    Outcome::Again {
                        after_ms: Some(4000),
                        ..
                    }
                ),
                "{case}: {again:?}"
            );
        }
        for case in ["permanent_rejected", "permanent_unauthorized"] {
            let refused = of(json!({ case: fault }));
            assert!(
                matches!(refused, Outcome::Refused(_)),
                "{case}: {refused:?}"
            );
        }
        for error in [
            json!("execution_failed"),
            json!({"permanent_outcome_unknown": fault}),
            json!({"a_case_of_tomorrow": fault}),
            json!(null),
        ] {
            assert_eq!(of(error.clone()), Outcome::Unknown, "{error}");
        }
    }
}
