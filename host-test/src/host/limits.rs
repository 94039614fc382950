//! How much memory one call may use.

use wasmtime::ResourceLimiter;

/// Entries that one table may have: function pointers, of which a component of this kind has some hundred.
pub(crate) const TABLE_ELEMENTS: usize = 20_000;

/// Stops a guest that wants more memory than it may have. Refusing the growth instead would end in an abort of the guest's
/// allocator, which looks like any other crash.
#[derive(Debug)]
pub(crate) struct MemoryLimit {
    limit: usize,
    /// Bytes of all linear memories of the call together.
    used: usize,
}

#[derive(Debug, thiserror::Error)]
#[error("the memory limit is reached")]
pub(crate) struct MemoryLimitReached;

impl MemoryLimit {
    pub(crate) fn new(limit: usize) -> Self {
        Self { limit, used: 0 }
    }
}

impl ResourceLimiter for MemoryLimit {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let used = self.used.saturating_add(desired.saturating_sub(current));
        if used > self.limit {
            return Err(MemoryLimitReached.into());
        }
        self.used = used;
        Ok(true)
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(desired <= TABLE_ELEMENTS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_all_memories_together() {
        let mut limit = MemoryLimit::new(100);
        assert!(limit.memory_growing(0, 60, None).unwrap());
        assert!(limit.memory_growing(0, 30, None).unwrap());
        assert!(
            limit
                .memory_growing(60, 71, None)
                .unwrap_err()
                .is::<MemoryLimitReached>()
        );
        assert!(limit.memory_growing(60, 70, None).unwrap());
    }
}
