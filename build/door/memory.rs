use crate::door::{Block, Lowered, Memory};
use crate::prelude::*;
use crate::{triggers, webhooks};
use alloc::alloc::{alloc, dealloc, handle_alloc_error};
use core::alloc::Layout;

/// Before a result stands its size, so that it can be freed.
const HEAD: usize = 8;

/// The component's own memory. What the host hands over was allocated by `cabi_realloc` and belongs to the function that is called.
pub struct Own;

impl Memory for Own {
    fn read<const N: usize>(&self, at: u32) -> [u8; N] {
        unsafe { *(at as *const [u8; N]) }
    }

    fn take_text(&mut self, at: u32, length: u32) -> String {
        if length == 0 {
            return String::new();
        }
        unsafe { String::from_raw_parts(at as *mut u8, length as usize, length as usize) }
    }

    fn free(&mut self, at: u32, block: Block) {
        if block.size > 0 {
            unsafe {
                dealloc(
                    at as *mut u8,
                    layout(block.size as usize, block.align as usize),
                )
            }
        }
    }
}

fn layout(size: usize, align: usize) -> Layout {
    unsafe { Layout::from_size_align_unchecked(size, align) }
}

/// A text that was handed over.
pub fn text(at: u32, length: u32) -> String {
    Own.take_text(at, length)
}

/// A list of texts that was handed over. A list of pairs of texts is one with twice as many.
fn texts(at: u32, count: u32) -> Vec<String> {
    let word = |at: u32| u32::from_le_bytes(Own.read(at));
    let mut list = Vec::new();
    for index in 0..count {
        list.push(text(word(at + 8 * index), word(at + 8 * index + 4)));
    }
    Own.free(
        at,
        Block {
            size: 8 * count,
            align: 4,
        },
    );
    list
}

/// Puts a result where the host reads it.
pub fn keep(result: Lowered) -> u32 {
    let bytes = result.bytes;
    let whole = layout(HEAD + bytes.len(), 8);
    unsafe {
        let start = alloc(whole);
        if start.is_null() {
            handle_alloc_error(whole);
        }
        let payload = start.add(HEAD);
        *start.cast::<usize>() = whole.size();
        core::ptr::copy_nonoverlapping(bytes.as_ptr(), payload, bytes.len());
        for at in result.pointers {
            let pointer = payload.add(at as usize).cast::<u32>();
            *pointer += payload as u32;
        }
        payload as u32
    }
}

/// Frees a result of [`keep`].
pub fn free(result: u32) {
    unsafe {
        let start = (result as *mut u8).sub(HEAD);
        dealloc(start, layout(*start.cast::<usize>(), 8));
    }
}

/// What `handle` and `handle-json` take, in the order of the canonical ABI: the request, and what it is checked against.
type Exchange = [u32; 13];

fn exchange(arguments: Exchange) -> (webhooks::Request, String, Option<Vec<String>>) {
    let [
        method,
        method_length,
        query,
        query_length,
        headers,
        headers_length,
        body,
        body_length,
        token,
        token_length,
        signature,
        secrets,
        secrets_length,
    ] = arguments;
    let request = webhooks::Request {
        method: text(method, method_length),
        query: text(query, query_length),
        headers: texts(headers, 2 * headers_length),
        body: text(body, body_length),
    };
    // The first case holds the app secrets, the second one nothing.
    let app_secrets = match signature {
        0 => Some(texts(secrets, secrets_length)),
        _ => None,
    };
    (request, text(token, token_length), app_secrets)
}

/// An exported function with the thirteen arguments of an exchange.
macro_rules! exchange {
    ($export:literal, $name:ident, $run:path) => {
        #[unsafe(export_name = $export)]
        extern "C" fn $name(
            a: u32,
            b: u32,
            c: u32,
            d: u32,
            e: u32,
            f: u32,
            g: u32,
            h: u32,
            i: u32,
            j: u32,
            k: u32,
            l: u32,
            m: u32,
        ) -> u32 {
            let (request, token, secrets) = exchange([a, b, c, d, e, f, g, h, i, j, k, l, m]);
            keep($run(&request, &token, secrets))
        }
    };
}

exchange!(
    "whatsapp:connector/webhooks@VERSION#handle",
    handle,
    webhooks::handle
);
exchange!(
    "whatsapp:connector/webhooks@VERSION#handle-json",
    handle_json,
    webhooks::handle_json
);

#[unsafe(export_name = "whatsapp:connector/webhooks@VERSION#parse")]
extern "C" fn parse(body: u32, length: u32) -> u32 {
    keep(webhooks::parse(&text(body, length)))
}

#[unsafe(export_name = "whatsapp:connector/webhooks@VERSION#describe-triggers")]
extern "C" fn describe_triggers() -> u32 {
    keep(Lowered::of_text(&triggers::describe()))
}

#[unsafe(export_name = "whatsapp:connector/webhooks@VERSION#match-events")]
extern "C" fn match_events(events: u32, length: u32, subscriptions: u32, count: u32) -> u32 {
    let subscriptions = triggers::subscriptions(&mut Own, subscriptions, count);
    keep(triggers::match_events(
        &text(events, length),
        &subscriptions,
    ))
}

#[unsafe(export_name = "whatsapp:connector/webhooks@VERSION#service-window")]
extern "C" fn service_window(known: u32, last_inbound_at: u64, now: u64) -> u32 {
    keep(webhooks::service_window(
        (known != 0).then_some(last_inbound_at),
        now,
    ))
}

#[unsafe(export_name = "cabi_post_whatsapp:connector/webhooks@VERSION#handle")]
extern "C" fn free_handle(result: u32) {
    free(result)
}

#[unsafe(export_name = "cabi_post_whatsapp:connector/webhooks@VERSION#handle-json")]
extern "C" fn free_handle_json(result: u32) {
    free(result)
}

#[unsafe(export_name = "cabi_post_whatsapp:connector/webhooks@VERSION#parse")]
extern "C" fn free_parse(result: u32) {
    free(result)
}

#[unsafe(export_name = "cabi_post_whatsapp:connector/webhooks@VERSION#describe-triggers")]
extern "C" fn free_describe_triggers(result: u32) {
    free(result)
}

#[unsafe(export_name = "cabi_post_whatsapp:connector/webhooks@VERSION#match-events")]
extern "C" fn free_match_events(result: u32) {
    free(result)
}

#[unsafe(export_name = "cabi_post_whatsapp:connector/webhooks@VERSION#service-window")]
extern "C" fn free_service_window(result: u32) {
    free(result)
}
