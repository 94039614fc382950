//! What goes wrong, and what the error model says of it.

use graph_simulator::FaultKind;

use super::classes::Class;

/// Where a request goes wrong.
#[derive(Clone, Copy, Debug)]
pub enum How {
    /// In the client, before a byte of the request has left.
    Unsent(Unsent),
    /// Meta carries it out; what comes back is this.
    Answered(Answered),
    /// In the simulator.
    Simulated(fn(elsewhere: &str) -> FaultKind),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsent {
    /// A port at which nobody listens.
    Refused,
    /// A name that does not exist.
    UnknownName,
    /// A server that does not speak TLS.
    NoTls,
    /// A connection that does not come about.
    Hang,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// Nothing.
    Silence,
    /// A byte now and then, and never the last one.
    Drip,
    /// 100 MB of it.
    Huge,
}

/// A fault.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    pub name: &'static str,
    /// For people, in the table.
    pub what: &'static str,
    pub how: How,
    /// Whether Meta carries the request out.
    pub handled: bool,
    /// What becomes of a read, of a write that may be repeated, and of one that may not.
    pub cases: [&'static str; 3],
}

impl Kind {
    /// Its place in the list.
    pub fn number(&self) -> usize {
        let same = |kind: &Self| kind.name == self.name;
        KINDS.iter().position(same).unwrap()
    }

    pub fn expected(&self, class: Class) -> &'static str {
        self.cases[class as usize]
    }
}

const UNAVAILABLE: &str = "unavailable";
const RATE_LIMITED: &str = "rate-limited";
const REJECTED: &str = "permanent-rejected";
pub const UNKNOWN: &str = "permanent-outcome-unknown";

/// Nothing was done, whatever it was.
const NOT_DONE: [&str; 3] = [UNAVAILABLE; 3];
/// Nobody knows whether it was done.
const LOST: [&str; 3] = [UNAVAILABLE, UNAVAILABLE, UNKNOWN];

/// Seconds that a refused caller is told to wait.
pub const WAIT_S: u64 = 7;

const fn unsent(name: &'static str, what: &'static str, how: Unsent) -> Kind {
    Kind {
        name,
        what,
        how: How::Unsent(how),
        handled: false,
        cases: NOT_DONE,
    }
}

const fn answered(
    name: &'static str,
    what: &'static str,
    how: Answered,
    cases: [&'static str; 3],
) -> Kind {
    Kind {
        name,
        what,
        how: How::Answered(how),
        handled: true,
        cases,
    }
}

const fn simulated(
    name: &'static str,
    what: &'static str,
    how: fn(&str) -> FaultKind,
    handled: bool,
    cases: [&'static str; 3],
) -> Kind {
    Kind {
        name,
        what,
        how: How::Simulated(how),
        handled,
        cases,
    }
}

/// All faults.
pub static KINDS: [Kind; 17] = [
    unsent("refused", "the connection is refused", Unsent::Refused),
    unsent("dns", "the name is not found", Unsent::UnknownName),
    unsent("tls", "the server does not speak TLS", Unsent::NoTls),
    unsent(
        "connect-time-out",
        "the connection does not come about in time",
        Unsent::Hang,
    ),
    simulated(
        "closed-before",
        "the connection closes without an answer; Meta did nothing",
        |_| FaultKind::CutBeforeHandling {},
        false,
        LOST,
    ),
    simulated(
        "closed-after",
        "the connection closes without an answer; Meta did it",
        |_| FaultKind::CutAfterHandling {},
        true,
        LOST,
    ),
    answered(
        "time-out",
        "no answer within the time of a request",
        Answered::Silence,
        LOST,
    ),
    answered(
        "slow-drip",
        "the answer comes byte by byte and is not whole in time",
        Answered::Drip,
        LOST,
    ),
    simulated(
        "reset",
        "the connection ends within the announced body",
        |_| FaultKind::CutMidAnswer { bytes: None },
        true,
        LOST,
    ),
    simulated(
        "truncated",
        "the body is whole for HTTP, but its JSON is not",
        |_| FaultKind::TruncatedJson { bytes: None },
        true,
        LOST,
    ),
    simulated(
        "html-502",
        "a gateway's page, 502; Meta did nothing",
        |_| FaultKind::Html { status: 502 },
        false,
        LOST,
    ),
    simulated(
        "html-502-after",
        "a gateway's page, 502; Meta did it",
        |_| FaultKind::Html { status: 502 },
        true,
        LOST,
    ),
    simulated(
        "html-200",
        "a page in the place of the answer, 200",
        |_| FaultKind::Html { status: 200 },
        false,
        LOST,
    ),
    simulated(
        "429",
        "429 with Graph's error and `Retry-After`",
        |_| FaultKind::GraphError {
            code: 130_429,
            status: Some(429),
            subcode: None,
            is_transient: None,
            details: None,
            retry_after: Some(WAIT_S),
        },
        false,
        [RATE_LIMITED; 3],
    ),
    simulated(
        "429-empty",
        "429 without a body, with `Retry-After`",
        |_| FaultKind::EmptyAnswer {
            status: 429,
            retry_after: Some(WAIT_S),
        },
        false,
        [RATE_LIMITED; 3],
    ),
    simulated(
        "redirect",
        "302 to another host",
        |elsewhere| FaultKind::Redirect {
            location: elsewhere.to_owned(),
            status: None,
        },
        false,
        [REJECTED; 3],
    ),
    answered(
        "100-mb",
        "an answer of 100 MB, of unknown length",
        Answered::Huge,
        [REJECTED, UNAVAILABLE, UNKNOWN],
    ),
];
