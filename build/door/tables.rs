//! The types as tables: one `static` per type, equal ones shared.

use super::limits;
use crate::contract::{Action, Contract, Shape, json_name};
use anyhow::{Context, Result};
use std::{collections::HashMap, fmt::Write};
use wit_bindgen_core::wit_parser::{SizeAlign, Type, TypeId};

/// The tables so far.
pub struct Tables<'c> {
    contract: &'c Contract,
    sizes: SizeAlign,
    source: String,
    names: HashMap<String, String>,
}

impl<'c> Tables<'c> {
    pub fn new(contract: &'c Contract) -> Result<Self> {
        let mut sizes = SizeAlign::default();
        sizes.fill(&contract.resolve)?;
        Ok(Self {
            contract,
            sizes,
            source: String::new(),
            names: HashMap::new(),
        })
    }

    /// The tables as Rust source.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The name of the table of an input record.
    pub fn input(&mut self, id: TypeId) -> Result<String> {
        self.record(id, true)
    }

    /// The name of the table of an output record.
    pub fn output(&mut self, id: TypeId) -> Result<String> {
        self.record(id, false)
    }

    /// Where the input stands in the arguments, and where the payload of the result.
    pub fn places(&self, action: &Action<'_>) -> Result<(usize, usize)> {
        let connection = Type::Id(self.contract.shared_type("connection")?);
        let error = Type::Id(self.contract.shared_type("error")?);
        let input = Type::Id(action.input);
        let arguments = self.sizes.field_offsets([&connection, &input]);
        let input_at = arguments.last().context("two arguments")?.0.size_wasm32();
        let align = [Type::Id(action.output), error]
            .iter()
            .map(|ty| self.align(ty))
            .max()
            .unwrap_or(1);
        Ok((input_at, align))
    }

    fn align(&self, ty: &Type) -> usize {
        self.sizes.align(ty).align_wasm32()
    }

    fn record(&mut self, id: TypeId, input: bool) -> Result<String> {
        let contract = self.contract;
        let ty = Type::Id(id);
        let Shape::Record(_, fields) = contract.shape(&ty)? else {
            anyhow::bail!("an action takes and returns records");
        };
        let places = self
            .sizes
            .field_offsets(fields.iter().map(|field| &field.ty));
        let places: Vec<_> = places.iter().map(|(at, _)| at.size_wasm32()).collect();
        let mut rows = String::new();
        for (field, at) in fields.iter().zip(places) {
            let inline = matches!(contract.shape(&field.ty)?, Shape::Record(id, _) if contract.is_inline(id));
            let name = if inline {
                String::new()
            } else {
                json_name(&field.name)
            };
            let help = field.docs.contents.as_deref().unwrap_or_default();
            let kind = self.kind(&field.ty, if input { help } else { "may be empty" }, input)?;
            write!(rows, "Field {{ name: {name:?}, at: {at}, kind: &{kind} }},")?;
        }
        let source = format!(
            "Record {{ size: {}, align: {}, fields: &[{rows}] }}",
            self.sizes.size(&ty).size_wasm32(),
            self.align(&ty)
        );
        Ok(self.intern("Record", source))
    }

    fn kind(&mut self, ty: &Type, help: &str, input: bool) -> Result<String> {
        let contract = self.contract;
        let source = match contract.shape(ty)? {
            Shape::Text => {
                let limits = limits(help, "characters");
                format!(
                    "Kind::Text {{ empty: {}, max: {} }}",
                    limits.min == 0,
                    limits.max
                )
            }
            Shape::Json => "Kind::Json".to_owned(),
            Shape::Flag => "Kind::Flag".to_owned(),
            Shape::Integer(min, max) => {
                let width = match (min, max) {
                    (0, Some(max)) if max == u64::from(u16::MAX) => "U16",
                    (0, Some(_)) => "U32",
                    (0, None) => "U64",
                    _ => "S64",
                };
                format!("Kind::Whole(Width::{width})")
            }
            Shape::Number => "Kind::Number".to_owned(),
            Shape::Optional(inner) => {
                format!("Kind::Optional(&{})", self.kind(&inner, help, input)?)
            }
            Shape::List(inner) => {
                let limits = limits(help, "");
                format!(
                    "Kind::List {{ item: &{}, min: {}, max: {} }}",
                    self.kind(&inner, help, input)?,
                    limits.min,
                    limits.max
                )
            }
            Shape::Record(id, _) => format!("Kind::Record(&{})", self.record(id, input)?),
            Shape::Choice(cases) => {
                format!(
                    "Kind::Choice(&{:?})",
                    cases
                        .iter()
                        .map(|case| json_name(&case.name))
                        .collect::<Vec<_>>()
                )
            }
            Shape::Variant(id, cases) => {
                let mut rows = String::new();
                for case in cases {
                    let held = match &case.ty {
                        Some(ty) => format!("Some(&{})", self.kind(ty, help, input)?),
                        None => "None".to_owned(),
                    };
                    write!(rows, "({:?}, {held}),", json_name(&case.name))?;
                }
                let ty = Type::Id(id);
                let held = cases.iter().filter_map(|case| case.ty.as_ref());
                let at = held.map(|ty| self.align(ty)).max().unwrap_or(1);
                let cases = format!(
                    "Cases {{ cases: &[{rows}], at: {at}, size: {}, align: {} }}",
                    self.sizes.size(&ty).size_wasm32(),
                    self.align(&ty)
                );
                format!("Kind::Variant(&{})", self.intern("Cases", cases))
            }
            Shape::OpenChoice(cases) => {
                format!(
                    "Kind::Open(&{:?})",
                    cases
                        .iter()
                        .map(|case| json_name(&case.name))
                        .collect::<Vec<_>>()
                )
            }
        };
        Ok(self.intern("Kind", source))
    }

    fn intern(&mut self, ty: &str, source: String) -> String {
        if let Some(name) = self.names.get(&source) {
            return name.clone();
        }
        let name = format!("T{}", self.names.len());
        self.source += &format!("static {name}: {ty} = {source};\n");
        self.names.insert(source, name.clone());
        name
    }
}
