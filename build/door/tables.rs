//! The types as a table of small numbers; `src/door/kind.rs` says what they mean. Equal types are there once.

use super::limits;
use crate::contract::{Action, Contract, Shape, json_name};
use anyhow::{Context, Result, ensure};
use std::{
    collections::{BTreeMap, HashMap},
    fs,
};
use wit_bindgen_core::wit_parser::{Case, SizeAlign, Type, TypeId};

/// What each type begins with.
#[derive(Clone, Copy)]
enum Tag {
    Text,
    Json,
    Flag,
    Whole,
    Number,
    Optional,
    List,
    Record,
    Choice,
    Open,
    Variant,
}

/// In the place of the type of a case that holds nothing.
const NOTHING: u16 = u16::MAX;

/// What marks a path that is more than the name of a field.
const SPECIAL: u16 = 1 << 15;

/// Where Meta has the fields of events that it calls otherwise: record, field, and the places.
pub const WIRE: &str = "src/webhooks/wire.json";

/// The file: by record and field, in the contract's names.
type Wire = BTreeMap<String, BTreeMap<String, String>>;

/// The table so far.
pub struct Tables<'c> {
    contract: &'c Contract,
    sizes: SizeAlign,
    words: Vec<u16>,
    places: HashMap<Vec<u16>, u16>,
    names: Vec<String>,
    wire: Wire,
}

impl<'c> Tables<'c> {
    pub fn new(contract: &'c Contract) -> Result<Self> {
        let mut sizes = SizeAlign::default();
        sizes.fill(&contract.resolve)?;
        Ok(Self {
            contract,
            sizes,
            words: Vec::new(),
            places: HashMap::new(),
            // The empty name has the number 0.
            names: vec![String::new()],
            wire: read_wire(contract)?,
        })
    }

    /// The table as Rust source.
    pub fn source(&self) -> Result<String> {
        let mut end = 0;
        let ends = self.names.iter().map(|name| {
            end += name.len();
            u16::try_from(end).context("the names are longer than 65,535 bytes in all")
        });
        Ok(format!(
            "/// The types; see `crate::door::Type`.
             pub static TYPES: &[u16] = &{:?};
             /// All names, one after the other.
             pub static NAMES: &str = {:?};
             /// Where each name ends.
             pub static NAME_ENDS: &[u16] = &{:?};",
            self.words,
            self.names.concat(),
            ends.collect::<Result<Vec<_>>>()?
        ))
    }

    /// The place of an input record.
    pub fn input(&mut self, id: TypeId) -> Result<u16> {
        self.record(id, true)
    }

    /// The place of an output record.
    pub fn output(&mut self, id: TypeId) -> Result<u16> {
        self.record(id, false)
    }

    /// Where the input stands in the arguments, and where the payload of the result.
    pub fn places(&self, action: &Action<'_>) -> Result<(usize, usize)> {
        let connection = Type::Id(self.contract.shared_type("connection")?);
        let error = Type::Id(self.contract.shared_type("error")?);
        let input = Type::Id(action.input);
        let arguments = self.sizes.field_offsets([&connection, &input]);
        let input_at = arguments.last().context("two arguments")?.0.size_wasm32();
        let align = self.align(&Type::Id(action.output)).max(self.align(&error));
        Ok((input_at, usize::from(align)))
    }

    fn align(&self, ty: &Type) -> u16 {
        // An alignment is 8 at most.
        u16::try_from(self.sizes.align(ty).align_wasm32()).unwrap_or(8)
    }

    fn size(&self, ty: &Type) -> Result<u16> {
        let size = self.sizes.size(ty).size_wasm32();
        u16::try_from(size).context("a type is larger than 65,535 bytes")
    }

    fn record(&mut self, id: TypeId, input: bool) -> Result<u16> {
        let contract = self.contract;
        let ty = Type::Id(id);
        let Shape::Record(_, fields) = contract.shape(&ty)? else {
            anyhow::bail!("an action takes and returns records");
        };
        let offsets = self
            .sizes
            .field_offsets(fields.iter().map(|field| &field.ty));
        let offsets: Vec<_> = offsets.iter().map(|(at, _)| at.size_wasm32()).collect();
        let count = u16::try_from(fields.len())?;
        let mut words = vec![Tag::Record as u16, self.size(&ty)?, self.align(&ty), count];
        for (field, at) in fields.iter().zip(offsets) {
            let inline = matches!(contract.shape(&field.ty)?, Shape::Record(id, _) if contract.is_inline(id));
            let name = if inline {
                String::new()
            } else {
                json_name(&field.name)
            };
            let help = field.docs.contents.as_deref().unwrap_or_default();
            let help = if input { help } else { "may be empty" };
            let record = contract.resolve.types[id]
                .name
                .as_deref()
                .unwrap_or_default();
            let path = self.wire.get(record).filter(|_| !input);
            let path = path.and_then(|record| record.get(&field.name)).cloned();
            let name = self.name(name)?;
            // Most are the name of a field; the others are marked, so that the reader need not look for what is special in each.
            let is_plain = path
                .as_ref()
                .is_none_or(|path| !path.contains(['|', '.', '@', '=']));
            let path = path.map_or(Ok(name), |path| self.name(path))?;
            ensure!(path < SPECIAL, "too many names");
            let path = if is_plain { path } else { path | SPECIAL };
            let ty = self.kind(&field.ty, help, input)?;
            words.extend([name, path, u16::try_from(at)?, ty]);
        }
        self.intern(words)
    }

    fn kind(&mut self, ty: &Type, help: &str, input: bool) -> Result<u16> {
        let contract = self.contract;
        let words = match contract.shape(ty)? {
            Shape::Text => {
                let limits = limits(help, "characters");
                let max = u16::try_from(limits.max).context("a text has a limit above 65,535")?;
                vec![Tag::Text as u16, u16::from(limits.min == 0), max]
            }
            Shape::Json => vec![Tag::Json as u16],
            Shape::Flag => vec![Tag::Flag as u16],
            Shape::Integer(min, max) => {
                let width = match (min, max) {
                    (0, Some(max)) if max == u64::from(u16::MAX) => 0,
                    (0, Some(_)) => 1,
                    (0, None) => 2,
                    _ => 3,
                };
                vec![Tag::Whole as u16, width]
            }
            Shape::Number => vec![Tag::Number as u16],
            Shape::Optional(inner) => vec![Tag::Optional as u16, self.kind(&inner, help, input)?],
            Shape::List(inner) => {
                let limits = limits(help, "");
                let item = self.kind(&inner, help, input)?;
                let (min, max) = (u16::try_from(limits.min)?, u16::try_from(limits.max)?);
                vec![Tag::List as u16, item, min, max]
            }
            Shape::Record(id, _) => return self.record(id, input),
            Shape::Choice(cases) => {
                self.choice(Tag::Choice, cases.iter().map(|case| &case.name))?
            }
            Shape::OpenChoice(cases) => {
                self.choice(Tag::Open, cases.iter().map(|case| &case.name))?
            }
            Shape::Variant(id, cases) => self.variant(id, cases, help, input)?,
        };
        self.intern(words)
    }

    fn choice<'n>(
        &mut self,
        tag: Tag,
        names: impl Iterator<Item = &'n String>,
    ) -> Result<Vec<u16>> {
        let names = names
            .map(|name| self.name(json_name(name)))
            .collect::<Result<Vec<_>>>()?;
        let mut words = vec![tag as u16, u16::try_from(names.len())?];
        words.extend(names);
        Ok(words)
    }

    fn variant(&mut self, id: TypeId, cases: &[Case], help: &str, input: bool) -> Result<Vec<u16>> {
        let ty = Type::Id(id);
        let held = cases.iter().filter_map(|case| case.ty.as_ref());
        let at = held.map(|ty| self.align(ty)).max().unwrap_or(1);
        let count = u16::try_from(cases.len())?;
        ensure!(count <= 256, "a variant has more than 256 cases");
        let mut words = vec![
            Tag::Variant as u16,
            self.size(&ty)?,
            self.align(&ty),
            at,
            count,
        ];
        for case in cases {
            let held = match &case.ty {
                Some(ty) => self.kind(ty, help, input)?,
                None => NOTHING,
            };
            words.extend([self.name(json_name(&case.name))?, held]);
        }
        Ok(words)
    }

    fn name(&mut self, name: String) -> Result<u16> {
        let known = self.names.iter().position(|known| *known == name);
        let number = known.unwrap_or_else(|| {
            self.names.push(name);
            self.names.len() - 1
        });
        Ok(u16::try_from(number)?)
    }

    fn intern(&mut self, words: Vec<u16>) -> Result<u16> {
        if let Some(place) = self.places.get(&words) {
            return Ok(*place);
        }
        let place =
            u16::try_from(self.words.len()).context("the table is longer than 65,535 numbers")?;
        ensure!(place != NOTHING, "the table is longer than 65,534 numbers");
        self.words.extend(&words);
        self.places.insert(words, place);
        Ok(place)
    }
}

/// Reads where Meta has which field, and makes sure that the contract has each.
fn read_wire(contract: &Contract) -> Result<Wire> {
    let text = fs::read_to_string(WIRE).with_context(|| format!("cannot read {WIRE}"))?;
    let wire: Wire = serde_json::from_str(&text).context(WIRE)?;
    for (record, fields) in &wire {
        let id = contract.type_of("webhooks", record).context(WIRE)?;
        let Shape::Record(_, known) = contract.shape(&Type::Id(id))? else {
            anyhow::bail!("{WIRE}: {record} is no record");
        };
        for field in fields.keys() {
            ensure!(
                known.iter().any(|known| known.name == *field),
                "{WIRE}: {record} has no {field}"
            );
        }
    }
    Ok(wire)
}
