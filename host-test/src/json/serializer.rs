//! A serde serializer into JSON values that writes names the way the contract does. Deriving serde on generated types gives Rust's names.

use std::fmt::Display;

use serde::ser::{
    Error as _, Impossible, Serialize, SerializeSeq, SerializeStruct, SerializeTuple, Serializer,
};
use serde_json::{Error, Map, Value};

use super::{FLATTENED, is_raw_json, snake_case};

/// Serializes into a [`Value`].
pub(super) struct ToJson;

/// What generated types never hold: they are made of records, variants, lists, options, texts and numbers.
fn unexpected<T>(what: &str) -> Result<T, Error> {
    Err(Error::custom(format_args!("the contract has no {what}")))
}

/// Methods that hand a number or a text to serde_json as it is.
macro_rules! plain {
    ($($method:ident: $type:ty,)+) => {
        $(fn $method(self, value: $type) -> Result<Value, Error> {
            Ok(Value::from(value))
        })+
    };
}

impl Serializer for ToJson {
    type Ok = Value;
    type Error = Error;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Impossible<Value, Error>;
    type SerializeTupleVariant = Impossible<Value, Error>;
    type SerializeMap = Impossible<Value, Error>;
    type SerializeStruct = Fields;
    type SerializeStructVariant = Impossible<Value, Error>;

    plain! {
        serialize_bool: bool,
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64,
        serialize_f32: f32, serialize_f64: f64,
        serialize_str: &str,
    }

    fn serialize_char(self, value: char) -> Result<Value, Error> {
        Ok(Value::from(value.to_string()))
    }

    fn serialize_bytes(self, _value: &[u8]) -> Result<Value, Error> {
        unexpected("bytes")
    }

    fn serialize_none(self) -> Result<Value, Error> {
        Ok(Value::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Value, Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Value, Error> {
        Ok(Value::Null)
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<Value, Error> {
        unexpected("unit struct")
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        case: &'static str,
    ) -> Result<Value, Error> {
        Ok(Value::from(snake_case(case)))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<Value, Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        _index: u32,
        case: &'static str,
        value: &T,
    ) -> Result<Value, Error> {
        let content = value.serialize(Self)?;
        let content = if is_raw_json(name, case) {
            parsed(content)
        } else {
            content
        };
        // The last case of an open enumeration: a word that this version does not know.
        if case == "Other" && content.is_string() {
            return Ok(content);
        }
        Ok(Value::Object(Map::from_iter([(snake_case(case), content)])))
    }

    fn serialize_seq(self, _length: Option<usize>) -> Result<Items, Error> {
        Ok(Items(Vec::new()))
    }

    fn serialize_tuple(self, _length: usize) -> Result<Items, Error> {
        Ok(Items(Vec::new()))
    }

    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        _length: usize,
    ) -> Result<Self::SerializeTupleStruct, Error> {
        unexpected("tuple struct")
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Error> {
        unexpected("case with several values")
    }

    fn serialize_map(self, _length: Option<usize>) -> Result<Self::SerializeMap, Error> {
        unexpected("map")
    }

    fn serialize_struct(self, name: &'static str, _length: usize) -> Result<Fields, Error> {
        Ok(Fields {
            type_name: name,
            fields: Map::new(),
        })
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Error> {
        unexpected("case with fields")
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<Value, Error> {
        Ok(Value::from(value.to_string()))
    }
}

/// JSON text as the value that it holds; a text that is no JSON stays a text.
fn parsed(value: Value) -> Value {
    match value {
        Value::String(text) => serde_json::from_str(&text).unwrap_or(Value::String(text)),
        other => other,
    }
}

/// A list.
pub(super) struct Items(Vec<Value>);

impl SerializeSeq for Items {
    type Ok = Value;
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.0.push(value.serialize(ToJson)?);
        Ok(())
    }

    fn end(self) -> Result<Value, Error> {
        Ok(Value::Array(self.0))
    }
}

impl SerializeTuple for Items {
    type Ok = Value;
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result<Value, Error> {
        SerializeSeq::end(self)
    }
}

/// A record.
pub(super) struct Fields {
    type_name: &'static str,
    fields: Map<String, Value>,
}

impl SerializeStruct for Fields {
    type Ok = Value;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        let value = value.serialize(ToJson)?;
        match value {
            // Fields of these names that are texts stay what they are.
            Value::Object(inner) if FLATTENED.contains(&name) => self.fields.extend(inner),
            value => {
                let value = if is_raw_json(self.type_name, name) {
                    parsed(value)
                } else {
                    value
                };
                self.fields.insert(name.to_owned(), value);
            }
        }
        Ok(())
    }

    fn end(self) -> Result<Value, Error> {
        Ok(Value::Object(self.fields))
    }
}
