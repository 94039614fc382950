//! Hours in minutes: messages and webhooks without a pause, with everything that goes wrong, on programs that run on.
//!
//! Four parts. The simulator is in this process, and its clock runs faster than ours, so that what Meta repeats comes soon. `host-test serve --store`
//! keeps the webhooks, and is killed now and then. `host-test mcp` sends, for its whole life. Between the simulator and `serve` stands a [`road`] on
//! which deliveries are refused, held up, or answered with silence after they were kept.
//!
//! At the end every event that the simulator posted is in the store, once; no message was accepted twice; each message whose outcome was unknown
//! is settled by what the store holds; and neither program has grown.
//!
//! `cargo xtask soak` runs it for 30 minutes; `cargo test` for some seconds (`SOAK_SECONDS`).

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that panics has failed, as it should"
)]

mod chance;
mod check;
#[path = "../cli/program.rs"]
#[allow(dead_code, reason = "shared with the tests of the command line")]
mod program;
mod road;
mod sender;
mod serving;
mod vitals;
mod weather;

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use graph_simulator::world::Customer;
use graph_simulator::{Simulator, World};
use tokio::task::JoinSet;

use road::Road;
use sender::Sender;
use serving::Serving;
use vitals::Vitals;

/// How long without a word of its own, in seconds.
const SECONDS: u64 = 20;
/// Customers who are written to.
const CUSTOMERS: usize = 50;
/// Messages on their way at a time.
const LANES: usize = 6;
/// How often the simulator's clock is moved, and how far.
const TICK: Duration = Duration::from_millis(100);
const STEP: Duration = Duration::from_secs(2);

/// What everything here can reach.
struct Stage {
    simulator: Simulator,
    road: Road,
    store: String,
    /// When everything was in place.
    begun: OnceLock<Instant>,
    /// How long new messages and new trouble come.
    length: Duration,
}

impl Stage {
    fn goes_on(&self) -> bool {
        self.part() < 1.0
    }

    /// The part of the time that has passed, 0 to 1.
    fn part(&self) -> f64 {
        self.elapsed().as_secs_f64() / self.length.as_secs_f64()
    }

    fn elapsed(&self) -> Duration {
        self.begun.get().map_or(Duration::ZERO, Instant::elapsed)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_is_lost_doubled_or_grown() {
    let seconds = std::env::var("SOAK_SECONDS").map_or(SECONDS, |text| text.parse().unwrap());
    let length = Duration::from_secs(seconds);
    let folder = tempfile::tempdir().unwrap();
    let simulator = Simulator::builder().world(world()).start().await.unwrap();
    let stage = Arc::new(Stage {
        road: Road::open().await,
        store: folder.path().join("inbox.sqlite").display().to_string(),
        begun: OnceLock::new(),
        length,
        simulator,
    });
    let mut serving = Serving::start(&stage, folder.path()).await;
    stage
        .simulator
        .set_callback(&stage.road.url(), program::VERIFY_TOKEN)
        .await
        .unwrap();
    for customer in customers() {
        stage.simulator.customer(&customer).say("Hi").unwrap();
    }
    let sender = Arc::new(Sender::start(&stage).await);

    stage.begun.set(Instant::now()).unwrap();
    let mut work = JoinSet::new();
    work.spawn(weather::shuffle(Arc::clone(&stage)));
    work.spawn(weather::change(Arc::clone(&stage)));
    work.spawn(weather::write(Arc::clone(&stage)));
    work.spawn(clock(Arc::clone(&stage)));
    for _ in 0..LANES {
        work.spawn(Arc::clone(&sender).send(Arc::clone(&stage)));
    }
    let mut vitals = Vitals::default();
    while stage.goes_on() {
        tokio::time::sleep(Duration::from_secs(1)).await;
        serving.kill_now_and_then(&stage).await;
        vitals.look(&stage, &serving, &sender);
        if let Some(ended) = work.try_join_next() {
            ended.unwrap();
        }
    }
    while let Some(ended) = work.join_next().await {
        ended.unwrap();
    }
    check::settle(&stage).await;
    let posted = stage.simulator.deliveries();
    let ended = serving.end().await;
    let kept = check::kept(&stage.store).await;
    let outcome = sender.outcome();
    check::events(&posted, &kept);
    let counts = check::messages(&stage.simulator.messages(), &outcome, &kept);
    let cases = sender.cases();
    vitals.tell(&counts, &posted, kept.len(), ended.kills, &cases);
    vitals.check(length);
    if length >= vitals::LONG {
        let (lost, unanswered) = stage.road.losses();
        check::trouble(&[
            ("unknown outcomes", counts.unknown as u64),
            ("unknown and accepted", counts.unknown_accepted as u64),
            (
                "`rate-limited`",
                cases.get("rate-limited").copied().unwrap_or_default(),
            ),
            ("deliveries that were lost", lost),
            ("answers to deliveries that were lost", unanswered),
            ("kills of serve", u64::from(ended.kills)),
        ]);
    }
    sender.end().await;
}

/// Moves the simulator's time.
async fn clock(stage: Arc<Stage>) {
    while stage.goes_on() {
        tokio::time::sleep(TICK).await;
        stage.simulator.clock().advance(STEP);
    }
}

fn world() -> World {
    let mut world = World::demo();
    for customer in customers() {
        world.add_customer(Customer::new(customer, "Kim"));
    }
    world.settings.read_delay_ms = Some(3000);
    world.settings.callback_timeout_seconds = 2;
    world
}

/// Their wa_ids.
fn customers() -> impl Iterator<Item = String> {
    (0..CUSTOMERS).map(|number| format!("155502{number:05}"))
}
