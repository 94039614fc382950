//! Time as the simulator sees it: the machine's clock, or one that only moves when told to.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::watch;

/// 2026-11-21T09:00:00Z, where a manual clock starts when nothing else is said.
pub const DEFAULT_START_UNIX_SECONDS: u64 = 1_795_251_600;

/// A clock that everything time-based in the simulator asks. Clones share the same time.
///
/// Both kinds can be moved forward with [`Clock::advance`]; a manual clock moves in no other way.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// `None`: the machine's clock; `Some`: a manual clock that started at this unix millisecond.
    start_ms: Option<u64>,
    advanced_ms: AtomicU64,
    moved: watch::Sender<u64>,
}

impl Clock {
    /// The machine's clock (plus whatever it is advanced by).
    pub fn real() -> Self {
        Self::new(None)
    }

    /// A clock that stands still until [`Clock::advance`] is called. `start` is in unix seconds.
    pub fn manual(start: u64) -> Self {
        Self::new(Some(start.saturating_mul(1000)))
    }

    fn new(start_ms: Option<u64>) -> Self {
        Self(Arc::new(Inner {
            start_ms,
            advanced_ms: AtomicU64::new(0),
            moved: watch::channel(0).0,
        }))
    }

    /// Unix time in milliseconds.
    pub fn now_ms(&self) -> u64 {
        let base = self.0.start_ms.unwrap_or_else(|| {
            SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, whole_millis)
        });
        base.saturating_add(self.0.advanced_ms.load(Ordering::SeqCst))
    }

    /// Unix time in seconds.
    pub fn now_seconds(&self) -> u64 {
        self.now_ms() / 1000
    }

    /// Moves the time forward. What became due is delivered by the simulator's own task a moment later;
    /// [`crate::Simulator::advance`] waits for it.
    pub fn advance(&self, by: Duration) {
        // A time far beyond every date is of no use; stopping there avoids wrapping around to 1970.
        let add = whole_millis(by);
        let _ = self
            .0
            .advanced_ms
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |old| {
                Some(old.saturating_add(add))
            });
        self.0.moved.send_modify(|moves| *moves += 1);
    }

    /// Whether the time stands still by itself.
    pub fn is_manual(&self) -> bool {
        self.0.start_ms.is_some()
    }

    /// Tells whenever the clock was advanced.
    pub(crate) fn moves(&self) -> watch::Receiver<u64> {
        self.0.moved.subscribe()
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::manual(DEFAULT_START_UNIX_SECONDS)
    }
}

/// A unix second as Graph writes times: `2026-11-01T08:00:00+0000`.
pub(crate) fn graph_time(unix_seconds: u64) -> String {
    let (days, second) = (unix_seconds / 86_400, unix_seconds % 86_400);
    // Days since 0000-03-01, in eras of 400 years: the calendar arithmetic of "days_from_civil", backwards.
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = (shifted_month + 2) % 12 + 1;
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}+0000",
        second / 3600,
        second / 60 % 60,
        second % 60
    )
}

fn whole_millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_moves_only_when_told() {
        let clock = Clock::manual(100);
        let twin = clock.clone();
        assert_eq!(clock.now_ms(), 100_000);
        clock.advance(Duration::from_millis(1500));
        assert_eq!(twin.now_ms(), 101_500);
        assert_eq!(twin.now_seconds(), 101);
    }

    #[test]
    fn times_are_written_as_graph_writes_them() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00+0000"),
            (951_782_399, "2000-02-28T23:59:59+0000"),
            (951_782_400, "2000-02-29T00:00:00+0000"),
            (1_793_520_000, "2026-11-01T08:00:00+0000"),
            (DEFAULT_START_UNIX_SECONDS, "2026-11-21T09:00:00+0000"),
        ] {
            assert_eq!(graph_time(seconds), text);
        }
    }

    #[test]
    fn a_clock_does_not_wrap_around() {
        let clock = Clock::manual(100);
        clock.advance(Duration::MAX);
        clock.advance(Duration::MAX);
        assert_eq!(clock.now_ms(), u64::MAX);
    }

    #[test]
    fn a_real_clock_can_be_moved_forward() {
        let clock = Clock::real();
        let before = clock.now_ms();
        clock.advance(Duration::from_secs(86_400));
        assert!(clock.now_ms() >= before + 86_400_000);
    }
}
