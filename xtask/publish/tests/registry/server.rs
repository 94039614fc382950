//! A registry of this machine.

use crate::program::{self, Ended};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use std::{env, fs, net::TcpListener};
use tempfile::TempDir;

/// The only user, and the password: `name:password`.
const LOGIN: &str = "tester:secret of the test";
/// The same as the registry reads it (bcrypt).
const USERS: &str = "tester:$2b$04$cvhilwndcqoREWq.ATJVa.euaQT3GyiZZZe4Z1QlX5Q.RbXQeAKoS\n";

/// It ends when this is dropped.
pub struct Server {
    process: Child,
    /// Host and port.
    address: String,
    folder: TempDir,
    client: reqwest::Client,
}

impl Server {
    /// Starts one, when there is one.
    pub async fn start() -> Option<Self> {
        let path = env::var_os("PATH").unwrap_or_default();
        let Some(program) = find(env::split_paths(&path)) else {
            eprintln!(
                "skipped: docker-registry is not installed (Debian has a package of this name)"
            );
            return None;
        };
        let _ = rustls::crypto::ring::default_provider().install_default();
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let address = format!("127.0.0.1:{port}");
        let folder = tempfile::tempdir().unwrap();
        let (users, settings) = (
            folder.path().join("users"),
            folder.path().join("config.yml"),
        );
        fs::write(&users, USERS).unwrap();
        let text = format!(
            "version: 0.1\nlog:\n  level: error\nstorage:\n  filesystem:\n    rootdirectory: {}\nhttp:\n  addr: {address}\nauth:\n  htpasswd:\n    realm: test\n    path: {}\n",
            folder.path().join("data").display(),
            users.display()
        );
        fs::write(&settings, text).unwrap();
        let mut command = Command::new(program);
        command
            .arg("serve")
            .arg(&settings)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let server = Self {
            process: command.spawn().unwrap(),
            address,
            folder,
            client: reqwest::Client::new(),
        };
        server.ready().await;
        Some(server)
    }

    async fn ready(&self) {
        for _ in 0..600 {
            if self.client.get(self.url("")).send().await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the registry does not answer");
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}/v2/{path}", self.address)
    }

    /// Bytes that it has.
    pub async fn get(&self, path: &str) -> Vec<u8> {
        let (name, password) = LOGIN.split_once(':').unwrap();
        let request = self
            .client
            .get(self.url(path))
            .basic_auth(name, Some(password));
        let request = request.header("accept", "application/vnd.oci.image.manifest.v1+json, */*");
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {answer:?}");
        answer.bytes().await.unwrap().to_vec()
    }

    /// What it has.
    pub async fn repositories(&self) -> Vec<String> {
        let catalog: serde_json::Value =
            serde_json::from_slice(&self.get("_catalog").await).unwrap();
        serde_json::from_value(catalog["repositories"].clone()).unwrap()
    }

    /// `cargo xtask publish`, logged in.
    pub fn publish(&self, name: &str, options: &[&str]) -> Ended {
        self.publish_as(LOGIN, name, options)
    }

    /// The same as somebody else.
    pub fn publish_as(&self, login: &str, name: &str, options: &[&str]) -> Ended {
        let reference = format!("{}/{name}", self.address);
        let config: PathBuf = self.folder.path().join("docker");
        program::run(&self.address, login, &config, &reference, options)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn find(folders: impl Iterator<Item = PathBuf>) -> Option<PathBuf> {
    folders
        .map(|folder| folder.join("docker-registry"))
        .find(|path| path.is_file())
}
