//! The inbox, with the real component: what is kept, once; what reaches whom; what Meta is asked for.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that panics has failed, as it should"
)]

mod common;
mod documentation;
mod keeping;
mod meta;
mod reading;
mod states;
mod working_off;
