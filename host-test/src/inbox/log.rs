//! The delivery log: each genuine delivery as one line of JSON, to be fed into an inbox again.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::error::ReceiveError;
use crate::wit::webhooks::{Header, Request};

/// The only header that is recorded: enough to check the signature again. It is made with the app secret, which cannot be found out from it.
const SIGNATURE: &str = "x-hub-signature-256";

/// A line of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recorded {
    /// In seconds since 1970.
    pub received_at: u64,
    /// The value of `X-Hub-Signature-256`.
    pub signature: Option<String>,
    /// The body as received.
    pub body: String,
}

impl Recorded {
    /// What is recorded of a delivery.
    #[must_use]
    pub fn new(request: &Request, received_at: u64) -> Self {
        let signature = request
            .headers
            .iter()
            .find(|header| header.name.eq_ignore_ascii_case(SIGNATURE));
        Self {
            received_at,
            signature: signature.map(|header| header.value.clone()),
            body: request.body.clone(),
        }
    }

    /// The delivery, to be received again.
    #[must_use]
    pub fn into_request(self) -> Request {
        let signature = self.signature.map(|value| Header {
            name: SIGNATURE.to_owned(),
            value,
        });
        Request {
            method: "POST".to_owned(),
            query: String::new(),
            headers: signature.into_iter().collect(),
            body: self.body,
        }
    }
}

/// A file of recorded deliveries. A clone is the same file.
#[derive(Clone, Debug)]
pub struct DeliveryLog {
    path: PathBuf,
    file: Arc<Mutex<File>>,
}

impl DeliveryLog {
    /// Opens the file to append to it, or makes it. Only its owner may read a new one: it holds what customers wrote.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(path: impl AsRef<Path>) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&path)?;
        end_last_line(&mut file)?;
        Ok(Self {
            path: path.as_ref().to_owned(),
            file: Arc::new(Mutex::new(file)),
        })
    }

    /// Appends a delivery. Once this has returned, it is on the disk.
    pub(super) async fn append(&self, delivery: Recorded) -> Result<(), ReceiveError> {
        let file = Arc::clone(&self.file);
        let append = move || {
            let mut line = serde_json::to_string(&delivery)?;
            line.push('\n');
            let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
            file.write_all(line.as_bytes())?;
            file.sync_data()
        };
        let done = tokio::task::spawn_blocking(append).await;
        let done = done.unwrap_or_else(|_| Err(io::Error::other("the work on the file broke off")));
        done.map_err(|source| ReceiveError::Record {
            path: self.path.clone(),
            source,
        })
    }
}

/// A program that was killed may have left a part of a line.
fn end_last_line(file: &mut File) -> io::Result<()> {
    if file.metadata()?.len() == 0 {
        return Ok(());
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    if last != *b"\n" {
        file.write_all(b"\n")?;
    }
    Ok(())
}
