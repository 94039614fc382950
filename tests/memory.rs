//! The component's unsafe code (`build/door/memory.rs`) outside the component: what a host does by the canonical ABI is done here by hand, and Miri
//! looks on. An address has 32 bits, so it runs on no other machine than one of 32 bits, which Miri is; on others it is compiled and no more:
//!
//! `cargo +nightly miri test --target i686-unknown-linux-gnu --test memory`

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    unsafe_code,
    reason = "a test ends by panicking; memory is what it is about"
)]

extern crate alloc;

use door::{Kind, Memory, Record, Type};
use memory::{Own, free, keep};
use serde_json::{Value, json};
use std::alloc::{Layout, alloc_zeroed};
use whatsapp_connector::contract::tables::{CONNECTION, SIGNATURES, SUBSCRIPTION};
use whatsapp_connector::contract::whatsapp::connector::http::{
    Content, Failure, Request, Response,
};
use whatsapp_connector::graph::transport::Transport;
use whatsapp_connector::{door, triggers, webhooks};

#[path = "../build/door/memory.rs"]
#[allow(dead_code, reason = "what only the component calls")]
#[rustfmt::skip]
mod memory;

/// What the crate's own has of the standard library.
mod prelude {
    pub use std::{string::String, vec::Vec};
}

// The exported functions, as a host calls them. The build puts the number of the version into their names.
unsafe extern "C" {
    #[link_name = "whatsapp:connector/webhooks@VERSION#parse"]
    safe fn parse(body: u32, length: u32) -> u32;
    #[link_name = "whatsapp:connector/webhooks@VERSION#handle"]
    safe fn handle(
        method: u32,
        method_length: u32,
        query: u32,
        query_length: u32,
        headers: u32,
        headers_length: u32,
        body: u32,
        body_length: u32,
        token: u32,
        token_length: u32,
        signature: u32,
        secrets: u32,
        secrets_length: u32,
    ) -> u32;
    #[link_name = "whatsapp:connector/webhooks@VERSION#match-events"]
    safe fn match_events(events: u32, length: u32, subscriptions: u32, count: u32) -> u32;
    #[link_name = "cabi_post_whatsapp:connector/webhooks@VERSION#parse"]
    safe fn free_parse(result: u32);
}

/// Room for a call's memory. No bytes are no room: the canonical ABI asks for none.
fn room(size: u32, align: u8) -> u32 {
    if size == 0 {
        return align.into();
    }
    let layout = Layout::from_size_align(size as usize, align.into()).unwrap();
    unsafe { alloc_zeroed(layout) as usize as u32 }
}

fn put(at: u32, bytes: &[u8]) {
    unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), at as *mut u8, bytes.len()) }
}

/// A text that changes hands.
fn text(text: &str) -> [u32; 2] {
    let at = room(text.len() as u32, 1);
    put(at, text.as_bytes());
    [at, text.len() as u32]
}

fn put_words(at: u32, words: [u32; 2]) {
    put(at, &words[0].to_le_bytes());
    put(at + 4, &words[1].to_le_bytes());
}

/// A list of texts, or of pairs of texts.
fn texts(list: &[&str]) -> u32 {
    let at = room(8 * list.len() as u32, 4);
    for (index, one) in list.iter().enumerate() {
        put_words(at + 8 * index as u32, text(one));
    }
    at
}

fn lower_record(at: u32, record: Record, value: &Value) {
    for field in record.fields() {
        let at = at + u32::from(field.at);
        match field.inline() {
            Some(inner) => lower_record(at, inner, value),
            None => lower(at, field.ty, &value[field.name()]),
        }
    }
}

fn lower(at: u32, ty: Type, value: &Value) {
    match ty.kind() {
        Kind::Text { .. } => put_words(at, text(value.as_str().unwrap())),
        Kind::Json => put_words(at, text(&value.to_string())),
        Kind::Flag => put(at, &[value.as_bool().unwrap().into()]),
        Kind::Whole(width) => {
            let bytes = value.as_i64().unwrap().to_le_bytes();
            put(at, &bytes[..usize::from(width.bytes())]);
        }
        Kind::Number => put(at, &value.as_f64().unwrap().to_le_bytes()),
        Kind::Optional(_) if value.is_null() => {}
        Kind::Optional(inner) => {
            put(at, &[1]);
            lower(at + u32::from(inner.block().align), inner, value);
        }
        Kind::List { item, .. } => {
            let (block, items) = (item.block(), value.as_array().unwrap());
            let start = room(block.size * items.len() as u32, block.align);
            put_words(at, [start, items.len() as u32]);
            for (index, value) in items.iter().enumerate() {
                lower(start + index as u32 * block.size, item, value);
            }
        }
        Kind::Record(record) => lower_record(at, record, value),
        Kind::Choice(names) => put(
            at,
            &[names.position(value.as_str().unwrap()).unwrap() as u8],
        ),
        Kind::Open(_) | Kind::Variant(_) => panic!("no input has one"),
    }
}

/// Reads every byte of a text in a result.
fn said(at: u32) -> String {
    let [start, length] = [at, at + 4].map(|at| u32::from_le_bytes(Own.read(at)));
    let bytes = unsafe { std::slice::from_raw_parts(start as *const u8, length as usize) };
    std::str::from_utf8(bytes).unwrap().to_owned()
}

fn word(at: u32) -> u32 {
    u32::from_le_bytes(Own.read(at))
}

struct Network;

impl Transport for Network {
    fn send(&self, request: &Request) -> Result<Response, Failure> {
        assert!(request.url.starts_with("https://graph.facebook.com/"));
        Ok(Response {
            status: 200,
            headers: Vec::new(),
            body: Content::Text(
                r#"{"messages":[{"id":"wamid.A"}],"contacts":[{"input":"1","wa_id":"2"}]}"#
                    .to_owned(),
            ),
        })
    }
}

#[test]
#[cfg_attr(
    not(target_pointer_width = "32"),
    ignore = "addresses have 32 bits here: run it under Miri"
)]
fn an_action_frees_what_it_is_given_and_its_result_is_freed() {
    let header = json!({"image": {"id": "1"}});
    let to = "+16505551234";
    let buttons = json!([{"id": "1", "title": "a"}, {"id": "2", "title": "b"}]);
    let body = json!([{"text": "x"}, {"text": "y"}]);
    for (action, input, is_error) in [
        (
            "send-text",
            json!({"to": to, "body": "é", "preview_url": true, "attempt": 2}),
            0,
        ),
        (
            "send-location",
            json!({"to": to, "latitude": 1.5, "longitude": -7, "address": null}),
            0,
        ),
        (
            "send-buttons",
            json!({"to": to, "body": "b", "header": header, "buttons": buttons}),
            0,
        ),
        (
            "send-template",
            json!({"to": to, "name": "n", "language": "en", "header": header, "body": body}),
            0,
        ),
        // Refused: it is freed all the same.
        (
            "send-buttons",
            json!({"to": to, "body": "", "buttons": buttons}),
            1,
        ),
    ] {
        let index = door::index_of(action).unwrap();
        let signature = &SIGNATURES[index];
        let block = signature.arguments();
        let at = room(block.size, block.align);
        lower_record(
            at,
            CONNECTION,
            &json!({"phone_number_id": "106540352242922"}),
        );
        lower_record(at + u32::from(signature.input_at), signature.input, &input);
        let result = keep(door::typed(&Network, index, &mut Own, at));
        assert_eq!(Own.read::<1>(result), [is_error], "{action}");
        if is_error == 0 {
            let id = signature.output.field("message_id").unwrap();
            assert_eq!(said(result + 8 + u32::from(id.at)), "wamid.A");
        } else {
            // Behind the case of the error stands the fault, which begins with its message.
            assert_eq!(
                said(result + 16),
                "body: expected some text, got an empty one"
            );
        }
        free(result);
    }
}

const DELIVERY: &str = r#"{"entry":[{"id":"1","changes":[{"field":"messages","value":{"messages":[
    {"id":"a","type":"text","text":{"body":"Hi"}},{"id":"b","type":"of_tomorrow"}]}}]}]}"#;

#[test]
#[cfg_attr(
    not(target_pointer_width = "32"),
    ignore = "addresses have 32 bits here: run it under Miri"
)]
fn a_delivery_is_parsed_and_its_events_are_freed() {
    for (body, is_error) in [(DELIVERY, 0), ("{", 1), ("", 1)] {
        let [at, length] = text(body);
        let result = parse(at, length);
        assert_eq!(Own.read::<1>(result), [is_error]);
        if is_error == 0 {
            assert_eq!(word(result + 12), 2);
            // The first field of an event is the envelope, and the first of that the key.
            assert_eq!(said(word(result + 8)), "message:a");
        }
        free_parse(result);
    }
}

#[test]
#[cfg_attr(
    not(target_pointer_width = "32"),
    ignore = "addresses have 32 bits here: run it under Miri"
)]
fn a_request_is_answered_with_and_without_headers_and_secrets() {
    for (headers, secrets, case, status) in [
        (
            &["a", "b", "x-hub-signature-256", ""][..],
            &["secret", ""][..],
            0,
            401_u16,
        ),
        (&[], &[], 1, 200),
    ] {
        let [method, query, body, token] = ["POST", "", DELIVERY, "token"].map(text);
        let list = if case == 0 {
            [texts(secrets), secrets.len() as u32]
        } else {
            [0, 0]
        };
        let result = handle(
            method[0],
            method[1],
            query[0],
            query[1],
            texts(headers),
            headers.len() as u32 / 2,
            body[0],
            body[1],
            token[0],
            token[1],
            case,
            list[0],
            list[1],
        );
        assert_eq!(u16::from_le_bytes(Own.read(result)), status);
        free(result);
    }
}

#[test]
#[cfg_attr(
    not(target_pointer_width = "32"),
    ignore = "addresses have 32 bits here: run it under Miri"
)]
fn subscriptions_are_read_and_freed() {
    let events = Value::from(webhooks::events(DELIVERY)).to_string();
    let block = SUBSCRIPTION.block();
    let given = [
        json!({"id": "A", "trigger": "new-message", "business_account_id": "1", "filter": {"senders": ["2"]}}),
        json!({"id": "B", "trigger": "any-event", "business_account_id": "1"}),
        json!({"id": "", "trigger": "none", "business_account_id": ""}),
    ];
    let start = room(block.size * 3, block.align);
    for (index, subscription) in given.iter().enumerate() {
        lower_record(
            start + index as u32 * block.size,
            SUBSCRIPTION,
            subscription,
        );
    }
    let [at, length] = text(&events);
    let result = match_events(at, length, start, 3);
    assert_eq!(Own.read::<1>(result), [0]);
    assert_eq!(word(result + 12), 2, "B gets both events");
    free(result);
}
