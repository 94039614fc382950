//! How long to wait: `Retry-After`, Graph's usage headers, or what Meta advises for a code.

use crate::contract::whatsapp::connector::http::Header;
use crate::json::from_text;
use serde_json::Value;

/// The longest wait that is believed, in seconds: a day. Nothing of Meta's lasts longer.
const LONGEST_S: u64 = 24 * 60 * 60;

/// Milliseconds to wait, if the answer's headers say so.
pub fn retry_after_ms(headers: &[Header]) -> Option<u64> {
    from_retry_after(headers).or_else(|| from_business_usage(headers))
}

/// `Retry-After` in seconds. Its other form, a date, would need a clock.
fn from_retry_after(headers: &[Header]) -> Option<u64> {
    header(headers, "retry-after")?
        .trim_ascii()
        .parse::<u64>()
        .ok()
        .map(|seconds| seconds.min(LONGEST_S).saturating_mul(1000))
}

/// The longest `estimated_time_to_regain_access`.
fn from_business_usage(headers: &[Header]) -> Option<u64> {
    let minutes = business_usage(headers)?.minutes;
    (minutes > 0).then(|| {
        minutes
            .saturating_mul(60)
            .min(LONGEST_S)
            .saturating_mul(1000)
    })
}

/// How much of its calls an account has used, by `X-Business-Use-Case-Usage`: of several figures the highest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Percent of the hour's calls, or of its computing time; 100 and more are refused.
    pub percent: u64,
    /// Minutes until calls are taken again; 0 while they are.
    pub minutes: u64,
}

/// Reads `X-Business-Use-Case-Usage`. Meta sends it only once a good part is used.
pub fn business_usage(headers: &[Header]) -> Option<Usage> {
    let usage = from_text(header(headers, "x-business-use-case-usage")?).ok()?;
    let mut found = Usage::default();
    for entries in usage.as_object()?.values().filter_map(Value::as_array) {
        for entry in entries {
            let number = |name| entry.get(name).and_then(Value::as_u64).unwrap_or_default();
            found.minutes = found.minutes.max(number("estimated_time_to_regain_access"));
            for name in ["call_count", "total_cputime", "total_time"] {
                found.percent = found.percent.max(number(name));
            }
        }
    }
    Some(found)
}

/// The value of a header.
pub fn header<'h>(headers: &'h [Header], name: &str) -> Option<&'h str> {
    headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case(name))
        .map(|header| header.value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(name: &str, value: &str) -> Option<u64> {
        retry_after_ms(&[Header {
            name: name.to_owned(),
            value: value.to_owned(),
        }])
    }

    #[test]
    fn the_highest_figure_counts() {
        let value = r#"{"1":[{"call_count":28,"total_cputime":25,"total_time":90}],"2":[{"call_count":5,"estimated_time_to_regain_access":3}]}"#;
        let headers = [Header {
            name: "X-Business-Use-Case-Usage".to_owned(),
            value: value.to_owned(),
        }];
        let expected = Usage {
            percent: 90,
            minutes: 3,
        };
        assert_eq!(business_usage(&headers), Some(expected));
        assert_eq!(business_usage(&[]), None);
    }

    #[test]
    fn waits_as_the_headers_say() {
        let usage = r#"{"1":[{"type":"x","estimated_time_to_regain_access":2},{"estimated_time_to_regain_access":5}],"2":[]}"#;
        let cases = [
            ("Retry-After", "7", Some(7_000)),
            ("retry-after", "99999999999999", Some(86_400_000)),
            ("retry-after", "Wed, 21 Oct 2026 07:28:00 GMT", None),
            ("X-Business-Use-Case-Usage", usage, Some(300_000)),
            ("x-business-use-case-usage", "{}", None),
            ("x-business-use-case-usage", "[", None),
            (
                "x-business-use-case-usage",
                r#"{"1":[{"estimated_time_to_regain_access":0}]}"#,
                None,
            ),
            ("x-app-usage", r#"{"call_count":100}"#, None),
        ];
        for (name, value, expected) in cases {
            assert_eq!(wait(name, value), expected, "{name}: {value}");
        }
    }
}
