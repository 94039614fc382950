//! A server that plays prepared answers and keeps what it was asked. Each case has a path of its own, so that all run at the same time.

use super::http::Server;
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

/// A request as it arrived.
pub struct Asked {
    /// In small letters.
    pub method: String,
    /// Path and query, without the case's own part.
    pub target: String,
    /// Names in small letters.
    pub headers: HashMap<String, String>,
    /// JSON; null when there is none.
    pub body: Value,
}

/// What a case is answered, and what it asked.
#[derive(Default)]
struct Part {
    answers: Vec<Value>,
    asked: Vec<Asked>,
}

type Parts = Arc<Mutex<HashMap<String, Part>>>;

/// The server.
pub struct Script {
    /// Where it is.
    pub server: Server,
    parts: Parts,
}

impl Script {
    /// Starts it. It lives as long as this program.
    pub fn start() -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let server = Server {
            port: listener.local_addr()?.port(),
        };
        let parts = Parts::default();
        let shared = Arc::clone(&parts);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let parts = Arc::clone(&shared);
                // Whoever does not get an answer says so.
                thread::spawn(move || answer(stream, &parts).ok());
            }
        });
        Ok(Self { server, parts })
    }

    /// Prepares the answers of a case and returns its base URL.
    pub fn prepare(&self, name: &str, answers: Vec<Value>) -> String {
        let part = Part {
            answers,
            asked: Vec::new(),
        };
        let mut parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        parts.insert(name.to_owned(), part);
        format!("{}/{name}", self.server.url())
    }

    /// What a case asked, in its order.
    pub fn asked(&self, name: &str) -> Vec<Asked> {
        let mut parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        parts
            .remove(name)
            .map(|part| part.asked)
            .unwrap_or_default()
    }
}

fn answer(stream: TcpStream, parts: &Parts) -> Result<()> {
    let mut reader = BufReader::new(&stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split_whitespace();
    let method = words.next().unwrap_or_default().to_lowercase();
    let whole = words.next().context("no target")?.to_owned();
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        headers.insert(name.to_lowercase(), value.to_owned());
    }
    let bytes = body(&mut reader, &headers)?;
    let (name, target) = whole
        .trim_start_matches('/')
        .split_once('/')
        .context("no case")?;
    let asked = Asked {
        method,
        target: format!("/{target}"),
        headers,
        body: serde_json::from_slice(&bytes).unwrap_or_default(),
    };
    let answer = {
        let mut parts = parts.lock().unwrap_or_else(PoisonError::into_inner);
        let part = parts.entry(name.to_owned()).or_default();
        let answer = part.answers.get(part.asked.len()).cloned();
        part.asked.push(asked);
        answer.unwrap_or_else(
            || json!({"status": 599, "text": "the case has no answer for this request"}),
        )
    };
    let body = match (answer.get("body"), answer["text"].as_str()) {
        (Some(body), _) => body.to_string(),
        (None, text) => text.unwrap_or_default().to_owned(),
    };
    let mut head = format!(
        "HTTP/1.1 {} Answer\r\nconnection: close\r\n",
        answer["status"]
    );
    for (name, value) in answer["headers"].as_object().into_iter().flatten() {
        head.push_str(&format!(
            "{name}: {}\r\n",
            value.as_str().unwrap_or_default()
        ));
    }
    write!(
        &stream,
        "{head}content-length: {}\r\n\r\n{body}",
        body.len()
    )?;
    Ok(())
}

fn body(reader: &mut impl BufRead, headers: &HashMap<String, String>) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(length) = headers.get("content-length") {
        bytes.resize(length.parse()?, 0);
        reader.read_exact(&mut bytes)?;
    } else if headers.contains_key("transfer-encoding") {
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            let length = usize::from_str_radix(line.trim(), 16)?;
            let mut chunk = vec![0; length + 2];
            reader.read_exact(&mut chunk)?;
            bytes.extend_from_slice(&chunk[..length]);
            if length == 0 {
                break;
            }
        }
    }
    Ok(bytes)
}
