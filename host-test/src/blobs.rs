//! Files that stay with the host: the component only passes their handles around.

pub(crate) mod scratch;

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tempfile::NamedTempFile;
use tokio::io::AsyncWriteExt;

use scratch::Scratch;

const PREFIX: &str = "blob:";
/// Random bytes in a handle: enough that nobody guesses one.
const RANDOM_BYTES: usize = 16;
/// Meta takes documents up to 100 MB; this leaves some room above that.
const DEFAULT_MAX_BYTES: u64 = 128 * 1024 * 1024;
/// Room for 80 of the largest: no flow that downloads and downloads shall fill the disk.
const DEFAULT_MAX_TOTAL_BYTES: u64 = 10 * 1024 * 1024 * 1024;

/// A folder of files, each with a handle such as `blob:0f…` that cannot be guessed and cannot lead out of the folder.
///
/// A clone is another view of the same store. A file lives until [`BlobStore::delete`]; those of a temporary store at most as long as
/// the store. Whoever has a handle may use the file: give each customer a store of its own when their flows must not see each
/// other's files.
#[derive(Clone, Debug)]
pub struct BlobStore {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    place: Place,
    max_bytes: u64,
    max_total_bytes: u64,
    /// Bytes of all files, those that are being written included.
    used: AtomicU64,
    content_types: Mutex<HashMap<String, String>>,
}

impl Inner {
    /// Makes room for that many bytes more.
    fn take(&self, bytes: u64) -> Result<(), BlobError> {
        let limit = self.max_total_bytes;
        let more = |used: u64| used.checked_add(bytes).filter(|used| *used <= limit);
        let taken = self
            .used
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
        taken.map(|_| ()).map_err(|_| BlobError::Full { limit })
    }

    fn give_back(&self, bytes: u64) {
        let less = |used: u64| Some(used.saturating_sub(bytes));
        let _ = self
            .used
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
    }
}

/// Where the files are.
#[derive(Debug)]
enum Place {
    Folder(PathBuf),
    /// A folder that is made for the first file, since most programs have none, and goes with the last view.
    Temporary(Mutex<Option<Scratch>>),
}

impl Place {
    /// The folder, if there is one yet.
    fn folder(&self) -> Option<PathBuf> {
        match self {
            Self::Folder(folder) => Some(folder.clone()),
            Self::Temporary(scratch) => {
                let scratch = scratch.lock().unwrap_or_else(PoisonError::into_inner);
                scratch.as_ref().map(|scratch| scratch.path().to_owned())
            }
        }
    }

    /// The folder, which is made if it is not there yet.
    fn make(&self) -> io::Result<PathBuf> {
        match self {
            Self::Folder(folder) => Ok(folder.clone()),
            Self::Temporary(scratch) => {
                let mut scratch = scratch.lock().unwrap_or_else(PoisonError::into_inner);
                let made = match scratch.take() {
                    Some(made) => made,
                    None => Scratch::new(scratch::BLOBS)?,
                };
                let folder = made.path().to_owned();
                *scratch = Some(made);
                Ok(folder)
            }
        }
    }
}

/// What is known of a file.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct BlobInfo {
    /// Its handle.
    pub handle: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its content type, if it was given when the file was put in by this process.
    pub content_type: Option<String>,
}

/// A file and where it is.
#[derive(Clone, Debug)]
pub(crate) struct Located {
    pub(crate) path: PathBuf,
    pub(crate) info: BlobInfo,
}

/// Why a file could not be stored or found.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// The handle does not name a file of this store.
    #[error(
        "expected the handle of a file of this host (`blob:` and 32 hexadecimal digits), but found {handle:?}, which names none; put the file into the host's blob store first"
    )]
    Unknown {
        /// The handle, cut to 64 characters.
        handle: String,
    },
    /// The file is larger than the store allows.
    #[error(
        "the file is larger than {limit} bytes, which is the limit of this host's blob store; raise it with `BlobStore::max_bytes`"
    )]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// All files together are more than the store allows.
    #[error(
        "the files of this host's blob store would be more than {limit} bytes, which is its limit; delete files that are not needed any more, or raise it with `BlobStore::max_total_bytes`"
    )]
    Full {
        /// The limit in bytes.
        limit: u64,
    },
    /// The file system refused.
    #[error(
        "cannot {doing} in the blob store: {source}; check that its folder exists, is writable and has room"
    )]
    Io {
        /// What was tried.
        doing: &'static str,
        /// What the file system says.
        source: io::Error,
    },
}

fn io_error(doing: &'static str) -> impl FnOnce(io::Error) -> BlobError {
    move |source| BlobError::Io { doing, source }
}

impl BlobStore {
    /// A store in a folder for temporary files, which is made with the first file and removed with the store. What a program that was
    /// killed left behind is removed by the next one.
    ///
    /// # Errors
    /// None yet: that no such folder can be made is said when the first file is put in.
    pub fn temporary() -> Result<Self, BlobError> {
        Ok(Self::new(Place::Temporary(Mutex::default()), 0))
    }

    /// A store in `folder`, which is made if it does not exist and is never removed. What it holds already counts.
    ///
    /// # Errors
    /// When the folder cannot be made or read.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Result<Self, BlobError> {
        let folder = folder.into();
        std::fs::create_dir_all(&folder).map_err(io_error("make the folder"))?;
        let used = size_of_all(&folder).map_err(io_error("read the folder"))?;
        Ok(Self::new(Place::Folder(folder), used))
    }

    fn new(place: Place, used: u64) -> Self {
        let inner = Inner {
            place,
            max_bytes: DEFAULT_MAX_BYTES,
            max_total_bytes: DEFAULT_MAX_TOTAL_BYTES,
            used: AtomicU64::new(used),
            content_types: Mutex::default(),
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// Sets the largest file in bytes. Call it before the store is cloned: a store that is shared keeps its limit. Default: 128 MiB.
    #[must_use]
    pub fn max_bytes(mut self, limit: u64) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.inner) {
            inner.max_bytes = limit;
        }
        self
    }

    /// Sets how many bytes all files together may have. Call it before the store is cloned. Default: 10 GiB.
    #[must_use]
    pub fn max_total_bytes(mut self, limit: u64) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.inner) {
            inner.max_total_bytes = limit;
        }
        self
    }

    /// Puts bytes in and returns their handle.
    ///
    /// # Errors
    /// When they are too many, or the file system refuses.
    pub async fn put(
        &self,
        bytes: impl AsRef<[u8]>,
        content_type: Option<&str>,
    ) -> Result<String, BlobError> {
        let mut writer = self.writer(content_type)?;
        writer.write(bytes.as_ref()).await?;
        writer.finish().await
    }

    /// Copies a file in and returns its handle.
    ///
    /// # Errors
    /// When it cannot be read, is too large, or the file system refuses.
    pub async fn put_file(
        &self,
        path: impl AsRef<Path>,
        content_type: Option<&str>,
    ) -> Result<String, BlobError> {
        use tokio::io::AsyncReadExt;
        let mut source = tokio::fs::File::open(path)
            .await
            .map_err(io_error("open the file to put"))?;
        let mut writer = self.writer(content_type)?;
        let mut piece = vec![0; 64 * 1024];
        loop {
            let length = source
                .read(&mut piece)
                .await
                .map_err(io_error("read the file to put"))?;
            match piece.get(..length) {
                None | Some([]) => return writer.finish().await,
                Some(read) => writer.write(read).await?,
            }
        }
    }

    /// Starts a file that comes in pieces.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn writer(&self, content_type: Option<&str>) -> Result<BlobWriter, BlobError> {
        let folder = self.inner.place.make();
        let folder = folder.map_err(io_error("make a temporary folder"))?;
        let temporary = NamedTempFile::new_in(&folder).map_err(io_error("make a file"))?;
        let file = temporary.reopen().map_err(io_error("open a file"))?;
        Ok(BlobWriter {
            store: self.clone(),
            folder,
            temporary: Some(temporary),
            file: tokio::fs::File::from_std(file),
            size: 0,
            content_type: content_type.map(str::to_owned),
        })
    }

    /// Opens a file for reading.
    ///
    /// # Errors
    /// When the handle names no file of this store.
    pub async fn open(&self, handle: &str) -> Result<tokio::fs::File, BlobError> {
        let located = self.locate(handle).await?;
        tokio::fs::File::open(located.path)
            .await
            .map_err(io_error("open a file"))
    }

    /// Reads a whole file into memory.
    ///
    /// # Errors
    /// When the handle names no file of this store.
    pub async fn read(&self, handle: &str) -> Result<Vec<u8>, BlobError> {
        let located = self.locate(handle).await?;
        tokio::fs::read(located.path)
            .await
            .map_err(io_error("read a file"))
    }

    /// What is known of a file.
    ///
    /// # Errors
    /// When the handle names no file of this store.
    pub async fn info(&self, handle: &str) -> Result<BlobInfo, BlobError> {
        Ok(self.locate(handle).await?.info)
    }

    /// Removes a file.
    ///
    /// # Errors
    /// When the handle names no file of this store, or the file system refuses.
    pub async fn delete(&self, handle: &str) -> Result<(), BlobError> {
        let located = self.locate(handle).await?;
        tokio::fs::remove_file(located.path)
            .await
            .map_err(io_error("remove a file"))?;
        self.inner.give_back(located.info.size);
        self.content_types(|types| types.remove(handle));
        Ok(())
    }

    pub(crate) async fn locate(&self, handle: &str) -> Result<Located, BlobError> {
        let unknown = || BlobError::Unknown {
            handle: handle.chars().take(64).collect(),
        };
        let name = handle
            .strip_prefix(PREFIX)
            .filter(|name| is_name(name))
            .ok_or_else(unknown)?;
        let folder = self.inner.place.folder().ok_or_else(unknown)?;
        let path = folder.join(name);
        let size = match tokio::fs::symlink_metadata(&path).await {
            Ok(metadata) if metadata.is_file() => metadata.len(),
            _ => return Err(unknown()),
        };
        let content_type = self.content_types(|types| types.get(handle).cloned());
        Ok(Located {
            path,
            info: BlobInfo {
                handle: handle.to_owned(),
                size,
                content_type,
            },
        })
    }

    fn content_types<T>(&self, look: impl FnOnce(&mut HashMap<String, String>) -> T) -> T {
        look(
            &mut self
                .inner
                .content_types
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }
}

/// Bytes of the files in a folder, which no handle names when they are not the store's.
fn size_of_all(folder: &Path) -> io::Result<u64> {
    let mut size: u64 = 0;
    for entry in std::fs::read_dir(folder)? {
        let metadata = entry?.metadata()?;
        if metadata.is_file() {
            size = size.saturating_add(metadata.len());
        }
    }
    Ok(size)
}

/// The only names that a handle may have: this, and not the file system, keeps `..` and `/` out.
fn is_name(name: &str) -> bool {
    name.len() == RANDOM_BYTES * 2
        && name
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// A file that comes in pieces. It has no handle, and leaves nothing behind, until [`BlobWriter::finish`].
#[derive(Debug)]
pub struct BlobWriter {
    store: BlobStore,
    folder: PathBuf,
    /// None once it is kept.
    temporary: Option<NamedTempFile>,
    file: tokio::fs::File,
    size: u64,
    content_type: Option<String>,
}

impl Drop for BlobWriter {
    fn drop(&mut self) {
        if self.temporary.is_some() {
            self.store.inner.give_back(self.size);
        }
    }
}

impl BlobWriter {
    /// Adds a piece.
    ///
    /// # Errors
    /// When the file gets too large, or the file system refuses.
    pub async fn write(&mut self, piece: &[u8]) -> Result<(), BlobError> {
        let limit = self.store.inner.max_bytes;
        let length = u64::try_from(piece.len()).unwrap_or(u64::MAX);
        if self.size.saturating_add(length) > limit {
            return Err(BlobError::TooLarge { limit });
        }
        self.store.inner.take(length)?;
        self.size += length;
        self.file
            .write_all(piece)
            .await
            .map_err(io_error("write a file"))
    }

    /// Keeps the file and returns its handle.
    ///
    /// # Errors
    /// When the file system refuses.
    pub async fn finish(mut self) -> Result<String, BlobError> {
        self.file.flush().await.map_err(io_error("write a file"))?;
        let mut random = [0; RANDOM_BYTES];
        getrandom::fill(&mut random).map_err(|problem| BlobError::Io {
            doing: "make a handle",
            source: io::Error::other(problem),
        })?;
        let name: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        let path = self.folder.join(&name);
        if let Some(temporary) = self.temporary.take()
            && let Err(problem) = temporary.persist_noclobber(path)
        {
            self.store.inner.give_back(self.size);
            return Err(BlobError::Io {
                doing: "keep a file",
                source: problem.error,
            });
        }
        let handle = format!("{PREFIX}{name}");
        if let Some(content_type) = self.content_type.take() {
            self.store
                .content_types(|types| types.insert(handle.clone(), content_type));
        }
        Ok(handle)
    }
}

#[cfg(test)]
#[path = "blobs_tests.rs"]
mod tests;
