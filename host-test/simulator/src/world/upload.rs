//! Sessions of the Resumable Upload API.

use serde::Serialize;

/// An upload of a file that templates and profiles can refer to by its handle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Upload {
    /// Session id without its signature: `upload:…`.
    pub id: String,
    /// What the session's `sig` has to be.
    #[serde(skip)]
    pub(crate) signature: String,
    /// MIME type that the file was announced with.
    pub file_type: String,
    /// Bytes that were announced.
    pub file_length: u64,
    /// Bytes that arrived.
    pub received: u64,
    /// The file's handle, once it is complete.
    pub handle: Option<String>,
}
