//! Twenty contacts, one server, and everything that may go wrong with a message.

use super::{
    broadcast::{self, Report},
    contacts::{contacts, counts, key},
    engine::{Database, Engine},
    files,
};
use crate::examples::simulator::Simulator;
use anyhow::{Context, Result, ensure};
use serde_json::json;
use std::{thread::sleep, time::Duration};

const NAME: &str = "small";
const CONTACTS: usize = 20;

/// How long statuses may take to arrive.
const STATUSES: Duration = Duration::from_secs(3);

/// Runs it. Under a minute when everything is compiled.
pub fn small() -> Result<()> {
    files::build()?;
    let folder = files::fresh("small")?;
    let simulator = Simulator::start()?;
    let engine = Engine::start(
        &folder,
        "obelisk",
        &Database::Sqlite,
        &simulator.environment,
        true,
    )?;
    simulator.webhooks_to(&format!("{}/whatsapp", engine.external.url()))?;

    // One answer is lost after the message went out, one request before; three are told to come later, and one number is none.
    simulator.fault(json!({"kind": "cut_after_handling"}), Some(1), 3)?;
    simulator.fault(json!({"kind": "cut_before_handling"}), Some(1), 5)?;
    simulator.fault(json!({"kind": "graph_error", "code": 130_429}), Some(3), 8)?;
    let mut people = contacts(NAME, CONTACTS);
    people[7]["to"] = json!("no number");
    let execution = broadcast::start(&engine, &simulator, 10, &people)?;
    let report = broadcast::report(&engine, &execution)?;
    eprintln!("    {report:?}");
    ensure!(
        report.accepted == 17
            && report.refused == ["permanent_invalid_input"]
            && report.unknown.len() == 2,
        "expected 17 accepted, 1 refused and 2 unknown"
    );

    sleep(STATUSES);
    let order = |send_again: bool| json!({"broadcast": execution, "send_again": send_again});
    let first = broadcast::reconcile(engine.external, &order(false))?;
    ensure!(
        first.sent.len() == 1 && first.without_status.len() == 1 && first.again.is_none(),
        "of the unknown, one was sent and one was not; the statuses say {first:?}"
    );
    let second = broadcast::reconcile(engine.external, &order(true))?;
    let again = second.again.clone().context("nothing is sent again")?;
    let report = broadcast::report(&engine, &again)?;
    let expected = Report {
        accepted: 1,
        refused: Vec::new(),
        unknown: Vec::new(),
    };
    ensure!(
        report == expected,
        "the one that was not sent is sent: {report:?}"
    );
    let third = broadcast::reconcile(engine.external, &order(true))?;
    ensure!(
        third.again.as_ref() == Some(&again),
        "asked twice, it sends again once: {third:?}"
    );

    let accepted = simulator.accepted()?;
    let counts = counts(&accepted);
    for index in 0..CONTACTS {
        let expected = usize::from(index != 7);
        let found = counts
            .get(key(NAME, index).as_str())
            .copied()
            .unwrap_or_default();
        ensure!(
            found == expected,
            "contact {index}: expected {expected} messages, found {found}"
        );
    }
    eprintln!(
        "    {} contacts, {} messages, none twice",
        CONTACTS,
        accepted.len()
    );
    Ok(())
}
