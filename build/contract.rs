//! The contract in `wit/`, as the other parts of the build look at it.

use anyhow::{Context, Result, bail};
use wit_bindgen_core::wit_parser::{
    Docs, Function, Resolve, Type, TypeDefKind, TypeId, WorldId, WorldItem,
};

/// A world and everything that it refers to.
pub struct Contract {
    pub resolve: Resolve,
    pub world: WorldId,
}

/// A function of the form `func(connection, input: RECORD) -> result<RECORD, error>`.
pub struct Action<'c> {
    pub name: &'c str,
    pub interface: &'c str,
    pub docs: &'c Docs,
    pub input: TypeId,
    pub output: TypeId,
}

/// What a type is once names and aliases are followed.
pub enum Shape<'c> {
    Text,
    /// JSON text; in JSON, the value itself.
    Json,
    Flag,
    /// A whole number with its least and greatest value.
    Integer(i64, Option<u64>),
    Number,
    Optional(Type),
    List(Type),
    Record(TypeId, &'c [wit_bindgen_core::wit_parser::Field]),
    /// Names only.
    Choice(&'c [wit_bindgen_core::wit_parser::EnumCase]),
    /// Cases, some of which hold something.
    Variant(TypeId, &'c [wit_bindgen_core::wit_parser::Case]),
    /// Names, and `other(string)` for names that are not known.
    OpenChoice(&'c [wit_bindgen_core::wit_parser::Case]),
}

impl Contract {
    /// Reads a WIT folder.
    pub fn read(folder: &str, world: &str) -> Result<Self> {
        let mut resolve = Resolve::default();
        let (package, _) = resolve.push_path(folder)?;
        let world = resolve.select_world(&[package], Some(world))?;
        Ok(Self { resolve, world })
    }

    /// All actions, in the order of the world and its interfaces.
    pub fn actions(&self) -> Result<Vec<Action<'_>>> {
        let mut actions = Vec::new();
        for item in self.resolve.worlds[self.world].exports.values() {
            let WorldItem::Interface { id, .. } = item else {
                continue;
            };
            let interface = &self.resolve.interfaces[*id];
            let name = interface
                .name
                .as_deref()
                .context("an exported interface has a name")?;
            for function in interface.functions.values() {
                if let Some((input, output)) = self.action_types(function)? {
                    actions.push(Action {
                        name: &function.name,
                        interface: name,
                        docs: &function.docs,
                        input,
                        output,
                    });
                }
            }
        }
        Ok(actions)
    }

    /// The interfaces that hold actions, with their doc comments, in the order of the world.
    pub fn groups(&self) -> Result<Vec<(&str, &Docs)>> {
        let mut groups: Vec<(&str, &Docs)> = Vec::new();
        for action in self.actions()? {
            if groups
                .last()
                .is_none_or(|(name, _)| *name != action.interface)
            {
                let mut interfaces = self.resolve.interfaces.iter();
                let found =
                    interfaces.find(|(_, known)| known.name.as_deref() == Some(action.interface));
                let (_, interface) = found.context("an action is in an interface")?;
                groups.push((action.interface, &interface.docs));
            }
        }
        Ok(groups)
    }

    fn action_types(&self, function: &Function) -> Result<Option<(TypeId, TypeId)>> {
        let names: Vec<_> = function
            .params
            .iter()
            .map(|param| param.name.as_str())
            .collect();
        if names != ["connection", "input"] {
            return Ok(None);
        }
        let Some(Type::Id(result)) = function.result else {
            bail!("{} returns no result", function.name);
        };
        let TypeDefKind::Result(result) = &self.resolve.types[result].kind else {
            bail!("{} returns no result", function.name);
        };
        match (function.params[1].ty, result.ok) {
            (Type::Id(input), Some(Type::Id(output))) => {
                Ok(Some((self.target(input), self.target(output))))
            }
            _ => bail!("{} does not take and return records", function.name),
        }
    }

    /// A type of the interface `types` by its name.
    pub fn shared_type(&self, name: &str) -> Result<TypeId> {
        self.type_of("types", name)
    }

    /// A type by its interface and name.
    pub fn type_of(&self, interface: &str, name: &str) -> Result<TypeId> {
        let (_, found) = self
            .resolve
            .interfaces
            .iter()
            .find(|(_, known)| known.name.as_deref() == Some(interface))
            .with_context(|| format!("the contract has no interface `{interface}`"))?;
        found
            .types
            .get(name)
            .copied()
            .with_context(|| format!("`{interface}` has no `{name}`"))
    }

    /// Follows `use` and aliases to the definition, but stops at `json`, whose name is its meaning.
    pub fn target(&self, id: TypeId) -> TypeId {
        match self.resolve.types[id].kind {
            TypeDefKind::Type(Type::Id(next)) => self.target(next),
            _ => id,
        }
    }

    /// What a type is.
    pub fn shape(&self, ty: &Type) -> Result<Shape<'_>> {
        Ok(match ty {
            Type::Bool => Shape::Flag,
            Type::U8 => Shape::Integer(0, Some(u8::MAX.into())),
            Type::U16 => Shape::Integer(0, Some(u16::MAX.into())),
            Type::U32 => Shape::Integer(0, Some(u32::MAX.into())),
            Type::U64 => Shape::Integer(0, None),
            Type::S64 => Shape::Integer(i64::MIN, None),
            Type::F64 => Shape::Number,
            Type::String => Shape::Text,
            Type::Id(id) => self.shape_of(self.target(*id))?,
            other => bail!("{other:?} has no JSON form yet"),
        })
    }

    fn shape_of(&self, id: TypeId) -> Result<Shape<'_>> {
        let definition = &self.resolve.types[id];
        Ok(match &definition.kind {
            TypeDefKind::Type(Type::String) if definition.name.as_deref() == Some("json") => {
                Shape::Json
            }
            TypeDefKind::Type(ty) => self.shape(ty)?,
            TypeDefKind::Option(ty) => Shape::Optional(*ty),
            TypeDefKind::List(ty) => Shape::List(*ty),
            TypeDefKind::Record(record) => Shape::Record(id, &record.fields),
            TypeDefKind::Enum(choice) => Shape::Choice(&choice.cases),
            TypeDefKind::Variant(variant) => match variant.cases.split_last() {
                Some((last, known))
                    if last.name == "other"
                        && last.ty == Some(Type::String)
                        && known.iter().all(|case| case.ty.is_none()) =>
                {
                    Shape::OpenChoice(known)
                }
                _ => Shape::Variant(id, &variant.cases),
            },
            other => bail!("{} has no JSON form yet", other.as_str()),
        })
    }

    /// Whether the fields of this record stand, in JSON, beside the others of the record that holds it.
    pub fn is_inline(&self, record: TypeId) -> bool {
        let name = self.resolve.types[record].name.as_deref();
        matches!(name, Some("address" | "template-address"))
    }

    /// The names of all fields that have another form in JSON.
    pub fn field_names(&self) -> impl Iterator<Item = &str> {
        let fields =
            self.resolve
                .types
                .iter()
                .filter_map(|(_, definition)| match &definition.kind {
                    TypeDefKind::Record(record) => Some(&record.fields),
                    _ => None,
                });
        fields
            .flatten()
            .map(|field| field.name.as_str())
            .filter(|name| name.contains('-'))
    }
}

/// The name in JSON: that of the contract in snake_case.
pub fn json_name(name: &str) -> String {
    name.replace('-', "_")
}
