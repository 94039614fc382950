use crate::door::{self, Block, Lowered, Memory};
use crate::graph::transport::HostTransport;
use crate::prelude::*;
use crate::{plugin, webhooks};
use alloc::alloc::{alloc, dealloc, handle_alloc_error};
use core::alloc::Layout;

/// Before a result stands its size, so that it can be freed.
const HEAD: usize = 8;

/// The component's own memory. What the host hands over was allocated by `cabi_realloc` and belongs to the function that is called.
struct Own;

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
            unsafe { dealloc(at as *mut u8, layout(block.size as usize, block.align as usize)) }
        }
    }
}

fn layout(size: usize, align: usize) -> Layout {
    unsafe { Layout::from_size_align_unchecked(size, align) }
}

/// A text that was handed over.
fn text(at: u32, length: u32) -> String {
    Own.take_text(at, length)
}

/// A list of texts that was handed over. A list of pairs of texts is one with twice as many.
fn texts(at: u32, count: u32) -> Vec<String> {
    let word = |at: u32| u32::from_le_bytes(Own.read(at));
    let mut list = Vec::new();
    for index in 0..count {
        list.push(text(word(at + 8 * index), word(at + 8 * index + 4)));
    }
    Own.free(at, Block { size: 8 * count, align: 4 });
    list
}

/// Runs the action with this number.
fn call(index: usize, arguments: u32) -> u32 {
    keep(door::typed(&HostTransport, index, &mut Own, arguments))
}

/// Puts a result where the host reads it.
fn keep(result: Lowered) -> u32 {
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
fn free(result: u32) {
    unsafe {
        let start = (result as *mut u8).sub(HEAD);
        dealloc(start, layout(*start.cast::<usize>(), 8));
    }
}

#[unsafe(export_name = "whatsapp:connector/webhooks@VERSION#handle")]
extern "C" fn handle(
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
) -> u32 {
    let request = webhooks::Request {
        method: text(method, method_length),
        query: text(query, query_length),
        headers: texts(headers, 2 * headers_length),
        body: text(body, body_length),
    };
    let verify_token = text(token, token_length);
    // The first case holds the app secrets, the second one nothing.
    let app_secrets = match signature {
        0 => Some(texts(secrets, secrets_length)),
        _ => None,
    };
    keep(webhooks::handle(&request, &verify_token, app_secrets))
}

#[unsafe(export_name = "whatsapp:connector/webhooks@VERSION#parse")]
extern "C" fn parse(body: u32, length: u32) -> u32 {
    keep(webhooks::parse(&text(body, length)))
}

#[unsafe(export_name = "whatsapp:connector/plugin@VERSION#describe")]
extern "C" fn describe() -> u32 {
    let mut result = Lowered::default();
    let at = result.room(Block { size: 8, align: 4 });
    result.text(at, &plugin::describe());
    keep(result)
}

#[unsafe(export_name = "whatsapp:connector/plugin@VERSION#invoke")]
extern "C" fn invoke(
    action: u32,
    action_length: u32,
    connection: u32,
    connection_length: u32,
    input: u32,
    input_length: u32,
) -> u32 {
    let (action, connection) = (text(action, action_length), text(connection, connection_length));
    let input = text(input, input_length);
    let result = plugin::invoke(&HostTransport, &action, &connection, &input);
    keep(door::text_result(result))
}

#[unsafe(export_name = "cabi_post_whatsapp:connector/webhooks@VERSION#handle")]
extern "C" fn free_handle(result: u32) {
    free(result)
}

#[unsafe(export_name = "cabi_post_whatsapp:connector/webhooks@VERSION#parse")]
extern "C" fn free_parse(result: u32) {
    free(result)
}

#[unsafe(export_name = "cabi_post_whatsapp:connector/plugin@VERSION#describe")]
extern "C" fn free_describe(result: u32) {
    free(result)
}

#[unsafe(export_name = "cabi_post_whatsapp:connector/plugin@VERSION#invoke")]
extern "C" fn free_invoke(result: u32) {
    free(result)
}
