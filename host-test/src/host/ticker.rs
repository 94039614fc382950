//! The clock that interrupts guests: WebAssembly code looks at the engine's epoch now and then, and this thread moves it on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, Thread};
use std::time::Duration;

use wasmtime::Engine;

/// How often a running guest gives way to others, and how exactly its time limit is kept.
pub(crate) const TICK: Duration = Duration::from_millis(10);

/// One thread for each engine. It sleeps while no call is running and ends with this value.
#[derive(Debug)]
pub(crate) struct Ticker {
    thread: Thread,
    state: Arc<State>,
}

#[derive(Debug, Default)]
struct State {
    /// How many calls are running.
    running: AtomicUsize,
    stopped: AtomicBool,
}

impl Ticker {
    pub(crate) fn start(engine: &Engine) -> std::io::Result<Self> {
        let state = Arc::new(State::default());
        // Weak: the clock alone does not keep the engine and its reserved memory.
        let (engine, shared) = (engine.weak(), Arc::clone(&state));
        let builder = thread::Builder::new().name("wasm-epoch".to_owned());
        let handle = builder.spawn(move || {
            while !shared.stopped.load(Ordering::SeqCst) {
                match engine.upgrade() {
                    Some(engine) => engine.increment_epoch(),
                    None => return,
                }
                if shared.running.load(Ordering::SeqCst) == 0 {
                    thread::park();
                } else {
                    thread::sleep(TICK);
                }
            }
        })?;
        Ok(Self {
            thread: handle.thread().clone(),
            state,
        })
    }

    /// Keeps the clock going until the returned value is dropped.
    pub(crate) fn run(self: &Arc<Self>) -> Running {
        self.state.running.fetch_add(1, Ordering::SeqCst);
        // A thread that is about to park finds this and does not: no start is missed.
        self.thread.unpark();
        Running(Arc::clone(self))
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.state.stopped.store(true, Ordering::SeqCst);
        self.thread.unpark();
    }
}

/// A call that is running.
#[derive(Debug)]
pub(crate) struct Running(Arc<Ticker>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.state.running.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thread_ends_with_the_ticker() {
        let engine = Engine::default();
        for _ in 0..50 {
            let ticker = Arc::new(Ticker::start(&engine).unwrap());
            let state = Arc::clone(&ticker.state);
            drop(ticker.run());
            drop(ticker);
            // Hangs if the thread stays: it holds a share of its own.
            while Arc::strong_count(&state) > 1 {
                thread::yield_now();
            }
        }
    }
}
