//! Executions that a workflow starts and waits for.

use crate::bindings::obelisk::{
    types::{
        execution::{Function, ResponseId},
        join_set::JoinSet,
        time::{Duration, ScheduleAt},
    },
    workflow::workflow_support,
};
use serde_json::Value;
use std::collections::HashMap;

/// What an execution returned: JSON. An execution that ended without returning has the error `execution_failed`.
pub type Returned = Result<Value, Value>;

/// What was waited for.
pub enum Event<T> {
    /// An execution has ended.
    Ended(T, Returned),
    /// A time that was asked for has come.
    Time,
    /// There is nothing more to wait for.
    Nothing,
}

/// Executions of one function that run at the same time, each with what the caller wants back with its result.
pub struct Children<T> {
    function: Function,
    set: JoinSet,
    running: HashMap<String, T>,
}

impl<T> Children<T> {
    /// Of this function, none yet.
    pub fn of(interface: &str, function: &str) -> Self {
        Self {
            function: Function {
                interface_name: interface.to_owned(),
                function_name: function.to_owned(),
            },
            set: workflow_support::join_set_create(),
            running: HashMap::new(),
        }
    }

    /// Starts one. The error is a fault of the deployment: the function is not there, or has other parameters.
    pub fn start(&mut self, parameters: &Value, about: T) -> Result<(), String> {
        let id =
            workflow_support::submit_json(&self.set, &self.function, &parameters.to_string(), None)
                .map_err(|problem| {
                    format!(
                        "{}.{} cannot be started: {problem:?}; compare the deployment",
                        self.function.interface_name, self.function.function_name
                    )
                })?;
        self.running.insert(id.id, about);
        Ok(())
    }

    /// Asks for [`Event::Time`] so many milliseconds from now.
    pub fn call_after(&mut self, milliseconds: u64) {
        let _ = workflow_support::submit_delay(&self.set, in_milliseconds(milliseconds));
    }

    /// Waits for what comes next.
    pub fn next(&mut self) -> Result<Event<T>, String> {
        let Ok((response, _)) = workflow_support::join_next(&self.set) else {
            return Ok(Event::Nothing);
        };
        let ResponseId::ExecutionId(id) = response else {
            return Ok(Event::Time);
        };
        let returned = workflow_support::get_result_json(&id)
            .map_err(|problem| format!("{}: no result: {problem:?}", id.id))?;
        let about = self
            .running
            .remove(&id.id)
            .ok_or_else(|| format!("{}: was not started here", id.id))?;
        let json = |text: Option<String>| -> Value {
            text.and_then(|text| serde_json::from_str(&text).ok())
                .unwrap_or_default()
        };
        Ok(Event::Ended(about, returned.map(json).map_err(json)))
    }
}

/// Waits, durably.
pub fn sleep(milliseconds: u64) {
    // The error says that a person cut the wait short.
    let _ = workflow_support::sleep(in_milliseconds(milliseconds));
}

fn in_milliseconds(milliseconds: u64) -> ScheduleAt {
    ScheduleAt::In(Duration::Milliseconds(milliseconds))
}
