//! One instance of the component and the calls on it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::OwnedSemaphorePermit;
use wasmtime::component::{ComponentNamedList, Instance, Lift, Lower};
use wasmtime::{Store, Trap, WasmCoreDump};

use super::limits::MemoryLimitReached;
use super::machine::{CallState, ComputedTooLong, DeadlinePassed, Machine};
use crate::error::HostError;
use crate::gateway::{Gateway, Progress};
use crate::wit::{types, webhooks};

/// How much longer than the guest's own time limit the time-out around a call waits. It is for a call that waits for the network; a
/// guest that computes is stopped by its own limit, which knows better why.
const GRACE: Duration = Duration::from_millis(50);

/// One instance of the component, for several calls one after the other. [`Host`](crate::Host) makes one for each call; use a session
/// directly only to keep an instance, which saves some microseconds and gives up the isolation between calls.
///
/// After an error, and after a call whose future was dropped, a session refuses further calls.
pub struct Session {
    machine: Arc<Machine>,
    progress: Arc<Progress>,
    store: Store<CallState>,
    instance: Instance,
    spent: bool,
    _slot: OwnedSemaphorePermit,
}

impl Session {
    /// Waits for a free slot, then makes a fresh instance in it.
    pub(super) async fn open(
        machine: Arc<Machine>,
        gateway: Arc<Gateway>,
    ) -> Result<Self, HostError> {
        let waited = machine.options.call_timeout;
        // The semaphore is never closed, so an error is a time-out.
        let slot = tokio::time::timeout(waited, Arc::clone(&machine.slots).acquire_owned()).await;
        let slot = slot.ok().and_then(Result::ok).ok_or(HostError::Busy {
            limit: machine.options.max_concurrent_calls,
            waited,
        })?;
        let progress = Arc::new(Progress::default());
        let mut store = machine.store(gateway, Arc::clone(&progress));
        let component = machine.component.clone();
        let instance =
            guarded(&machine, &progress, component.instantiate_async(&mut store)).await?;
        Ok(Self {
            machine,
            progress,
            store,
            instance,
            spent: false,
            _slot: slot,
        })
    }

    /// Calls a function that the component exports: `session.call(("messages", "send-text"), (&connection, &text))`. The names are those of
    /// the contract, the types those of [`wit`](crate::wit).
    ///
    /// # Errors
    /// When the component has no such function with such types, or the call traps, takes too long or uses too much memory.
    pub async fn call<P, R>(
        &mut self,
        function: (&str, &str),
        parameters: P,
    ) -> Result<R, HostError>
    where
        P: ComponentNamedList + Lower,
        R: Lift + 'static,
    {
        if self.spent {
            return Err(HostError::SessionSpent);
        }
        let found =
            self.machine
                .exports
                .function::<P, (R,)>(&mut self.store, &self.instance, function);
        let function = found.map_err(|detail| HostError::WrongWorld {
            detail: format!("found {detail}"),
        })?;
        let state = self.store.data_mut();
        state.counted = Instant::now();
        state.deadline = state.counted + self.machine.options.call_timeout;
        state.computed = Duration::ZERO;
        self.progress.restart();
        self.spent = true;
        let call = function.call_async(&mut self.store, parameters);
        let result = guarded(&self.machine, &self.progress, call).await;
        self.spent = result.is_err();
        result.map(|(result,)| result)
    }

    /// Whether the component has this function with these types, and if not, why.
    #[cfg(test)]
    pub(super) fn knows<P, R>(&mut self, function: (&str, &str)) -> Result<(), String>
    where
        P: ComponentNamedList + Lower,
        R: Lift + 'static,
    {
        let exports = &self.machine.exports;
        let found = exports.function::<P, (R,)>(&mut self.store, &self.instance, function);
        found.map(drop)
    }

    /// The manifest of actions, as JSON.
    ///
    /// # Errors
    /// As [`Session::call`].
    pub async fn describe(&mut self) -> Result<String, HostError> {
        self.call(("plugin", "describe"), ()).await
    }

    /// Runs one action by name, JSON in and JSON out. The inner error is the component's or Meta's.
    ///
    /// # Errors
    /// As [`Session::call`].
    pub async fn invoke(
        &mut self,
        action: &str,
        connection: &str,
        input: &str,
    ) -> Result<Result<String, types::Error>, HostError> {
        self.call(("plugin", "invoke"), (action, connection, input))
            .await
    }

    /// Does the exchange of one webhook request.
    ///
    /// # Errors
    /// As [`Session::call`].
    pub async fn webhooks_handle(
        &mut self,
        request: &webhooks::Request,
        verification: &webhooks::Verification,
    ) -> Result<webhooks::Outcome, HostError> {
        self.call(("webhooks", "handle"), (request, verification))
            .await
    }

    /// Parses the body of a delivery whose signature was checked elsewhere. The inner error is the component's: no JSON.
    ///
    /// # Errors
    /// As [`Session::call`].
    pub async fn webhooks_parse(
        &mut self,
        body: &str,
    ) -> Result<Result<Vec<webhooks::Event>, types::Error>, HostError> {
        self.call(("webhooks", "parse"), (body,)).await
    }

    /// As [`Session::webhooks_handle`], with the events as JSON.
    ///
    /// # Errors
    /// As [`Session::call`].
    pub async fn webhooks_handle_json(
        &mut self,
        request: &webhooks::Request,
        verification: &webhooks::Verification,
    ) -> Result<webhooks::JsonOutcome, HostError> {
        self.call(("webhooks", "handle-json"), (request, verification))
            .await
    }

    /// The triggers, as a JSON array.
    ///
    /// # Errors
    /// As [`Session::call`].
    pub async fn webhooks_describe_triggers(&mut self) -> Result<String, HostError> {
        self.call(("webhooks", "describe-triggers"), ()).await
    }

    /// Says which subscriptions get which events of [`Session::webhooks_handle_json`]. The inner error is the component's: no events.
    ///
    /// # Errors
    /// As [`Session::call`].
    pub async fn webhooks_match_events(
        &mut self,
        events: &str,
        subscriptions: &[webhooks::Subscription],
    ) -> Result<Result<webhooks::Matches, types::Error>, HostError> {
        let events = events.to_owned();
        self.call(("webhooks", "match-events"), (&events, subscriptions))
            .await
    }

    /// Whether free-form messages to a customer are allowed; both times in seconds since 1970.
    ///
    /// # Errors
    /// As [`Session::call`].
    pub async fn webhooks_service_window(
        &mut self,
        last_inbound_at: Option<u64>,
        now: u64,
    ) -> Result<webhooks::WindowState, HostError> {
        self.call(("webhooks", "service-window"), (last_inbound_at, now))
            .await
    }

    /// Every byte of the instance's memories as the last call left them, freed parts included. Ends the session. For tests that look for
    /// things that must not be there.
    ///
    /// # Errors
    /// When the host was built without `memory_dumps(true)`, or an earlier call was cut short.
    pub async fn memory_dump(mut self) -> Result<Vec<u8>, HostError> {
        if self.spent {
            return Err(HostError::SessionSpent);
        }
        if !self.machine.options.memory_dumps {
            return Err(HostError::NoDump {
                detail: "build the host with `memory_dumps(true)`".to_owned(),
            });
        }
        // A component's memory is only shown in the core dump of a trap. With its time over before it begins, the next call traps in its first
        // instruction, before it changes anything.
        self.store.epoch_deadline_trap();
        self.store.set_epoch_deadline(0);
        let (exports, store) = (&self.machine.exports, &mut self.store);
        let mut any = Err(String::new());
        for function in [("plugin", "describe"), ("webhooks", "describe-triggers")] {
            any =
                any.or_else(|_| exports.function::<(), (String,)>(store, &self.instance, function));
        }
        let any = any.map_err(|detail| HostError::NoDump { detail })?;
        let trapped = any.call_async(store, ()).await.err();
        let dump = trapped
            .as_ref()
            .and_then(|error| error.downcast_ref::<WasmCoreDump>());
        let dump = dump.ok_or_else(|| HostError::NoDump {
            detail: format!("expected a trap with a core dump, but found {trapped:?}"),
        })?;
        Ok(dump
            .memories()
            .iter()
            .flat_map(|memory| memory.data(&self.store))
            .copied()
            .collect())
    }
}

/// Runs a future of the guest under the call's time limit and turns what it fails with into an error that says what to do.
async fn guarded<T>(
    machine: &Machine,
    progress: &Progress,
    future: impl Future<Output = wasmtime::Result<T>>,
) -> Result<T, HostError> {
    let _running = machine.ticker.run();
    let limit = machine.options.call_timeout;
    let outcome = tokio::time::timeout(limit + GRACE, future).await;
    let writes = progress.writes();
    let error = match outcome {
        Ok(Ok(value)) => return Ok(value),
        Err(_) => HostError::TimedOut { limit, writes },
        Ok(Err(error)) if error.is::<DeadlinePassed>() => HostError::TimedOut { limit, writes },
        Ok(Err(error)) if error.is::<ComputedTooLong>() => HostError::ComputedTooLong {
            limit: machine.options.compute_timeout,
            writes,
        },
        Ok(Err(error)) if error.is::<MemoryLimitReached>() => HostError::MemoryLimit {
            limit: machine.options.memory_limit,
            writes,
        },
        Ok(Err(error)) => {
            tracing::debug!("the component trapped: {error:?}");
            let reason = error
                .downcast_ref::<Trap>()
                .map_or_else(|| error.root_cause().to_string(), ToString::to_string);
            HostError::Trap { reason, writes }
        }
    };
    tracing::warn!("{error}");
    Err(error)
}
