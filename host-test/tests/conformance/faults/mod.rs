//! Every fault at every request of every action: what the caller is told, what Meta did, and that nothing is done twice.
//!
//! The requests of an action are learned by running its examples against the simulator without a fault. Then each is run again for each of its
//! requests and each of the [`kinds`] of faults, in the same world. What comes out is compared with the error model, cell by cell; where it
//! differs there is a reason in [`exceptions`]. The table is `docs/faults.md`: `BLESS=1 cargo test --workspace --test conformance faults::` writes it.

mod cell;
mod classes;
mod exceptions;
mod kinds;
mod network;
mod sockets;
mod table;
mod worker;

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::ops::Range;
use std::sync::{Barrier, Mutex};
use std::thread;

use tokio::runtime;

use cell::{Cell, Known};
use kinds::{KINDS, Kind};
use worker::{MORE, Worker};

use crate::manifest;

/// Threads that share the work, each with a simulator and a clock of its own.
const WORKERS: usize = 4;

#[test]
fn every_fault_at_every_request_of_every_action() {
    let work = Work::default();
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                let runtime = runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .unwrap();
                runtime.block_on(work.share());
            });
        }
    });
    let known = work.known.into_inner().unwrap();
    let mut cells = work.cells.into_inner().unwrap();
    let actions: BTreeSet<_> = known.iter().map(|known| known.action).collect();
    for action in manifest::actions() {
        let name = action["name"].as_str().unwrap();
        let covered = actions.contains(name) || manifest::sends_nothing(name);
        assert!(covered, "the simulator takes no example of {name}");
    }
    cells.sort_by_key(Cell::order);
    exceptions::check(&cells);
    table::check(&known, &cells);
}

/// What the threads share.
struct Work {
    examples: Mutex<Range<usize>>,
    known: Mutex<Vec<Known>>,
    learned: Barrier,
    jobs: Mutex<Vec<(Known, usize, &'static Kind)>>,
    cells: Mutex<Vec<Cell>>,
}

impl Default for Work {
    fn default() -> Self {
        Self {
            examples: Mutex::new(0..manifest::examples().count() + MORE.len()),
            known: Mutex::default(),
            learned: Barrier::new(WORKERS),
            jobs: Mutex::default(),
            cells: Mutex::default(),
        }
    }
}

impl Work {
    /// The part of one thread.
    async fn share(&self) {
        // Nobody may ever come here.
        let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
        elsewhere.set_nonblocking(true).unwrap();
        let address = format!("http://{}/steal", elsewhere.local_addr().unwrap());
        let worker = Worker::new().await;
        while let Some(example) = self.next_example() {
            let found = Known::learn(&worker, example).await;
            self.known.lock().unwrap().extend(found);
        }
        if self.learned.wait().is_leader() {
            let mut known = self.known.lock().unwrap();
            cell::distinct(&mut known);
            let mut jobs = self.jobs.lock().unwrap();
            for known in known.iter() {
                for step in 0..known.steps().len() {
                    jobs.extend(KINDS.iter().map(|kind| (known.clone(), step, kind)));
                }
            }
        }
        self.learned.wait();
        while let Some((known, step, kind)) = self.next_job() {
            let cell = Cell::of(&worker, &known, step, kind, &address).await;
            self.cells.lock().unwrap().push(cell);
        }
        let followed = elsewhere.accept().is_ok();
        assert!(!followed, "a redirect was followed");
    }

    fn next_example(&self) -> Option<usize> {
        self.examples.lock().unwrap().next()
    }

    fn next_job(&self) -> Option<(Known, usize, &'static Kind)> {
        self.jobs.lock().unwrap().pop()
    }
}
