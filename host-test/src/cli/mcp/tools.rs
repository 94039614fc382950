//! What agents are offered: each action of the manifest as a tool.

use std::sync::Arc;

use rmcp::model::{JsonObject, Tool, ToolAnnotations};
use serde::Deserialize;

use super::super::problem::Problem;

/// Actions whose names begin so add something and take nothing away.
const ADDS: [&str; 5] = ["send-", "create-", "upload-", "request-", "mark-"];

/// An action, as far as a tool needs it.
#[derive(Debug, Deserialize)]
pub struct Action {
    pub name: String,
    title: String,
    help: String,
    access: String,
    idempotent: bool,
    input_schema: JsonObject,
    output_schema: JsonObject,
}

impl Action {
    /// Whether it changes nothing at Meta.
    pub fn reads(&self) -> bool {
        self.access == "read"
    }

    fn tool(self) -> Tool {
        let adds = ADDS.iter().any(|lead| self.name.starts_with(lead));
        let mut annotations =
            ToolAnnotations::with_title(self.title.clone()).read_only(self.reads());
        if !self.reads() {
            annotations = annotations.destructive(!adds).idempotent(self.idempotent);
        }
        Tool::new(self.name, self.help, self.input_schema)
            .with_title(self.title)
            .with_raw_output_schema(Arc::new(self.output_schema))
            .with_annotations(annotations)
    }
}

/// The tools of a server.
pub struct Tools(Vec<Tool>);

impl Tools {
    /// Those of the manifest that are wanted.
    pub fn of(manifest: &str, is_wanted: impl Fn(&Action) -> bool) -> Result<Self, Problem> {
        #[derive(Deserialize)]
        struct Manifest {
            actions: Vec<Action>,
        }
        let manifest: Manifest = serde_json::from_str(manifest).map_err(Problem::not_json)?;
        let wanted = manifest.actions.into_iter().filter(is_wanted);
        Ok(Self(wanted.map(Action::tool).collect()))
    }

    /// How many.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// All of them, as agents see them.
    pub fn all(&self) -> Vec<Tool> {
        self.0.clone()
    }

    /// Whether this one is offered.
    pub fn find(&self, name: &str) -> Option<&Tool> {
        self.0.iter().find(|tool| tool.name == name)
    }
}
