//! One more function for a module, written by hand as text.

use anyhow::{Context, Result, anyhow, ensure};
use std::convert::Infallible;
use wasm_encoder::{
    CodeSection, FunctionSection, Module, TypeSection, ValType,
    reencode::{Error, Reencode, utils},
};
use wasmparser::{Parser, Payload, TypeRef};

/// How many functions a module has, imported ones included: the index of the next one.
pub fn count(module: &[u8]) -> Result<u32> {
    let mut count = 0;
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    count += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::FunctionSection(section) => count += section.count(),
            _ => {}
        }
    }
    Ok(count)
}

/// The same module with the only function of another one, which is given as text, behind its own. The module has functions and types already.
pub fn append(
    module: &[u8],
    text: &str,
    parameters: &'static [ValType],
    results: &'static [ValType],
) -> Result<Vec<u8>> {
    let mut appended = Appended {
        body: body(&wat::parse_str(text)?)?,
        parameters,
        results,
        ty: types(module)?,
        parts: 0,
    };
    let mut output = Module::new();
    appended
        .parse_core_module(&mut output, Parser::new(0), module)
        .map_err(|problem| anyhow!("cannot append a function: {problem}"))?;
    ensure!(
        appended.parts == 3,
        "the module has no functions of its own"
    );
    Ok(output.finish())
}

/// How many types a module has.
fn types(module: &[u8]) -> Result<u32> {
    let mut count = 0;
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::TypeSection(section) = payload? {
            for group in section {
                count += u32::try_from(group?.types().len())?;
            }
        }
    }
    Ok(count)
}

/// The body of a module's only function.
fn body(module: &[u8]) -> Result<Vec<u8>> {
    let mut found = Parser::new(0)
        .parse_all(module)
        .filter_map(|payload| match payload {
            Ok(Payload::CodeSectionEntry(body)) => Some(body.as_bytes().to_vec()),
            _ => None,
        });
    found.next().context("the text has no function")
}

struct Appended {
    body: Vec<u8>,
    parameters: &'static [ValType],
    results: &'static [ValType],
    /// Index of its type.
    ty: u32,
    /// How many of the three sections that it takes part in were there.
    parts: u32,
}

type Outcome = Result<(), Error<Infallible>>;

impl Reencode for Appended {
    type Error = Infallible;

    fn parse_type_section(
        &mut self,
        types: &mut TypeSection,
        section: wasmparser::TypeSectionReader<'_>,
    ) -> Outcome {
        utils::parse_type_section(self, types, section)?;
        self.parts += 1;
        let (parameters, results) = (self.parameters.iter(), self.results.iter());
        types.ty().function(parameters.copied(), results.copied());
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: wasmparser::FunctionSectionReader<'_>,
    ) -> Outcome {
        utils::parse_function_section(self, functions, section)?;
        functions.function(self.ty);
        self.parts += 1;
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: wasmparser::CodeSectionReader<'_>,
    ) -> Outcome {
        utils::parse_code_section(self, code, section)?;
        code.raw(&self.body);
        self.parts += 1;
        Ok(())
    }
}
