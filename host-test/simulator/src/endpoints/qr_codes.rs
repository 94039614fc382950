//! `message_qrdls`: QR codes and short links with a text.

use serde_json::{Value, json};

use super::number;
use super::waba::asked_fields;
use crate::fields;
use crate::graph_error::GraphError;
use crate::paging;
use crate::reply::Reply;
use crate::router::Call;
use crate::world::QrCode;

const NODE_TYPE: &str = "WhatsAppBusinessQRDL";

const DEFAULT_FIELDS: &str = "code,prefilled_message,deep_link_url";

/// Code points of the text, and codes of a number (QR codes page).
const MESSAGE_CHARACTERS: usize = 140;
const CODES: usize = 2000;

static FORMATS: &[&str] = &["PNG", "SVG"];

/// `POST /{phone-number-id}/message_qrdls`: a new code, or with `code` another text for one that is there.
pub(crate) fn save(call: &mut Call) -> Result<Reply, GraphError> {
    let text = call.request.text("prefilled_message");
    let text = text.ok_or_else(|| GraphError::required("prefilled_message"))?;
    if !(1..=MESSAGE_CHARACTERS).contains(&text.chars().count()) {
        return Err(GraphError::param(format_args!(
            "Param prefilled_message must be 1 to {MESSAGE_CHARACTERS} characters long."
        )));
    }
    let format = call.request.text("generate_qr_image");
    if let Some(format) = &format
        && !FORMATS.contains(&format.as_str())
    {
        return Err(GraphError::one_of("generate_qr_image", FORMATS, format));
    }
    let (code, created_at) = (call.world.ids.code(), call.now_ms / 1000);
    let saved = match call.request.text("code") {
        Some(code) => {
            let known = find(call, &code)?;
            known.prefilled_message = text;
            known.clone()
        }
        None => {
            let number = number::of(call)?;
            if number.qr_codes.len() >= CODES {
                return Err(GraphError::param(format_args!(
                    "A phone number can have at most {CODES} QR codes."
                )));
            }
            let new = QrCode {
                code,
                prefilled_message: text,
                created_at,
            };
            number.qr_codes.push(new.clone());
            new
        }
    };
    let image = if format.is_some() {
        ",qr_image_url"
    } else {
        ""
    };
    let node = saved.graph_fields(format.as_deref().unwrap_or("PNG"));
    let asked = fields::parse(&format!("{DEFAULT_FIELDS}{image}"));
    fields::select(&node, &asked, NODE_TYPE).map(|chosen| Reply::graph(&chosen))
}

fn find<'a>(call: &'a mut Call, code: &str) -> Result<&'a mut QrCode, GraphError> {
    let missing = GraphError::unknown_object(&call.request.method, code);
    let codes = &mut number::of(call)?.qr_codes;
    codes
        .iter_mut()
        .find(|known| known.code == code)
        .ok_or(missing)
}

/// The code that the path ends with.
fn named(call: &Call) -> String {
    call.request.segments.get(2).cloned().unwrap_or_default()
}

/// `GET /{phone-number-id}/message_qrdls`, all or the one of `code`.
pub(crate) fn list(call: &mut Call) -> Result<Reply, GraphError> {
    let wanted = call.request.query("code").map(str::to_owned);
    let all = number::of(call)?.qr_codes.clone();
    let codes: Vec<QrCode> = all
        .into_iter()
        .filter(|known| wanted.as_ref().is_none_or(|code| *code == known.code))
        .collect();
    answer(call, &codes)
}

/// `GET /{phone-number-id}/message_qrdls/{code}`: a list of one.
pub(crate) fn show(call: &mut Call) -> Result<Reply, GraphError> {
    let code = named(call);
    let found = find(call, &code)?.clone();
    answer(call, &[found])
}

fn answer(call: &Call, codes: &[QrCode]) -> Result<Reply, GraphError> {
    // `qr_image_url.format(SVG)` chooses the format of the image.
    let fields = call.request.query("fields").unwrap_or_default();
    let format = if fields.contains("format(SVG)") {
        "SVG"
    } else {
        "PNG"
    };
    let nodes = codes.iter().map(|code| code.graph_fields(format)).collect();
    let mut page = paging::page(nodes, call.request, &call.base_url, &call.token.value)?;
    let asked = asked_fields(call, DEFAULT_FIELDS);
    let shown = page["data"].as_array().cloned().unwrap_or_default();
    let chosen: Result<Vec<Value>, _> = shown
        .iter()
        .map(|node| fields::select(node, &asked, NODE_TYPE))
        .collect();
    page["data"] = json!(chosen?);
    Ok(Reply::graph(&page))
}

/// `DELETE /{phone-number-id}/message_qrdls/{code}`.
pub(crate) fn delete(call: &mut Call) -> Result<Reply, GraphError> {
    let code = named(call);
    find(call, &code)?;
    number::of(call)?
        .qr_codes
        .retain(|known| known.code != code);
    Ok(Reply::success())
}
