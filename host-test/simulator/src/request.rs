//! An incoming request, read and taken apart the way Graph does it.

use bytes::Bytes;
use http::{HeaderMap, Method, header};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use serde_json::{Map, Value};

/// Bytes accepted in one request: the largest file (documents, 100 MB) and its multipart frame.
const BODY_LIMIT: usize = 110 * 1024 * 1024;

/// One request.
#[derive(Debug)]
pub(crate) struct GraphRequest {
    pub method: Method,
    /// Path as it came, with the version.
    pub path: String,
    /// `v25.0`; `None` when the path had no version.
    pub version: Option<String>,
    /// The path after the version.
    pub segments: Vec<String>,
    pub query: Vec<(String, String)>,
    pub headers: HeaderMap,
    /// Body parameters by name, from JSON, a form or multipart.
    pub params: Map<String, Value>,
    /// Why the body could not be read as what its Content-Type says.
    pub body_error: Option<String>,
    pub files: Vec<FilePart>,
    pub raw_body: Bytes,
    /// How the callback named in the request answered its verification; filled in before the request is handled.
    pub callback_check: Option<Result<(), String>>,
}

/// A file of a multipart body.
#[derive(Debug)]
pub(crate) struct FilePart {
    pub name: String,
    pub filename: Option<String>,
    /// The part's own Content-Type.
    pub content_type: Option<String>,
    pub bytes: Bytes,
}

impl GraphRequest {
    pub(crate) async fn read(request: http::Request<Incoming>) -> Self {
        let (parts, body) = request.into_parts();
        let path = parts.uri.path().to_owned();
        let mut segments: Vec<String> = path
            .split('/')
            .filter(|segment| !segment.is_empty())
            .map(decode)
            .collect();
        let version = segments.first().filter(|first| is_version(first)).cloned();
        if version.is_some() {
            segments.remove(0);
        }
        let query = parts.uri.query().unwrap_or_default();
        let mut request = Self {
            method: parts.method,
            path,
            version,
            segments,
            query: form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
            headers: parts.headers,
            params: Map::new(),
            body_error: None,
            files: Vec::new(),
            raw_body: Bytes::new(),
            callback_check: None,
        };
        match Limited::new(body, BODY_LIMIT).collect().await {
            Ok(body) => request.raw_body = body.to_bytes(),
            Err(error) => request.body_error = Some(format!("the body could not be read: {error}")),
        }
        request.read_params().await;
        request
    }

    async fn read_params(&mut self) {
        let starts = |text: &str| {
            self.segments
                .first()
                .is_some_and(|first| first.starts_with(text))
        };
        // The body of an upload is the file, whatever its Content-Type says.
        if self.raw_body.is_empty() || starts(crate::endpoints::uploads::SESSION) {
            return;
        }
        let content_type = self.header(header::CONTENT_TYPE.as_str()).to_owned();
        let mime = content_type
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        // The control interface takes JSON under every name, also what `curl -d` calls a form.
        let control = self
            .segments
            .first()
            .is_some_and(|first| first == crate::control::PREFIX);
        match if control {
            "application/json"
        } else {
            mime.as_str()
        } {
            "multipart/form-data" => self.read_multipart(&content_type).await,
            "application/x-www-form-urlencoded" => {
                self.params = form_urlencoded::parse(&self.raw_body)
                    .into_owned()
                    .map(|(name, text)| (name, form_value(text)))
                    .collect();
            }
            "application/json" => match serde_json::from_slice(&self.raw_body) {
                Ok(Value::Object(params)) => self.params = params,
                Ok(_) => self.body_error = Some("the body is JSON but not an object".into()),
                Err(error) => self.body_error = Some(format!("the body is not JSON: {error}")),
            },
            // Meta guesses nothing: such a body counts as none.
            _ => {
                self.body_error = Some(format!(
                    "there is a body, but its Content-Type is `{mime}`; expected application/json, multipart/form-data or application/x-www-form-urlencoded"
                ));
            }
        }
    }

    async fn read_multipart(&mut self, content_type: &str) {
        let read = async {
            let boundary = multer::parse_boundary(content_type)?;
            let body = self.raw_body.clone();
            let stream = futures_util::stream::once(async move { Ok::<_, std::io::Error>(body) });
            let mut multipart = multer::Multipart::new(stream, boundary);
            let mut params = Map::new();
            let mut files = Vec::new();
            while let Some(field) = multipart.next_field().await? {
                let name = field.name().unwrap_or_default().to_owned();
                let filename = field.file_name().map(str::to_owned);
                let content_type = field.content_type().map(ToString::to_string);
                let bytes = field.bytes().await?;
                if filename.is_some() || name == "file" {
                    files.push(FilePart {
                        name,
                        filename,
                        content_type,
                        bytes,
                    });
                } else {
                    params.insert(
                        name,
                        form_value(String::from_utf8_lossy(&bytes).into_owned()),
                    );
                }
            }
            Ok::<_, multer::Error>((params, files))
        };
        match read.await {
            Ok((params, files)) => (self.params, self.files) = (params, files),
            Err(error) => {
                self.body_error = Some(format!("the body is not multipart/form-data: {error}"))
            }
        }
    }

    /// A header's text; empty when absent.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// A query parameter; Graph ignores the ones it does not know.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, text)| text.as_str())
    }

    /// A parameter as text, from the body or else from the query.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.params
            .get(name)
            .and_then(scalar_text)
            .or_else(|| self.query(name).map(str::to_owned))
    }

    /// The access token, from wherever Graph accepts it.
    pub(crate) fn access_token(&self) -> Option<String> {
        let authorization = self.header(header::AUTHORIZATION.as_str());
        let bearer = authorization.split_once(' ').and_then(|(scheme, token)| {
            let known = ["bearer", "oauth"]
                .iter()
                .any(|s| scheme.eq_ignore_ascii_case(s));
            known.then(|| token.trim().to_owned())
        });
        bearer
            .or_else(|| self.text("access_token"))
            .filter(|token| !token.is_empty())
    }

    /// Scheme and authority under which the client reaches us.
    pub(crate) fn base_url(&self, fallback: &str) -> String {
        match self.header(header::HOST.as_str()) {
            "" => fallback.to_owned(),
            host => format!("http://{host}"),
        }
    }
}

/// Text of a string or number: several clients send phone numbers as JSON numbers, and Graph takes them.
pub(crate) fn scalar_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// In forms, objects and arrays are JSON texts.
fn form_value(text: String) -> Value {
    if text.starts_with(['{', '['])
        && let Ok(value) = serde_json::from_str(&text)
    {
        return value;
    }
    Value::String(text)
}

fn is_version(segment: &str) -> bool {
    segment
        .strip_prefix('v')
        .and_then(|rest| rest.split_once('.'))
        .is_some_and(|(major, minor)| major.parse::<u16>().is_ok() && minor.parse::<u16>().is_ok())
}

/// Percent-decoding of one path segment.
fn decode(segment: &str) -> String {
    // The form decoder gives these a meaning that they do not have in a path.
    let escaped = segment
        .replace('+', "%2B")
        .replace('=', "%3D")
        .replace('&', "%26");
    form_urlencoded::parse(escaped.as_bytes())
        .next()
        .map_or_else(String::new, |(name, _)| name.into_owned())
}
