//! Folders for what lives no longer than the program.
//!
//! Each holds a file that its program keeps locked. A program that is killed cannot tidy up, but the system unlocks its files: the next
//! program that makes such a folder removes those that nobody holds any more.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Once;

use tempfile::TempDir;

/// The locked file of a folder.
const LOCK: &str = "lock";
/// What the names of all such folders begin with.
const PREFIXES: [&str; 2] = [BLOBS, INBOX];
/// Files that actions send and fetch.
pub(crate) const BLOBS: &str = "whatsapp-blobs-";
/// Events without `--store`.
pub(crate) const INBOX: &str = "whatsapp-inbox-";

/// A folder that is removed with this value, or after the program was killed.
#[derive(Debug)]
pub(crate) struct Scratch {
    // Let go of before the folder goes: some systems remove no file that is open.
    _lock: File,
    folder: TempDir,
}

impl Scratch {
    /// Makes a folder whose name begins with this, for the owner alone.
    pub(crate) fn new(prefix: &str) -> io::Result<Self> {
        let scratch = loop {
            let folder = tempfile::Builder::new().prefix(prefix).tempdir()?;
            let path = folder.path().join(LOCK);
            let lock = File::create(&path)?;
            lock.lock()?;
            // Another program may have been quicker and taken the folder for one that nobody holds.
            if path.exists() {
                break Self {
                    _lock: lock,
                    folder,
                };
            }
        };
        static ONCE: Once = Once::new();
        // Nobody has to wait for it, or to know when it fails: the next program tries again.
        ONCE.call_once(|| remove_left_over(scratch.path()));
        Ok(scratch)
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Removes the folders beside this one whose programs have ended.
fn remove_left_over(own: &Path) {
    let Some(entries) = own.parent().and_then(|all| fs::read_dir(all).ok()) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let named = name
            .to_str()
            .is_some_and(|name| PREFIXES.iter().any(|prefix| name.starts_with(prefix)));
        let path = entry.path();
        if named && path != own && is_folder_of_same_owner(&path, own) {
            let _ = remove_if_left(path);
        }
    }
}

/// A folder, and nothing that leads to one of somebody else.
fn is_folder_of_same_owner(path: &Path, own: &Path) -> bool {
    let (Ok(theirs), Ok(ours)) = (fs::symlink_metadata(path), fs::symlink_metadata(own)) else {
        return false;
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        theirs.is_dir() && theirs.uid() == ours.uid()
    }
    #[cfg(not(unix))]
    {
        theirs.is_dir() && ours.is_dir()
    }
}

fn remove_if_left(path: PathBuf) -> io::Result<()> {
    // Without this file it is none of ours, or is being made.
    let lock = File::open(path.join(LOCK))?;
    match lock.try_lock() {
        Ok(()) => fs::remove_dir_all(path),
        Err(TryLockError::WouldBlock) => Ok(()),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_nobody_holds_is_removed() {
        let all = tempfile::tempdir().unwrap();
        let folder = |name: &str, lock: bool| {
            let path = all.path().join(name);
            fs::create_dir(&path).unwrap();
            fs::write(path.join("file"), "content").unwrap();
            lock.then(|| File::create(path.join(LOCK)).unwrap())
        };
        let own = folder("whatsapp-blobs-own", true).unwrap();
        own.lock().unwrap();
        let living = folder("whatsapp-inbox-living", true).unwrap();
        living.lock().unwrap();
        drop(folder("whatsapp-blobs-dead", true));
        drop(folder("whatsapp-inbox-dead", true));
        drop(folder("whatsapp-blobs-being-made", false));
        drop(folder("somebody-elses", true));
        #[cfg(unix)]
        {
            let elsewhere = tempfile::tempdir().unwrap().keep();
            fs::write(elsewhere.join(LOCK), "").unwrap();
            std::os::unix::fs::symlink(&elsewhere, all.path().join("whatsapp-blobs-link")).unwrap();
            remove_left_over(&all.path().join("whatsapp-blobs-own"));
            assert!(elsewhere.join(LOCK).exists());
            fs::remove_file(all.path().join("whatsapp-blobs-link")).unwrap();
            fs::remove_dir_all(elsewhere).unwrap();
        }
        remove_left_over(&all.path().join("whatsapp-blobs-own"));
        let mut left: Vec<_> = fs::read_dir(all.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        left.sort_unstable();
        let expected = [
            "somebody-elses",
            "whatsapp-blobs-being-made",
            "whatsapp-blobs-own",
            "whatsapp-inbox-living",
        ];
        assert_eq!(left, expected);
    }

    #[test]
    fn it_goes_with_its_value() {
        let scratch = Scratch::new(BLOBS).unwrap();
        let path = scratch.path().to_owned();
        assert!(path.join(LOCK).exists());
        drop(scratch);
        assert!(!path.exists());
    }
}
