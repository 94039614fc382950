//! From a call's memory to JSON. Absent fields leave no trace.

use super::{Block, Kind, Memory, Record, Type, Width};
use crate::json::{Place, Problem, from_text};
use crate::prelude::*;
use serde_json::{Map, Value};

/// Takes arguments apart. Everything is read, also after a problem: what is read is freed.
pub struct Lift<'m, M> {
    memory: &'m mut M,
    problem: Option<Problem>,
}

impl<'m, M: Memory> Lift<'m, M> {
    /// Reads from this memory.
    pub fn new(memory: &'m mut M) -> Self {
        Self {
            memory,
            problem: None,
        }
    }

    /// A record as an object.
    pub fn record(&mut self, at: u32, record: Record) -> Value {
        let mut fields = Map::new();
        self.fields(at, record, &mut fields, None);
        Value::Object(fields)
    }

    /// A list of records, each with what makes it unreadable. Frees the list.
    pub fn list(
        memory: &'m mut M,
        start: u32,
        count: u32,
        record: Record,
    ) -> Vec<Result<Value, (Value, Problem)>> {
        let block = record.block();
        let mut items = Vec::new();
        for index in 0..count {
            let mut lift = Lift::new(&mut *memory);
            let value = lift.record(start + index * block.size, record);
            items.push(match lift.problem {
                None => Ok(value),
                Some(problem) => Err((value, problem)),
            });
        }
        memory.free(
            start,
            Block {
                size: count * block.size,
                ..block
            },
        );
        items
    }

    /// Frees the block of the arguments, and says whether a text that has to be JSON is none.
    pub fn finish(self, at: u32, block: Block) -> Option<Problem> {
        self.memory.free(at, block);
        self.problem
    }

    fn fields(
        &mut self,
        at: u32,
        record: Record,
        fields: &mut Map<String, Value>,
        place: Option<&Place<'_>>,
    ) {
        for field in record.fields() {
            let at = at + u32::from(field.at);
            if let Some(inner) = field.inline() {
                self.fields(at, inner, fields, place);
                continue;
            }
            let value = self.value(at, field.ty, &Place::field(place, field.name()));
            if !value.is_null() {
                fields.insert(field.name().to_owned(), value);
            }
        }
    }

    fn value(&mut self, at: u32, ty: Type, place: &Place<'_>) -> Value {
        match ty.kind() {
            Kind::Text { .. } => Value::String(self.text(at)),
            Kind::Json => {
                let text = self.text(at);
                from_text(&text).unwrap_or_else(|problem| {
                    self.problem.get_or_insert_with(|| Problem {
                        field: place.path(),
                        text: format!("expected JSON, but it is not valid: {problem}"),
                        advice: None,
                    });
                    Value::Null
                })
            }
            Kind::Flag => Value::Bool(self.byte(at) != 0),
            Kind::Whole(width) => match width {
                Width::U16 => u16::from_le_bytes(self.memory.read(at)).into(),
                Width::U32 => u32::from_le_bytes(self.memory.read(at)).into(),
                Width::U64 => u64::from_le_bytes(self.memory.read(at)).into(),
                Width::S64 => i64::from_le_bytes(self.memory.read(at)).into(),
            },
            Kind::Number => number(f64::from_le_bytes(self.memory.read(at))),
            Kind::Optional(_) if self.byte(at) == 0 => Value::Null,
            Kind::Optional(inner) => self.value(at + u32::from(inner.block().align), inner, place),
            Kind::List { item, .. } => {
                let (start, count) = (self.word(at), self.word(at + 4));
                let block = item.block();
                let mut items = Vec::new();
                for index in 0..count {
                    let place = Place::item(place, index as usize);
                    items.push(self.value(start + index * block.size, item, &place));
                }
                self.memory.free(
                    start,
                    Block {
                        size: count * block.size,
                        ..block
                    },
                );
                Value::Array(items)
            }
            Kind::Record(record) => {
                let mut fields = Map::new();
                self.fields(at, record, &mut fields, Some(place));
                Value::Object(fields)
            }
            Kind::Choice(names) => names.get(u16::from(self.byte(at))).into(),
            // Nothing that comes in has one.
            Kind::Open(_) | Kind::Variant(_) => Value::Null,
        }
    }

    fn text(&mut self, at: u32) -> String {
        let (start, length) = (self.word(at), self.word(at + 4));
        self.memory.take_text(start, length)
    }

    fn byte(&self, at: u32) -> u8 {
        u8::from_le_bytes(self.memory.read(at))
    }

    fn word(&self, at: u32) -> u32 {
        u32::from_le_bytes(self.memory.read(at))
    }
}

/// As JSON writes it: a whole number without a point, so that both doors send the same.
fn number(number: f64) -> Value {
    // Exact: whole numbers up to 2^53 are the same in both types.
    let whole = number as i64;
    if whole as f64 == number && whole.unsigned_abs() < 1 << 53 {
        whole.into()
    } else {
        number.into()
    }
}
