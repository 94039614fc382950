//! Every code of Meta's is the error that `src/graph/codes.tsv` says, and every other one is an error too.

use super::{CASES, config};
use proptest::prelude::*;
use serde_json::{Value, json};
use whatsapp_connector::contract::whatsapp::connector::http::{Content, Response};
use whatsapp_connector::contract::whatsapp::connector::types::Error;
use whatsapp_connector::graph::{answer, codes::UNKNOWN_ADVICE, request::Effect};

/// From here on, a subcode of 100 is a number that Meta lists as a code.
const LISTED_FROM: i64 = 1_000_000;

/// A row of the table.
struct Row {
    codes: std::ops::RangeInclusive<i64>,
    subcode: Option<i64>,
    class: String,
    advice: String,
}

/// The table, read here by itself.
fn rows() -> Vec<Row> {
    let table = include_str!("../../src/graph/codes.tsv");
    let lines = table
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let rows = lines.map(|line| {
        let cells: Vec<_> = line.split('\t').collect();
        let number = |cell: &str| cell.parse::<i64>().ok();
        let first = number(cells[0]).unwrap();
        Row {
            codes: first..=number(cells[1]).unwrap_or(first),
            subcode: number(cells[2]),
            class: cells[3].to_owned(),
            advice: cells[6].to_owned(),
        }
    });
    rows.collect()
}

/// The row of a code: the first one that fits.
fn find(rows: &[Row], code: i64, subcode: Option<i64>) -> Option<&Row> {
    let fits = |row: &&Row, code, subcode| {
        row.codes.contains(&code) && (row.subcode.is_none() || row.subcode == subcode)
    };
    let listed = subcode.filter(|subcode| code == 100 && *subcode >= LISTED_FROM);
    let listed = listed.and_then(|code| rows.iter().find(|row| fits(row, code, None)));
    listed.or_else(|| rows.iter().find(|row| fits(row, code, subcode)))
}

/// What an error of Meta's becomes: class and advice.
fn read(status: u16, error: Value, effect: Effect) -> (&'static str, String) {
    let response = Response {
        status,
        headers: Vec::new(),
        body: Content::Text(json!({"error": error}).to_string()),
    };
    match *answer::read(Ok(response), effect, None).unwrap_err() {
        Error::RateLimited(fault) => ("rate-limited", fault.advice),
        Error::Unavailable(fault) => ("unavailable", fault.advice),
        Error::PermanentInvalidInput(fault) => ("invalid-input", fault.advice),
        Error::PermanentUnauthorized(fault) => ("unauthorized", fault.advice),
        Error::PermanentWindowClosed(fault) => ("window-closed", fault.advice),
        Error::PermanentRejected(fault) => ("rejected", fault.advice),
        Error::PermanentOutcomeUnknown(fault) => ("outcome-unknown", fault.advice),
        Error::ExecutionFailed => panic!("only a host says so"),
    }
}

#[test]
fn every_code_of_the_table_is_what_its_row_says() {
    let rows = rows();
    assert!(rows.len() > 150);
    for row in &rows {
        for code in row.codes.clone() {
            for subcode in [None, row.subcode, Some(1)] {
                let expected = find(&rows, code, subcode).unwrap();
                for (status, effect) in [
                    (400, Effect::Once),
                    (500, Effect::Read),
                    (200, Effect::Idempotent),
                ] {
                    let found = read(
                        status,
                        json!({"code": code, "error_subcode": subcode}),
                        effect,
                    );
                    assert_eq!(
                        found,
                        (&*expected.class, expected.advice.clone()),
                        "{code} {subcode:?}"
                    );
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(config(CASES))]

    #[test]
    fn every_pair_of_code_and_subcode_is_what_the_first_row_says(
        row in 0..rows().len(),
        other in 0..rows().len(),
        far in any::<i64>(),
    ) {
        let rows = rows();
        let code = *rows[row].codes.start();
        for subcode in [Some(far), rows[other].subcode, Some(*rows[other].codes.end())] {
            let expected = find(&rows, code, subcode).unwrap();
            let (class, advice) = read(403, json!({"code": code, "error_subcode": subcode}), Effect::Once);
            prop_assert_eq!((class, &advice), (&*expected.class, &expected.advice));
        }
    }

    #[test]
    fn an_unknown_code_is_what_the_status_says(
        code in prop_oneof![any::<i64>(), 0..3_000_000_i64],
        status in 100..600_u16,
        transient in any::<bool>(),
        once in any::<bool>(),
    ) {
        prop_assume!(find(&rows(), code, None).is_none());
        let effect = if once { Effect::Once } else { Effect::Read };
        let (class, advice) = read(status, json!({"code": code, "is_transient": transient}), effect);
        let expected = match status {
            _ if transient => "unavailable",
            429 => "rate-limited",
            401 => "unauthorized",
            500.. if once => "outcome-unknown",
            500.. => "unavailable",
            _ => "rejected",
        };
        prop_assert_eq!(class, expected);
        prop_assert!(!advice.is_empty());
        prop_assert_eq!(advice == UNKNOWN_ADVICE, !transient && status < 500);
    }
}
