//! The engine and its pool of memories, stacks and tables, which calls use one after the other.

use wasmtime::{
    Config, Enabled, Engine, Inlining, InstanceAllocationStrategy, PoolingAllocationConfig, Result,
};

use super::limits::TABLE_ELEMENTS;
use super::machine::MachineOptions;

/// The page size of WebAssembly memories.
const PAGE: usize = 64 * 1024;
/// Linear memories of one component: its own, and one for an adapter composed into it.
const MEMORIES_PER_CALL: u32 = 2;
/// Core instances and tables of one component: the module itself and the small ones that tie it to its imports.
const PARTS_PER_CALL: u32 = 16;
/// What an address of 32 bits can reach, and an offset beyond: with so much address space for each memory no access needs a check.
const REACH: (u64, u64) = (4 << 30, 32 << 20);
/// How much of a memory stays with the process from one call to the next, where Linux can say which pages a call has used. A call of the
/// connector uses less than half of it.
const KEPT_BYTES: usize = 1024 * 1024;

/// An engine whose pool is large enough for the calls that may run at the same time.
///
/// Where the address space for memories without checks is not there (`ulimit -v`, some containers), they are as large as a call may use,
/// and the code has checks: a call computes a quarter to a half longer.
pub(super) fn new(options: &MachineOptions) -> Result<Engine> {
    let limit = options.memory_limit.next_multiple_of(PAGE);
    let narrow = (u64::try_from(limit).unwrap_or(u64::MAX), PAGE as u64);
    Engine::new(&config(options, REACH)).or_else(|problem| {
        tracing::warn!("{problem:#}: memories are smaller, so every access is checked and calls take longer; allow more address space, or fewer calls at the same time");
        Engine::new(&config(options, narrow))
    })
}

/// With this much address space for each memory, and behind it.
fn config(options: &MachineOptions, (reservation, guard): (u64, u64)) -> Config {
    let calls = options.max_concurrent_calls;
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(calls)
        .total_stacks(calls)
        .total_core_instances(calls.saturating_mul(PARTS_PER_CALL))
        .total_tables(calls.saturating_mul(PARTS_PER_CALL))
        .total_memories(calls.saturating_mul(MEMORIES_PER_CALL))
        .max_core_instances_per_component(PARTS_PER_CALL)
        .max_tables_per_component(PARTS_PER_CALL)
        .max_memories_per_component(MEMORIES_PER_CALL)
        .table_elements(TABLE_ELEMENTS)
        .max_memory_size(options.memory_limit.next_multiple_of(PAGE));
    // Without it every call begins with page faults. Where Linux cannot say what a call has used, all that is kept would be written anew
    // after each, which takes longer than the faults.
    if PoolingAllocationConfig::is_pagemap_scan_available() {
        pool.pagemap_scan(Enabled::Yes)
            .linear_memory_keep_resident(KEPT_BYTES)
            .table_keep_resident(KEPT_BYTES);
    }
    let mut config = Config::new();
    config
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool))
        .memory_reservation(reservation)
        .memory_guard_size(guard)
        .memory_init_cow(true)
        .epoch_interruption(true)
        .coredump_on_trap(options.memory_dumps);
    if options.inlining {
        config.compiler_inlining(Inlining::Yes);
    }
    config
}
