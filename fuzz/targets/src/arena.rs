//! Arguments of a typed call in memory, written by the canonical ABI as a host would.

use serde_json::Value;
use whatsapp_connector::contract::tables::CONNECTION;
use whatsapp_connector::door::{Block, Kind, Memory, Record, Signature, Type};
use whatsapp_connector::json::to_text;

/// A memory with the arguments of one call. It makes sure that everything in it is taken or freed once.
pub struct Arena {
    bytes: Vec<u8>,
    /// What has to be freed or taken: place and bytes.
    open: Vec<(u32, u32)>,
}

impl Arena {
    /// The arguments of an action; both have passed the check of their types. They stand at 0.
    pub fn new(signature: &Signature, connection: &Value, input: &Value) -> Self {
        let mut arena = Self {
            bytes: Vec::new(),
            open: Vec::new(),
        };
        let at = arena.room(signature.arguments());
        arena.record(at, CONNECTION, connection);
        arena.record(at + u32::from(signature.input_at), signature.input, input);
        arena
    }

    /// Everything has been taken or freed.
    pub fn finish(self) {
        assert_eq!(self.open, [], "not freed");
    }

    fn room(&mut self, block: Block) -> u32 {
        let at = self.bytes.len().next_multiple_of(usize::from(block.align));
        self.bytes.resize(at + block.size as usize, 0);
        self.open.push((at as u32, block.size));
        at as u32
    }

    fn put(&mut self, at: u32, bytes: &[u8]) {
        let at = at as usize;
        self.bytes[at..at + bytes.len()].copy_from_slice(bytes);
    }

    fn record(&mut self, at: u32, record: Record, value: &Value) {
        for field in record.fields() {
            let at = at + u32::from(field.at);
            match field.inline() {
                Some(inner) => self.record(at, inner, value),
                None => self.value(at, field.ty, &value[field.name()]),
            }
        }
    }

    fn value(&mut self, at: u32, ty: Type, value: &Value) {
        match ty.kind() {
            Kind::Text { .. } => self.text(at, value.as_str().expect("a text")),
            Kind::Json => self.text(at, &to_text(value)),
            Kind::Flag => self.put(at, &[u8::from(value == true)]),
            Kind::Whole(width) => {
                let number = value.as_u64().or(value.as_i64().map(i64::cast_unsigned));
                let bytes = number.expect("a whole number").to_le_bytes();
                self.put(at, &bytes[..usize::from(width.bytes())]);
            }
            Kind::Number => {
                let number = value.as_f64().expect("a number");
                self.put(at, &number.to_le_bytes());
            }
            Kind::Optional(_) if value.is_null() => {}
            Kind::Optional(inner) => {
                self.put(at, &[1]);
                self.value(at + u32::from(inner.block().align), inner, value);
            }
            Kind::List { item, .. } => {
                let items = value.as_array().expect("a list");
                let (block, count) = (item.block(), items.len() as u32);
                let start = self.room(Block {
                    size: block.size * count,
                    ..block
                });
                self.put(at, &start.to_le_bytes());
                self.put(at + 4, &count.to_le_bytes());
                for (index, value) in items.iter().enumerate() {
                    self.value(start + index as u32 * block.size, item, value);
                }
            }
            Kind::Record(record) => self.record(at, record, value),
            Kind::Choice(names) => {
                let position = names.position(value.as_str().expect("a name"));
                self.put(at, &[position.expect("a known name") as u8]);
            }
            Kind::Open(_) | Kind::Variant(_) => panic!("no input has one"),
        }
    }

    fn text(&mut self, at: u32, text: &str) {
        let length = text.len() as u32;
        let start = self.room(Block {
            size: length,
            align: 1,
        });
        self.put(start, text.as_bytes());
        self.put(at, &start.to_le_bytes());
        self.put(at + 4, &length.to_le_bytes());
    }

    fn close(&mut self, at: u32, size: u32) {
        let found = self.open.iter().rposition(|open| *open == (at, size));
        self.open
            .swap_remove(found.expect("what is freed stands there, and once"));
    }
}

impl Memory for Arena {
    fn read<const N: usize>(&self, at: u32) -> [u8; N] {
        let at = at as usize;
        assert!(at.is_multiple_of(N), "{at} is not aligned to {N}");
        self.bytes[at..at + N].try_into().expect("so many bytes")
    }

    fn take_text(&mut self, at: u32, length: u32) -> String {
        self.close(at, length);
        let bytes = &self.bytes[at as usize..(at + length) as usize];
        String::from_utf8(bytes.to_vec()).expect("was a text")
    }

    fn free(&mut self, at: u32, block: Block) {
        assert!(at.is_multiple_of(block.align.into()));
        self.close(at, block.size);
    }
}
