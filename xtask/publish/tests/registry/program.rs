//! The program, run as `cargo xtask publish` runs it.

use base64::{Engine, prelude::BASE64_STANDARD};
use std::path::Path;
use std::process::Command;
use std::{fs, path::PathBuf};

/// How it ended.
#[derive(Debug)]
pub struct Ended {
    pub success: bool,
    pub stdout: String,
    pub stderr: String,
}

/// An artifact, as it was printed.
#[derive(Debug, PartialEq, Eq)]
pub struct Published {
    pub repository: String,
    pub tag: String,
    pub manifest: String,
}

/// Runs it with a configuration of Docker's that has this login; without a login there is none.
pub fn run(registry: &str, login: &str, config: &Path, reference: &str, options: &[&str]) -> Ended {
    if !login.is_empty() {
        fs::create_dir_all(config).unwrap();
        let auth =
            serde_json::json!({"auths": {registry: {"auth": BASE64_STANDARD.encode(login)}}});
        fs::write(config.join("config.json"), auth.to_string()).unwrap();
    }
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let output = Command::new(env!("CARGO_BIN_EXE_publish"))
        .args([reference, "--allow-dirty"])
        .args(options)
        .current_dir(root)
        .env("DOCKER_CONFIG", config)
        .env_remove("http_proxy")
        .output()
        .unwrap();
    Ended {
        success: output.status.success(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

impl Ended {
    /// What was published.
    pub fn success(self) -> Vec<Published> {
        assert!(self.success, "{self:?}");
        let mut published: Vec<Published> = Vec::new();
        for line in self.stdout.lines() {
            if let Some((_, reference)) = line.split_once("127.0.0.1:") {
                let (_, name) = reference.split_once('/').unwrap();
                let (repository, tag) = name.split_once(':').unwrap();
                published.push(Published {
                    repository: repository.to_owned(),
                    tag: tag.to_owned(),
                    manifest: String::new(),
                });
            } else if let Some(digest) = line.trim().strip_prefix("manifest  ") {
                digest.clone_into(&mut published.last_mut().unwrap().manifest);
            }
        }
        published
    }
}
