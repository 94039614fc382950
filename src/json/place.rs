//! Where a value stands: `buttons[1].index`.

use crate::prelude::*;
use core::fmt::Write;

/// A place in an input.
#[derive(Clone, Copy)]
pub struct Place<'p> {
    parent: Option<&'p Place<'p>>,
    step: Step<'p>,
}

#[derive(Clone, Copy)]
enum Step<'p> {
    Field(&'p str),
    Item(usize),
}

impl<'p> Place<'p> {
    /// A field of an object; without `parent`, of the input itself.
    pub fn field(parent: Option<&'p Place<'p>>, name: &'p str) -> Self {
        Self {
            parent,
            step: Step::Field(name),
        }
    }

    /// An item of a list.
    pub fn item(parent: &'p Place<'p>, index: usize) -> Self {
        Self {
            parent: Some(parent),
            step: Step::Item(index),
        }
    }

    /// The place as text.
    pub fn path(&self) -> String {
        let mut path = self.parent.map_or_else(String::new, Place::path);
        match self.step {
            Step::Item(index) => {
                let _ = write!(path, "[{index}]");
            }
            Step::Field(name) => {
                if !path.is_empty() {
                    path.push('.');
                }
                // A field may have the empty name; its place has to be seen all the same.
                path.push_str(if name.is_empty() { "\"\"" } else { name });
            }
        }
        path
    }
}
