//! What can go wrong with what is kept.

use std::io;
use std::path::PathBuf;

use crate::error::{CallError, HostError};

/// Why the store did not do it. Nothing was changed.
#[derive(Debug, thiserror::Error)]
#[error("{}; {}", self.problem(), self.advice())]
#[non_exhaustive]
pub enum StoreError {
    /// The file cannot be opened or made.
    Open {
        /// The file.
        path: PathBuf,
        /// What the database or the file system says.
        detail: String,
    },
    /// The file is a database of another program, or of another version of this one.
    Version {
        /// The file.
        path: PathBuf,
        /// The version of this program.
        expected: i64,
        /// What it is.
        found: String,
    },
    /// Another program has its triggers in it.
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// The database refused: the disk is full, the file is locked by another program, …
    Refused {
        /// What was tried.
        doing: &'static str,
        /// What the database says.
        source: rusqlite::Error,
    },
    /// The task that works on the database did not end.
    BrokeOff {
        /// What was tried.
        doing: &'static str,
    },
}

impl StoreError {
    /// What was expected and what was found.
    #[must_use]
    pub fn problem(&self) -> String {
        match self {
            Self::Open { path, detail } => {
                format!("cannot open the store {}: {detail}", path.display())
            }
            Self::Version {
                path,
                expected,
                found,
            } => format!(
                "expected a store of version {expected}, but {} {found}",
                path.display()
            ),
            Self::InUse { path } => format!(
                "expected a store that no other program starts triggers from, but {} is in use",
                path.display()
            ),
            Self::Refused { doing, source } => format!("the store cannot {doing}: {source}"),
            Self::BrokeOff { doing } => {
                format!("the store cannot {doing}: the work on the database broke off")
            }
        }
    }

    /// What to do next.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Open { .. } => {
                "give the path of a file that this program may write, in a folder that exists"
            }
            Self::Version { .. } => "give another file, or use the program that made it",
            Self::InUse { .. } => "end that program, or give another file",
            Self::Refused { .. } | Self::BrokeOff { .. } => {
                "check the file of the store, its folder, and the room on its disk"
            }
        }
    }
}

/// Why a delivery was not taken. It is to be answered with 500, so that Meta repeats it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReceiveError {
    /// The component could not run.
    #[error(transparent)]
    Host(#[from] HostError),
    /// The component's events are not what its contract says.
    #[error(
        "the component's events cannot be read: {detail}; build the component and the host from the same sources"
    )]
    Events {
        /// What is wrong with them.
        detail: String,
    },
    /// It could not be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It could not be recorded.
    #[error("the delivery cannot be recorded in {path}: {source}", path = path.display())]
    Record {
        /// The file.
        path: PathBuf,
        /// What the file system says.
        source: io::Error,
    },
}

/// Why a trigger was not started, or not stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TriggerError {
    /// The subscription makes no sense.
    #[error("{problem}")]
    Wrong {
        /// What is wrong with it: the field, what was expected, and what was found.
        problem: String,
    },
    /// There is another trigger with this id.
    #[error(
        "id: expected one that no other trigger has, but `{id}` is running with another trigger, account or filter; stop that one first, or choose another id"
    )]
    Taken {
        /// The id.
        id: String,
    },
    /// Meta was asked to send the webhooks of the account, or to stop it, and did not.
    #[error("{doing} account {account} failed: {source}")]
    Meta {
        /// `subscribe-webhooks for`, `unsubscribe-webhooks for`.
        doing: &'static str,
        /// The account.
        account: String,
        /// Why.
        source: CallError,
    },
    /// The component could not run.
    #[error(transparent)]
    Host(#[from] HostError),
    /// It could not be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl TriggerError {
    /// Whether the same may work a little later: Meta could not be reached, or has no time.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        use crate::wit::types::Error as E;
        match self {
            Self::Meta {
                source: CallError::Refused(error),
                ..
            } => matches!(
                **error,
                E::Unavailable(_) | E::RateLimited(_) | E::PermanentOutcomeUnknown(_)
            ),
            _ => false,
        }
    }
}
