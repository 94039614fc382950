//! What a WebAssembly module without the standard library has to bring along.

use core::panic::PanicInfo;

/// The allocator of the standard library's own wasm32 target.
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

/// A panic is a bug of the connector; the host sees a trap.
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
