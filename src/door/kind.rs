//! The types of inputs, outputs and events, as the build's tables describe them.
//!
//! A type is a place in [`TYPES`], a list of small numbers: with references and texts in their place, the tables would be three
//! times as large. `build/door/tables.rs` writes what is read here.

use super::memory::Block;
use crate::contract::tables::{NAME_ENDS, NAMES, TYPES};
use crate::prelude::*;

/// What an action takes and returns.
#[derive(Debug)]
pub struct Signature {
    /// The function's name in the contract.
    pub name: &'static str,
    /// Where the input stands behind the connection, in bytes.
    pub input_at: u16,
    /// The input's type.
    pub input: Record,
    /// The output's type.
    pub output: Record,
}

impl Signature {
    /// The block that holds connection and input.
    pub fn arguments(&self) -> Block {
        let input = self.input.block();
        let align = input.align.max(4);
        let size = u32::from(self.input_at) + input.size;
        Block {
            size: size.next_multiple_of(u32::from(align)),
            align,
        }
    }
}

/// A type: its place in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Type(pub u16);

/// What a type is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text with its most characters; 0 is no limit.
    Text {
        /// Whether it may be empty.
        empty: bool,
        /// Most characters.
        max: u16,
    },
    /// JSON text; in JSON, the value itself.
    Json,
    /// True or false.
    Flag,
    /// A whole number.
    Whole(Width),
    /// A number.
    Number,
    /// A value that may be absent.
    Optional(Type),
    /// A list with its fewest and most items; 0 is no limit.
    List {
        /// The items' type.
        item: Type,
        /// Fewest items.
        min: u16,
        /// Most items.
        max: u16,
    },
    /// A record.
    Record(Record),
    /// One of these names.
    Choice(Names),
    /// One of these names, or any other text. Outputs only.
    Open(Names),
    /// One of several cases. Events only.
    Variant(Variant),
}

/// The range of a whole number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// 0 to 2^16 - 1.
    U16,
    /// 0 to 2^32 - 1.
    U32,
    /// 0 to 2^64 - 1.
    U64,
    /// -2^63 to 2^63 - 1.
    S64,
}

impl Width {
    /// Bytes in memory.
    pub fn bytes(self) -> u8 {
        match self {
            Width::U16 => 2,
            Width::U32 => 4,
            Width::U64 | Width::S64 => 8,
        }
    }
}

/// What marks a path that is more than the name of a field.
const SPECIAL: u16 = 1 << 15;

/// A number of the table. What is not there cannot be asked for: the build writes both.
// Not inlined, as its callers: each would stand in a dozen places.
#[inline(never)]
fn word(at: u16) -> u16 {
    TYPES.get(usize::from(at)).copied().unwrap_or_default()
}

/// A name by its number.
#[inline(never)]
fn name(number: u16) -> &'static str {
    let number = usize::from(number);
    let start = match number {
        0 => 0,
        _ => NAME_ENDS.get(number - 1).copied().unwrap_or_default(),
    };
    let end = NAME_ENDS.get(number).copied().unwrap_or_default();
    let (start, end) = (usize::from(start), usize::from(end));
    NAMES.get(start..end).unwrap_or_default()
}

impl Type {
    /// What it is.
    #[inline(never)]
    pub fn kind(self) -> Kind {
        let at = self.0;
        let first = word(at + 1);
        match word(at) {
            0 => Kind::Text {
                empty: first == 1,
                max: word(at + 2),
            },
            1 => Kind::Json,
            2 => Kind::Flag,
            3 => Kind::Whole(match first {
                0 => Width::U16,
                1 => Width::U32,
                2 => Width::U64,
                _ => Width::S64,
            }),
            4 => Kind::Number,
            5 => Kind::Optional(Type(first)),
            6 => Kind::List {
                item: Type(first),
                min: word(at + 2),
                max: word(at + 3),
            },
            7 => Kind::Record(Record(at)),
            8 => Kind::Choice(Names(at)),
            9 => Kind::Open(Names(at)),
            _ => Kind::Variant(Variant(at)),
        }
    }

    /// What it is when it is there; with `item`, that of a list's items.
    pub fn inner(self, item: bool) -> Type {
        match self.kind() {
            Kind::Optional(inner) => inner.inner(item),
            Kind::List { item: inner, .. } if item => inner,
            _ => self,
        }
    }

    /// The record that it is.
    pub fn record(self) -> Option<Record> {
        match self.kind() {
            Kind::Record(record) => Some(record),
            _ => None,
        }
    }

    /// Its size and alignment in memory, by the canonical ABI.
    pub fn block(self) -> Block {
        let square = |bytes: u8| Block {
            size: u32::from(bytes),
            align: bytes,
        };
        match self.kind() {
            Kind::Text { .. } | Kind::Json | Kind::List { .. } => Block { size: 8, align: 4 },
            Kind::Flag | Kind::Choice(_) => square(1),
            Kind::Whole(width) => square(width.bytes()),
            Kind::Number => square(8),
            Kind::Open(_) => Block { size: 12, align: 4 },
            Kind::Record(record) => record.block(),
            Kind::Variant(variant) => block(variant.0),
            Kind::Optional(inner) => {
                let inner = inner.block();
                let align = u32::from(inner.align);
                Block {
                    size: (align + inner.size).next_multiple_of(align),
                    align: inner.align,
                }
            }
        }
    }
}

/// Size and alignment of a record or a variant stand in the table.
fn block(at: u16) -> Block {
    Block {
        size: u32::from(word(at + 1)),
        align: word(at + 2).to_le_bytes()[0],
    }
}

/// A record: tag, size, alignment, number of fields, then for each field its name, where Meta has it in a webhook,
/// its place in bytes, and its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record(pub u16);

/// A field of a record.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    // Numbers of names: few of them are looked at.
    name: u16,
    path: u16,
    /// Its place in the record, in bytes.
    pub at: u16,
    /// Its type.
    pub ty: Type,
}

impl Record {
    /// Its size and alignment in memory.
    pub fn block(self) -> Block {
        block(self.0)
    }

    /// Its fields in their order.
    pub fn fields(self) -> impl Iterator<Item = Field> {
        let fields = TYPES.get(usize::from(self.0) + 4..).unwrap_or_default();
        let (fields, _) = fields.as_chunks();
        let count = usize::from(word(self.0 + 3));
        fields.iter().take(count).map(|[name, path, at, ty]| Field {
            name: *name,
            path: *path,
            at: *at,
            ty: Type(*ty),
        })
    }

    /// The field of this name, also one of an inner record whose fields stand beside the others.
    pub fn field(self, name: &str) -> Option<Field> {
        self.fields().find_map(|field| match field.inline() {
            Some(inner) => inner.field(name),
            None => (field.name() == name).then_some(field),
        })
    }

    /// The names of all fields in JSON.
    pub fn names(self) -> Vec<&'static str> {
        let mut names = Vec::new();
        self.add_names(&mut names);
        names
    }

    fn add_names(self, names: &mut Vec<&'static str>) {
        for field in self.fields() {
            match field.inline() {
                Some(inner) => inner.add_names(names),
                None => names.push(field.name()),
            }
        }
    }
}

impl Field {
    /// Its name in JSON. Empty for a record whose fields stand beside the others in JSON.
    pub fn name(self) -> &'static str {
        name(self.name)
    }

    /// Where Meta has it in a webhook; see [`Item::find`](crate::json::Item::find).
    pub fn path(self) -> &'static str {
        name(self.path & !SPECIAL)
    }

    /// Whether that is the name of a field and nothing else.
    pub fn has_plain_path(self) -> bool {
        self.path & SPECIAL == 0
    }

    /// The record whose fields stand beside the others in JSON.
    pub fn inline(self) -> Option<Record> {
        match self.ty.kind() {
            Kind::Record(inner) if self.name == 0 => Some(inner),
            _ => None,
        }
    }
}

/// Names to choose from: tag, how many, the names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Names(u16);

impl Names {
    /// The names in their order.
    pub fn all(self) -> impl Iterator<Item = &'static str> {
        (0..word(self.0 + 1)).map(move |index| self.get(index))
    }

    /// A name by its number.
    pub fn get(self, index: u16) -> &'static str {
        name(word(self.0 + 2 + index))
    }

    /// The number of a name.
    pub fn position(self, name: &str) -> Option<usize> {
        self.all().position(|known| known == name)
    }

    /// How many there are.
    pub fn count(self) -> usize {
        usize::from(word(self.0 + 1))
    }

    /// All names as one text.
    pub fn list(self) -> String {
        // A loop, here and elsewhere: each kind of list that is collected brings 200 bytes of its own.
        let mut names = Vec::new();
        for name in self.all() {
            names.push(name);
        }
        names.joined(", ")
    }
}

/// A variant: tag, size, alignment, where stands what a case holds, how many cases, then for each its name and its type; a case that
/// holds nothing has the type [`Variant::NOTHING`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variant(u16);

impl Variant {
    /// In the place of the type of a case that holds nothing.
    pub const NOTHING: u16 = u16::MAX;

    /// Where stands what a case holds, in bytes.
    pub fn at(self) -> u16 {
        word(self.0 + 3)
    }

    /// The number of a case, and the type of what it holds.
    pub fn case(self, wanted: &str) -> Option<(u8, Option<Type>)> {
        (0..word(self.0 + 4)).find_map(|index| {
            let at = self.0 + 5 + 2 * index;
            let held = word(at + 1);
            let held = (held != Self::NOTHING).then_some(Type(held));
            (name(word(at)) == wanted).then_some((index.to_le_bytes()[0], held))
        })
    }
}
