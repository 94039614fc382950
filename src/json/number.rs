//! Reading a number without the tables of serde_json.

use serde_json::Number;

/// The largest power of ten that is exact as an `f64`.
const POWER_MAX: u32 = 22;

/// Reads a number that is well-formed: whole where it is written whole and fits 64 bits. Nothing when it is larger than any `f64`.
///
/// Up to 19 digits and 22 places of the point the result is as near as one rounding comes; beyond, there is one for each 22 places.
pub fn read(raw: &str) -> Option<Number> {
    let (mut digits, mut places) = (0_u64, 0_i32);
    let (mut is_whole, mut is_full, mut exponent) = (true, false, None);
    let is_negative = raw.starts_with('-');
    let mut is_down = false;
    for byte in raw.bytes() {
        match (byte, &mut exponent) {
            (b'0'..=b'9', Some(exponent)) => {
                *exponent = i32::from(byte - b'0').saturating_add(10_i32.saturating_mul(*exponent));
            }
            (b'0'..=b'9', None) => {
                let digit = u64::from(byte - b'0');
                let (most, last) = (u64::MAX / 10, u64::MAX % 10);
                is_full |= digits > most || digits == most && digit > last;
                if !is_full {
                    digits = digits * 10 + digit;
                }
                // What has no room makes the number larger, and what stands behind the point smaller.
                places += i32::from(is_full) - i32::from(!is_whole);
            }
            (b'.', _) => is_whole = false,
            (b'e' | b'E', _) => {
                is_whole = false;
                exponent = Some(0);
            }
            (b'-', Some(_)) => is_down = true,
            _ => {}
        }
    }
    if is_whole && !is_full {
        let negative = (digits as i64).wrapping_neg();
        if !is_negative {
            return Some(digits.into());
        }
        if negative < 0 {
            return Some(negative.into());
        }
    }
    let exponent = exponent.unwrap_or_default();
    let mut places = places.saturating_add(if is_down { -exponent } else { exponent });
    let mut number = digits as f64;
    while places != 0 && number != 0.0 && number.is_finite() {
        let step = places.unsigned_abs().min(POWER_MAX);
        let mut power = 1.0;
        for _ in 0..step {
            power *= 10.0;
        }
        let step = step as i32;
        if places > 0 {
            number *= power;
            places -= step;
        } else {
            number /= power;
            places += step;
        }
    }
    Number::from_f64(if is_negative { -number } else { number })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_what_serde_json_reads() {
        for raw in [
            "0",
            "-0",
            "7",
            "-7",
            "0.5",
            "-0.0",
            "0e5",
            "0.0e-999999999999",
            "1e5",
            "1E+5",
            "12.50e-1",
            "52.520008",
            "-13.404954",
            "18446744073709551615",
            "18446744073709551616",
            "-9223372036854775808",
            "-9223372036854775809",
            "123456789012345678901234567890",
            "0.1234567890123456789012345",
            "1700000000.0",
            "1e22",
            "1e-22",
            "1.7976931348623157e1",
            "1e999999",
            "-1e999999",
            "1e-999999999999999999999",
            "1e99999999999999999999",
            "6.02214076e23",
        ] {
            let expected: Option<Number> = serde_json::from_str(raw).ok();
            assert_eq!(read(raw), expected, "{raw}");
        }
    }

    #[test]
    fn far_from_the_point_it_is_near_enough() {
        for raw in [
            "1e300",
            "-1.5e-300",
            "1.7976931348623157e308",
            "123456789e100",
        ] {
            let expected: f64 = raw.parse().expect("is a number");
            let found = read(raw).and_then(|number| number.as_f64()).expect(raw);
            let off = (found / expected - 1.0).abs();
            assert!(off < 1e-14, "{raw}: {found}, off by {off:e}");
        }
    }
}
