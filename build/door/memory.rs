use crate::door::{self, Block, Memory};
use crate::graph::transport::HostTransport;
use crate::prelude::*;
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

/// Runs the action with this number.
fn call(index: usize, arguments: u32) -> u32 {
    let result = door::typed(&HostTransport, index, &mut Own, arguments);
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

/// Frees a result of [`call`].
fn free(result: u32) {
    unsafe {
        let start = (result as *mut u8).sub(HEAD);
        dealloc(start, layout(*start.cast::<usize>(), 8));
    }
}
