//! Packed data: the texts and tables of the module as one block of LZ4, which a start function unpacks.
//!
//! The block lies where the stack will be, which nobody uses before the start function has run; so it costs no memory.

use super::function;
use anyhow::{Context, Result, anyhow, ensure};
use lz4::block::{CompressionMode, compress};
use std::convert::Infallible;
use wasm_encoder::{
    ConstExpr, CustomSection, DataSection, Module, SectionId, StartSection,
    reencode::{Error, Reencode},
};
use wasmparser::{DataKind, Operator, Parser, Payload};

/// The custom section that says that the data is packed. `host-test/src/host/unpacked.rs` reads it.
const MARK: &str = "lz4-data";

/// The start function, with places for the addresses.
const UNPACK: &str = include_str!("unpack.wat");

/// The size of a page of memory.
const PAGE: usize = 64 * 1024;

/// How far behind the data the start function writes; it ends with zeros there.
const BEHIND: usize = 8;

/// The most thorough level of LZ4.
const THOROUGH: CompressionMode = CompressionMode::HIGHCOMPRESSION(12);

/// The same module with its data packed.
pub fn pack(module: &[u8]) -> Result<Vec<u8>> {
    let found = Found::read(module)?;
    if found.data.is_empty() {
        return Ok(module.to_vec());
    }
    let block = compress(&found.data, Some(THOROUGH), false).context("cannot pack the data")?;
    ensure!(
        block.len() <= found.address,
        "the data begins at {}, and {} packed bytes do not fit below; is the stack not there?",
        found.address,
        block.len()
    );
    ensure!(
        found.address + found.data.len() + BEHIND <= found.memory,
        "{BEHIND} bytes behind the data must be zero and a part of the memory"
    );
    let unpack = UNPACK
        .replace("FROM", "0")
        .replace("END", &block.len().to_string())
        .replace("TO", &found.address.to_string());
    let module = function::append(module, &unpack, &[], &[])?;
    let mut packed = Module::new();
    let mut packer = Packer {
        function: function::count(&module)? - 1,
        block,
        started: false,
    };
    packer
        .parse_core_module(&mut packed, Parser::new(0), &module)
        .map_err(|problem| anyhow!("cannot pack the data: {problem}"))?;
    ensure!(packer.started, "the module exports nothing");
    // For hosts that unpack the data once, when they load the component: where it goes, and how long it is.
    let place =
        [found.address, found.data.len()].map(|number| u32::try_from(number).map(u32::to_le_bytes));
    let [address, length] = place;
    packed.section(&CustomSection {
        name: MARK.into(),
        data: [address?, length?].concat().into(),
    });
    Ok(packed.finish())
}

/// What has to be known of a module.
#[derive(Default)]
struct Found {
    /// Where the data begins.
    address: usize,
    /// How many bytes of memory there are in the beginning.
    memory: usize,
    /// All data, with zeros between the parts.
    data: Vec<u8>,
}

impl Found {
    fn read(module: &[u8]) -> Result<Self> {
        let mut found = Self::default();
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::MemorySection(section) => {
                    for memory in section {
                        found.memory = usize::try_from(memory?.initial)? * PAGE;
                    }
                }
                Payload::DataSection(section) => {
                    for part in section {
                        let part = part?;
                        found.add(address(&part.kind)?, part.data)?;
                    }
                }
                Payload::StartSection { .. } => {
                    return Err(anyhow!("the module has a start function already"));
                }
                _ => {}
            }
        }
        Ok(found)
    }

    /// Adds a part; the linker writes them in the order of their addresses.
    fn add(&mut self, address: usize, data: &[u8]) -> Result<()> {
        if self.data.is_empty() {
            self.address = address;
        }
        let end = self.address + self.data.len();
        let gap = address.checked_sub(end);
        let gap = gap.with_context(|| format!("data at {address} begins before {end}"))?;
        self.data.resize(self.data.len() + gap, 0);
        self.data.extend_from_slice(data);
        Ok(())
    }
}

/// Where a part of the data belongs.
fn address(kind: &DataKind<'_>) -> Result<usize> {
    if let DataKind::Active {
        memory_index: 0,
        offset_expr,
    } = kind
    {
        let mut operators = offset_expr.get_operators_reader();
        if let (Operator::I32Const { value }, Operator::End) =
            (operators.read()?, operators.read()?)
        {
            return Ok(usize::try_from(value)?);
        }
    }
    Err(anyhow!("a part of the data has no fixed address"))
}

struct Packer {
    /// Index of the start function.
    function: u32,
    block: Vec<u8>,
    /// Whether the start section is written.
    started: bool,
}

type Outcome = Result<(), Error<Infallible>>;

impl Reencode for Packer {
    type Error = Infallible;

    fn intersperse_section_hook(
        &mut self,
        module: &mut Module,
        after: Option<SectionId>,
        _before: Option<SectionId>,
    ) -> Outcome {
        if after == Some(SectionId::Export) {
            self.started = true;
            module.section(&StartSection {
                function_index: self.function,
            });
        }
        Ok(())
    }

    fn data_count(&mut self, _count: u32) -> Result<u32, Error<Infallible>> {
        Ok(1)
    }

    fn parse_data_section(
        &mut self,
        data: &mut DataSection,
        _section: wasmparser::DataSectionReader<'_>,
    ) -> Outcome {
        data.active(0, &ConstExpr::i32_const(0), self.block.iter().copied());
        Ok(())
    }
}
