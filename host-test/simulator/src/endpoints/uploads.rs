//! The Resumable Upload API: a session of the app, its bytes, and the handle that comes out.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::{Method, header};
use serde_json::json;

use crate::graph_error::GraphError;
use crate::reply::Reply;
use crate::request::GraphRequest;
use crate::router::Call;
use crate::world::{Token, Upload, World};

/// What the path of a session starts with.
pub(crate) const SESSION: &str = "upload:";

/// MIME types that can be uploaded (Resumable Upload page).
static TYPES: &[&str] = &[
    "application/pdf",
    "image/jpeg",
    "image/jpg",
    "image/png",
    "video/mp4",
];

/// Seconds a handle can be used. Meta names no time; handles carry an expiry about a month ahead.
const HANDLE_SECONDS: u64 = 30 * 24 * 60 * 60;

/// `POST /{app-id}/uploads` with `file_length`, `file_type` and perhaps `file_name`.
pub(crate) fn start(call: &mut Call) -> Result<Reply, GraphError> {
    let text = |name| {
        call.request
            .text(name)
            .ok_or_else(|| GraphError::required(name))
    };
    let file_length: u64 = text("file_length")?
        .parse()
        .ok()
        .filter(|length| *length > 0)
        .ok_or_else(|| GraphError::param("Param file_length must be a positive integer"))?;
    let file_type = text("file_type")?.to_ascii_lowercase();
    if !TYPES.contains(&file_type.as_str()) {
        return Err(GraphError::one_of("file_type", TYPES, &file_type));
    }
    let name = format!("1:attachment:{}", call.world.ids.opaque());
    let upload = Upload {
        id: format!("{SESSION}{}", URL_SAFE_NO_PAD.encode(name)),
        signature: format!("ARZ{}", call.world.ids.opaque()),
        file_type,
        file_length,
        received: 0,
        handle: None,
    };
    let id = format!("{}?sig={}", upload.id, upload.signature);
    call.world.uploads.push(upload);
    Ok(Reply::graph(&json!({ "id": id })))
}

/// `POST /upload:…` with the bytes and `file_offset` as a header; `GET` tells how many arrived.
pub(crate) fn session(
    world: &mut World,
    request: &GraphRequest,
    token: &Token,
    now_ms: u64,
) -> Result<Reply, GraphError> {
    let path = request.segments.first().map_or("", String::as_str);
    // Clients that encode the id as one segment send its signature with it.
    let (id, encoded) = path.split_once('?').unwrap_or((path, ""));
    let signature = encoded
        .strip_prefix("sig=")
        .or_else(|| request.query("sig"));
    let unknown = || GraphError::unknown_object(&request.method, id);
    if request.header(header::AUTHORIZATION.as_str()).is_empty() {
        return Err(GraphError::core(
            104,
            "The access token has to be in the Authorization header of an upload.",
        ));
    }
    let at = world
        .uploads
        .iter()
        .position(|upload| upload.id == id && Some(upload.signature.as_str()) == signature)
        .ok_or_else(unknown)?;
    if request.method == Method::POST {
        receive(world, at, request, token, now_ms / 1000)?;
    } else if request.method != Method::GET {
        return Err(unknown());
    }
    let upload = world.uploads.get(at).ok_or_else(unknown)?;
    Ok(Reply::graph(&match &upload.handle {
        Some(handle) if request.method == Method::POST => json!({ "h": handle }),
        _ => json!({"id": upload.id, "file_offset": upload.received}),
    }))
}

fn receive(
    world: &mut World,
    at: usize,
    request: &GraphRequest,
    token: &Token,
    now: u64,
) -> Result<(), GraphError> {
    let secret = world.ids.opaque();
    let app_id = world.app.id.clone();
    let Some(upload) = world.uploads.get_mut(at) else {
        return Ok(());
    };
    let offset = request.header("file_offset");
    if offset.parse() != Ok(upload.received) {
        return Err(GraphError::param(format_args!(
            "The header file_offset must be {}, the number of bytes that arrived - got \"{offset}\".",
            upload.received
        )));
    }
    let received = upload.received + request.raw_body.len() as u64;
    if received > upload.file_length {
        return Err(GraphError::param(format_args!(
            "The file has {received} bytes, but its file_length was {}.",
            upload.file_length
        )));
    }
    upload.received = received;
    if received == upload.file_length {
        upload.handle = Some(format!(
            "4::{}:AR{secret}:e:{}:{app_id}:{}:AR{}",
            STANDARD.encode(&upload.file_type),
            now + HANDLE_SECONDS,
            token.user_id,
            secret.chars().rev().collect::<String>(),
        ));
    }
    Ok(())
}
