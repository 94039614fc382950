//! Cursor paging of edges, with the addresses that Meta writes into `paging`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use crate::graph_error::GraphError;
use crate::request::GraphRequest;

/// Items of a page when `limit` is absent.
const DEFAULT_LIMIT: usize = 25;

/// What Meta's cursors start with; the rest is opaque to clients.
const CURSOR_PREFIX: &str = "QVFIU";

/// The page of `items` that the request asks for.
///
/// `paging.next` and `paging.previous` are absolute addresses with the same query **and the access token as
/// `access_token`**, as Meta writes them; `next` is absent on the last page, and an edge without items has no `paging`.
pub(crate) fn page(
    items: Vec<Value>,
    request: &GraphRequest,
    base_url: &str,
    token: &str,
) -> Result<Value, GraphError> {
    let limit = match request.query("limit") {
        None | Some("") => DEFAULT_LIMIT,
        Some(text) => match text.parse() {
            Ok(limit) if limit > 0 => limit,
            _ => return Err(GraphError::param("Param limit must be a positive integer")),
        },
    };
    let position = |name| -> Result<Option<usize>, GraphError> {
        let Some(cursor) = request.query(name).filter(|cursor| !cursor.is_empty()) else {
            return Ok(None);
        };
        decode(cursor)
            .and_then(|id| items.iter().position(|item| item_id(item) == id))
            .map(Some)
            .ok_or_else(|| GraphError::param("Invalid cursors values provided"))
    };
    let (start, end) = match (position("after")?, position("before")?) {
        (Some(after), _) => (after + 1, after.saturating_add(1).saturating_add(limit)),
        (None, Some(before)) => (before.saturating_sub(limit), before),
        (None, None) => (0, limit),
    };
    let end = end.min(items.len());
    let shown = items.get(start..end).unwrap_or_default();
    let (Some(first), Some(last)) = (shown.first(), shown.last()) else {
        return Ok(json!({"data": []}));
    };
    let (before, after) = (encode(&item_id(first)), encode(&item_id(last)));
    let mut paging = Map::new();
    if end < items.len() {
        paging.insert(
            "next".into(),
            json!(address(request, base_url, token, limit, "after", &after)),
        );
    }
    if start > 0 {
        paging.insert(
            "previous".into(),
            json!(address(request, base_url, token, limit, "before", &before)),
        );
    }
    paging.insert("cursors".into(), json!({"before": before, "after": after}));
    Ok(json!({"data": shown, "paging": paging}))
}

fn address(
    request: &GraphRequest,
    base_url: &str,
    token: &str,
    limit: usize,
    direction: &str,
    cursor: &str,
) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("access_token", token);
    for (name, text) in &request.query {
        if !["access_token", "after", "before", "limit"].contains(&name.as_str()) {
            query.append_pair(name, text);
        }
    }
    query.append_pair("limit", &limit.to_string());
    query.append_pair(direction, cursor);
    format!("{base_url}{}?{}", request.path, query.finish())
}

/// What tells an item from the others of its edge: blocked users and QR codes have no `id`.
fn item_id(item: &Value) -> String {
    ["id", "code", "wa_id"]
        .iter()
        .find_map(|name| item.get(name)?.as_str())
        .unwrap_or_default()
        .to_owned()
}

fn encode(id: &str) -> String {
    format!("{CURSOR_PREFIX}{}", URL_SAFE_NO_PAD.encode(id))
}

fn decode(cursor: &str) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD
        .decode(cursor.strip_prefix(CURSOR_PREFIX)?)
        .ok()?;
    String::from_utf8(bytes).ok()
}
