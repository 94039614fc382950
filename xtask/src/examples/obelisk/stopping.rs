//! What becomes of messages on their way when their server is stopped: politely, and at once.

use super::{
    broadcast,
    contacts::{contacts, counts},
    engine::{Database, Engine},
    files,
};
use crate::examples::simulator::Simulator;
use anyhow::{Result, ensure};
use serde_json::json;
use std::{thread::sleep, time::Duration};

const CONTACTS: usize = 10;

/// Meta answers so late that every message is on its way when the server is stopped, in milliseconds.
const LATENCY_MS: u64 = 4000;

/// Tries both, and prints how many messages each of the contacts got. That none gets two is sure only for a server that is killed: one that is
/// asked to stop (SIGTERM) gives its activities back as if they had not begun, whatever `max_retries` says.
pub fn stopping() -> Result<()> {
    files::build()?;
    let folder = files::fresh("stopping")?;
    let simulator = Simulator::start()?;
    simulator.fault(json!({"kind": "latency", "millis": LATENCY_MS}), None, 0)?;
    for politely in [false, true] {
        let name = if politely { "SIGTERM" } else { "SIGKILL" };
        let run = folder.join(name);
        std::fs::create_dir_all(&run)?;
        let mut engine =
            Engine::start(&run, name, &Database::Sqlite, &simulator.environment, true)?;
        let people = contacts(name, CONTACTS);
        let execution = broadcast::start(&engine, &simulator, 80, &people)?;
        sleep(Duration::from_millis(LATENCY_MS / 2));
        if politely {
            engine.terminate()?;
        } else {
            engine.kill()?;
        }
        engine.restart()?;
        let report = broadcast::report(&engine, &execution)?;
        sleep(Duration::from_millis(LATENCY_MS));
        let accepted: Vec<_> = simulator
            .accepted()?
            .into_iter()
            .filter(|key| key.starts_with(name))
            .collect();
        let twice = counts(&accepted)
            .values()
            .filter(|count| **count > 1)
            .count();
        eprintln!(
            "    {name}: {CONTACTS} contacts on their way; {} accepted and {} unknown by the report, {} messages, {twice} contacts got two",
            report.accepted,
            report.unknown.len(),
            accepted.len()
        );
        ensure!(
            politely || twice == 0,
            "a server that was killed sent twice"
        );
    }
    Ok(())
}
