//! JSON in and out: reading inputs with errors that name the field, writing outputs, and building request bodies.

mod input;
mod output;
mod value;

pub use input::{Input, Problem, Raw, Read, Record, read};
pub use output::{Write, object};
pub use value::{Object, at, kind, text_at, to_text};
