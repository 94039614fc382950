//! Ten thousand contacts, three servers on one PostgreSQL, one of which is killed in the middle.

use super::{
    broadcast,
    cluster::Cluster,
    contacts::{contacts, counts, key},
    engine::{Database, Engine},
    files,
};
use crate::examples::simulator::Simulator;
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    thread::sleep,
    time::{Duration, Instant},
};

const NAME: &str = "large";
const CONTACTS: usize = 10_000;

/// Servers on the one PostgreSQL. The second is killed.
const SERVERS: usize = 3;

/// Three quarters of what Meta lets most numbers send in a second: a server that comes back catches up, and above 80 the simulator answers 130429.
const PER_SECOND: u32 = 60;

/// How long Meta thinks about a message, in milliseconds: without it hardly any would be on its way when the server dies.
const LATENCY_MS: u64 = 200;

/// Connections that break, of each kind.
const LOST: u32 = 20;

/// How many messages are out when the server dies, and how long it is away.
const KILLED_AFTER: usize = 3000;
const AWAY: Duration = Duration::from_secs(5);

/// Rounds of sending again. One is enough unless something goes wrong again.
const ROUNDS: usize = 5;

/// Runs it: some minutes.
pub fn large() -> Result<()> {
    files::build()?;
    let folder = files::fresh(NAME)?;
    // A short path, because that of a socket is limited, and one that PostgreSQL's user may enter.
    let short = tempfile::Builder::new().prefix("obelisk-").tempdir()?;
    fs::set_permissions(short.path(), fs::Permissions::from_mode(0o755))?;
    let cluster = Cluster::start(short.path())?;
    let simulator = Simulator::start()?;
    let database = Database::Postgres(&cluster.socket);
    let one = Engine::start(&folder, "server-1", &database, &simulator.environment, true)?;
    let mut two = Engine::start(
        &folder,
        "server-2",
        &database,
        &simulator.environment,
        false,
    )?;
    // A server has as many connections to PostgreSQL as twice its cores, and spends some on waiting: on a small machine it takes several.
    let _others = (3..=SERVERS)
        .map(|number| {
            Engine::start(
                &folder,
                &format!("server-{number}"),
                &database,
                &simulator.environment,
                false,
            )
        })
        .collect::<Result<Vec<_>>>()?;
    // Statuses are three times as many as messages, and have to be taken while the others are busy: a server and a database of their own.
    let webhooks = Engine::start(
        &folder,
        "webhooks",
        &Database::Sqlite,
        &simulator.environment,
        true,
    )?;
    simulator.webhooks_to(&format!("{}/whatsapp", webhooks.external.url()))?;
    simulator.fault(json!({"kind": "latency", "millis": LATENCY_MS}), None, 0)?;
    // What a bad network adds: the one kind never arrives, of the other the answer is lost.
    simulator.fault(json!({"kind": "cut_before_handling"}), Some(LOST), 500)?;
    simulator.fault(json!({"kind": "cut_after_handling"}), Some(LOST), 1500)?;

    let outcome = run(&one, &mut two, &webhooks, &simulator);
    let count = |query: &str| cluster.query("obelisk", query).unwrap_or_default();
    eprintln!(
        "    database: {}, {} executions, {} events, {} transactions",
        count("select pg_size_pretty(pg_database_size('obelisk'))"),
        count("select count(*) from t_state"),
        count("select count(*) from t_execution_log"),
        count("select xact_commit from pg_stat_database where datname = 'obelisk'"),
    );
    outcome
}

fn run(one: &Engine, two: &mut Engine, webhooks: &Engine, simulator: &Simulator) -> Result<()> {
    let begin = Instant::now();
    let people = contacts(NAME, CONTACTS);
    let execution = broadcast::start(one, simulator, PER_SECOND, &people)?;
    let before = loop {
        sleep(Duration::from_secs(5));
        let accepted = simulator.accepted()?.len();
        eprintln!(
            "    {accepted} messages after {:.0} s",
            begin.elapsed().as_secs_f64()
        );
        if accepted >= KILLED_AFTER {
            break accepted;
        }
    };
    eprintln!(
        "    {before} messages in {:.0} s: {:.0} a second",
        begin.elapsed().as_secs_f64(),
        before as f64 / begin.elapsed().as_secs_f64()
    );
    let process = two.kill()?;
    eprintln!("    SIGKILL to server 2, process {process}");
    sleep(AWAY);
    two.restart()?;
    eprintln!("    server 2 is back");

    let report = broadcast::report(one, &execution)?;
    let took = begin.elapsed().as_secs_f64();
    eprintln!(
        "    the broadcast {execution} ended after {took:.0} s: {} accepted, {} refused, {} unknown",
        report.accepted,
        report.refused.len(),
        report.unknown.len()
    );
    ensure!(
        report.refused.is_empty(),
        "nobody was to be refused: {:?}",
        report.refused
    );
    ensure!(
        report.unknown.len() > 2 * LOST as usize,
        "the server died between two messages, so this run proves nothing: run it again"
    );
    reconcile(one, webhooks, simulator, report.unknown)?;

    let accepted = simulator.accepted()?;
    let counts = counts(&accepted);
    let wrong: Vec<_> = (0..CONTACTS)
        .map(|index| {
            (
                index,
                counts
                    .get(key(NAME, index).as_str())
                    .copied()
                    .unwrap_or_default(),
            )
        })
        .filter(|(_, count)| *count != 1)
        .collect();
    ensure!(
        wrong.is_empty(),
        "not sent once (contact, messages): {wrong:?}"
    );
    eprintln!(
        "    {CONTACTS} contacts, {} messages: each got one",
        accepted.len()
    );
    Ok(())
}

/// Asks the statuses, sends again to whom nothing went, until nothing is unknown.
fn reconcile(
    engine: &Engine,
    webhooks: &Engine,
    simulator: &Simulator,
    first: Vec<Value>,
) -> Result<()> {
    let mut unknown = first;
    for _ in 0..ROUNDS {
        wait_for_statuses(simulator)?;
        let reconciled = broadcast::reconcile(webhooks.external, &json!({"contacts": unknown}))?;
        eprintln!(
            "    of the unknown, {} have a status, {} have none and are sent again",
            reconciled.sent.len(),
            reconciled.without_status.len()
        );
        if reconciled.without_status.is_empty() {
            return Ok(());
        }
        let execution =
            broadcast::start(engine, simulator, PER_SECOND, &reconciled.without_status)?;
        let report = broadcast::report(engine, &execution)?;
        eprintln!(
            "    {execution}: {} accepted, {} unknown",
            report.accepted,
            report.unknown.len()
        );
        ensure!(report.refused.is_empty(), "refused: {:?}", report.refused);
        if report.unknown.is_empty() {
            return Ok(());
        }
        unknown = report.unknown;
    }
    bail!("after {ROUNDS} rounds there are still messages of which nobody knows")
}

/// The grace period: until every status that there is has arrived.
fn wait_for_statuses(simulator: &Simulator) -> Result<()> {
    let begin = Instant::now();
    loop {
        sleep(Duration::from_secs(5));
        let deliveries = simulator.control("GET", "deliveries", None)?;
        let deliveries = deliveries.as_array().context("no list of deliveries")?;
        let on_the_way = deliveries
            .iter()
            .filter(|one| one["next_attempt_ms"] != Value::Null);
        let on_the_way = on_the_way.count();
        if on_the_way == 0 {
            eprintln!(
                "    {} deliveries of statuses; waited {:.0} s for the last",
                deliveries.len(),
                begin.elapsed().as_secs_f64()
            );
            return Ok(());
        }
        ensure!(
            begin.elapsed() < Duration::from_secs(600),
            "{on_the_way} deliveries do not arrive"
        );
    }
}
