//! The first pages of the heap, there from the start.
//!
//! To grow a memory, an engine changes the protection of its pages, and changes it back when it gives the memory to the next instance. For a call that
//! takes microseconds this is a tenth of it.

use super::function;
use anyhow::{Context, Result, anyhow};
use std::convert::Infallible;
use wasm_encoder::{
    ConstExpr, GlobalSection, GlobalType, Instruction, MemoryType, Module, ValType,
    reencode::{Error, Reencode, utils},
};
use wasmparser::{Operator, Parser, Payload, TypeRef};

/// How many pages: enough for a send, and for a delivery of sixteen updates.
const PAGES: u32 = 3;

/// What stands in place of `memory.grow`.
const GROW: &str = include_str!("grow.wat");

/// The same module with a part of its heap there from the start; as it is when it never asks for memory.
pub fn begin(module: &[u8]) -> Result<Vec<u8>> {
    let mut heap = Heap {
        function: function::count(module)?,
        imported: imported_globals(module)?,
        replaced: 0,
        spare: None,
    };
    let mut output = Module::new();
    heap.parse_core_module(&mut output, Parser::new(0), module)
        .map_err(|problem| anyhow!("cannot place the heap: {problem}"))?;
    if heap.replaced == 0 {
        return Ok(module.to_vec());
    }
    let spare = heap.spare.context("the module has no section of globals")?;
    let globals = "(global (mut i32) (i32.const 0))".repeat(usize::try_from(spare)? + 1);
    let grow = GROW
        .replace("GLOBALS", &globals)
        .replace("(global.get SPARE)", &format!("(global.get {spare})"))
        .replace("(global.set SPARE", &format!("(global.set {spare}"));
    function::append(&output.finish(), &grow, &[ValType::I32], &[ValType::I32])
}

fn imported_globals(module: &[u8]) -> Result<u32> {
    let mut count = 0;
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::ImportSection(section) = payload? {
            for import in section.into_imports() {
                count += u32::from(matches!(import?.ty, TypeRef::Global(_)));
            }
        }
    }
    Ok(count)
}

struct Heap {
    /// Index of the function in place of `memory.grow`.
    function: u32,
    /// How many globals are imported: they come first.
    imported: u32,
    /// How often `memory.grow` was there.
    replaced: usize,
    /// Index of the global that counts pages, when it is written.
    spare: Option<u32>,
}

impl Reencode for Heap {
    type Error = Infallible;

    fn memory_type(
        &mut self,
        memory: wasmparser::MemoryType,
    ) -> Result<MemoryType, Error<Infallible>> {
        let mut memory = utils::memory_type(self, memory);
        memory.minimum += u64::from(PAGES);
        memory.maximum = memory.maximum.map(|most| most.max(memory.minimum));
        Ok(memory)
    }

    fn parse_global_section(
        &mut self,
        globals: &mut GlobalSection,
        section: wasmparser::GlobalSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        utils::parse_global_section(self, globals, section)?;
        self.spare = Some(self.imported + globals.len());
        let ty = GlobalType {
            val_type: ValType::I32,
            mutable: true,
            shared: false,
        };
        globals.global(ty, &ConstExpr::i32_const(PAGES as i32));
        Ok(())
    }

    fn instruction<'a>(
        &mut self,
        operator: Operator<'a>,
    ) -> Result<Instruction<'a>, Error<Infallible>> {
        if matches!(operator, Operator::MemoryGrow { mem: 0 }) {
            self.replaced += 1;
            return Ok(Instruction::Call(self.function));
        }
        utils::instruction(self, operator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasmtime::{Engine, Instance, Store, TypedFunc};

    /// Two pages at first and eight at most; asks for as many more as it is told to.
    const MODULE: &str = r#"(module
        (import "" "" (global i32))
        (memory (export "memory") 2 8)
        (global (mut i32) (i32.const 7))
        (func (export "ask") (param i32) (result i32) (memory.grow (local.get 0))))"#;

    /// The store and the function of a fresh instance, and how many pages there are.
    fn instance(module: &[u8]) -> (Store<()>, TypedFunc<i32, i32>, u64) {
        let engine = Engine::default();
        let module = wasmtime::Module::new(&engine, module).expect("is valid");
        let mut store = Store::new(&engine, ());
        let ty = wasmtime::GlobalType::new(wasmtime::ValType::I32, wasmtime::Mutability::Const);
        let seven = wasmtime::Global::new(&mut store, ty, 7.into()).expect("is a number");
        let instance =
            Instance::new(&mut store, &module, &[seven.into()]).expect("imports a number");
        let memory = instance.get_memory(&mut store, "memory").expect("has one");
        let pages = memory.size(&store);
        let ask = instance.get_typed_func(&mut store, "ask");
        (store, ask.expect("is there"), pages)
    }

    #[test]
    fn pages_follow_each_other_whether_they_were_there_or_not() {
        let module = begin(&wat::parse_str(MODULE).expect("is text")).expect("can be placed");
        // How many pages are asked for, and where they begin.
        let answers: [&[(i32, i32)]; 2] = [
            &[(1, 2), (0, 3), (3, 3), (5, -1), (2, 6), (1, -1), (0, 8)],
            &[(7, -1), (6, 2), (1, -1)],
        ];
        for answers in answers {
            let (mut store, ask, pages) = instance(&module);
            assert_eq!(pages, u64::from(2 + PAGES));
            for (asked, first) in answers {
                let found = ask.call(&mut store, *asked).expect("returns");
                assert_eq!(found, *first, "{asked} pages in {answers:?}");
            }
        }
    }

    #[test]
    fn who_never_asks_stays_as_it_is() {
        let module = wat::parse_str(r#"(module (memory 2) (global i32 (i32.const 7)))"#);
        let module = module.expect("is text");
        assert_eq!(begin(&module).expect("is a module"), module);
    }
}
