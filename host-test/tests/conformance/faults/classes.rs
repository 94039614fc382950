//! What repeating a request does, told from outside of the component: by its method, and by what the manifest says of its action.

use serde_json::Value;

use crate::manifest;

/// What happens when a request is made twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Nothing.
    Read,
    /// Nothing more.
    Idempotent,
    /// It is done twice.
    Once,
}

impl Class {
    pub const ALL: [Self; 3] = [Self::Read, Self::Idempotent, Self::Once];

    /// `step` is the method and the path, as in `POST /{id}/messages`.
    pub fn of(action: &str, input: &Value, step: &str) -> Self {
        if step.starts_with("GET ") {
            return Self::Read;
        }
        // A second upload makes a second id and reaches nobody.
        if action != "graph-call" && step.ends_with("/media") {
            return Self::Idempotent;
        }
        let idempotent = manifest::action(action)["idempotent"] == true;
        match idempotent || input["idempotent"] == true {
            true => Self::Idempotent,
            false => Self::Once,
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::Read => "reads",
            Self::Idempotent => "writes that may be repeated",
            Self::Once => "what acts each time",
        }
    }
}
