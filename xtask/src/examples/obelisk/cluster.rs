//! A PostgreSQL of its own, reached by a socket in its folder and by nothing else.

use super::service::Service;
use anyhow::{Context, Result, bail, ensure};
use std::{
    fs,
    os::unix::{fs::chown, process::CommandExt},
    path::{Path, PathBuf},
    process::Command,
    thread::sleep,
    time::Duration,
};

/// A running cluster.
pub struct Cluster {
    /// The folder of its socket.
    pub socket: PathBuf,
    programs: PathBuf,
    owner: Option<(u32, u32)>,
    service: Option<Service>,
}

impl Cluster {
    /// Makes and starts one in `folder`.
    pub fn start(folder: &Path) -> Result<Self> {
        let programs = programs()?;
        let owner = owner()?;
        let home = folder.join("postgres");
        fs::create_dir(&home)?;
        if let Some((user, group)) = owner {
            chown(&home, Some(user), Some(group))?;
        }
        let data = home.join("data");
        let run = |program: &str| {
            let mut command = Command::new(programs.join(program));
            // PostgreSQL refuses to run as root.
            if let Some((user, group)) = owner {
                command.uid(user).gid(group);
            }
            command.current_dir(&home);
            command
        };
        let made = run("initdb")
            .arg("-D")
            .arg(&data)
            .args(["-A", "trust", "-U", "obelisk", "--no-sync"])
            .output()?;
        ensure!(
            made.status.success(),
            "initdb: {}",
            String::from_utf8_lossy(&made.stderr)
        );
        let mut command = run("postgres");
        command
            .arg("-D")
            .arg(&data)
            .args(["-c", "listen_addresses=", "-c", "max_connections=100"])
            .arg("-k")
            .arg(&home);
        let service = Some(Service::start(&mut command, &folder.join("postgres.log"))?);
        let cluster = Self {
            socket: home,
            programs,
            owner,
            service,
        };
        for _ in 0..300 {
            if cluster.query("postgres", "select 1").is_ok() {
                return Ok(cluster);
            }
            sleep(Duration::from_millis(100));
        }
        bail!(
            "PostgreSQL does not start; {}",
            cluster
                .service
                .as_ref()
                .map(Service::said)
                .unwrap_or_default()
        )
    }

    /// The answer of a query, one line for each row.
    pub fn query(&self, database: &str, query: &str) -> Result<String> {
        let mut command = Command::new(self.programs.join("psql"));
        if let Some((user, group)) = self.owner {
            command.uid(user).gid(group);
        }
        let output = command
            .current_dir(&self.socket)
            .arg("-h")
            .arg(&self.socket)
            .args(["-U", "obelisk", "-d", database, "-Atc", query])
            .output()?;
        ensure!(
            output.status.success(),
            "psql: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // A fast shutdown: killed, it would leave its processes and its shared memory.
        if let Some(service) = self.service.take() {
            let _ = service.end_with("INT");
        }
    }
}

/// The user to run as when this is root: `postgres`.
fn owner() -> Result<Option<(u32, u32)>> {
    let id = |arguments: &[&str]| -> Result<u32> {
        let output = Command::new("id").args(arguments).output()?;
        String::from_utf8(output.stdout)?
            .trim()
            .parse()
            .with_context(|| format!("`id {}`: there is no such user", arguments.join(" ")))
    };
    if id(&["-u"])? != 0 {
        return Ok(None);
    }
    Ok(Some((id(&["-u", "postgres"])?, id(&["-g", "postgres"])?)))
}

/// The newest PostgreSQL: Debian's folder, else the one on the PATH.
fn programs() -> Result<PathBuf> {
    let mut versions: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|folder| folder.join("initdb").is_file())
        .collect();
    versions.sort();
    if let Some(newest) = versions.pop() {
        return Ok(newest);
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .find(|folder| folder.join("initdb").is_file())
        .context("PostgreSQL is not there: install its server (Debian and Ubuntu: `apt-get install postgresql`)")
}
