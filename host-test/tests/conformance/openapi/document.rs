//! Meta's OpenAPI document (v23.0, the only one there is): which operations it has, and the schemas of what they take.

use std::fs;
use std::sync::LazyLock;

use serde_json::Value;

use crate::corpus;

/// What an operation takes.
pub struct Operation<'d> {
    /// `POST /{Phone-Number-ID}/messages`: without the version, which every path begins with.
    pub name: String,
    document: &'d Document,
    path: &'d Value,
    operation: &'d Value,
}

/// The parsed document.
pub struct Document(Value);

impl Document {
    /// The document of the corpus, parsed once; without a corpus, says so and gives none.
    pub fn load() -> Option<&'static Self> {
        static DOCUMENT: LazyLock<Option<Document>> = LazyLock::new(|| {
            let folder = corpus::corpus()?.join("openapi");
            let files = fs::read_dir(&folder).unwrap();
            let mut paths = files.map(|file| file.unwrap().path());
            let path = paths.find(|path| path.extension().is_some_and(|end| end == "yaml"));
            let path = path.unwrap_or_else(|| panic!("no .yaml in {}", folder.display()));
            let text = fs::read_to_string(&path).unwrap();
            let value = serde_saphyr::from_str(&text)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            Some(Document(value))
        });
        DOCUMENT.as_ref()
    }

    /// The operations that a method and a path without its version can mean. There may be several: the document has a path for each
    /// kind of node (`/{Phone-Number-ID}`, `/{Media-ID}`), which look the same.
    pub fn operations(&self, method: &str, path: &[&str]) -> Vec<Operation<'_>> {
        let paths = self.0["paths"].as_object().unwrap().iter();
        let operations = paths.filter_map(|(template, item)| {
            let template = template.strip_prefix("/{Version}")?;
            let parts: Vec<_> = template.split('/').skip(1).collect();
            let mut pairs = parts.iter().zip(path);
            let fits = parts.len() == path.len() && pairs.all(|(part, found)| fits(part, found));
            Some(Operation {
                name: format!("{} {template}", method.to_uppercase()),
                document: self,
                path: item,
                operation: item.get(method).filter(|_| fits)?,
            })
        });
        operations.collect()
    }

    /// A schema of the document's components.
    pub fn component(&self, name: &str) -> &Value {
        let schema = &self.0["components"]["schemas"][name];
        assert!(!schema.is_null(), "the document has no schema {name}");
        schema
    }

    /// Follows `$ref` to where it ends.
    pub fn resolve<'d>(&'d self, value: &'d Value) -> &'d Value {
        match value["$ref"].as_str() {
            Some(reference) => {
                let pointer = reference.strip_prefix('#').unwrap();
                let target = self.0.pointer(pointer);
                self.resolve(target.unwrap_or_else(|| panic!("{reference} leads nowhere")))
            }
            None => value,
        }
    }
}

impl<'d> Operation<'d> {
    /// The schemas of the query parameters, by name.
    pub fn query(&self) -> Vec<(&'d str, &'d Value)> {
        let lists = [&self.path["parameters"], &self.operation["parameters"]];
        let parameters = lists.into_iter().filter_map(Value::as_array).flatten();
        let parameters = parameters.map(|parameter| self.document.resolve(parameter));
        let query = parameters.filter(|parameter| parameter["in"] == "query");
        query
            .map(|parameter| (parameter["name"].as_str().unwrap(), &parameter["schema"]))
            .collect()
    }

    /// The schema of a body of this content type.
    pub fn body(&self, content_type: &str) -> Option<&'d Value> {
        let content = &self.operation["requestBody"]["content"];
        content.get(content_type).map(|content| &content["schema"])
    }

    /// Whether there has to be a body.
    pub fn needs_body(&self) -> bool {
        self.operation["requestBody"]["required"] == true
    }
}

/// Whether a part of a path can stand for `part` of the document's path: an id of Meta's is a number, that of a group a long text.
fn fits(part: &str, found: &str) -> bool {
    match part.strip_prefix('{') {
        None => part == found,
        Some("group_id}") => found.len() >= 20 && !found.contains('_'),
        Some(_) => !found.is_empty() && found.bytes().all(|byte| byte.is_ascii_digit()),
    }
}
