//! The commit that is published.

use anyhow::{Context, Result, bail};
use chrono::{DateTime, Utc};
use std::process::Command;

/// A commit.
pub struct Revision {
    /// Its id.
    pub commit: String,
    /// When it was made: the artifacts' own time, so that the same commit gives the same artifacts.
    pub time: DateTime<Utc>,
    /// Whether there are changes that are not in it.
    pub is_dirty: bool,
}

/// Asks git.
pub fn read() -> Result<Revision> {
    let commit = git(&["rev-parse", "HEAD"])?;
    let seconds: i64 = git(&["log", "-1", "--format=%ct"])?.parse()?;
    Ok(Revision {
        commit,
        time: DateTime::from_timestamp(seconds, 0).context("the commit has no time")?,
        is_dirty: !git(&["status", "--porcelain"])?.is_empty(),
    })
}

fn git(arguments: &[&str]) -> Result<String> {
    let output = Command::new("git")
        .args(arguments)
        .output()
        .context("cannot run `git`")?;
    if !output.status.success() {
        bail!(
            "`git {}` failed: {}",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
