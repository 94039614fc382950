//! Short names for what nobody outside a component ever sees.
//!
//! `wit-component` names the core exports of a module after the interface and the function (`whatsapp:connector/text@0.1.0#send-text`). Each
//! of these names is written twice, once where it is defined and once where it is used. The public names, those of the world, stay as they are.

use anyhow::{Result, anyhow};
use std::{cell::RefCell, collections::HashMap, convert::Infallible};
use wasm_encoder::{
    Alias, Component, ComponentAliasSection, ExportSection,
    reencode::{Error, Reencode, ReencodeComponent},
};
use wasmparser::{ComponentAlias, Parser};

/// The same component with short inner names.
pub fn shorten(component: &[u8]) -> Result<Vec<u8>> {
    let mut output = Component::new();
    Names::default()
        .parse_component(&mut output, Parser::new(0), component)
        .map_err(|problem| anyhow!("cannot give the component short names: {problem}"))?;
    Ok(output.finish())
}

#[derive(Default)]
struct Names {
    /// The short name of each long one that was met.
    known: RefCell<HashMap<String, String>>,
}

impl Names {
    /// The name to write: a core export of the world (it has a `#`) becomes short; others stay.
    fn short(&self, name: &str) -> String {
        if !name.contains('#') {
            return name.to_owned();
        }
        let mut known = self.known.borrow_mut();
        // No name that stays is an x and a number; the check of the finished component would refuse it.
        let next = format!("x{}", known.len());
        known.entry(name.to_owned()).or_insert(next).clone()
    }
}

type Outcome = Result<(), Error<Infallible>>;

impl Reencode for Names {
    type Error = Infallible;

    fn parse_export(
        &mut self,
        exports: &mut ExportSection,
        export: wasmparser::Export<'_>,
    ) -> Outcome {
        let name = self.short(export.name);
        exports.export(
            &name,
            self.export_kind(export.kind)?,
            self.external_index(export.kind, export.index)?,
        );
        Ok(())
    }
}

impl ReencodeComponent for Names {
    fn parse_component_alias_section(
        &mut self,
        aliases: &mut ComponentAliasSection,
        section: wasmparser::ComponentAliasSectionReader<'_>,
    ) -> Outcome {
        for alias in section {
            let alias = alias?;
            match alias {
                ComponentAlias::CoreInstanceExport {
                    kind,
                    instance_index,
                    name,
                } => aliases.alias(Alias::CoreInstanceExport {
                    instance: instance_index,
                    kind: kind.into(),
                    name: &self.short(name),
                }),
                _ => aliases.alias(self.component_alias(alias)?),
            };
        }
        Ok(())
    }
}
