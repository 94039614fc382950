//! The versions of the Graph API and when they end.
//!
//! Source: Meta's page "Graph API versions", read in November 2026. A version lives for about two years after the next one has come.

/// A version.
#[derive(Debug)]
pub struct Version {
    /// As it stands in addresses.
    pub name: &'static str,
    /// The day from which Meta no longer serves it, as `2028-07-29`. Empty while Meta names none.
    pub ends: &'static str,
    /// The first second of that day (UTC), since 1970; 0 while Meta names none.
    pub ends_at: u64,
}

/// Newest first.
pub const VERSIONS: &[Version] = &[
    version("v26.0", "", 0),
    version("v25.0", "2028-07-29", 1_848_441_600),
    version("v24.0", "2028-02-18", 1_834_444_800),
    version("v23.0", "2027-10-08", 1_822_953_600),
    version("v22.0", "2027-05-20", 1_810_771_200),
    version("v21.0", "2027-01-21", 1_800_489_600),
    version("v20.0", "2026-09-24", 1_790_208_000),
    version("v19.0", "2026-05-21", 1_779_321_600),
];

const fn version(name: &'static str, ends: &'static str, ends_at: u64) -> Version {
    Version {
        name,
        ends,
        ends_at,
    }
}

/// The row of a version.
pub fn find(name: &str) -> Option<&'static Version> {
    VERSIONS.iter().find(|version| version.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::DEFAULT_VERSION;

    /// Days from 1970 to a day of the Gregorian calendar, counted one by one.
    fn days(year: u64, month: u64, day: u64) -> u64 {
        let leap = |year: u64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let years = (1970..year).map(|year| 365 + u64::from(leap(year)));
        let lengths = [
            31,
            28 + u64::from(leap(year)),
            31,
            30,
            31,
            30,
            31,
            31,
            30,
            31,
            30,
            31,
        ];
        let months = lengths.into_iter().take(month as usize - 1);
        years.chain(months).sum::<u64>() + day - 1
    }

    #[test]
    fn both_forms_of_the_end_are_the_same_day() {
        for version in VERSIONS.iter().filter(|version| !version.ends.is_empty()) {
            let parts: Vec<u64> = version
                .ends
                .split('-')
                .filter_map(|part| part.parse().ok())
                .collect();
            assert_eq!(
                version.ends_at,
                days(parts[0], parts[1], parts[2]) * 86_400,
                "{version:?}"
            );
        }
    }

    #[test]
    fn newer_versions_end_later_and_the_default_is_known() {
        let ends = VERSIONS.iter().map(|version| version.ends_at).skip(1);
        assert!(ends.is_sorted_by(|newer, older| newer > older));
        assert!(find(DEFAULT_VERSION).is_some());
    }
}
