//! A server that plays prepared answers and keeps what it was asked. Each case has a path of its own, so that all run at the same time.

use crate::examples::http::Server;
use anyhow::{Context, Result, anyhow};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    net::Ipv4Addr,
    sync::{Arc, Mutex, PoisonError},
    thread,
};
use tiny_http::{Header, Request, Response};

/// How many requests are answered at the same time.
const THREADS: usize = 4;

/// A request as it arrived.
pub struct Asked {
    /// In small letters.
    pub method: String,
    /// Path and query, without the case's own part.
    pub target: String,
    headers: Vec<(String, String)>,
    /// As it was sent, byte by byte.
    pub body: String,
}

impl Asked {
    /// A header; the name in small letters.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.as_str())
    }
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
        let listener = tiny_http::Server::http((Ipv4Addr::LOCALHOST, 0));
        let listener = Arc::new(listener.map_err(|problem| anyhow!(problem))?);
        let address = listener.server_addr().to_ip();
        let port = address.context("the server has no port")?.port();
        let parts = Parts::default();
        for _ in 0..THREADS {
            let (listener, parts) = (Arc::clone(&listener), Arc::clone(&parts));
            thread::spawn(move || {
                for request in listener.incoming_requests() {
                    // Whoever does not get an answer says so.
                    answer(request, &parts).ok();
                }
            });
        }
        let server = Server { port };
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
        let part = parts.remove(name);
        part.map(|part| part.asked).unwrap_or_default()
    }
}

fn answer(mut request: Request, parts: &Parts) -> Result<()> {
    let mut body = String::new();
    request.as_reader().read_to_string(&mut body)?;
    let path = request.url().trim_start_matches('/');
    let (name, target) = path.split_once('/').context("no case")?;
    let headers = request.headers().iter().map(|header| {
        let name = header.field.as_str().as_str().to_lowercase();
        (name, header.value.as_str().to_owned())
    });
    let asked = Asked {
        method: request.method().as_str().to_lowercase(),
        target: format!("/{target}"),
        headers: headers.collect(),
        body,
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
    request.respond(response(&answer)?)?;
    Ok(())
}

/// An answer as `exchanges.json` describes it.
fn response(answer: &Value) -> Result<Response<impl std::io::Read>> {
    let body = match (answer.get("body"), answer["text"].as_str()) {
        (Some(body), _) => body.to_string(),
        (None, text) => text.unwrap_or_default().to_owned(),
    };
    let status = answer["status"].as_u64().context("an answer's status")?;
    let mut response = Response::from_data(body).with_status_code(u16::try_from(status)?);
    for (name, value) in answer["headers"].as_object().into_iter().flatten() {
        let value = value.as_str().unwrap_or_default();
        let header = Header::from_bytes(name.as_bytes(), value.as_bytes());
        response.add_header(header.map_err(|()| anyhow!("the header {name}: {value}"))?);
    }
    Ok(response)
}
