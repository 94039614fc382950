//! The versions of the Graph API and when they end: the build makes the table from `src/plugin/platform.json`, which the manifest shows as well.
//!
//! A version lives for about two years after the next one has come.

include!(concat!(env!("OUT_DIR"), "/versions.rs"));

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

/// The row of a version.
pub fn find(name: &str) -> Option<&'static Version> {
    VERSIONS.iter().find(|version| version.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Days from 1970 to a day of the Gregorian calendar, counted one by one.
    fn days(year: u64, month: u64, day: u64) -> u64 {
        let leap = |year: u64| {
            year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
        };
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
        assert!(find(DEFAULT).is_some());
    }
}
