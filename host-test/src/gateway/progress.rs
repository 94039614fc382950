//! What has left this host during a call. When a call is cut short, this decides whether it may be repeated.

use std::sync::atomic::{AtomicU32, Ordering};

use http::Method;

/// Counts the requests of a call that change something at Meta's and may have arrived there.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    writes: AtomicU32,
}

impl Progress {
    /// To be called before a request is handed to the client.
    pub(crate) fn begin(&self, method: &Method) -> Sending<'_> {
        let writes = u32::from(*method != Method::GET);
        self.writes.fetch_add(writes, Ordering::Relaxed);
        Sending {
            progress: self,
            writes,
        }
    }

    /// Forgets the requests of an earlier call, which has ended.
    pub(crate) fn restart(&self) {
        self.writes.store(0, Ordering::Relaxed);
    }

    /// How many writing requests may have arrived.
    pub(crate) fn writes(&self) -> u32 {
        self.writes.load(Ordering::Relaxed)
    }
}

/// A request on its way. Unless it says otherwise, it may have arrived.
#[derive(Debug)]
pub(crate) struct Sending<'a> {
    progress: &'a Progress,
    writes: u32,
}

impl Sending<'_> {
    pub(crate) fn did_not_leave(self) {
        self.progress
            .writes
            .fetch_sub(self.writes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_writes_that_may_have_arrived_count() {
        let progress = Progress::default();
        progress.begin(&Method::GET);
        progress.begin(&Method::POST).did_not_leave();
        assert_eq!(progress.writes(), 0);
        progress.begin(&Method::POST);
        progress.begin(&Method::DELETE);
        assert_eq!(progress.writes(), 2);
    }
}
