//! What happens from outside: faults of Meta's, and customers who write.

use std::sync::Arc;
use std::time::Duration;

use graph_simulator::{Fault, FaultKind, FlushOrder};

use crate::chance::Chance;
use crate::{Stage, customers};

/// One of the faults, for the next message.
fn fault(number: u64) -> Fault {
    let limited = |code| FaultKind::GraphError {
        code,
        status: Some(429),
        subcode: None,
        is_transient: None,
        details: None,
        retry_after: Some(1),
    };
    let fault = match number {
        0 => Fault::new(FaultKind::CutBeforeHandling {}),
        1 => Fault::new(FaultKind::CutAfterHandling {}),
        2 => Fault::new(FaultKind::CutMidAnswer { bytes: None }),
        3 => Fault::new(FaultKind::TruncatedJson { bytes: None }),
        4 => Fault::new(FaultKind::Html { status: 502 }),
        5 => Fault::new(FaultKind::Html { status: 503 }).after_handling(),
        6 => Fault::new(limited(130_429)),
        7 => Fault::new(FaultKind::EmptyAnswer {
            status: 429,
            retry_after: None,
        }),
        8 => Fault::new(FaultKind::EmptyAnswer {
            status: 500,
            retry_after: None,
        }),
        9 => Fault::new(FaultKind::Latency { millis: 300 }),
        10 => Fault::new(FaultKind::SlowDrip {
            bytes: 40,
            every_millis: 20,
        }),
        _ => Fault::new(FaultKind::Oversize { bytes: 9_000_000 }).after_handling(),
    };
    fault.on("POST", "/messages")
}

/// A fault now and then, and webhooks that come twice.
pub async fn change(stage: Arc<Stage>) {
    let mut chance = Chance::new(2);
    stage.road.set_clear(false);
    while stage.goes_on() {
        tokio::time::sleep(Duration::from_millis(100)).await;
        if stage.simulator.faults().len() < 2 && chance.percent(30) {
            stage.simulator.inject(fault(chance.below(12)));
        }
        if chance.percent(5) {
            stage.simulator.deliver_twice(3);
        }
        if chance.percent(5) {
            stage.simulator.redeliver(None);
        }
    }
    stage.simulator.clear_faults();
    stage.road.set_clear(true);
}

/// Webhooks that come together, or in another order.
pub async fn shuffle(stage: Arc<Stage>) {
    let mut chance = Chance::new(4);
    while stage.goes_on() {
        tokio::time::sleep(Duration::from_secs(2)).await;
        stage.simulator.begin_batch();
        tokio::time::sleep(Duration::from_millis(200)).await;
        let order = match chance.percent(50) {
            true => FlushOrder::Reversed,
            false => FlushOrder::OnePost,
        };
        // Waits until they have been posted.
        stage.simulator.flush_batch(order).await;
    }
}

/// Customers write: twice a second.
pub async fn write(stage: Arc<Stage>) {
    let mut chance = Chance::new(3);
    let customers: Vec<_> = customers().collect();
    while stage.goes_on() {
        tokio::time::sleep(Duration::from_millis(500)).await;
        let who = usize::try_from(chance.below(customers.len() as u64)).unwrap();
        let words = format!("hello {}", chance.below(1_000_000));
        stage
            .simulator
            .customer(&customers[who])
            .say(&words)
            .unwrap();
    }
}
