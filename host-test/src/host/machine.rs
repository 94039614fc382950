//! The compiled component, and the stores that calls run in. Made once, shared by all.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;
use wasmtime::component::{Component, HasSelf, InstancePre, Linker};
use wasmtime::{Store, UpdateDeadline};

use super::engine;
use super::exports::Exports;
use super::limits::MemoryLimit;
use super::ticker::{TICK, Ticker};
use super::unpacked::unpacked;
use crate::bindings::Connector;
use crate::bindings::whatsapp::connector::{http, types};
use crate::error::HostError;
use crate::gateway::{Gateway, Progress};

/// What a guest may hand over in one call of the import: a message is small, and an upload that does not travel as a blob holds its
/// file as bytes. Without a limit, lists that overlap in the guest's memory would cost the host many times that memory.
const HANDOVER_BYTES: usize = 128 * 1024 * 1024;

/// What the builder decides.
#[derive(Clone, Debug)]
pub(crate) struct MachineOptions {
    pub(crate) memory_limit: usize,
    pub(crate) call_timeout: Duration,
    pub(crate) compute_timeout: Duration,
    pub(crate) max_concurrent_calls: u32,
    pub(crate) memory_dumps: bool,
    pub(crate) data_unpacked: bool,
    pub(crate) inlining: bool,
    pub(crate) missing_exports_allowed: bool,
}

pub(crate) struct Machine {
    pub(crate) options: MachineOptions,
    pub(crate) component: InstancePre<CallState>,
    pub(crate) exports: Exports,
    pub(crate) slots: Arc<Semaphore>,
    pub(crate) ticker: Arc<Ticker>,
}

/// What belongs to one store: the way out, its limits, and its time.
pub struct CallState {
    gateway: Arc<Gateway>,
    progress: Arc<Progress>,
    memory: MemoryLimit,
    pub(super) deadline: Instant,
    /// For how long the guest has computed in this call, and since when it has not been counted.
    pub(super) computed: Duration,
    pub(super) counted: Instant,
    /// What of the call's time no request may use: a component that hears in time that an answer did not come says better than the host what that
    /// means.
    reserve: Duration,
}

#[derive(Debug, thiserror::Error)]
#[error("the time limit is reached")]
pub(crate) struct DeadlinePassed;

impl http::Host for CallState {
    async fn send(
        &mut self,
        request: http::Request,
    ) -> wasmtime::Result<Result<http::Response, http::Failure>> {
        let now = Instant::now();
        self.count(now);
        let left = self.deadline.saturating_duration_since(now);
        let time = Some(left.saturating_sub(self.reserve));
        let answer = self.gateway.exchange(request, &self.progress, time).await;
        self.counted = Instant::now();
        Ok(answer)
    }
}

impl CallState {
    /// A guest that was not looked at for longer than a tick did not have the core to itself.
    fn count(&mut self, now: Instant) {
        self.computed += now.saturating_duration_since(self.counted).min(TICK);
        self.counted = now;
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the limit of computing is reached")]
pub(crate) struct ComputedTooLong;

/// `types` holds no function; wasmtime wants to hear it all the same.
impl types::Host for CallState {}

impl Machine {
    pub(crate) fn new(component: &[u8], options: MachineOptions) -> Result<Self, HostError> {
        let engine =
            engine::new(&options).map_err(|error| setup("the WebAssembly engine", &error))?;
        let bytes = match options.data_unpacked {
            true => unpacked(component),
            false => Cow::Borrowed(component),
        };
        let component =
            Component::new(&engine, bytes).map_err(|error| HostError::NotAComponent {
                detail: format!("{error:#}"),
            })?;
        let wrong_world = |error: wasmtime::Error| HostError::WrongWorld {
            detail: format!("{error:#}"),
        };
        let mut linker = Linker::new(&engine);
        Connector::add_to_linker::<_, HasSelf<_>>(&mut linker, |state: &mut CallState| state)
            .map_err(wrong_world)?;
        let component = linker.instantiate_pre(&component).map_err(wrong_world)?;
        let exports = Exports::find(&component);
        if let Some(missing) = exports
            .missing()
            .filter(|_| !options.missing_exports_allowed)
        {
            return Err(HostError::WrongWorld {
                detail: format!("found {missing}"),
            });
        }
        let ticker = Ticker::start(&engine).map_err(|error| HostError::Setup {
            what: "the thread that stops endless calls",
            detail: error.to_string(),
        })?;
        let slots = usize::try_from(options.max_concurrent_calls).unwrap_or(Semaphore::MAX_PERMITS);
        Ok(Self {
            options,
            component,
            exports,
            slots: Arc::new(Semaphore::new(slots)),
            ticker: Arc::new(ticker),
        })
    }

    /// A store of its own for one instance, with all limits set.
    pub(crate) fn store(&self, gateway: Arc<Gateway>, progress: Arc<Progress>) -> Store<CallState> {
        let memory = MemoryLimit::new(self.options.memory_limit);
        let now = Instant::now();
        let deadline = now + self.options.call_timeout;
        let mut store = Store::new(
            self.component.engine(),
            CallState {
                gateway,
                progress,
                memory,
                deadline,
                computed: Duration::ZERO,
                counted: now,
                reserve: self.options.call_timeout / 20,
            },
        );
        store.limiter(|state| &mut state.memory);
        store.set_hostcall_fuel(HANDOVER_BYTES);
        store.set_epoch_deadline(1);
        // At each tick of the clock a guest that still computes gives way to others, and is stopped when its time is over.
        let most = self.options.compute_timeout;
        store.epoch_deadline_callback(move |mut context| {
            let state = context.data_mut();
            let now = Instant::now();
            if now >= state.deadline {
                return Err(DeadlinePassed.into());
            }
            state.count(now);
            if state.computed > most {
                return Err(ComputedTooLong.into());
            }
            Ok(UpdateDeadline::YieldCustom(
                1,
                Box::pin(tokio::task::yield_now()),
            ))
        });
        store
    }
}

fn setup(what: &'static str, error: &wasmtime::Error) -> HostError {
    HostError::Setup {
        what,
        detail: format!(
            "{error:#}; if address space is short, lower `memory_limit` or `max_concurrent_calls`"
        ),
    }
}
