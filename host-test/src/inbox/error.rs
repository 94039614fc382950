//! What can go wrong with what is kept.

use std::io;
use std::path::PathBuf;

use crate::error::{CallError, HostError};

/// Why the store did not do it. Nothing was changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The file cannot be opened or made.
    #[error("cannot open the store {path}: {detail}; give the path of a file that this program may write, in a folder that exists", path = path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What the database or the file system says.
        detail: String,
    },
    /// The file is a database of another program, or of another version of this one.
    #[error("expected a store of version {expected}, but {path} {found}; give another file, or the program that made it", path = path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// The version of this program.
        expected: i64,
        /// What it is.
        found: String,
    },
    /// Another program has its triggers in it.
    #[error("expected a store that no other program starts triggers from, but {path} is in use; end that program, or give another file", path = path.display())]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// The database refused: the disk is full, the file is locked by another program, …
    #[error("the store cannot {doing}: {source}")]
    Refused {
        /// What was tried.
        doing: &'static str,
        /// What the database says.
        source: rusqlite::Error,
    },
    /// The task that works on the database did not end.
    #[error("the store cannot {doing}: the work on the database broke off")]
    BrokeOff {
        /// What was tried.
        doing: &'static str,
    },
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
