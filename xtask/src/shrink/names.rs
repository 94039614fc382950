//! Short names for what nobody outside a component ever sees.
//!
//! `wit-component` names the core exports of a module after the interface and the function (`whatsapp:connector/text@0.1.0#send-text`). Each
//! of these names is written twice, once where it is defined and once where it is used. The public names, those of the world, stay as they are.

use anyhow::{Result, anyhow};
use std::{collections::HashMap, convert::Infallible};
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
    known: HashMap<String, String>,
    /// The short name of each function that is exported. What frees a result is one function for all, exported once for each.
    functions: HashMap<u32, String>,
}

/// Letters of a short name.
const LETTERS: &[u8; 62] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// A name by its number. No name that stays looks like it; the check of the finished component would refuse a name that comes twice.
fn name(mut number: usize) -> String {
    let mut name = String::new();
    loop {
        name.push(char::from(LETTERS[number % LETTERS.len()]));
        number /= LETTERS.len();
        if number == 0 {
            return name;
        }
    }
}

/// Whether a core export is one of the world's functions, and so named by nobody outside.
fn is_inner(name: &str) -> bool {
    name.contains('#')
}

type Outcome = Result<(), Error<Infallible>>;

impl Reencode for Names {
    type Error = Infallible;

    fn parse_export(
        &mut self,
        exports: &mut ExportSection,
        export: wasmparser::Export<'_>,
    ) -> Outcome {
        let kind = self.export_kind(export.kind)?;
        let index = self.external_index(export.kind, export.index)?;
        if !is_inner(export.name) {
            exports.export(export.name, kind, index);
            return Ok(());
        }
        let number = self.functions.len();
        let short = self.functions.entry(index).or_insert_with(|| {
            let short = name(number);
            exports.export(&short, kind, index);
            short
        });
        self.known.insert(export.name.to_owned(), short.clone());
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
                    name: self.known.get(name).map_or(name, String::as_str),
                }),
                _ => aliases.alias(self.component_alias(alias)?),
            };
        }
        Ok(())
    }
}
