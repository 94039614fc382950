//! Each type once.
//!
//! For every exported interface `wit-component` writes an inner component, which defines anew every type that the interface uses. A type that
//! contains no other named type need not be: an alias to the definition of the outer component is the same in four bytes.

use anyhow::{Result, anyhow};
use std::{collections::HashMap, convert::Infallible};
use wasm_encoder::{
    Alias, Component, ComponentAliasSection, ComponentOuterAliasKind, ComponentSection,
    ComponentTypeSection,
    reencode::{Error, Reencode, ReencodeComponent, component_utils},
};
use wasmparser::{
    ComponentAlias, ComponentDefinedType, ComponentExternalKind, ComponentType, ComponentTypeRef,
    ComponentValType, Parser, Payload,
};

/// The same component with aliases in its inner components.
pub fn share(component: &[u8]) -> Result<Vec<u8>> {
    let mut output = Component::new();
    let mut levels = Levels(vec![Level::default()]);
    levels
        .parse_component(&mut output, Parser::new(0), component)
        .map_err(|problem| anyhow!("cannot share the types of the component: {problem}"))?;
    Ok(output.finish())
}

/// The component that is read, and those around it.
struct Levels(Vec<Level>);

/// What one component has defined so far.
#[derive(Default)]
struct Level {
    /// Each of its types; for one that contains no named type, what it consists of.
    types: Vec<Option<String>>,
    /// Where to find a type by what it consists of.
    places: HashMap<String, u32>,
}

impl Level {
    fn add(&mut self, structure: Option<String>) {
        if let (Some(structure), Ok(place)) = (&structure, u32::try_from(self.types.len())) {
            self.places.entry(structure.clone()).or_insert(place);
        }
        self.types.push(structure);
    }

    /// What a type consists of, with every reference replaced by what it refers to.
    fn structure(&self, ty: &ComponentDefinedType<'_>) -> Option<String> {
        let value = |ty: &ComponentValType| match ty {
            ComponentValType::Primitive(ty) => Some(ty.to_string()),
            ComponentValType::Type(index) => self.types.get(*index as usize)?.clone(),
        };
        let optional = |ty: &Option<ComponentValType>| match ty {
            Some(ty) => value(ty),
            None => Some("_".to_owned()),
        };
        let (kind, parts) = match ty {
            ComponentDefinedType::Primitive(ty) => (ty.to_string(), Some(Vec::new())),
            ComponentDefinedType::Record(fields) => (
                "record".to_owned(),
                fields
                    .iter()
                    .map(|(name, ty)| Some(format!("{name}: {}", value(ty)?)))
                    .collect(),
            ),
            ComponentDefinedType::Variant(cases) => (
                "variant".to_owned(),
                cases
                    .iter()
                    .map(|case| Some(format!("{}: {}", case.name, optional(&case.ty)?)))
                    .collect(),
            ),
            ComponentDefinedType::Enum(names) => (
                "enum".to_owned(),
                Some(names.iter().map(ToString::to_string).collect()),
            ),
            ComponentDefinedType::List(ty) => ("list".to_owned(), value(ty).map(|ty| vec![ty])),
            ComponentDefinedType::Option(ty) => ("option".to_owned(), value(ty).map(|ty| vec![ty])),
            ComponentDefinedType::Tuple(types) => {
                ("tuple".to_owned(), types.iter().map(value).collect())
            }
            // The others are rare here, or name something themselves.
            _ => return None,
        };
        Some(format!("{kind}({})", parts?.join(", ")))
    }
}

/// Whether an alias is shorter than the definition.
fn is_long(ty: &ComponentDefinedType<'_>) -> bool {
    matches!(
        ty,
        ComponentDefinedType::Record(_)
            | ComponentDefinedType::Variant(_)
            | ComponentDefinedType::Enum(_)
    )
}

impl Levels {
    fn current(&mut self) -> &mut Level {
        if self.0.is_empty() {
            self.0.push(Level::default());
        }
        let last = self.0.len() - 1;
        &mut self.0[last]
    }

    /// The place of the same type in the component around the current one.
    fn outer(&self, structure: Option<&String>) -> Option<u32> {
        let around = self.0.len().checked_sub(2)?;
        self.0.get(around)?.places.get(structure?).copied()
    }
}

type Outcome = Result<(), Error<Infallible>>;

impl Levels {
    /// The types of a section, those that the outer component has too as aliases. A component has as many sections of a kind as it likes.
    fn types(
        &mut self,
        component: &mut Component,
        section: wasmparser::ComponentTypeSectionReader<'_>,
    ) -> Outcome {
        let mut types = ComponentTypeSection::new();
        let mut aliases = ComponentAliasSection::new();
        for ty in section {
            let ty = ty?;
            let (structure, long) = match &ty {
                ComponentType::Defined(ty) => (self.current().structure(ty), is_long(ty)),
                _ => (None, false),
            };
            match self.outer(structure.as_ref()) {
                Some(index) if long => {
                    let empty = types.is_empty();
                    flush(component, &mut types, empty);
                    aliases.alias(Alias::Outer {
                        kind: ComponentOuterAliasKind::Type,
                        count: 1,
                        index,
                    });
                }
                _ => {
                    let empty = aliases.is_empty();
                    flush(component, &mut aliases, empty);
                    self.parse_component_type(types.ty(), ty)?;
                }
            }
            self.current().add(structure);
        }
        let empty = types.is_empty();
        flush(component, &mut types, empty);
        let empty = aliases.is_empty();
        flush(component, &mut aliases, empty);
        Ok(())
    }
}

/// Writes a section, unless it is empty, and begins anew.
fn flush<S: ComponentSection + Default>(component: &mut Component, section: &mut S, empty: bool) {
    if !empty {
        component.section(&std::mem::take(section));
    }
}

impl Reencode for Levels {
    type Error = Infallible;
}

impl ReencodeComponent for Levels {
    fn push_depth(&mut self) {
        self.0.push(Level::default());
    }

    fn pop_depth(&mut self) {
        self.0.pop();
    }

    fn parse_component_payload(
        &mut self,
        component: &mut Component,
        payload: Payload<'_>,
        whole: &[u8],
    ) -> Outcome {
        match payload {
            Payload::ComponentTypeSection(section) => return self.types(component, section),
            Payload::ComponentImportSection(ref section) => {
                for import in section.clone() {
                    if matches!(import?.ty, ComponentTypeRef::Type(_)) {
                        self.current().add(None);
                    }
                }
            }
            Payload::ComponentExportSection(ref section) => {
                for export in section.clone() {
                    if export?.kind == ComponentExternalKind::Type {
                        self.current().add(None);
                    }
                }
            }
            Payload::ComponentAliasSection(ref section) => {
                for alias in section.clone() {
                    let adds = match alias? {
                        ComponentAlias::InstanceExport { kind, .. } => {
                            kind == ComponentExternalKind::Type
                        }
                        ComponentAlias::Outer { kind, .. } => {
                            kind == wasmparser::ComponentOuterAliasKind::Type
                        }
                        ComponentAlias::CoreInstanceExport { .. } => false,
                    };
                    if adds {
                        self.current().add(None);
                    }
                }
            }
            _ => {}
        }
        component_utils::parse_component_payload(self, component, payload, whole)
    }
}
