//! What Meta's error codes mean for the caller: one table for refused calls and for errors that come by webhook.
//!
//! The table is `codes.tsv` beside this file. Meta advises to build on the code, not on the HTTP status, the title or the subcode. The
//! exceptions are those where the subcode alone says what to do: 100 (unknown object, and Meta's numbers for templates and for moving
//! phone numbers), 190 (why the token ended) and 10 (a business that is not verified).

use crate::archive;
use crate::contract::whatsapp::connector::types::{Error, Fault};
use crate::prelude::*;
use crate::text::split_once;
use Class::*;
use once_cell::race::OnceBox;

/// What a caller can do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Wait, then try again.
    RateLimited,
    /// Try again with growing pauses.
    Unavailable,
    /// Correct the input.
    InvalidInput,
    /// Connect again.
    Unauthorized,
    /// Send a template.
    WindowClosed,
    /// Do what the advice says; repeating does not help.
    Rejected,
}

impl Class {
    /// The error of this class.
    pub fn error(self, fault: Fault) -> Error {
        match self {
            RateLimited => Error::RateLimited(fault),
            Unavailable => Error::Unavailable(fault),
            InvalidInput => Error::PermanentInvalidInput(fault),
            Unauthorized => Error::PermanentUnauthorized(fault),
            WindowClosed => Error::PermanentWindowClosed(fault),
            Rejected => Error::PermanentRejected(fault),
        }
    }
}

/// One code, or a range of codes that mean the same.
#[derive(Debug)]
pub struct Entry {
    first: u32,
    /// 0: any.
    subcode: u32,
    /// How many codes come after the first.
    span: u16,
    /// Seconds; 0: not known.
    wait: u16,
    /// The line of [`ADVICE`].
    advice: u16,
    /// What a caller can do.
    pub class: Class,
    /// The place in `FIELDS`.
    field: u8,
}

/// The `wait` of a limit that wants longer pauses with each refusal.
const GROWING: u16 = u16::MAX;

/// Longest wait, in seconds: a day, as `fault.retry-after-ms` promises.
const LONGEST_WAIT_S: u64 = 24 * 60 * 60;

/// From here on, a subcode of code 100 is a number that Meta's pages list as if it were a code.
const LISTED_SUBCODES_FROM: u32 = 1_000_000;

/// Advice for a code that is not in the table.
pub const UNKNOWN_ADVICE: &str = "This connector does not know the code. Meta's words above say what is wrong; give the trace id to Meta's support if they do not.";

/// Every advice of the table, one a line, packed; the build makes it from `codes.tsv`.
static ADVICE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/advice.packed"));

// `FIELDS` and `TABLE`, which the build makes from `codes.tsv`.
include!(concat!(env!("OUT_DIR"), "/codes.rs"));

impl Entry {
    /// The input field that the code is about, when it can be no other.
    pub fn field(&self) -> Option<String> {
        let name = FIELDS.get(usize::from(self.field))?;
        (!name.is_empty()).then(|| (*name).to_owned())
    }

    /// How long to wait before a repetition, in milliseconds, at most a day; nothing when Meta gives no time.
    ///
    /// `attempt` counts the refusals before this one; absent is none. Only the limit per pair of numbers looks at it: Meta asks for 4^X
    /// seconds, X from 0.
    pub fn wait_ms(&self, attempt: Option<u32>) -> Option<u64> {
        let seconds = match self.wait {
            0 => return None,
            GROWING => 4_u64.saturating_pow(attempt.unwrap_or_default()),
            seconds => seconds.into(),
        };
        Some(seconds.min(LONGEST_WAIT_S) * 1000)
    }

    /// What a person should do next.
    ///
    /// The texts are unpacked when the first one is asked for, and stay: a run without an error never does it, and one that has many
    /// (a webhook with a thousand failed messages) does it once.
    pub fn advice(&self) -> &'static str {
        static TEXTS: OnceBox<String> = OnceBox::new();
        let texts = TEXTS.get_or_init(|| Box::new(archive::unpack(ADVICE)));
        let mut rest = texts.as_str();
        for _ in 0..self.advice {
            rest = split_once(rest, b'\n').map_or("", |(_, rest)| rest);
        }
        split_once(rest, b'\n').map_or(rest, |(line, _)| line)
    }

    fn is_for(&self, code: u32, subcode: u32) -> bool {
        code.checked_sub(self.first)
            .is_some_and(|distance| distance <= u32::from(self.span))
            && (self.subcode == 0 || self.subcode == subcode)
    }
}

/// Finds the row of a code; where rows overlap, the first one counts. An error without a code is not one with the code 0.
pub fn find(code: Option<i64>, subcode: Option<i64>) -> Option<&'static Entry> {
    let code = u32::try_from(code?).ok()?;
    let subcode = subcode.and_then(|subcode| u32::try_from(subcode).ok());
    let subcode = subcode.unwrap_or_default();
    let row = |code, subcode| TABLE.iter().find(|entry| entry.is_for(code, subcode));
    let listed = (code == 100 && subcode >= LISTED_SUBCODES_FROM)
        .then(|| row(subcode, 0))
        .flatten();
    listed.or_else(|| row(code, subcode))
}

#[cfg(test)]
#[path = "codes_tests.rs"]
mod tests;
