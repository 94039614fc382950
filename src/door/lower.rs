//! From JSON to the memory of a result.

use super::{Block, Kind, Record, Width};
use crate::contract::tables::FAULT;
use crate::contract::whatsapp::connector::types::Error;
use crate::fault::{Fallible, to_value};
use crate::json::to_text;
use crate::prelude::*;
use serde_json::Value;

/// Where the payload of a `result<RECORD, error>` stands, and that of the error: the build makes sure of it.
const PAYLOAD: usize = 8;

/// A result as it has to stand in memory.
pub struct Lowered {
    /// Its bytes; pointers count from the first.
    pub bytes: Vec<u8>,
    /// The places of the pointers.
    pub pointers: Vec<u32>,
}

/// Lowers a `result<RECORD, error>`.
pub fn result(result: Fallible<Value>, output: &Record) -> Lowered {
    let mut lower = Lowered {
        bytes: Vec::new(),
        pointers: Vec::new(),
    };
    match result {
        Ok(value) => {
            lower.room(Block {
                size: PAYLOAD as u32 + u32::from(output.size),
                align: 8,
            });
            lower.record(PAYLOAD, output, &value);
        }
        Err(error) => {
            lower.room(Block {
                size: 2 * PAYLOAD as u32 + u32::from(FAULT.size),
                align: 8,
            });
            lower.put(0, &[1]);
            lower.put(PAYLOAD, &[case(&error)]);
            lower.record(2 * PAYLOAD, FAULT, &to_value(&error));
        }
    }
    lower
}

/// The number of the error's case in the contract.
fn case(error: &Error) -> u8 {
    match error {
        Error::ExecutionFailed => 0,
        Error::RateLimited(_) => 1,
        Error::Unavailable(_) => 2,
        Error::PermanentInvalidInput(_) => 3,
        Error::PermanentUnauthorized(_) => 4,
        Error::PermanentWindowClosed(_) => 5,
        Error::PermanentRejected(_) => 6,
        Error::PermanentOutcomeUnknown(_) => 7,
    }
}

impl Lowered {
    /// Makes room and returns its place.
    fn room(&mut self, block: Block) -> usize {
        let at = self.bytes.len().next_multiple_of(usize::from(block.align));
        self.bytes.resize(at + block.size as usize, 0);
        at
    }

    fn put(&mut self, at: usize, bytes: &[u8]) {
        self.bytes[at..at + bytes.len()].copy_from_slice(bytes);
    }

    /// Writes where a list or a text begins, and how long it is.
    fn point(&mut self, at: usize, to: usize, length: usize) {
        self.put(at, &(to as u32).to_le_bytes());
        self.put(at + 4, &(length as u32).to_le_bytes());
        self.pointers.push(at as u32);
    }

    fn text(&mut self, at: usize, text: &str) {
        let to = self.bytes.len();
        self.bytes.extend_from_slice(text.as_bytes());
        self.point(at, to, text.len());
    }

    fn record(&mut self, at: usize, record: &Record, value: &Value) {
        for field in record.fields {
            let value = value.get(field.name).unwrap_or(&Value::Null);
            self.value(at + usize::from(field.at), field.kind, value);
        }
    }

    fn value(&mut self, at: usize, kind: &Kind, value: &Value) {
        match kind {
            Kind::Text { .. } => self.text(at, value.as_str().unwrap_or_default()),
            Kind::Json => self.text(at, &to_text(value)),
            Kind::Flag => self.put(at, &[u8::from(value == &Value::Bool(true))]),
            Kind::Whole(Width::S64) => {
                self.put(at, &value.as_i64().unwrap_or_default().to_le_bytes())
            }
            Kind::Whole(width) => {
                let bytes = value.as_u64().unwrap_or_default().to_le_bytes();
                self.put(at, &bytes[..usize::from(width.bytes())]);
            }
            Kind::Number => self.put(at, &value.as_f64().unwrap_or_default().to_le_bytes()),
            Kind::Optional(inner) => {
                if !value.is_null() {
                    self.put(at, &[1]);
                    self.value(at + usize::from(inner.block().align), inner, value);
                }
            }
            Kind::List { item, .. } => {
                let items = value.as_array().map_or(&[][..], Vec::as_slice);
                let block = item.block();
                let start = self.room(Block {
                    size: block.size * items.len() as u32,
                    ..block
                });
                self.point(at, start, items.len());
                for (index, value) in items.iter().enumerate() {
                    self.value(start + index * block.size as usize, item, value);
                }
            }
            Kind::Record(record) => self.record(at, record, value),
            Kind::Choice(names) | Kind::Open(names) => {
                let name = value.as_str().unwrap_or_default();
                let known = names.iter().position(|known| *known == name);
                self.put(at, &[known.unwrap_or(names.len()) as u8]);
                if known.is_none() && matches!(kind, Kind::Open(_)) {
                    self.text(at + 4, name);
                }
            }
        }
    }
}
