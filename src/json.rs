//! JSON: inputs are checked and read, outputs and requests are built.

mod check;
mod input;
mod item;
mod names;
mod number;
mod place;
mod syntax;
mod tree;
mod value;
mod write;

pub use check::{Problem, check, check_value};
pub use input::Input;
pub use item::Item;
pub use names::alike;
pub use place::Place;
pub use syntax::{Cursor, check as check_syntax};
pub use tree::{Tree, unquote};
pub use value::{Object, at, from_text, items, kind, text_at};
pub use write::{quote, to_text};
