//! `docs/faults.md`: what the cells say, in a form that a person can review.

use std::collections::{BTreeMap, BTreeSet};

use super::cell::{Cell, Known};
use super::classes::Class;
use super::exceptions;
use super::kinds::KINDS;
use crate::component;

const START: &str = "<!-- faults -->\n";
const END: &str = "<!-- end of faults -->";

/// Compares the file with what is, or writes it.
pub fn check(known: &[Known], cells: &[Cell]) {
    let path = component::workspace().join("docs/faults.md");
    let file = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = file.split_once(START).unwrap();
    let (found, after) = rest.split_once(END).unwrap();
    let written = [by_class(cells), by_action(cells), requests(known)].concat();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, [before, START, &written, END, after].concat()).unwrap();
        return;
    }
    assert_eq!(
        found, written,
        "docs/faults.md; written anew with `BLESS=1 cargo test --workspace --test conformance faults::`: review each line that changes"
    );
}

/// One line for each fault.
fn by_class(cells: &[Cell]) -> String {
    let mut table = format!(
        "\n{} cells: each fault at each request of each action.\n\n| fault | {} | messages that Meta accepted |\n| --- | --- | --- | --- | --- |\n",
        cells.len(),
        Class::ALL.map(Class::title).join(" | ")
    );
    for kind in &KINDS {
        let of_kind = || {
            let cells = cells.iter().filter(|cell| cell.kind.name == kind.name);
            cells.filter(|cell| exceptions::of(cell).is_none())
        };
        let cases = Class::ALL.map(|class| {
            let cases = of_kind().filter(|cell| cell.class == class);
            let cases: BTreeSet<_> = cases.map(|cell| format!("`{}`", cell.case)).collect();
            Vec::from_iter(cases).join(", ")
        });
        let sends = of_kind().filter(|cell| cell.sends && cell.class == Class::Once);
        let messages: BTreeSet<_> = sends.map(|cell| cell.messages.to_string()).collect();
        let messages = Vec::from_iter(messages).join(" or ");
        table += &format!(
            "| {}: {} | {} | {messages} |\n",
            kind.name,
            kind.what,
            cases.join(" | ")
        );
    }
    table
}

/// One line for each exception.
fn by_action(cells: &[Cell]) -> String {
    let mut table = "\nWhat an action makes of them, where that is something else:\n\n| action | request | fault | what comes out | why |\n\
                     | --- | --- | --- | --- | --- |\n"
        .to_owned();
    for exception in &exceptions::EXCEPTIONS {
        let fits = cells.iter().filter(|cell| exception.fits(cell));
        let kinds: Vec<_> = match exception.kinds {
            [] => vec!["every"],
            kinds => kinds.to_vec(),
        };
        let output = match (exception.case, exception.same) {
            ("ok", true) => "the output",
            ("ok", false) => "an output that says so",
            (case, _) => &format!("`{case}`"),
        };
        table += &format!(
            "| `{}` | {} | {} | {output} ({} cells) | {} |\n",
            exception.action,
            match exception.step {
                "" => "each".to_owned(),
                step => format!("`{step}`"),
            },
            kinds.join(", "),
            fits.count(),
            exception.why
        );
    }
    table
}

/// Which requests the actions make.
fn requests(known: &[Known]) -> String {
    let mut table = "\nThe requests, in their order (R reads, I may be repeated, **O** acts each time):\n\n| requests | actions |\n| --- | --- |\n".to_owned();
    let mut by_steps: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for known in known {
        let steps = known.steps().iter().map(|(step, class)| {
            let letter = match class {
                Class::Read => "R",
                Class::Idempotent => "I",
                Class::Once => "**O**",
            };
            format!("{letter} `{step}`")
        });
        let steps = Vec::from_iter(steps).join(", ");
        by_steps.entry(steps).or_default().insert(known.action);
    }
    for (steps, actions) in by_steps {
        let actions = actions.iter().map(|action| format!("`{action}`"));
        table += &format!("| {steps} | {} |\n", Vec::from_iter(actions).join(", "));
    }
    table + "\n"
}
