//! Results as they stand in memory, read by the canonical ABI and compared with their JSON: the two doors must not differ.

use crate::reader;
use serde_json::Value;
use std::collections::HashSet;
use whatsapp_connector::contract::tables::FAULT;
use whatsapp_connector::contract::whatsapp::connector::types::Error;
use whatsapp_connector::door::{Kind, Lowered, PAYLOAD, Record, Type, Width};
use whatsapp_connector::fault::to_value;

/// A result in memory.
pub struct View<'a> {
    bytes: &'a [u8],
    pointers: HashSet<u32>,
}

impl<'a> View<'a> {
    /// Looks at a result; its pointers have to be in it.
    pub fn new(lowered: &'a Lowered) -> Self {
        for at in &lowered.pointers {
            assert!(
                *at as usize + 8 <= lowered.bytes.len(),
                "a pointer at {at} is behind the end"
            );
        }
        Self {
            bytes: &lowered.bytes,
            pointers: lowered.pointers.iter().copied().collect(),
        }
    }

    /// Whether a `result<…, error>` is an error.
    pub fn is_error(&self) -> bool {
        match self.byte(0) {
            0 => false,
            1 => true,
            other => panic!("a result has the case {other}"),
        }
    }

    /// Compares a `result<RECORD, error>`.
    pub fn same_result(&self, record: Record, expected: Result<&Value, &Error>) {
        match (self.is_error(), expected) {
            (false, Ok(value)) => self.same_record(PAYLOAD, record, value),
            (true, Err(error)) => {
                assert_eq!(usize::from(self.byte(PAYLOAD)), case(error));
                self.same_record(2 * PAYLOAD, FAULT, &to_value(error));
            }
            (is_error, expected) => panic!("is an error: {is_error}, expected {expected:?}"),
        }
    }

    /// Compares a record.
    pub fn same_record(&self, at: usize, record: Record, expected: &Value) {
        for field in record.fields() {
            let expected = expected.get(field.name()).unwrap_or(&Value::Null);
            self.same(at + usize::from(field.at), field.ty, expected, field.name());
        }
    }

    /// Compares a list of records.
    pub fn same_list(&self, at: usize, record: Record, expected: &[Value]) {
        let (start, count) = self.list(at, record.block().align);
        assert_eq!(count, expected.len(), "items of a list");
        for (index, expected) in expected.iter().enumerate() {
            let at = start + index * record.block().size as usize;
            self.same_record(at, record, expected);
        }
    }

    /// The text at a place.
    pub fn text(&self, at: usize) -> &'a str {
        let (start, length) = self.list(at, 1);
        std::str::from_utf8(&self.bytes[start..start + length]).expect("a text is UTF-8")
    }

    fn same(&self, at: usize, ty: Type, expected: &Value, name: &str) {
        match ty.kind() {
            Kind::Text { .. } => assert_eq!(Some(self.text(at)), expected.as_str(), "{name}"),
            Kind::Json => self.same_json(at, expected, name),
            Kind::Flag => assert_eq!(Some(self.byte(at) == 1), expected.as_bool(), "{name}"),
            Kind::Whole(width) => {
                let found: Value = match width {
                    Width::U16 => u16::from_le_bytes(self.read(at)).into(),
                    Width::U32 => u32::from_le_bytes(self.read(at)).into(),
                    Width::U64 => u64::from_le_bytes(self.read(at)).into(),
                    Width::S64 => i64::from_le_bytes(self.read(at)).into(),
                };
                assert_eq!(&found, expected, "{name}");
            }
            Kind::Number => {
                let found = f64::from_le_bytes(self.read(at));
                assert_eq!(Some(found), expected.as_f64(), "{name}");
            }
            Kind::Optional(inner) => match self.byte(at) {
                0 => assert!(expected.is_null(), "{name}: none, expected {expected}"),
                _ => {
                    assert!(!expected.is_null(), "{name}: some, expected none");
                    let at = at + usize::from(inner.block().align);
                    self.same(at, inner, expected, name);
                }
            },
            Kind::List { item, .. } => {
                let block = item.block();
                let (start, count) = self.list(at, block.align);
                let expected = expected.as_array().map_or(&[][..], Vec::as_slice);
                assert_eq!(count, expected.len(), "{name}");
                for (index, expected) in expected.iter().enumerate() {
                    self.same(start + index * block.size as usize, item, expected, name);
                }
            }
            Kind::Record(record) => self.same_record(at, record, expected),
            Kind::Choice(names) => {
                let found = names.get(self.byte(at).into());
                assert_eq!(Some(found), expected.as_str(), "{name}");
            }
            Kind::Open(names) => {
                let case = usize::from(self.byte(at));
                let found = match case < names.count() {
                    true => names.get(case as u16),
                    false => self.text(at + 4),
                };
                assert_eq!(Some(found), expected.as_str(), "{name}");
            }
            Kind::Variant(variant) => {
                let (case, held) = case_of(expected);
                let (index, ty) = variant.case(case).expect("a case of the contract");
                assert_eq!(self.byte(at), index, "{name}: {case}");
                if let Some(ty) = ty {
                    self.same(at + usize::from(variant.at()), ty, held, case);
                }
            }
        }
    }

    /// JSON stands there as text; what JSON cannot hold, or not so deep, stands in the JSON form as text too.
    fn same_json(&self, at: usize, expected: &Value, name: &str) {
        let found = self.text(at);
        if expected.as_str() == Some(found) {
            return;
        }
        let found = whatsapp_connector::json::from_text(found);
        let is_same = found
            .as_ref()
            .is_ok_and(|found| reader::same(found, expected));
        assert!(is_same, "{name}: {found:?}, expected {expected}");
    }

    fn list(&self, at: usize, align: u8) -> (usize, usize) {
        let place = u32::try_from(at).expect("a place");
        assert!(
            self.pointers.contains(&place),
            "{at} is not among the pointers"
        );
        let start = u32::from_le_bytes(self.read(at)) as usize;
        assert!(
            start.is_multiple_of(usize::from(align)),
            "a list at {start} is not aligned to {align}"
        );
        (start, u32::from_le_bytes(self.read(at + 4)) as usize)
    }

    fn byte(&self, at: usize) -> u8 {
        self.bytes[at]
    }

    fn read<const N: usize>(&self, at: usize) -> [u8; N] {
        assert!(at.is_multiple_of(N), "{at} is not aligned to {N}");
        self.bytes[at..at + N].try_into().expect("so many bytes")
    }
}

/// The case of a variant in JSON, and what it holds.
fn case_of(variant: &Value) -> (&str, &Value) {
    match variant {
        Value::String(name) => (name, &Value::Null),
        Value::Object(case) if case.len() == 1 => {
            let (name, held) = case.iter().next().expect("has one");
            (name, held)
        }
        other => panic!("no case of a variant: {other}"),
    }
}

fn case(error: &Error) -> usize {
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
