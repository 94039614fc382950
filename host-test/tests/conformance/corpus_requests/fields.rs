//! Taking a JSON object apart so that nothing is forgotten.

use serde_json::{Map, Value};

/// What an input cannot say, as paths in the body: `template.language.policy`.
pub type Cannot = String;

/// The fields of an object that were not taken yet.
pub struct Fields {
    at: String,
    left: Map<String, Value>,
}

impl Fields {
    /// The fields of `value`, which stands at `at` in the body.
    pub fn of(at: &str, value: &Value) -> Result<Self, Cannot> {
        let left = value.as_object().cloned().ok_or_else(|| at.to_owned())?;
        Ok(Self {
            at: at.to_owned(),
            left,
        })
    }

    /// The path of a field.
    pub fn path(&self, name: &str) -> String {
        match self.at.as_str() {
            "" => name.to_owned(),
            at => format!("{at}.{name}"),
        }
    }

    /// A field of any kind, if it is there.
    pub fn any(&mut self, name: &str) -> Option<Value> {
        self.left.remove(name)
    }

    /// A field that has to be there.
    pub fn needed(&mut self, name: &str) -> Result<Value, Cannot> {
        self.any(name).ok_or_else(|| self.path(name))
    }

    /// A field that is a text, if it is there.
    pub fn text(&mut self, name: &str) -> Result<Option<Value>, Cannot> {
        match self.any(name) {
            None => Ok(None),
            Some(text @ Value::String(_)) => Ok(Some(text)),
            Some(_) => Err(self.path(name)),
        }
    }

    /// A field that is an object, if it is there.
    pub fn object(&mut self, name: &str) -> Result<Option<Self>, Cannot> {
        let at = self.path(name);
        self.any(name)
            .map(|value| Self::of(&at, &value))
            .transpose()
    }

    /// A field that has to be an object.
    pub fn needed_object(&mut self, name: &str) -> Result<Self, Cannot> {
        self.object(name)?.ok_or_else(|| self.path(name))
    }

    /// A field that has to be a list of objects; none when the field is absent.
    pub fn objects(&mut self, name: &str) -> Result<Vec<Self>, Cannot> {
        let at = self.path(name);
        let items = match self.any(name) {
            None => return Ok(Vec::new()),
            Some(Value::Array(items)) => items,
            Some(_) => return Err(at),
        };
        let items = items.iter().enumerate();
        items
            .map(|(index, item)| Self::of(&format!("{at}[{index}]"), item))
            .collect()
    }

    /// A field that our component always writes in one way: it has to be there, and to say just that.
    pub fn exactly(&mut self, name: &str, word: &str) -> Result<(), Cannot> {
        match self.any(name) {
            Some(Value::String(found)) if found == word => Ok(()),
            _ => Err(self.path(name)),
        }
    }

    /// That nothing is left.
    pub fn end(self) -> Result<(), Cannot> {
        let left: Vec<_> = self.left.keys().map(|name| self.path(name)).collect();
        match left.is_empty() {
            true => Ok(()),
            false => Err(left.join(" ")),
        }
    }
}

/// An input in the making.
#[derive(Clone, Default)]
pub struct Input(pub Map<String, Value>);

impl Input {
    /// With this field.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    /// With this field, if there is a value.
    pub fn with_some(self, name: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// With all these fields.
    pub fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }
}

impl From<Input> for Value {
    fn from(input: Input) -> Self {
        input.0.into()
    }
}
