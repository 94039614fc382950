//! What can go wrong between an embedding program and the component. What Meta or the component refuse is not among it: that is
//! [`types::Error`](crate::wit::types::Error).

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::wit::types;

/// Why the host could not run a call.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HostError {
    /// No component was given to the builder.
    #[error(
        "no component was given; call `component(path)` or `component_bytes(..)` on the builder"
    )]
    NoComponent,
    /// The component's file cannot be read.
    #[error("cannot read the component {path}: {source}; run `cargo xtask build` first, or give the path of the built file", path = path.display())]
    Unreadable {
        /// Where it was looked for.
        path: PathBuf,
        /// What the file system says.
        source: io::Error,
    },
    /// The bytes are no WebAssembly component, or one that this host's limits cannot hold.
    #[error(
        "expected a WebAssembly component within the limits of this host, but {detail}; run `cargo xtask build` and use the file in `dist/`"
    )]
    NotAComponent {
        /// What the engine says.
        detail: String,
    },
    /// A component, but not the connector: it lacks an export, or needs an import that this host does not have.
    #[error(
        "expected a component of the world `whatsapp:connector/connector` in the version that this host was built with, but {detail}; \
         build the component and the host from the same sources (`cargo xtask build`)"
    )]
    WrongWorld {
        /// Which export or import.
        detail: String,
    },
    /// The engine, the HTTP client or the blob store could not be set up.
    #[error("cannot set up {what}: {detail}")]
    Setup {
        /// Which part.
        what: &'static str,
        /// Why, and what to do.
        detail: String,
    },
    /// Every slot was taken for as long as a call may take. Nothing was done.
    #[error("{limit} calls were running for {} s and none ended; try again later, or raise `max_concurrent_calls`", waited.as_secs_f32())]
    Busy {
        /// How many calls may run at a time.
        limit: u32,
        /// How long this one waited.
        waited: Duration,
    },
    /// The call took too long and was stopped.
    #[error("the call was stopped after {} s, which is the limit; {}, then try again or raise `call_timeout`", limit.as_secs_f32(), find_out(*writes))]
    TimedOut {
        /// The limit.
        limit: Duration,
        /// How many requests that change something may have reached Meta before.
        writes: u32,
    },
    /// The component computed for too long, the waiting for answers not counted, and was stopped.
    #[error("the component was stopped after computing for {} s, which is the limit; {}, then use a smaller input, report this with the action and its input, or raise `compute_timeout`", limit.as_secs_f32(), find_out(*writes))]
    ComputedTooLong {
        /// The limit.
        limit: Duration,
        /// How many requests that change something may have reached Meta before.
        writes: u32,
    },
    /// The component wanted more memory than it may have and was stopped.
    #[error("the component needed more than {limit} bytes of memory and was stopped; {}, then use a smaller input or raise `memory_limit`", find_out(*writes))]
    MemoryLimit {
        /// The limit in bytes.
        limit: usize,
        /// How many requests that change something may have reached Meta before.
        writes: u32,
    },
    /// The component crashed.
    #[error("the component crashed: {reason}; {}, then report this with the action and its input", find_out(*writes))]
    Trap {
        /// What happened.
        reason: String,
        /// How many requests that change something may have reached Meta before.
        writes: u32,
    },
    /// An earlier call on this session was cut short, which leaves its instance in an unknown state.
    #[error("an earlier call on this session did not end; open a new session")]
    SessionSpent,
    /// A memory dump was asked of a host that makes none.
    #[error("cannot dump the component's memory: {detail}")]
    NoDump {
        /// Why, and what to do.
        detail: String,
    },
}

fn find_out(writes: u32) -> &'static str {
    if writes == 0 {
        "nothing was changed at Meta's"
    } else {
        "it had sent requests that Meta may have carried out: find out (status webhooks, WhatsApp Manager)"
    }
}

impl HostError {
    /// Whether the call may have sent a message, or changed something else, before it failed. If so, a blind repeat may do it twice:
    /// treat it as [`types::Error::PermanentOutcomeUnknown`].
    #[must_use]
    pub fn may_have_acted(&self) -> bool {
        matches!(self, Self::TimedOut { writes, .. } | Self::ComputedTooLong { writes, .. } | Self::MemoryLimit { writes, .. } | Self::Trap { writes, .. } if *writes > 0)
    }

    /// This error in the words of the contract, for engines that know no other: `permanent-outcome-unknown` when something may have been
    /// done, else `execution-failed`.
    #[must_use]
    pub fn to_contract(&self) -> types::Error {
        if !self.may_have_acted() {
            return types::Error::ExecutionFailed;
        }
        types::Error::PermanentOutcomeUnknown(types::Fault {
            message: self.to_string(),
            advice: "Find out whether Meta carried it out (status webhooks, WhatsApp Manager) before you repeat it.".to_owned(),
            field: None,
            retry_after_ms: None,
            graph: None,
        })
    }
}

/// Why an action of [`Account`](crate::Account) gave no result.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The component or Meta refused; the case says whether a retry makes sense.
    #[error("{}", describe(.0))]
    Refused(Box<types::Error>),
    /// The host could not run the call.
    #[error(transparent)]
    Host(#[from] HostError),
    /// Only the dynamic door: what the component returned is not JSON.
    #[error(
        "the component answered with something that is not JSON ({0}); build the component and the host from the same sources"
    )]
    NotJson(#[from] serde_json::Error),
}

impl From<types::Error> for CallError {
    fn from(error: types::Error) -> Self {
        Self::Refused(Box::new(error))
    }
}

/// The case, the message and the advice of a refusal in one sentence for people.
fn describe(error: &types::Error) -> String {
    let case = error.case();
    let Some(fault) = error.fault() else {
        return format!("{case}: the call broke off in the host");
    };
    let field = fault
        .field
        .as_ref()
        .map(|field| format!(" (field `{field}`)"))
        .unwrap_or_default();
    format!(
        "{case}: {}{field}. {}",
        fault.message.trim_end_matches('.'),
        fault.advice
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_call_that_sent_something_may_have_acted() {
        let limit = Duration::from_millis(1500);
        assert!(HostError::TimedOut { limit, writes: 1 }.may_have_acted());
        assert!(matches!(
            HostError::TimedOut { limit, writes: 1 }.to_contract(),
            types::Error::PermanentOutcomeUnknown(_)
        ));
        assert_eq!(
            HostError::TimedOut { limit, writes: 0 }.to_contract(),
            types::Error::ExecutionFailed
        );
        assert!(!HostError::TimedOut { limit, writes: 0 }.may_have_acted());
        assert!(
            !HostError::Busy {
                limit: 1,
                waited: limit
            }
            .may_have_acted()
        );
        let text = HostError::TimedOut { limit, writes: 0 }.to_string();
        assert_eq!(
            text,
            "the call was stopped after 1.5 s, which is the limit; nothing was changed at Meta's, then try again or raise `call_timeout`"
        );
    }

    #[test]
    fn a_refusal_reads_as_a_sentence() {
        let fault = types::Fault {
            message: "The text is empty.".to_owned(),
            advice: "Write something.".to_owned(),
            field: Some("body".to_owned()),
            retry_after_ms: None,
            graph: None,
        };
        let text = CallError::from(types::Error::PermanentInvalidInput(fault)).to_string();
        assert_eq!(
            text,
            "permanent-invalid-input: The text is empty (field `body`). Write something."
        );
    }
}
