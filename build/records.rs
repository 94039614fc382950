//! How records are read from JSON and written to it: an implementation of `crate::json::Read` or `Write` per type of the contract.
//!
//! serde's derive made about 4 KB of wasm per record; this makes some hundred bytes, and its errors name the field by its path.

use crate::contract::{Contract, Shape, json_name};
use anyhow::Result;
use heck::ToUpperCamelCase;
use std::{collections::BTreeSet, fmt::Write};
use wit_bindgen_core::wit_parser::{Field, Type, TypeId};
use wit_bindgen_rust::to_rust_ident;

/// The implementations as Rust source.
pub fn generate(contract: &Contract) -> Result<String> {
    let mut inputs = Walk::default();
    inputs.visit(contract, contract.shared_type("connection")?)?;
    let mut outputs = Walk::default();
    for action in contract.actions()? {
        inputs.visit(contract, action.input)?;
        outputs.visit(contract, action.output)?;
    }
    let mut source = String::new();
    for id in inputs.0 {
        source += &read(contract, id)?;
    }
    for id in outputs.0 {
        source += &write(contract, id)?;
    }
    Ok(source)
}

/// All named types that a type is made of.
#[derive(Default)]
struct Walk(BTreeSet<TypeId>);

impl Walk {
    fn visit(&mut self, contract: &Contract, id: TypeId) -> Result<()> {
        self.visit_type(contract, &Type::Id(id))
    }

    fn visit_type(&mut self, contract: &Contract, ty: &Type) -> Result<()> {
        match contract.shape(ty)? {
            Shape::Optional(inner) | Shape::List(inner) => self.visit_type(contract, &inner)?,
            Shape::Choice(id, _) | Shape::OpenChoice(id, _) => {
                self.0.insert(id);
            }
            Shape::Record(id, fields) => {
                self.0.insert(id);
                for field in fields {
                    self.visit_type(contract, &field.ty)?;
                }
            }
            Shape::Text | Shape::Json | Shape::Flag | Shape::Integer(..) | Shape::Number => {}
        }
        Ok(())
    }
}

fn read(contract: &Contract, id: TypeId) -> Result<String> {
    let path = rust_path(contract, id)?;
    Ok(match contract.shape(&Type::Id(id))? {
        Shape::Record(_, fields) => {
            let names = names(contract, fields)?;
            let mut values = String::new();
            for field in fields {
                let value = match contract.shape(&field.ty)? {
                    Shape::Record(record, _) if contract.is_inline(record) => {
                        "crate::json::Record::fields(input)".to_owned()
                    }
                    shape => format!(
                        "input.field{}",
                        how(contract, shape, &json_name(&field.name))?
                    ),
                };
                writeln!(values, "{}: {value},", to_rust_ident(&field.name))?;
            }
            format!(
                "impl crate::json::Record for {path} {{
                    const NAMES: &'static [&'static str] = &{names:?};
                    fn fields(input: &mut crate::json::Input<'_, '_>) -> Self {{ Self {{ {values} }} }}
                }}
                impl crate::json::Read for {path} {{
                    fn read(input: &mut crate::json::Input<'_, '_>) -> Self {{
                        input.object(<Self as crate::json::Record>::NAMES);
                        crate::json::Record::fields(input)
                    }}
                }}\n"
            )
        }
        Shape::Choice(_, cases) => {
            let names: Vec<_> = cases.iter().map(|case| json_name(&case.name)).collect();
            let mut arms = String::new();
            for (index, case) in cases.iter().enumerate().skip(1) {
                writeln!(
                    arms,
                    "{index} => Self::{},",
                    case.name.to_upper_camel_case()
                )?;
            }
            let first = cases[0].name.to_upper_camel_case();
            format!(
                "impl crate::json::Read for {path} {{
                    fn read(input: &mut crate::json::Input<'_, '_>) -> Self {{
                        match input.choice(&{names:?}) {{ {arms} _ => Self::{first} }}
                    }}
                }}\n"
            )
        }
        _ => anyhow::bail!("{path} cannot be an input yet"),
    })
}

/// The names that an object may have, with those of the inline record.
fn names(contract: &Contract, fields: &[Field]) -> Result<Vec<String>> {
    let mut output = Vec::new();
    for field in fields {
        match contract.shape(&field.ty)? {
            Shape::Record(record, inner) if contract.is_inline(record) => {
                output.extend(names(contract, inner)?)
            }
            _ => output.push(json_name(&field.name)),
        }
    }
    Ok(output)
}

/// The call that reads a field: JSON text goes through a type of its own, because in Rust it is a `String` like others.
fn how(contract: &Contract, shape: Shape<'_>, name: &str) -> Result<String> {
    Ok(match shape {
        Shape::Json => format!("::<crate::json::Raw>({name:?}).0"),
        Shape::Optional(inner) if matches!(contract.shape(&inner)?, Shape::Json) => {
            format!("::<Option<crate::json::Raw>>({name:?}).map(|raw| raw.0)")
        }
        _ => format!("({name:?})"),
    })
}

fn write(contract: &Contract, id: TypeId) -> Result<String> {
    let path = rust_path(contract, id)?;
    let body = match contract.shape(&Type::Id(id))? {
        Shape::Record(_, fields) => {
            let mut values = String::new();
            for field in fields {
                writeln!(
                    values,
                    "({:?}, &self.{}),",
                    json_name(&field.name),
                    to_rust_ident(&field.name)
                )?;
            }
            format!("crate::json::object(&[{values}])")
        }
        Shape::OpenChoice(_, cases) => {
            let mut arms = String::new();
            for case in cases {
                writeln!(
                    arms,
                    "Self::{} => {:?},",
                    case.name.to_upper_camel_case(),
                    json_name(&case.name)
                )?;
            }
            format!(
                "serde_json::Value::from(match self {{ {arms} Self::Other(name) => name.as_str() }})"
            )
        }
        _ => anyhow::bail!("{path} cannot be an output yet"),
    };
    Ok(format!(
        "impl crate::json::Write for {path} {{ fn write(&self) -> serde_json::Value {{ {body} }} }}\n"
    ))
}

fn rust_path(contract: &Contract, id: TypeId) -> Result<String> {
    let interface = &contract.resolve.interfaces[contract.owner(id)?];
    let interface = interface.name.as_deref().unwrap_or_default();
    let exports = if interface == "types" {
        ""
    } else {
        "exports::"
    };
    let name = contract.resolve.types[id]
        .name
        .as_deref()
        .unwrap_or_default();
    Ok(format!(
        "crate::contract::{exports}whatsapp::connector::{}::{}",
        to_rust_ident(interface),
        name.to_upper_camel_case()
    ))
}
