//! From the compiler's module to a small component. What each step saves is told in `docs/design.md`.

pub mod code;
pub mod names;
