//! Exported instances without inner components.
//!
//! For every exported interface `wit-component` writes an inner component that imports the types and functions of the interface, defines every type
//! anew, twice, and exports all of it. An instance can be put together of the outer component's own types and functions as well: to whoever uses the
//! component that is the same, and it takes nothing but the names.
//!
//! Only the types that an interface takes from an imported one (`use types.{error}`) need more: each interface has to export a type of its own that is
//! equal to the imported one, or else the tools that read the contract back cannot tell whose it is. One small inner component makes all of them.

use anyhow::{Context, Result, anyhow, ensure};
use std::{collections::HashMap, convert::Infallible};
use wasm_encoder::{
    Alias, Component, ComponentAliasSection, ComponentExportKind, ComponentExportSection,
    ComponentImportSection, ComponentInstanceSection, ComponentOuterAliasKind, ComponentTypeRef,
    NestedComponentSection,
    reencode::{Error, Reencode, ReencodeComponent, component_utils},
};
use wasmparser::{
    ComponentAlias, ComponentExternalKind, ComponentInstance, ComponentOuterAliasKind as Outer,
    ComponentTypeRef as TypeRef, Parser, Payload,
};

/// The same component without the inner components of `wit-component`.
pub fn flatten(component: &[u8]) -> Result<Vec<u8>> {
    let plan = Plan::read(component)?;
    let mut output = Component::new();
    let mut flat = Flat {
        plan: &plan,
        instances: plan.instances.iter(),
        depth: 0,
        inserted: false,
    };
    flat.parse_component(&mut output, Parser::new(0), component)
        .map_err(|problem| anyhow!("cannot take the inner components away: {problem}"))?;
    Ok(output.finish())
}

/// A type or function that an instance exports.
struct Item {
    name: String,
    kind: ComponentExportKind,
    /// Its place among the component's types or functions; of a type that was taken from an imported interface, its place in [`Plan::used`].
    index: u32,
    is_used: bool,
}

/// What the component consists of.
#[derive(Default)]
struct Plan {
    /// How many types and instances there are before the first module: what is added stands behind them.
    types: u32,
    instances_before: u32,
    /// The imported instance that types are taken from, and the place of its type.
    source: Option<(u32, u32)>,
    /// The names of the types that are taken from it, once for each interface that takes one.
    used: Vec<String>,
    /// The exported instances.
    instances: Vec<Vec<Item>>,
}

impl Plan {
    fn read(component: &[u8]) -> Result<Self> {
        let mut plan = Self::default();
        let (mut depth, mut types, mut instances) = (0, 0, 0);
        let mut has_module = false;
        // The types of imported instances; where the types that come out of an imported instance stand.
        let mut imported = HashMap::new();
        let mut aliases = HashMap::new();
        let mut inner: Vec<Vec<(String, ComponentExternalKind)>> = Vec::new();
        for payload in Parser::new(0).parse_all(component) {
            match payload? {
                Payload::ModuleSection { .. } => {
                    depth += 1;
                    if !has_module {
                        (plan.types, plan.instances_before) = (types, instances);
                    }
                    has_module = true;
                }
                Payload::ComponentSection { .. } => {
                    depth += 1;
                    ensure!(depth == 1, "an inner component has inner ones");
                    inner.push(Vec::new());
                }
                Payload::End(_) => depth -= 1,
                Payload::ComponentExportSection(section) if depth == 1 => {
                    let exports = inner.last_mut().context("a module has no such section")?;
                    for export in section {
                        let export = export?;
                        exports.push((export.name.name.to_owned(), export.kind));
                    }
                }
                _ if depth > 0 => {}
                Payload::ComponentTypeSection(section) => types += section.count(),
                Payload::ComponentImportSection(section) => {
                    for import in section {
                        if let TypeRef::Instance(ty) = import?.ty {
                            imported.insert(instances, ty);
                            instances += 1;
                        }
                    }
                }
                Payload::ComponentAliasSection(section) => {
                    for alias in section {
                        match alias? {
                            ComponentAlias::InstanceExport {
                                kind: ComponentExternalKind::Type,
                                instance_index,
                                name,
                            } => {
                                aliases.insert(types, (instance_index, name.to_owned()));
                                types += 1;
                            }
                            ComponentAlias::Outer {
                                kind: Outer::Type, ..
                            } => types += 1,
                            _ => {}
                        }
                    }
                }
                Payload::ComponentInstanceSection(section) => {
                    for instance in section {
                        let ComponentInstance::Instantiate {
                            component_index,
                            args,
                        } = instance?
                        else {
                            anyhow::bail!(
                                "there is an instance that is not one of an inner component"
                            );
                        };
                        let exports = inner
                            .get(component_index as usize)
                            .context("an inner component comes before its instance")?;
                        let mut items = Vec::new();
                        for (name, kind) in exports {
                            let what = match kind {
                                ComponentExternalKind::Type => "type",
                                _ => "func",
                            };
                            let import = format!("import-{what}-{name}");
                            let arg = args.iter().find(|arg| arg.name == import);
                            let arg = arg.with_context(|| format!("there is no {import}"))?;
                            let source = aliases
                                .get(&arg.index)
                                .filter(|_| *kind == ComponentExternalKind::Type);
                            let index = match source {
                                None => arg.index,
                                Some((instance, name)) => {
                                    let ty = imported.get(instance);
                                    let ty = ty.context("types are taken from imports alone")?;
                                    let first = *plan.source.get_or_insert((*instance, *ty));
                                    ensure!(
                                        first.0 == *instance,
                                        "types are taken from more than one interface"
                                    );
                                    plan.used.push(name.clone());
                                    u32::try_from(plan.used.len())? - 1
                                }
                            };
                            items.push(Item {
                                name: name.clone(),
                                kind: arg.kind.into(),
                                index,
                                is_used: source.is_some(),
                            });
                        }
                        plan.instances.push(items);
                        instances += 1;
                    }
                }
                Payload::ComponentExportSection(section) => {
                    for export in section {
                        match export?.kind {
                            ComponentExternalKind::Instance => instances += 1,
                            ComponentExternalKind::Type => types += 1,
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(plan)
    }

    /// Adds what gives each interface its own types that are equal to imported ones.
    fn insert(&self, component: &mut Component) {
        let Some((instance, ty)) = self.source else {
            return;
        };
        let mut inner = Component::new();
        let mut aliases = ComponentAliasSection::new();
        aliases.alias(Alias::Outer {
            kind: ComponentOuterAliasKind::Type,
            count: 1,
            index: ty,
        });
        inner.section(&aliases);
        let mut imports = ComponentImportSection::new();
        imports.import("x", ComponentTypeRef::Instance(0));
        inner.section(&imports);
        let mut names: Vec<&String> = self.used.iter().collect();
        names.sort();
        names.dedup();
        let mut aliases = ComponentAliasSection::new();
        for name in &names {
            aliases.alias(Alias::InstanceExport {
                instance: 0,
                kind: ComponentExportKind::Type,
                name,
            });
        }
        inner.section(&aliases);
        let mut exports = ComponentExportSection::new();
        for (number, name) in self.used.iter().enumerate() {
            // The type of the imported instance comes first.
            let place = 1 + names.partition_point(|known| *known < name);
            exports.export(
                format!("x{number}").as_str(),
                ComponentExportKind::Type,
                u32::try_from(place).unwrap_or_default(),
                None,
            );
        }
        inner.section(&exports);
        component.section(&NestedComponentSection(&inner));
        let mut instances = ComponentInstanceSection::new();
        instances.instantiate(0, [("x", ComponentExportKind::Instance, instance)]);
        component.section(&instances);
        let mut aliases = ComponentAliasSection::new();
        for number in 0..self.used.len() {
            aliases.alias(Alias::InstanceExport {
                instance: self.instances_before,
                kind: ComponentExportKind::Type,
                name: &format!("x{number}"),
            });
        }
        component.section(&aliases);
    }
}

struct Flat<'p> {
    plan: &'p Plan,
    /// The exported instances that are still to be written.
    instances: std::slice::Iter<'p, Vec<Item>>,
    depth: usize,
    inserted: bool,
}

type Outcome = Result<(), Error<Infallible>>;

impl Reencode for Flat<'_> {
    type Error = Infallible;
}

impl ReencodeComponent for Flat<'_> {
    fn component_type_index(&mut self, index: u32) -> u32 {
        if self.inserted && index >= self.plan.types {
            index + u32::try_from(self.plan.used.len()).unwrap_or_default()
        } else {
            index
        }
    }

    fn component_instance_index(&mut self, index: u32) -> u32 {
        if self.inserted && index >= self.plan.instances_before {
            index + u32::from(self.plan.source.is_some())
        } else {
            index
        }
    }

    fn push_depth(&mut self) {
        self.depth += 1;
    }

    fn pop_depth(&mut self) {
        self.depth -= 1;
    }

    fn parse_component_submodule(
        &mut self,
        component: &mut Component,
        parser: Parser,
        module: &[u8],
    ) -> Outcome {
        if !self.inserted {
            self.plan.insert(component);
            self.inserted = true;
        }
        component_utils::parse_component_submodule(self, component, parser, module)
    }

    fn parse_component_subcomponent(
        &mut self,
        _component: &mut Component,
        _parser: Parser,
        _inner: &[u8],
        _whole: &[u8],
    ) -> Outcome {
        Ok(())
    }

    fn parse_component_instance(
        &mut self,
        instances: &mut ComponentInstanceSection,
        _instance: ComponentInstance<'_>,
    ) -> Outcome {
        let mut exports = Vec::new();
        for item in self.instances.next().into_iter().flatten() {
            let index = match (item.kind, item.is_used) {
                (_, true) => self.plan.types + item.index,
                (ComponentExportKind::Type, false) => self.component_type_index(item.index),
                _ => item.index,
            };
            exports.push((item.name.as_str(), item.kind, index));
        }
        instances.export_items(exports);
        Ok(())
    }
}
