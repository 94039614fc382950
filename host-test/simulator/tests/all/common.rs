//! A client, a callback, and shorthands.

use std::sync::{Arc, Mutex};

use graph_simulator::world::demo;
use graph_simulator::{Simulator, World};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// A simulator of the demo world and a client of it.
pub struct Client {
    pub sim: Simulator,
    pub http: reqwest::Client,
    pub token: String,
}

/// Status and body.
pub type Answer = (u16, Value);

impl Client {
    pub async fn demo() -> Self {
        Self::with(World::demo()).await
    }

    pub async fn with(world: World) -> Self {
        Self {
            sim: Simulator::builder().world(world).start().await.unwrap(),
            http: client_builder()
                .redirect(reqwest::redirect::Policy::none())
                .user_agent("tests")
                .build()
                .unwrap(),
            token: demo::ACCESS_TOKEN.into(),
        }
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}/v25.0/{path}", self.sim.url())
    }

    pub async fn get(&self, path: &str) -> Answer {
        read(self.http.get(self.url(path)).bearer_auth(&self.token)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        read(
            self.http
                .post(self.url(path))
                .bearer_auth(&self.token)
                .json(&body),
        )
        .await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        read(self.http.delete(self.url(path)).bearer_auth(&self.token)).await
    }

    /// Sends from the registered number to the demo customer; `members` are added to the envelope.
    pub async fn send(&self, members: Value) -> Answer {
        self.send_from(demo::PHONE_NUMBER_ID, members).await
    }

    pub async fn send_from(&self, number: &str, members: Value) -> Answer {
        self.post(&format!("{number}/messages"), message(members))
            .await
    }

    pub async fn send_text(&self, text: &str) -> Answer {
        self.send(json!({"type": "text", "text": {"body": text}}))
            .await
    }

    /// Sends and returns the message id.
    pub async fn sent(&self, members: Value) -> String {
        let (status, body) = self.send(members).await;
        assert_eq!(status, 200, "{body}");
        body["messages"][0]["id"].as_str().unwrap().to_owned()
    }

    /// The customer writes, so that free-form messages arrive.
    pub fn open_window(&self) {
        self.sim.customer(demo::CUSTOMER).say("hi").unwrap();
    }

    /// Uploads a file with the Resumable Upload API; its handle.
    pub async fn upload(&self, bytes: &[u8], file_type: &str) -> String {
        let path = format!("{}/uploads", demo::APP_ID);
        let about = json!({"file_length": bytes.len(), "file_type": file_type, "file_name": "a"});
        let (status, session) = self.post(&path, about).await;
        assert_eq!(status, 200, "{session}");
        let request = self
            .http
            .post(self.url(session["id"].as_str().unwrap()))
            .header("authorization", format!("OAuth {}", self.token))
            .header("file_offset", "0")
            .body(bytes.to_vec());
        let (status, done) = read(request).await;
        assert_eq!(status, 200, "{done}");
        done["h"].as_str().unwrap().to_owned()
    }

    pub async fn control(&self, method: &str, path: &str, body: Value) -> Answer {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let request = self
            .http
            .request(method, format!("{}/_simulator/{path}", self.sim.url()));
        read(if body.is_null() {
            request
        } else {
            request.json(&body)
        })
        .await
    }
}

/// A message to the demo customer; a member that is null is left out.
pub fn message(members: Value) -> Value {
    let mut message = json!({"messaging_product": "whatsapp", "to": demo::CUSTOMER});
    for (name, value) in members.as_object().unwrap() {
        match value {
            Value::Null => message.as_object_mut().unwrap().remove(name),
            value => message
                .as_object_mut()
                .unwrap()
                .insert(name.clone(), value.clone()),
        };
    }
    message
}

pub async fn read(request: reqwest::RequestBuilder) -> Answer {
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{status} {e}: {text}"));
    (status, body)
}

/// Checks an error answer: status, code, and a part of message or details.
#[track_caller]
pub fn refused(answer: &Answer, status: u16, code: u64, part: &str) {
    let (got_status, body) = answer;
    assert_eq!(body["error"]["code"], code, "{body}");
    assert_eq!(*got_status, status, "{body}");
    assert!(body.to_string().contains(part), "{part:?} is not in {body}");
    assert!(
        body["error"]["fbtrace_id"]
            .as_str()
            .unwrap()
            .starts_with('A')
    );
    assert!(body["error"]["type"].is_string());
}

/// A business's webhook endpoint.
#[derive(Clone, Default)]
pub struct Callback {
    pub url: String,
    pub posts: Arc<Mutex<Vec<Post>>>,
    pub gets: Arc<Mutex<Vec<String>>>,
    /// Statuses of the next answers; then 200.
    pub statuses: Arc<Mutex<Vec<u16>>>,
}

#[derive(Clone, Debug)]
pub struct Post {
    pub headers: hyper::HeaderMap,
    pub body: String,
}

impl Post {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// `value` of the only change.
    pub fn value(&self) -> Value {
        self.json()["entry"][0]["changes"][0]["value"].clone()
    }
}

pub const VERIFY_TOKEN: &str = "right";

impl Callback {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let callback = Self {
            url: format!("http://{}/webhook", listener.local_addr().unwrap()),
            ..Self::default()
        };
        let own = callback.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let own = own.clone();
                let service = service_fn(move |request| {
                    let own = own.clone();
                    async move { Ok::<_, hyper::Error>(own.answer(request).await) }
                });
                tokio::spawn(
                    hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service),
                );
            }
        });
        callback
    }

    async fn answer(
        &self,
        request: hyper::Request<hyper::body::Incoming>,
    ) -> hyper::Response<Full<Bytes>> {
        let (parts, body) = request.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let mut status = 200;
        let mut text = Bytes::new();
        if parts.method == hyper::Method::GET {
            let query = parts.uri.query().unwrap_or_default();
            self.gets.lock().unwrap().push(query.to_owned());
            let get = |name: &str| {
                form_urlencoded::parse(query.as_bytes())
                    .find(|(known, _)| known == name)
                    .map(|(_, value)| value.into_owned())
            };
            if get("hub.verify_token").as_deref() == Some(VERIFY_TOKEN) {
                text = Bytes::from(get("hub.challenge").unwrap_or_default());
            } else {
                status = 403;
            }
        } else {
            self.posts.lock().unwrap().push(Post {
                headers: parts.headers,
                body: String::from_utf8(body.to_vec()).unwrap(),
            });
            let mut statuses = self.statuses.lock().unwrap();
            if !statuses.is_empty() {
                status = statuses.remove(0);
            }
        }
        let mut answer = hyper::Response::new(Full::new(text));
        *answer.status_mut() = hyper::StatusCode::from_u16(status).unwrap();
        answer
    }

    pub fn posts(&self) -> Vec<Post> {
        self.posts.lock().unwrap().clone()
    }

    /// The `statuses[]` items of all posts, in the order of arrival.
    pub fn statuses_seen(&self) -> Vec<Value> {
        let posts = self.posts();
        posts
            .iter()
            .flat_map(|post| {
                post.value()["statuses"]
                    .as_array()
                    .cloned()
                    .unwrap_or_default()
            })
            .collect()
    }
}

/// A client of the demo world whose app has a callback.
pub async fn with_callback() -> (Client, Callback) {
    let client = Client::demo().await;
    let callback = Callback::start().await;
    client
        .sim
        .set_callback(&callback.url, VERIFY_TOKEN)
        .await
        .unwrap();
    (client, callback)
}

/// A client. In a build of the whole workspace, reqwest has TLS but no cryptography of its own choice: it has to be given one, though
/// nothing here speaks TLS.
pub fn client_builder() -> reqwest::ClientBuilder {
    // Only the first one counts; the others are told so.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
}
