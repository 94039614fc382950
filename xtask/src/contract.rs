//! The contract of a component that was put together.
//!
//! What composes components exports their instances as they are: the exports' types are then equal to those of the imported interface `types`,
//! but are no longer known to be the same, and what reads the contract finds interfaces whose types are not defined. Here each export gets
//! its type written out, with the types that it uses taken from the import.

use anyhow::{Context, Result, bail, ensure};
use std::{borrow::Cow, collections::HashMap};
use wasm_encoder::{
    Alias, Component, ComponentAliasSection, ComponentExportKind, ComponentExportSection,
    ComponentOuterAliasKind, ComponentTypeRef, ComponentTypeSection, ComponentValType,
    InstanceType, PrimitiveValType, RawSection, TypeBounds,
};
use wasmparser::{ComponentTypeRef as Reference, Parser, Payload, Validator};
use wit_component::WitPrinter;
use wit_parser::{
    Interface, InterfaceId, Resolve, Type, TypeDef, TypeDefKind, TypeId, TypeOwner, WorldItem,
};

/// The composed component with the exports of the component that it was made of.
pub fn keep(composed: &[u8], original: &[u8]) -> Result<Vec<u8>> {
    let decoded = wit_component::decode(original)?;
    let resolve = decoded.resolve();
    let root = Root::read(composed)?;
    let mut types = ComponentTypeSection::new();
    let mut aliases = ComponentAliasSection::new();
    let mut exports = ComponentExportSection::new();
    let mut outer = HashMap::new();
    let mut next = root.types;
    for world in resolve.worlds.iter().map(|(_, world)| world) {
        for id in world.imports.values().filter_map(interface) {
            let name = resolve.id_of(id).context("an interface without a name")?;
            let Some(instance) = root.imports.get(&name) else {
                continue;
            };
            for (name, id) in &resolve.interfaces[id].types {
                aliases.alias(Alias::InstanceExport {
                    instance: *instance,
                    kind: ComponentExportKind::Type,
                    name,
                });
                outer.insert(*id, next);
                next += 1;
            }
        }
    }
    for world in resolve.worlds.iter().map(|(_, world)| world) {
        for id in world.exports.values().filter_map(interface) {
            let name = resolve.id_of(id).context("an interface without a name")?;
            let instance = root.exports.get(&name);
            let instance = instance.with_context(|| format!("{name} is not exported any more"))?;
            let mut described = Described::new(resolve, &outer);
            described.interface(&resolve.interfaces[id])?;
            types.instance(&described.instance);
            let described = ComponentTypeRef::Instance(next);
            exports.export(
                name.as_str(),
                ComponentExportKind::Instance,
                *instance,
                Some(described),
            );
            next += 1;
        }
    }
    let mut output = Component::new();
    for (id, range) in &root.sections {
        output.section(&RawSection {
            id: *id,
            data: &composed[range.clone()],
        });
    }
    output.section(&aliases);
    output.section(&types);
    output.section(&exports);
    let output = output.finish();
    same_exports(original, &output)?;
    Ok(output)
}

/// Makes sure that whoever reads both finds the same exports.
fn same_exports(original: &[u8], output: &[u8]) -> Result<()> {
    let (expected, found) = (exports(original)?, exports(output)?);
    for (name, text) in &expected {
        ensure!(
            found.get(name) == Some(text),
            "the export {name} reads otherwise than before; the fault is in xtask/src/contract.rs"
        );
    }
    Ok(())
}

/// The exported interfaces of a component as text, by name.
fn exports(component: &[u8]) -> Result<HashMap<String, String>> {
    let decoded = wit_component::decode(component)?;
    let resolve = decoded.resolve();
    let mut exported = Vec::new();
    for world in resolve.worlds.iter().map(|(_, world)| world) {
        for id in world.exports.values().filter_map(interface) {
            exported.push(id);
        }
    }
    let mut texts = HashMap::new();
    for id in exported {
        let interface = &resolve.interfaces[id];
        let package = interface
            .package
            .context("an interface without a package")?;
        let mut printer = WitPrinter::default();
        printer.print_package(resolve, package, false)?;
        let text = printer.output.to_string();
        let name = interface.name.clone().unwrap_or_default();
        let (_, text) = text
            .split_once(&format!("interface {name} {{"))
            .with_context(|| format!("{name} is not in its package"))?;
        let (text, _) = text.split_once("\n}").unwrap_or((text, ""));
        texts.insert(name, text.to_owned());
    }
    Ok(texts)
}

fn interface(item: &WorldItem) -> Option<InterfaceId> {
    match item {
        WorldItem::Interface { id, .. } => Some(*id),
        _ => None,
    }
}

/// What of the composed component has to be known.
struct Root {
    /// Its sections without the exports: number and place.
    sections: Vec<(u8, std::ops::Range<usize>)>,
    /// How many types it has.
    types: u32,
    /// The instances that it imports, by name.
    imports: HashMap<String, u32>,
    /// The instances that it exports, by name.
    exports: HashMap<String, u32>,
}

impl Root {
    fn read(bytes: &[u8]) -> Result<Self> {
        let types = Validator::new().validate_all(bytes)?;
        let types = types.as_ref().component_type_count();
        let mut root = Self {
            sections: Vec::new(),
            types,
            imports: HashMap::new(),
            exports: HashMap::new(),
        };
        let mut instances = 0;
        let mut depth = 0;
        for payload in Parser::new(0).parse_all(bytes) {
            let payload = payload?;
            if depth == 0 {
                match &payload {
                    Payload::ComponentImportSection(section) => {
                        for import in section.clone() {
                            let import = import?;
                            if matches!(import.ty, Reference::Instance(_)) {
                                root.imports.insert(import.name.name.to_owned(), instances);
                                instances += 1;
                            }
                        }
                    }
                    Payload::ComponentExportSection(section) => {
                        for export in section.clone() {
                            let export = export?;
                            ensure!(
                                export.kind == wasmparser::ComponentExternalKind::Instance,
                                "{} is exported, which is no interface",
                                export.name.name
                            );
                            root.exports
                                .insert(export.name.name.to_owned(), export.index);
                        }
                    }
                    _ => {}
                }
                if let Some((id, range)) = payload.as_section()
                    && !matches!(payload, Payload::ComponentExportSection(_))
                {
                    let range = usize::try_from(range.start)?..usize::try_from(range.end)?;
                    root.sections.push((id, range));
                }
            }
            match payload {
                Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
                Payload::End(_) => depth -= 1,
                _ => {}
            }
        }
        Ok(root)
    }
}

/// The type of an instance, as it is being written.
struct Described<'a> {
    resolve: &'a Resolve,
    /// Types of imported interfaces, by what they are called outside.
    outer: &'a HashMap<TypeId, u32>,
    /// Types that are written already.
    known: HashMap<TypeId, u32>,
    instance: InstanceType,
}

impl<'a> Described<'a> {
    fn new(resolve: &'a Resolve, outer: &'a HashMap<TypeId, u32>) -> Self {
        Self {
            resolve,
            outer,
            known: HashMap::new(),
            instance: InstanceType::new(),
        }
    }

    fn interface(&mut self, interface: &'a Interface) -> Result<()> {
        for (name, id) in &interface.types {
            let index = match self.used(*id) {
                Some(outer) => {
                    let index = self.instance.type_count();
                    self.instance.alias(Alias::Outer {
                        kind: ComponentOuterAliasKind::Type,
                        count: 1,
                        index: outer,
                    });
                    index
                }
                None => self.define(&self.resolve.types[*id])?,
            };
            let exported = self.instance.type_count();
            let bounds = ComponentTypeRef::Type(TypeBounds::Eq(index));
            self.instance.export(name.as_str(), bounds);
            self.known.insert(*id, exported);
            // Functions and records name it by either.
            if let TypeDefKind::Type(Type::Id(origin)) = self.resolve.types[*id].kind {
                self.known.entry(origin).or_insert(exported);
            }
        }
        for (name, function) in &interface.functions {
            let mut parameters = Vec::new();
            for parameter in &function.params {
                parameters.push((parameter.name.as_str(), self.value(&parameter.ty)?));
            }
            let result = function.result.as_ref();
            let result = result.map(|ty| self.value(ty)).transpose()?;
            let index = self.instance.type_count();
            let mut described = self.instance.ty().function();
            described.params(parameters).result(result);
            self.instance
                .export(name.as_str(), ComponentTypeRef::Func(index));
        }
        Ok(())
    }

    /// Where a type of this interface comes from when it is one of another, imported interface.
    fn used(&self, id: TypeId) -> Option<u32> {
        match self.resolve.types[id].kind {
            TypeDefKind::Type(Type::Id(origin)) => self.outer.get(&origin).copied(),
            _ => None,
        }
    }

    /// Writes a type without a name and returns its index.
    fn define(&mut self, definition: &'a TypeDef) -> Result<u32> {
        macro_rules! write {
            ($($call:tt)*) => {{
                let index = self.instance.type_count();
                self.instance.ty().defined_type().$($call)*;
                index
            }};
        }
        Ok(match &definition.kind {
            TypeDefKind::Record(record) => {
                let mut fields = Vec::new();
                for field in &record.fields {
                    fields.push((field.name.as_str(), self.value(&field.ty)?));
                }
                write!(record(fields))
            }
            TypeDefKind::Variant(variant) => {
                let mut cases = Vec::new();
                for case in &variant.cases {
                    let payload = case.ty.as_ref().map(|ty| self.value(ty)).transpose()?;
                    cases.push((Cow::Borrowed(case.name.as_str()), payload));
                }
                write!(variant(
                    cases
                        .iter()
                        .map(|(name, payload)| (name.as_ref(), *payload))
                ))
            }
            TypeDefKind::Enum(cases) => {
                write!(enum_type(cases.cases.iter().map(|case| case.name.as_str())))
            }
            TypeDefKind::Flags(flags) => {
                write!(flags(flags.flags.iter().map(|flag| flag.name.as_str())))
            }
            TypeDefKind::Tuple(tuple) => {
                let mut types = Vec::new();
                for ty in &tuple.types {
                    types.push(self.value(ty)?);
                }
                write!(tuple(types))
            }
            TypeDefKind::Option(ty) => {
                let ty = self.value(ty)?;
                write!(option(ty))
            }
            TypeDefKind::List(ty) => {
                let ty = self.value(ty)?;
                write!(list(ty))
            }
            TypeDefKind::Result(result) => {
                let ok = result.ok.as_ref().map(|ty| self.value(ty)).transpose()?;
                let err = result.err.as_ref().map(|ty| self.value(ty)).transpose()?;
                write!(result(ok, err))
            }
            TypeDefKind::Type(Type::Id(id)) => self.index(*id)?,
            TypeDefKind::Type(ty) => {
                let primitive = primitive(ty).context("a type that is not known here")?;
                write!(primitive(primitive))
            }
            other => bail!(
                "{}: no export of the connector had one so far",
                other.as_str()
            ),
        })
    }

    fn value(&mut self, ty: &Type) -> Result<ComponentValType> {
        Ok(match ty {
            Type::Id(id) => ComponentValType::Type(self.index(*id)?),
            ty => {
                ComponentValType::Primitive(primitive(ty).context("a type that is not known here")?)
            }
        })
    }

    /// The index of a type; one without a name is written where it is used first.
    fn index(&mut self, id: TypeId) -> Result<u32> {
        if let Some(index) = self.known.get(&id) {
            return Ok(*index);
        }
        let definition = &self.resolve.types[id];
        ensure!(
            definition.name.is_none() || definition.owner == TypeOwner::None,
            "{:?} is used before it is defined",
            definition.name
        );
        let index = self.define(definition)?;
        self.known.insert(id, index);
        Ok(index)
    }
}

fn primitive(ty: &Type) -> Option<PrimitiveValType> {
    Some(match ty {
        Type::Bool => PrimitiveValType::Bool,
        Type::U8 => PrimitiveValType::U8,
        Type::U16 => PrimitiveValType::U16,
        Type::U32 => PrimitiveValType::U32,
        Type::U64 => PrimitiveValType::U64,
        Type::S8 => PrimitiveValType::S8,
        Type::S16 => PrimitiveValType::S16,
        Type::S32 => PrimitiveValType::S32,
        Type::S64 => PrimitiveValType::S64,
        Type::F32 => PrimitiveValType::F32,
        Type::F64 => PrimitiveValType::F64,
        Type::Char => PrimitiveValType::Char,
        Type::String => PrimitiveValType::String,
        Type::ErrorContext | Type::Id(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A component whose exported interface has the imported type.
    const ORIGINAL: &str = r#"(component
        (import "a:b/types" (instance $types
            (type $r (record (field "text" string)))
            (export "r" (type (eq $r)))))
        (alias export $types "r" (type $r))
        (component $shim
            (import "r" (type $q (eq $r)))
            (export "r" (type $q)))
        (instance $door (instantiate $shim (with "r" (type $r))))
        (export "a:b/door" (instance $door)))"#;

    /// The same after composing: the type of the exported interface is only equal to the imported one.
    const COMPOSED: &str = r#"(component
        (import "a:b/types" (instance
            (type $r (record (field "text" string)))
            (export "r" (type (eq $r)))))
        (component $inner
            (type $r (record (field "text" string)))
            (component $shim
                (import "r" (type $q (eq $r)))
                (export "r" (type $q)))
            (instance $door (instantiate $shim (with "r" (type $r))))
            (export "a:b/door" (instance $door)))
        (instance $inner (instantiate $inner))
        (alias export $inner "a:b/door" (instance $door))
        (export "a:b/door" (instance $door)))"#;

    #[test]
    fn exports_take_their_types_from_the_import() {
        let [original, composed] = [ORIGINAL, COMPOSED].map(|text| wat::parse_str(text).unwrap());
        let uses =
            |component: &[u8]| exports(component).unwrap()["door"].contains("use types.{r};");
        assert!(uses(&original) && !uses(&composed));
        let kept = keep(&composed, &original).unwrap();
        assert!(uses(&kept));
        Validator::new().validate_all(&kept).unwrap();
    }
}
