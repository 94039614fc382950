//! HTTP on this machine.

use super::service::Service;
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::{
    io::{Read, Write},
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

    /// One request. The answer's body is JSON, or null when it is something else.
    pub fn ask(self, method: &str, path: &str, body: Option<&Value>) -> Result<(u16, Value)> {
        self.exchange(method, path, body)
            .with_context(|| format!("{method} {}{path}", self.url()))
    }

    /// One request that has to succeed.
    pub fn need(self, method: &str, path: &str, body: Option<&Value>) -> Result<Value> {
        let (status, answer) = self.ask(method, path, body)?;
        ensure!(
            (200..300).contains(&status),
            "{method} {}{path}: {status} {answer}",
            self.url()
        );
        Ok(answer)
    }

    /// Waits until it takes connections, unless its program ends before.
    pub fn ready(self, service: &mut Service) -> Result<()> {
        let end = Instant::now() + START;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            ensure!(
                service.runs() && Instant::now() < end,
                "nothing listens at {}; {}",
                self.url(),
                service.said()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    fn exchange(self, method: &str, path: &str, body: Option<&Value>) -> Result<(u16, Value)> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        let body = body.map(Value::to_string).unwrap_or_default();
        // HTTP/1.0: the answer ends with the connection and is not cut into chunks.
        write!(
            stream,
            "{method} {path} HTTP/1.0\r\nHost: 127.0.0.1:{}\r\nAccept: application/json\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            self.port,
            body.len()
        )?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        let answer = String::from_utf8_lossy(&answer);
        let (head, body) = answer
            .split_once("\r\n\r\n")
            .context("the answer has no end of its headers")?;
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok())
            .context("the answer has no status")?;
        Ok((status, serde_json::from_str(body).unwrap_or_default()))
    }
}
