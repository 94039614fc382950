//! Outputs to JSON. Every field of a record is there; an absent one is `null`.

use crate::prelude::*;
use serde_json::{Map, Value};

/// Can be written as JSON. Implemented for the contract's records by the build.
pub trait Write {
    /// The JSON form.
    fn write(&self) -> Value;
}

/// An object of these fields.
pub fn object(fields: &[(&str, &dyn Write)]) -> Value {
    let mut output = Map::new();
    for (name, value) in fields {
        output.insert((*name).to_owned(), value.write());
    }
    Value::Object(output)
}

impl Write for String {
    fn write(&self) -> Value {
        Value::from(self.as_str())
    }
}

impl Write for bool {
    fn write(&self) -> Value {
        Value::from(*self)
    }
}

impl Write for u64 {
    fn write(&self) -> Value {
        Value::from(*self)
    }
}

impl<T: Write> Write for Option<T> {
    fn write(&self) -> Value {
        self.as_ref().map_or(Value::Null, Write::write)
    }
}

impl<T: Write> Write for Vec<T> {
    fn write(&self) -> Value {
        Value::Array(self.iter().map(Write::write).collect())
    }
}
