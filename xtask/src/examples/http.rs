//! HTTP on this machine.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::{
    net::{Ipv4Addr, TcpListener, TcpStream},
    time::{Duration, Instant},
};

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(300);

/// How long a program may take to listen.
const START: Duration = Duration::from_secs(180);

/// A server on the loopback interface.
#[derive(Clone, Copy, Debug)]
pub struct Server {
    /// Its port.
    pub port: u16,
}

impl Server {
    /// A port that is free now.
    pub fn free() -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port")?;
        Ok(Self {
            port: listener.local_addr()?.port(),
        })
    }

    /// Its address, without a `/` at the end.
    pub fn url(self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// One request that has to succeed. The answer's body is JSON, or null when it is something else.
    pub fn need(self, method: &str, path: &str, body: Option<&Value>) -> Result<Value> {
        let url = format!("{}{path}", self.url());
        let answer = exchange(method, &url, body);
        let (status, answer) = answer.with_context(|| format!("{method} {url}"))?;
        ensure!(
            (200..300).contains(&status),
            "{method} {url}: {status} {answer}"
        );
        Ok(serde_json::from_str(&answer).unwrap_or_default())
    }

    /// Waits until it takes connections, as long as `lives` says nothing against it.
    pub fn ready(self, mut lives: impl FnMut() -> Result<()>) -> Result<()> {
        let end = Instant::now() + START;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            lives().with_context(|| format!("nothing listens at {}", self.url()))?;
            ensure!(
                Instant::now() < end,
                "nothing listens at {} after {} s",
                self.url(),
                START.as_secs()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}

/// The status and the body.
fn exchange(method: &str, url: &str, body: Option<&Value>) -> Result<(u16, String)> {
    let settings = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(TIMEOUT));
    let agent = ureq::Agent::new_with_config(settings.build());
    let request = ureq::http::Request::builder()
        .method(method)
        .uri(url)
        .header("accept", "application/json");
    let mut answer = match body {
        Some(body) => {
            let request = request.header("content-type", "application/json");
            agent.run(request.body(body.to_string())?)?
        }
        None => agent.run(request.body(())?)?,
    };
    let status = answer.status().as_u16();
    // The simulator's list of what it accepted is longer than what ureq reads when nobody says so.
    let body = answer.body_mut().with_config().limit(u64::MAX);
    Ok((status, body.read_to_string()?))
}
