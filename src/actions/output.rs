//! Handing on what was built. Nothing here is generic or inlined: it stands in the component once, not in every action.

use crate::fault::Fallible;
use crate::json::Object;
use crate::prelude::*;
use serde_json::Value;

/// The output of an action.
#[inline(never)]
pub fn finish(fields: Object) -> Fallible<Value> {
    Ok(fields.into())
}

/// A list of objects.
#[derive(Default)]
pub struct List(pub Vec<Value>);

impl List {
    /// Adds an object.
    #[inline(never)]
    pub fn push(&mut self, object: Object) {
        self.0.push(object.into());
    }
}

impl From<List> for Value {
    fn from(list: List) -> Self {
        Value::Array(list.0)
    }
}
