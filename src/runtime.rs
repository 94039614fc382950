//! What a WebAssembly module without the standard library has to bring along.

use core::panic::PanicInfo;
use talc::{
    cell::TalcSyncCell,
    wasm::{WasmBinning, WasmGrowAndClaim},
};

/// The smaller kind of a small allocator: it takes each further piece of memory as a heap of its own, which costs little in a short life.
#[global_allocator]
static ALLOCATOR: TalcSyncCell<WasmGrowAndClaim, WasmBinning> =
    TalcSyncCell::new_wasm(WasmGrowAndClaim);

/// A panic is a bug of the connector; the host sees a trap.
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
