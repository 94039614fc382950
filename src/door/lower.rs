//! From an output or an event to the memory of a result.

use super::{Block, Kind, Node, Record, Type};
use crate::contract::tables::FAULT;
use crate::contract::whatsapp::connector::types::Error;
use crate::fault::{Fallible, to_value};
use crate::prelude::*;
use serde_json::Value;

/// Where the payload of a `result<…, error>` stands, and that of the error: the build makes sure of it.
pub const PAYLOAD: usize = 8;

/// What stands where nothing was written yet.
const NOTHING: [u8; 128] = [0; 128];

/// A result as it has to stand in memory.
#[derive(Default)]
pub struct Lowered {
    /// Its bytes; pointers count from the first.
    pub bytes: Vec<u8>,
    /// The places of the pointers.
    pub pointers: Vec<u32>,
}

/// Lowers a `result<RECORD, error>`.
pub fn result(result: Fallible<Value>, output: Record) -> Lowered {
    let mut lower = Lowered::default();
    match result {
        Ok(value) => {
            lower.good(output.block().size);
            lower.record(PAYLOAD, output, &Node::Json(&value));
        }
        Err(error) => lower.bad(&error),
    }
    lower
}

/// Lowers a `result<string, error>`.
pub fn text_result(result: Fallible<String>) -> Lowered {
    let mut lower = Lowered::default();
    match result {
        Ok(text) => {
            lower.good(8);
            lower.text(PAYLOAD, &text);
        }
        Err(error) => lower.bad(&error),
    }
    lower
}

impl Lowered {
    /// Lowers a text that a function returns.
    pub fn of_text(text: &str) -> Self {
        let mut lower = Self::default();
        let at = lower.room(Block { size: 8, align: 4 });
        lower.text(at, text);
        lower
    }

    /// Lowers a record that a function returns.
    pub fn of_record(record: Record, node: &Node<'_>) -> Self {
        let mut lower = Self::default();
        let at = lower.room(record.block());
        lower.record(at, record, node);
        lower
    }

    /// Adds a record and returns its place.
    pub fn add(&mut self, record: Record, node: &Node<'_>) -> u32 {
        let at = self.room(record.block());
        self.record(at, record, node);
        at as u32
    }

    /// Makes room for the good case of a `result<…, error>` with this many bytes.
    pub fn good(&mut self, bytes: u32) {
        self.room(Block {
            size: PAYLOAD as u32 + bytes,
            align: 8,
        });
    }

    /// Lowers an `error`, at the beginning.
    pub fn bad(&mut self, error: &Error) {
        self.room(Block {
            size: 2 * PAYLOAD as u32 + FAULT.block().size,
            align: 8,
        });
        self.put(0, &[1]);
        self.put(PAYLOAD, &[case(error)]);
        self.record(2 * PAYLOAD, FAULT, &Node::Json(&to_value(error)));
    }

    /// Makes room and returns its place.
    pub fn room(&mut self, block: Block) -> usize {
        let at = self.bytes.len().next_multiple_of(usize::from(block.align));
        let end = at + block.size as usize;
        // In pieces: compiled for size, `resize` goes byte by byte.
        while let Some(missing) = end.checked_sub(self.bytes.len()).filter(|size| *size > 0) {
            let piece = missing.min(NOTHING.len());
            self.bytes.extend_from_slice(&NOTHING[..piece]);
        }
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

    /// Writes a text.
    pub fn text(&mut self, at: usize, text: &str) {
        let to = self.bytes.len();
        self.bytes.extend_from_slice(text.as_bytes());
        self.point(at, to, text.len());
    }

    /// Writes a record.
    pub fn record(&mut self, at: usize, record: Record, node: &Node<'_>) {
        for field in record.fields() {
            let at = at + usize::from(field.at);
            node.part(&field, &mut |part| self.value(at, field.ty, part));
        }
    }

    /// Writes a value.
    fn value(&mut self, at: usize, ty: Type, node: &Node<'_>) {
        match ty.kind() {
            Kind::Text { .. } => self.text(at, &node.text().unwrap_or_default()),
            Kind::Json => self.text(at, &node.json()),
            Kind::Flag => self.put(at, &[u8::from(node.flag())]),
            Kind::Whole(width) => {
                let bytes = node.whole(width).unwrap_or_default().to_le_bytes();
                self.put(at, &bytes[..usize::from(width.bytes())]);
            }
            Kind::Number => self.put(at, &node.number().unwrap_or_default().to_le_bytes()),
            Kind::Optional(inner) => {
                if fits(node, inner) {
                    self.put(at, &[1]);
                    self.value(at + usize::from(inner.block().align), inner, node);
                }
            }
            Kind::List { item, .. } => match node {
                Node::Placed(places) => self.gather(at, item.block(), places),
                _ => self.list(at, item, node),
            },
            Kind::Record(record) => self.record(at, record, node),
            Kind::Choice(names) => {
                let known = node.text().and_then(|name| names.position(&name));
                self.put(at, &[known.unwrap_or_default() as u8]);
            }
            Kind::Open(names) => {
                let name = node.text().unwrap_or_default();
                let known = names.position(&name);
                self.put(at, &[known.unwrap_or(names.count()) as u8]);
                if known.is_none() {
                    self.text(at + 4, &name);
                }
            }
            Kind::Variant(variant) => {
                if let Node::Case(name, inner) = node
                    && let Some((index, held)) = variant.case(name)
                {
                    self.put(at, &[index]);
                    if let Some(held) = held {
                        self.value(at + usize::from(variant.at()), held, inner);
                    }
                }
            }
        }
    }

    fn list(&mut self, at: usize, ty: Type, items: &Node<'_>) {
        let block = ty.block();
        let count = items.count();
        let mut place = self.room(Block {
            size: block.size * count as u32,
            ..block
        });
        self.point(at, place, count);
        items.each(&mut |item| {
            self.value(place, ty, item);
            place += block.size as usize;
        });
    }

    /// Makes a list of records that were written one by one, in ascending places.
    pub fn gather(&mut self, at: usize, block: Block, places: &[u32]) {
        let start = self.room(Block {
            size: block.size * places.len() as u32,
            ..block
        });
        for (index, place) in places.iter().enumerate() {
            let from = *place as usize;
            let to = start + index * block.size as usize;
            self.bytes.copy_within(from..from + block.size as usize, to);
        }
        for index in 0..self.pointers.len() {
            let pointer = self.pointers[index];
            let owner = places.partition_point(|place| *place <= pointer);
            if let Some(owner) = owner.checked_sub(1)
                && pointer < places[owner] + block.size
            {
                let to = start as u32 + owner as u32 * block.size + (pointer - places[owner]);
                self.pointers[index] = to;
            }
        }
        self.point(at, start, places.len());
    }
}

/// Whether there is a value of this type: in a webhook, one of another type counts as absent.
pub fn fits(node: &Node<'_>, ty: Type) -> bool {
    match ty.kind() {
        Kind::Text { .. } => node.text().is_some(),
        Kind::Whole(width) => {
            node.whole(width).is_some() || matches!(node, Node::Json(Value::Number(_)))
        }
        Kind::Number => node.number().is_some(),
        Kind::Flag => match node {
            Node::Item(item) => item.optional_flag().is_some(),
            _ => !node.is_absent(),
        },
        Kind::Record(_) => match node {
            Node::Item(item) => item.is_object(),
            _ => !node.is_absent(),
        },
        _ => !node.is_absent(),
    }
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
