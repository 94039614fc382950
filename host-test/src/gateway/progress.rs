//! What has left this host during a call. When a call is cut short, this decides whether it may be repeated.

use std::sync::atomic::{AtomicU32, Ordering};

use http::Method;

/// Counts the requests of a call that change something at Meta's and may have arrived there.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    requests: AtomicU32,
    writes: AtomicU32,
}

impl Progress {
    /// Counts one more request that the component wants to make, unless it has made `limit` already.
    pub(crate) fn admit(&self, limit: u32) -> bool {
        let more = |made: u32| (made < limit).then_some(made.saturating_add(1));
        let update = self
            .requests
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
        update.is_ok()
    }

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
        self.requests.store(0, Ordering::Relaxed);
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
    fn each_call_may_make_so_many_requests() {
        let progress = Progress::default();
        assert!(progress.admit(2) && progress.admit(2) && !progress.admit(2));
        progress.restart();
        assert!(progress.admit(2));
    }

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
