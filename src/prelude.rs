//! What the standard library would bring into every module. In the component there is none: without its machinery for printing
//! panics, which nobody would see, the component is 12 KB smaller.

pub use crate::text::Texts;
pub use alloc::{
    borrow::ToOwned,
    boxed::Box,
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};
