//! The table as the component holds it, and what the build refuses to make of it.

use super::*;
use crate::actions::ACTIONS;
use crate::archive;
use crate::plugin;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::PathBuf;

#[path = "../../build/codes.rs"]
mod source;

fn entry(code: i64) -> &'static Entry {
    find(Some(code), None).unwrap_or_else(|| panic!("{code} is not in the table"))
}

/// The row of a code with a subcode.
fn entry_with(code: i64, subcode: i64) -> &'static Entry {
    find(Some(code), Some(subcode)).unwrap()
}

fn is_repeated(class: Class) -> bool {
    matches!(class, RateLimited | Unavailable)
}

#[test]
fn each_class_has_its_codes() {
    let classes: [(Class, &[i64]); 6] = [
        (
            RateLimited,
            &[
                4, 17, 613, 80007, 80008, 130_429, 131_048, 131_056, 131_057, 131_208, 132_069,
                133_015, 134_101, 138_002, 138_005,
            ],
        ),
        (
            Unavailable,
            &[
                1, 2, 131_000, 131_016, 133_004, 135_002, 138_004, 138_007, 139_102, 139_103,
                2_494_100,
            ],
        ),
        (
            InvalidInput,
            &[
                33, 100, 803, 131_002, 131_008, 131_009, 131_021, 131_053, 132_000, 132_001,
                132_012, 132_018, 133_005, 137_000, 2_388_040, 2_388_299,
            ],
        ),
        (
            Unauthorized,
            &[0, 3, 10, 102, 104, 190, 200, 201, 294, 299, 131_005],
        ),
        (WindowClosed, &[131_047]),
        (
            Rejected,
            &[
                368, 130_403, 130_472, 130_497, 131_026, 131_030, 131_031, 131_042, 131_049,
                131_050, 132_007, 132_015, 132_016, 132_068, 133_006, 133_008, 133_010, 133_016,
                134_011, 138_006, 138_012, 139_100, 2_388_019,
            ],
        ),
    ];
    for (class, codes) in classes {
        for &code in codes {
            assert_eq!(entry(code).class, class, "{code}");
        }
    }
}

/// Meta's codes as others collected them: `code` (or a range, or a list), `title`, … `retriable`. They are read from
/// `../shared/reference` beside the workspace or beside `$WHATSAPP_CORPUS`; without them the tests say that they skip.
fn listed() -> Vec<(u32, String)> {
    let folder = std::env::var_os("WHATSAPP_CORPUS").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"),
        PathBuf::from,
    );
    let path = folder.with_file_name("reference").join("meta-errors.tsv");
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: no list of Meta's codes at {}", path.display());
        return Vec::new();
    };
    let mut codes = Vec::new();
    for line in text.lines().skip(1) {
        let cells: Vec<_> = line.split('\t').collect();
        for part in cells[0].split(", ") {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            for code in first.parse::<u32>().unwrap()..=last.parse().unwrap() {
                codes.push((code, cells[5].to_owned()));
            }
        }
    }
    assert!(codes.len() > 200, "{} has lost codes", path.display());
    codes
}

#[test]
fn every_listed_code_has_a_row() {
    for (code, _) in listed() {
        entry(code.into());
    }
}

#[test]
fn what_is_listed_as_retriable_is_repeated_and_nothing_else() {
    // Later, but so much later (days) that a flow must not wait for it.
    let too_late = [131_214];
    for (code, retriable) in listed() {
        let class = entry(code.into()).class;
        if retriable.starts_with("yes") && !too_late.contains(&code) {
            assert!(is_repeated(class), "{code}: {retriable}, but {class:?}");
        }
        if retriable == "no" {
            assert!(!is_repeated(class), "{code}: {retriable}, but {class:?}");
        }
    }
}

#[test]
fn a_closed_window_suggests_a_template() {
    let closed: Vec<_> = TABLE
        .iter()
        .filter(|row| row.class == WindowClosed)
        .collect();
    assert!(!closed.is_empty());
    for row in closed {
        assert!(row.advice().contains("send-template"), "{row:?}");
    }
}

#[test]
fn a_subcode_of_100_that_meta_lists_counts_as_that_code() {
    for code in [2_388_001, 2_388_019, 2_388_040, 2_388_299] {
        assert_eq!(entry_with(100, code).advice(), entry(code).advice());
    }
    // The same number after another code says less than the code.
    assert_eq!(
        entry_with(136_024, 2_388_091).advice(),
        entry(136_024).advice()
    );
    assert_eq!(
        entry_with(130_429, 2_494_055).advice(),
        entry(130_429).advice()
    );
}

#[test]
fn an_unknown_object_is_told_from_another_bad_parameter() {
    let general = entry(100).advice();
    let unknown = entry_with(100, 33);
    assert_ne!(unknown.advice(), general);
    assert_ne!(
        unknown.advice(),
        entry(33).advice(),
        "33 is another thing as a code"
    );
    for subcode in [-1, 0, 1, 4, 190, 2_388_298, i64::MAX] {
        assert_eq!(entry_with(100, subcode).advice(), general, "{subcode}");
    }
}

#[test]
fn each_end_of_a_token_has_its_reason_and_asks_to_connect_again() {
    let subcodes = [458, 459, 460, 463, 464, 467, 492];
    let advice: BTreeSet<_> = subcodes
        .map(|subcode| entry_with(190, subcode))
        .into_iter()
        .chain([entry(190)])
        .map(|row| {
            assert_eq!(row.class, Unauthorized);
            assert!(row.advice().contains("Connect again"), "{row:?}");
            row.advice()
        })
        .collect();
    assert_eq!(advice.len(), subcodes.len() + 1);
}

#[test]
fn a_business_that_is_not_verified_does_not_have_to_connect_again() {
    assert_eq!(entry_with(10, 2_388_185).class, Rejected);
    assert_eq!(entry_with(10, 2_018_218).class, Unauthorized);
}

#[test]
fn unknown_codes_and_no_code_have_no_row() {
    assert!(find(None, Some(33)).is_none() && find(None, None).is_none());
    for code in [-1, 5, 300, 999_999, i64::from(u32::MAX), i64::MAX] {
        assert!(find(Some(code), None).is_none(), "{code}");
    }
}

#[test]
fn the_pair_limit_wants_four_times_the_pause_after_each_refusal() {
    let pair = entry(131_056);
    let wait = |attempt| pair.wait_ms(attempt).unwrap();
    assert_eq!(wait(None), 1_000);
    assert_eq!(
        [0, 1, 2, 3].map(|n| wait(Some(n))),
        [1_000, 4_000, 16_000, 64_000]
    );
    assert_eq!(wait(Some(8)), 65_536_000);
    for attempt in [9, 31, 32, u32::MAX] {
        assert_eq!(wait(Some(attempt)), 86_400_000, "{attempt}");
    }
}

#[test]
fn other_waits_do_not_grow() {
    for attempt in [None, Some(0), Some(7)] {
        assert_eq!(entry(131_057).wait_ms(attempt), Some(60_000));
        assert_eq!(entry(132_069).wait_ms(attempt), Some(3_600_000));
        assert_eq!(entry(4).wait_ms(attempt), None);
        assert_eq!(entry(100).wait_ms(attempt), None);
    }
}

#[test]
fn advice_is_whole_sentences_for_people_who_do_not_program() {
    let jargon = [
        "null",
        "undefined",
        "JSON",
        "HTTP",
        "POST",
        "payload",
        "endpoint",
        "boolean",
        "string",
        "integer",
        "parameter",
        "regex",
        "exception",
        "array",
        "cursor",
        "subcode",
        "{",
        "`",
    ];
    for row in TABLE {
        let advice = row.advice();
        assert!(
            advice.ends_with('.') && advice.len() > 20,
            "{row:?}: {advice}"
        );
        assert!(
            advice.starts_with(|c: char| c.is_ascii_uppercase()),
            "{advice}"
        );
        for word in jargon {
            assert!(!advice.contains(word), "{word}: {advice}");
        }
    }
}

#[test]
fn advice_names_only_actions_that_exist() {
    let names: BTreeSet<_> = ACTIONS.iter().map(|action| action.name).collect();
    let verbs: BTreeSet<_> = names
        .iter()
        .filter_map(|name| name.split_once('-'))
        .collect();
    let verbs: BTreeSet<_> = verbs.into_iter().map(|(verb, _)| verb).collect();
    let more = [
        "get", "create", "delete", "block", "unblock", "upload", "register", "request",
    ];
    let mut found = 0;
    for row in TABLE {
        let words = row
            .advice()
            .split(|c: char| !c.is_ascii_lowercase() && c != '-');
        for word in words {
            let Some((verb, _)) = word.split_once('-') else {
                continue;
            };
            if verbs.contains(verb) || more.contains(&verb) {
                assert!(names.contains(word), "{word}: {}", row.advice());
                found += 1;
            }
        }
    }
    assert!(found > 0);
}

#[test]
fn fields_are_inputs_of_some_action() {
    let manifest: Value = serde_json::from_str(&plugin::describe()).unwrap();
    let actions = manifest["actions"].as_array().unwrap();
    let of = |action: &Value| action["input_schema"]["properties"].as_object().cloned();
    let inputs: BTreeSet<_> = actions
        .iter()
        .filter_map(of)
        .flat_map(|properties| properties.into_iter().map(|(name, _)| name))
        .collect();
    let mut found = 0;
    for field in TABLE.iter().filter_map(Entry::field) {
        assert!(inputs.contains(&field), "{field}");
        found += 1;
    }
    assert!(found > 0);
    assert_eq!(entry(131_026).field().as_deref(), Some("to"));
    assert_eq!(entry(133_005).field().as_deref(), Some("pin"));
    assert_eq!(entry(100).field(), None);
}

#[test]
fn the_component_unpacks_what_the_build_packed_once() {
    let table = std::fs::read_to_string(source::SOURCE).unwrap();
    let packed = source::read(&table).unwrap().advice;
    assert_eq!(archive::unpack(ADVICE), packed);
    assert!(ADVICE.len() < packed.len() * 3 / 5);
    // The same place in memory: not unpacked anew.
    assert!(std::ptr::eq(entry(100).advice(), entry(100).advice()));
    assert!(std::ptr::eq(entry(80007).advice(), entry(80008).advice()));
}

/// The problem of a table whose second line is this.
fn problem(line: &str) -> String {
    let good = "1\t-\t-\trejected\t-\t-\tDo this.";
    source::read(&format!("{good}\n{line}\n{good}"))
        .err()
        .unwrap_or_else(|| panic!("{line} was taken"))
}

#[test]
fn the_build_refuses_a_malformed_row_and_names_its_line() {
    let long = format!("2\t-\t-\trejected\t-\t-\t{}.", "x".repeat(300));
    for (line, expected) in [
        ("2\t-\t-\trejected\t-\tDo this.", "expected 7 cells"),
        (
            "two\t-\t-\trejected\t-\t-\tDo this.",
            "first: expected a number",
        ),
        (
            "-2\t-\t-\trejected\t-\t-\tDo this.",
            "first: expected a number",
        ),
        (
            "2\tx\t-\trejected\t-\t-\tDo this.",
            "last: expected a number",
        ),
        ("2\t1\t-\trejected\t-\t-\tDo this.", "is before the first"),
        (
            "2\t99999\t-\trejected\t-\t-\tDo this.",
            "a range has at most",
        ),
        ("2\t-\t0\trejected\t-\t-\tDo this.", "0 is no subcode"),
        (
            "2\t-\t-\trefused\t-\t-\tDo this.",
            "class: expected one of rate-limited",
        ),
        ("2\t-\t-\trejected\tPIN!\t-\tDo this.", "field: expected"),
        ("2\t-\t-\trejected\t\t-\tDo this.", "field: expected"),
        ("2\t-\t-\trejected\t-\t60\tDo this.", "wait: nobody waits"),
        (
            "2\t-\t-\tunavailable\t-\tsoon\tDo this.",
            "wait: expected seconds",
        ),
        (
            "2\t-\t-\tunavailable\t-\t65535\tDo this.",
            "wait: expected seconds",
        ),
        ("2\t-\t-\trejected\t-\t-\t", "advice: expected a text"),
        ("2\t-\t-\trejected\t-\t-\t-", "advice: expected a text"),
        (
            "2\t-\t-\trejected\t-\t-\t Do this.",
            "advice: expected a text",
        ),
        (&long, "advice: at most 300 characters, found 301"),
        (
            "1\t-\t-\trejected\t-\t-\tDo that.",
            "repeats the codes of line 1",
        ),
        (
            "1\t-\t7\trejected\t-\t-\tDo that.",
            "never found because of line 1",
        ),
    ] {
        let problem = problem(line);
        assert!(
            problem.starts_with("line 2: ") && problem.contains(expected),
            "{line}: {problem}"
        );
    }
}

#[test]
fn the_build_takes_rows_that_overlap_when_each_can_be_found() {
    let rows = "# Comment\n\n2\t-\t7\trejected\t-\t-\tA.\n2\t-\t-\tunavailable\t-\t4^n\tB.\n1\t9\t-\trejected\tto\t-\tA.\n";
    let table = source::read(rows).unwrap();
    assert_eq!(table.advice, "A.\nB.");
    assert!(table.rows.contains(
        "first: 2, span: 0, subcode: 0, class: Class::Unavailable, field: 0, wait: GROWING, advice: 1"
    ));
    let hidden = source::read(&format!("{rows}3\t9\t-\trejected\t-\t-\tC.\n")).err();
    assert_eq!(
        hidden.as_deref(),
        Some("line 6: this row is never found because of line 5")
    );
    assert!(source::read("# nothing\n").is_err());
}
