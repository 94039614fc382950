//! The memory that a call's arguments stand in.

use crate::prelude::*;

/// A piece of memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Bytes.
    pub size: u32,
    /// Alignment in bytes.
    pub align: u8,
}

/// Memory with the arguments of a call. The component's own is the only one in use; tests have one of their own.
pub trait Memory {
    /// The bytes at a place.
    fn read<const N: usize>(&self, at: u32) -> [u8; N];

    /// The text at a place; the memory changes hands.
    fn take_text(&mut self, at: u32, length: u32) -> String;

    /// Gives a block back that was read.
    fn free(&mut self, at: u32, block: Block);
}
