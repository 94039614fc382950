//! Running the program.

use std::path::Path;
use std::process::Stdio;

use graph_simulator::Simulator;
use graph_simulator::world::demo;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStderr, ChildStdout, Command};

/// Verify token of the tests; as secret as the other two.
pub const VERIFY_TOKEN: &str = "verify-token-that-must-not-be-seen";

/// Settings that lead to a simulator, secrets included.
pub fn settings(simulator: &Simulator) -> Vec<(&'static str, String)> {
    vec![
        ("WHATSAPP_BASE_URL", simulator.url().to_owned()),
        ("WHATSAPP_ACCESS_TOKEN", demo::ACCESS_TOKEN.to_owned()),
        ("WHATSAPP_APP_SECRET", demo::APP_SECRET.to_owned()),
        ("WHATSAPP_VERIFY_TOKEN", VERIFY_TOKEN.to_owned()),
        ("WHATSAPP_PHONE_NUMBER_ID", demo::PHONE_NUMBER_ID.to_owned()),
        ("WHATSAPP_BUSINESS_ACCOUNT_ID", demo::WABA_ID.to_owned()),
    ]
}

/// The settings without one of them.
pub fn without(settings: Vec<(&'static str, String)>, name: &str) -> Vec<(&'static str, String)> {
    settings
        .into_iter()
        .filter(|(other, _)| *other != name)
        .collect()
}

/// The program with these arguments and settings and nothing else of the environment that it looks at.
pub fn command(arguments: &[&str], settings: &[(&str, String)]) -> Command {
    let component = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist/whatsapp-connector.wasm");
    assert!(
        component.exists(),
        "run `cargo xtask build` first: dist/whatsapp-connector.wasm is not there"
    );
    let mut command = Command::new(env!("CARGO_BIN_EXE_host-test"));
    for (name, _) in std::env::vars_os() {
        let known = name.to_string_lossy();
        if known.starts_with("WHATSAPP_") || known == "RUST_LOG" || known == "CARGO_MANIFEST_DIR" {
            command.env_remove(&name);
        }
    }
    command
        .args(arguments)
        .envs(settings.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// How a run ended.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Ended {
    /// No secret is in what was printed.
    pub fn shows_no_secret(self) -> Self {
        for secret in [demo::ACCESS_TOKEN, demo::APP_SECRET, VERIFY_TOKEN] {
            let shown = self.stdout.contains(secret) || self.stderr.contains(secret);
            assert!(!shown, "{secret} was printed: {self:?}");
        }
        self
    }

    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:?}");
        self.shows_no_secret()
    }

    /// Every text is in stdout, in this order.
    pub fn tells(&self, texts: &[&str]) {
        has_in_order(&self.stdout, texts);
    }

    /// Every text is in stderr, in this order. How the lines are wrapped does not matter.
    pub fn complains(&self, texts: &[&str]) {
        let words: Vec<_> = self.stderr.split_whitespace().collect();
        has_in_order(&words.join(" "), texts);
    }

    /// stdout as one JSON value.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// stdout as one JSON value on each line.
    pub fn json_lines(&self) -> Vec<Value> {
        let parse =
            |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        self.stdout.lines().map(parse).collect()
    }
}

fn has_in_order(text: &str, parts: &[&str]) {
    let mut rest = text;
    for part in parts {
        let Some((_, after)) = rest.split_once(part) else {
            panic!("expected {part:?} (in this order) in:\n{text}")
        };
        rest = after;
    }
}

/// Runs the program to its end.
pub async fn run(arguments: &[&str], settings: &[(&str, String)]) -> Ended {
    run_with_input(arguments, settings, "").await
}

/// Runs the program to its end with this on its stdin.
pub async fn run_with_input(arguments: &[&str], settings: &[(&str, String)], input: &str) -> Ended {
    let mut child = command(arguments, settings).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).await.unwrap();
    drop(stdin);
    let output = child.wait_with_output().await.unwrap();
    Ended {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A program that runs until it is told to end.
pub struct Running {
    child: Child,
    pub stdout: Lines<BufReader<ChildStdout>>,
    pub stderr: Lines<BufReader<ChildStderr>>,
    seen: Ended,
}

/// Starts the program.
pub fn start(arguments: &[&str], settings: &[(&str, String)]) -> Running {
    let mut child = command(arguments, settings).spawn().unwrap();
    let stdout = BufReader::new(child.stdout.take().unwrap()).lines();
    let stderr = BufReader::new(child.stderr.take().unwrap()).lines();
    let seen = Ended {
        code: None,
        stdout: String::new(),
        stderr: String::new(),
    };
    Running {
        child,
        stdout,
        stderr,
        seen,
    }
}

impl Running {
    /// Reads stdout until a line has this text.
    pub async fn stdout_with(&mut self, text: &str) -> String {
        loop {
            let Some(line) = self.stdout.next_line().await.unwrap() else {
                panic!("ended without {text:?}: {:?}", self.seen)
            };
            self.seen.stdout.push_str(&format!("{line}\n"));
            if line.contains(text) {
                return line;
            }
        }
    }

    /// Reads stderr until a line has this text.
    pub async fn stderr_with(&mut self, text: &str) -> String {
        loop {
            let Some(line) = self.stderr.next_line().await.unwrap() else {
                panic!("ended without {text:?}: {:?}", self.seen)
            };
            self.seen.stderr.push_str(&format!("{line}\n"));
            if line.contains(text) {
                return line;
            }
        }
    }

    /// Presses Ctrl-C.
    #[cfg(unix)]
    pub async fn interrupt(&self) {
        let id = self.child.id().unwrap().to_string();
        let sent = Command::new("kill").args(["-INT", &id]).status().await;
        assert!(sent.unwrap().success());
    }

    /// Ends it at once, as a power cut would.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Waits for the end.
    pub async fn end(mut self) -> Ended {
        let status = self.child.wait().await.unwrap();
        self.seen.code = status.code();
        let mut rest = String::new();
        self.stdout
            .into_inner()
            .read_to_string(&mut rest)
            .await
            .unwrap();
        self.seen.stdout.push_str(&rest);
        rest.clear();
        self.stderr
            .into_inner()
            .read_to_string(&mut rest)
            .await
            .unwrap();
        self.seen.stderr.push_str(&rest);
        self.seen
    }
}

/// The first `http://…` in a line.
pub fn url_in(line: &str) -> String {
    let (_, rest) = line.split_once("http://").unwrap();
    let end = rest.find([' ', ';', '"', ',']).unwrap_or(rest.len());
    format!("http://{}", rest.get(..end).unwrap())
}
