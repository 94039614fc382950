//! The tables, in one file of SQLite. What a call has returned is on the disk.

mod deliveries;
mod reading;
mod starts;
mod subscriptions;
mod windows;

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::error::StoreError;
use crate::blobs::scratch::{self, Scratch};
pub use deliveries::{Kept, NewEvent, Status};
pub use reading::{Entry, MessageState, Selection};
pub use starts::Start;
pub(super) use subscriptions::Noted;
pub use subscriptions::{Stored, Subscription, Term};
pub use windows::Inbound;

/// The tables.
const SCHEMA: &str = include_str!("schema.sql");
/// What makes them out of those of version 1.
const FROM_VERSION_1: &str = include_str!("from_version_1.sql");
/// Version of the tables, in SQLite's `user_version`.
const VERSION: i64 = 2;
/// How long to wait for another program that writes into the same file. Meta waits longer for its answer.
const BUSY: Duration = Duration::from_secs(3);
/// How often a claim is tried: a program that only looks whether there is one holds the file for a moment.
const CLAIM_TRIES: u32 = 10;
/// How long to wait in between.
const CLAIM_PAUSE: Duration = Duration::from_millis(20);

/// Everything that is kept of the webhooks. A clone is the same store.
#[derive(Clone, Debug)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    writer: Mutex<Connection>,
    /// Of its own, so that nobody who reads keeps a delivery waiting.
    reader: Mutex<Connection>,
    /// Removes a temporary store with its last clone; after the connections, which are above.
    temporary: Option<Scratch>,
}

impl Store {
    /// Opens the store in this file, or makes it. Only the file's owner may read a new one: it holds what customers wrote.
    ///
    /// # Errors
    /// When the file cannot be opened or is something else.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, StoreError> {
        Self::new(path.into(), None)
    }

    /// A store that goes with its last clone; what a program that was killed left behind is removed by the next one.
    ///
    /// # Errors
    /// When there is no room for temporary files.
    pub fn temporary() -> Result<Self, StoreError> {
        let folder = Scratch::new(scratch::INBOX);
        let folder = folder.map_err(|error| StoreError::Open {
            path: std::env::temp_dir(),
            detail: error.to_string(),
        })?;
        Self::new(folder.path().join("inbox.sqlite"), Some(folder))
    }

    fn new(path: PathBuf, temporary: Option<Scratch>) -> Result<Self, StoreError> {
        own_file(&path).map_err(cannot_open(&path))?;
        let mut writer = connect(&path)?;
        prepare(&mut writer, &path)?;
        let reader = connect(&path)?;
        Ok(Self {
            inner: Arc::new(Inner {
                path,
                writer: Mutex::new(writer),
                reader: Mutex::new(reader),
                temporary,
            }),
        })
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    /// Whether it goes with its last clone.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        self.inner.temporary.is_some()
    }

    /// Makes sure that one program at a time starts and stops triggers: whoever holds what this returns. The end of a program, however it
    /// comes, lets go of it.
    ///
    /// # Errors
    /// When another program holds it, or the file beside the store, which it is about, cannot be made.
    pub(super) async fn claim(&self) -> Result<File, StoreError> {
        let (file, path) = self.lock_file()?;
        for _ in 0..CLAIM_TRIES {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) => tokio::time::sleep(CLAIM_PAUSE).await,
                Err(TryLockError::Error(error)) => return Err(cannot_open(&path)(error)),
            }
        }
        Err(StoreError::InUse {
            path: self.inner.path.clone(),
        })
    }

    /// Whether another program, which lives, holds the claim.
    ///
    /// # Errors
    /// When the file that it is about cannot be made.
    pub(super) fn is_claimed(&self) -> Result<bool, StoreError> {
        let (file, path) = self.lock_file()?;
        // Shared: two who look do not take each other for the holder.
        match file.try_lock_shared() {
            Ok(()) => Ok(false),
            Err(TryLockError::WouldBlock) => Ok(true),
            Err(TryLockError::Error(error)) => Err(cannot_open(&path)(error)),
        }
    }

    fn lock_file(&self) -> Result<(File, PathBuf), StoreError> {
        let mut path = self.inner.path.clone().into_os_string();
        path.push(".lock");
        let path = PathBuf::from(path);
        let file = own_file(&path).map_err(cannot_open(&path))?;
        Ok((file, path))
    }

    /// A number that is another one after anybody, in this program or elsewhere, has changed something.
    pub(super) async fn data_version(&self) -> Result<i64, StoreError> {
        self.read("look for news", |transaction| {
            transaction.pragma_query_value(None, "data_version", |row| row.get(0))
        })
        .await
    }

    /// Does all of `work` or nothing of it.
    async fn write<T: Send + 'static>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let inner = Arc::clone(&self.inner);
        blocking(doing, move || {
            let mut writer = inner.writer.lock().unwrap_or_else(PoisonError::into_inner);
            // It will write: to say so at once is what keeps two writers from each waiting for the other.
            let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = work(&transaction)?;
            transaction.commit()?;
            Ok(done)
        })
        .await
    }

    /// Looks at one state of everything.
    async fn read<T: Send + 'static>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let inner = Arc::clone(&self.inner);
        blocking(doing, move || {
            let mut reader = inner.reader.lock().unwrap_or_else(PoisonError::into_inner);
            let transaction = reader.transaction()?;
            work(&transaction)
        })
        .await
    }
}

/// The database blocks its thread, so that is none of those that serve.
async fn blocking<T: Send + 'static>(
    doing: &'static str,
    work: impl FnOnce() -> rusqlite::Result<T> + Send + 'static,
) -> Result<T, StoreError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(|source| StoreError::Refused { doing, source }),
        Err(_) => Err(StoreError::BrokeOff { doing }),
    }
}

/// Makes the file for its owner alone. SQLite gives the files beside it the same permissions.
fn own_file(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn cannot_open(path: &Path) -> impl FnOnce(std::io::Error) -> StoreError {
    let path = path.to_owned();
    move |error| StoreError::Open {
        path,
        detail: error.to_string(),
    }
}

fn connect(path: &Path) -> Result<Connection, StoreError> {
    let open = || {
        let connection = Connection::open(path)?;
        connection.busy_timeout(BUSY)?;
        // Readers do not wait for the writer …
        connection.pragma_update(None, "journal_mode", "wal")?;
        // … and what is committed survives a power cut.
        connection.pragma_update(None, "synchronous", "full")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        Ok(connection)
    };
    open().map_err(|error: rusqlite::Error| StoreError::Open {
        path: path.to_owned(),
        detail: error.to_string(),
    })
}

/// Makes the tables in a new file.
fn prepare(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let mut make = || {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let version: i64 =
            transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let tables: i64 =
            transaction.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        if version == 0 && tables == 0 {
            transaction.execute_batch(SCHEMA)?;
            transaction.pragma_update(None, "user_version", VERSION)?;
            transaction.commit()?;
            return Ok(VERSION);
        }
        if version == 1 {
            transaction.execute_batch(FROM_VERSION_1)?;
            transaction.pragma_update(None, "user_version", VERSION)?;
            transaction.commit()?;
            return Ok(VERSION);
        }
        Ok(version)
    };
    match make() {
        Ok(VERSION) => Ok(()),
        Ok(found) => Err(StoreError::Version {
            path: path.to_owned(),
            expected: VERSION,
            found: match found {
                0 => "is a database of another program".to_owned(),
                other => format!("has version {other}"),
            },
        }),
        Err(error) => Err(StoreError::Open {
            path: path.to_owned(),
            detail: rusqlite::Error::to_string(&error),
        }),
    }
}
