//! Examples.

pub mod obelisk;
