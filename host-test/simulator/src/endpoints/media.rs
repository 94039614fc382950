//! Media: upload, address, bytes, delete.

use http::{HeaderMap, StatusCode, header};
use serde_json::json;

use super::number::require_messaging_product;
use crate::graph_error::GraphError;
use crate::reply::Reply;
use crate::request::GraphRequest;
use crate::router::Call;
use crate::world::{Media, MediaContent, UPLOADED_LIFETIME_MS, World};

pub(crate) const NODE_TYPE: &str = "WhatsAppMedia";

/// First path segment of the place the bytes are fetched from (Meta: another host, `lookaside.fbsbx.com`).
pub(crate) const CDN: &str = "media-cdn";

const KB: usize = 1024;
const MB: usize = 1024 * KB;

/// MIME types that can be uploaded, with their largest size in bytes (media page). A static sticker may have 100 KB, an
/// animated one 500 KB; the file is not looked into, so the larger limit counts.
static ACCEPTED: &[(&str, usize)] = &[
    ("audio/aac", 16 * MB),
    ("audio/amr", 16 * MB),
    ("audio/mp4", 16 * MB),
    ("audio/mpeg", 16 * MB),
    ("audio/ogg", 16 * MB),
    ("audio/opus", 16 * MB),
    ("application/msword", 100 * MB),
    ("application/pdf", 100 * MB),
    ("application/vnd.ms-excel", 100 * MB),
    ("application/vnd.ms-powerpoint", 100 * MB),
    (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        100 * MB,
    ),
    (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        100 * MB,
    ),
    (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        100 * MB,
    ),
    ("image/jpeg", 5 * MB),
    ("image/png", 5 * MB),
    ("image/webp", 500 * KB),
    ("text/plain", 100 * MB),
    ("video/3gpp", 16 * MB),
    ("video/mp4", 16 * MB),
];

/// A MIME type without parameters, in lower case.
pub(crate) fn bare_mime(mime: &str) -> String {
    mime.split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

/// `POST /{phone-number-id}/media`.
pub(crate) fn upload(call: &mut Call) -> Result<Reply, GraphError> {
    require_messaging_product(call)?;
    let request = call.request;
    let file = request
        .files
        .iter()
        .find(|file| file.name == "file")
        .ok_or_else(|| GraphError::required("file"))?;
    // The part's own type counts; `type` only stands in when the part has none.
    let mime = file
        .content_type
        .clone()
        .or_else(|| request.text("type"))
        .unwrap_or_else(|| "application/octet-stream".into());
    let bare = bare_mime(&mime);
    let Some((_, limit)) = ACCEPTED.iter().find(|(known, _)| *known == bare) else {
        let list: Vec<_> = ACCEPTED.iter().map(|(known, _)| *known).collect();
        return Err(GraphError::param(format_args!(
            "Param file must be a file with one of the following types: {}. Received file of type '{bare}'.",
            list.join(", ")
        )));
    };
    if file.bytes.is_empty() {
        return Err(GraphError::with_details(131_053, "The file is empty."));
    }
    if file.bytes.len() > *limit {
        return Err(GraphError::with_details(
            131_053,
            format!(
                "File size {} is larger than the maximum of {limit} bytes for {bare}.",
                file.bytes.len()
            ),
        ));
    }
    let id = call.world.ids.numeric();
    let mut media = Media::new(
        &id,
        call.node,
        mime,
        MediaContent::Bytes(file.bytes.clone()),
    );
    media.filename.clone_from(&file.filename);
    media.expires_at_ms = call.now_ms.saturating_add(UPLOADED_LIFETIME_MS);
    call.world.add_media(media);
    Ok(Reply::graph(&json!({ "id": id })))
}

/// The media object of a call; with `phone_number_id` only if it was uploaded with that number.
fn find<'a>(call: &'a Call) -> Result<&'a Media, GraphError> {
    let unknown = || GraphError::unknown_object(&call.request.method, call.node);
    let media = call
        .world
        .media
        .iter()
        .find(|media| media.id == call.node)
        .ok_or_else(unknown)?;
    match call.request.query("phone_number_id") {
        Some(owner) if owner != media.phone_number_id => Err(unknown()),
        _ => Ok(media),
    }
}

/// `GET /{media-id}`.
pub(crate) fn show(call: &mut Call) -> Result<Reply, GraphError> {
    let media = find(call)?.clone();
    let url = url(call.world, &call.base_url, &media.id, call.now_ms);
    Ok(Reply::graph(&json!({
        "url": url,
        "mime_type": media.mime_type,
        "sha256": media.sha256_hex,
        "file_size": media.content.len(),
        "id": media.id,
        "messaging_product": "whatsapp",
    })))
}

/// `DELETE /{media-id}`.
pub(crate) fn delete(call: &mut Call) -> Result<Reply, GraphError> {
    let id = find(call)?.id.clone();
    call.world.media.retain(|media| media.id != id);
    Ok(Reply::success())
}

/// A fresh address for the bytes; `ext` is when it stops working, in unix milliseconds.
pub(crate) fn url(world: &mut World, base_url: &str, id: &str, now_ms: u64) -> String {
    let until = now_ms.saturating_add(world.settings.media_url_lifetime_ms);
    let hash = signature(world, id, until);
    format!("{base_url}/{CDN}/whatsapp_business/attachments/?mid={id}&ext={until}&hash={hash}")
}

/// Ties `mid` and `ext` together, so that a client cannot prolong an address.
fn signature(world: &World, id: &str, until: u64) -> String {
    let signed =
        crate::webhooks::signature::sign(&world.app.secret, format!("{id} {until}").as_bytes());
    signed.chars().skip("sha256=".len()).take(32).collect()
}

/// The bytes: needs a valid token and a User-Agent; 404 once the address or the media expired.
pub(crate) fn download(world: &World, request: &GraphRequest, now_ms: u64) -> Reply {
    let plain = |status, text: &'static str| Reply::new(status, "text/plain; charset=UTF-8", text);
    let valid = request.access_token().is_some_and(|value| {
        world
            .tokens
            .iter()
            .any(|token| token.value == value && super::app::token_problem(token, now_ms).is_none())
    });
    if !valid {
        return plain(StatusCode::UNAUTHORIZED, "Authentication Error");
    }
    if request.header(header::USER_AGENT.as_str()).is_empty() {
        return plain(StatusCode::BAD_REQUEST, "Bad Request");
    }
    let until: u64 = request
        .query("ext")
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    let media = request
        .query("mid")
        .filter(|id| request.query("hash") == Some(&signature(world, id, until)))
        .filter(|_| until > now_ms)
        .and_then(|id| world.media.iter().find(|media| media.id == id))
        .filter(|media| media.expires_at_ms > now_ms);
    let Some(media) = media else {
        return plain(StatusCode::NOT_FOUND, "Not Found");
    };
    let mut reply = Reply {
        status: StatusCode::OK,
        headers: HeaderMap::new(),
        body: media.content.clone(),
    };
    reply.set(header::CONTENT_TYPE, &media.mime_type);
    reply.set(header::CACHE_CONTROL, "private, max-age=0");
    let name = media.filename.as_deref().unwrap_or(&media.id);
    reply.set(
        header::CONTENT_DISPOSITION,
        &format!("attachment; filename=\"{}\"", name.replace('"', "")),
    );
    reply
}
