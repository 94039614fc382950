//! The types of inputs and outputs, as the build's tables describe them.

use super::memory::Block;

/// What an action takes and returns.
#[derive(Debug)]
pub struct Signature {
    /// The function's name in the contract.
    pub name: &'static str,
    /// Where the input stands behind the connection, in bytes.
    pub input_at: u16,
    /// The input's type.
    pub input: &'static Record,
    /// The output's type.
    pub output: &'static Record,
}

impl Signature {
    /// The block that holds connection and input.
    pub fn arguments(&self) -> Block {
        let align = self.input.align.max(4);
        let size = u32::from(self.input_at) + u32::from(self.input.size);
        Block {
            size: size.next_multiple_of(u32::from(align)),
            align,
        }
    }
}

/// A record.
#[derive(Debug)]
pub struct Record {
    /// Its size in memory, in bytes.
    pub size: u16,
    /// Its alignment, in bytes.
    pub align: u8,
    /// Its fields in their order.
    pub fields: &'static [Field],
}

/// A field of a record.
#[derive(Debug)]
pub struct Field {
    /// Its name in JSON. Empty for a record whose fields stand beside the others in JSON.
    pub name: &'static str,
    /// Its place in the record, in bytes.
    pub at: u16,
    /// Its type.
    pub kind: &'static Kind,
}

/// A type.
#[derive(Debug)]
pub enum Kind {
    /// A text with its most characters; 0 is no limit.
    Text {
        /// Whether it may be empty.
        empty: bool,
        /// Most characters.
        max: u32,
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
    Optional(&'static Kind),
    /// A list with its fewest and most items; 0 is no limit.
    List {
        /// The items' type.
        item: &'static Kind,
        /// Fewest items.
        min: u16,
        /// Most items.
        max: u16,
    },
    /// A record.
    Record(&'static Record),
    /// One of these names.
    Choice(&'static [&'static str]),
    /// One of these names, or any other text. Outputs only.
    Open(&'static [&'static str]),
    /// One of several cases. Events only.
    Variant(&'static Cases),
}

/// The cases of a variant.
#[derive(Debug)]
pub struct Cases {
    /// Their names in JSON, each with the type of what it holds.
    pub cases: &'static [(&'static str, Option<&'static Kind>)],
    /// Where stands what the case holds, in bytes.
    pub at: u8,
    /// The variant's size in memory, in bytes.
    pub size: u16,
    /// Its alignment, in bytes.
    pub align: u8,
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

impl Kind {
    /// Its size and alignment in memory, by the canonical ABI.
    pub fn block(&self) -> Block {
        let square = |bytes: u8| Block {
            size: u32::from(bytes),
            align: bytes,
        };
        match self {
            Kind::Text { .. } | Kind::Json | Kind::List { .. } => Block { size: 8, align: 4 },
            Kind::Flag | Kind::Choice(_) => square(1),
            Kind::Whole(width) => square(width.bytes()),
            Kind::Number => square(8),
            Kind::Open(_) => Block { size: 12, align: 4 },
            Kind::Record(record) => Block {
                size: u32::from(record.size),
                align: record.align,
            },
            Kind::Variant(cases) => Block {
                size: u32::from(cases.size),
                align: cases.align,
            },
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

impl Record {
    /// The field of this name, also one of an inner record whose fields stand beside the others.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find_map(|field| match field.kind {
            Kind::Record(inner) if field.name.is_empty() => inner.field(name),
            _ => (field.name == name).then_some(field),
        })
    }

    /// The names of all fields in JSON.
    pub fn names(&self) -> alloc::vec::Vec<&'static str> {
        let mut names = alloc::vec::Vec::new();
        for field in self.fields {
            match field.kind {
                Kind::Record(inner) if field.name.is_empty() => names.extend(inner.names()),
                _ => names.push(field.name),
            }
        }
        names
    }
}
