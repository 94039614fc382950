//! One request against the document.

use serde_json::{Map, Value, json};

use super::document::{Document, Operation};
use super::gaps;
use super::specialise::specialise;

/// Something in a request that the document does not allow.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    /// `POST /{Phone-Number-ID}/messages`, or the method and path as sent when the document has none like it.
    pub operation: String,
    /// Which kind of message, when it is one: `text`, `interactive/list`, `read`.
    pub kind: String,
    /// Where in the body, as a JSON pointer with `*` for every index; `?name` for the query; empty for the request.
    pub at: String,
    /// What is wrong.
    pub problem: String,
}

/// Where Meta keeps media files. Their addresses are Meta's answers and not a matter of the document.
const MEDIA_HOSTS: [&str; 3] = [".fbsbx.com", ".fbcdn.net", ".whatsapp.net"];

/// What is wrong with a request, as [`crate::call::request_to_json`] shows it, which `action` sent.
pub fn check(document: &Document, action: &str, request: &Value) -> Vec<Violation> {
    let (method, url) = (request["method"].as_str(), request["url"].as_str());
    let (method, url) = (method.unwrap(), url.unwrap());
    let url = url::Url::parse(url).unwrap_or_else(|error| panic!("{action}: {url}: {error}"));
    let host = url.host_str().unwrap_or_default();
    if MEDIA_HOSTS.iter().any(|end| host.ends_with(end)) {
        return Vec::new();
    }
    let segments: Vec<_> = url.path_segments().into_iter().flatten().collect();
    let version = segments.iter().position(|segment| is_version(segment));
    let path = version.map_or(&segments[..0], |position| &segments[position + 1..]);
    let none = |problem: &str| {
        vec![Violation {
            operation: format!("{} /{}", method.to_uppercase(), path.join("/")),
            kind: String::new(),
            at: String::new(),
            problem: problem.to_owned(),
        }]
    };
    let mut operations = document.operations(method, path);
    match operations.len() {
        0 => return none("no such operation"),
        1 => {}
        _ => operations.retain(|operation| gaps::is_node_of(action, &operation.name)),
    }
    let checked = operations.iter().map(|operation| {
        let mut violations = query(document, operation, &url);
        violations.extend(body(document, operation, &request["body"]));
        violations
    });
    // When an action means several kinds of nodes, the one that fits.
    let best = checked.min_by_key(Vec::len);
    best.unwrap_or_else(|| none("could be any node: say in NODES which ones the action means"))
}

/// `v25.0`
fn is_version(segment: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let numbers = segment
        .strip_prefix('v')
        .and_then(|rest| rest.split_once('.'));
    numbers.is_some_and(|(major, minor)| digits(major) && digits(minor))
}

fn query(document: &Document, operation: &Operation<'_>, url: &url::Url) -> Vec<Violation> {
    let known = operation.query();
    let mut violations = Vec::new();
    for (name, text) in url.query_pairs() {
        let at = format!("?{name}");
        match known.iter().find(|(known, _)| *known == name) {
            Some((_, schema)) => {
                let number = schema["type"] == "integer";
                let number = number.then(|| text.parse::<u64>().ok()).flatten();
                let value = number.map_or_else(|| Value::from(&*text), Value::from);
                violations.extend(validate(document, operation, schema, &value, &at));
            }
            None => violations.push(violation(operation, at, "unknown")),
        }
    }
    violations
}

fn body(document: &Document, operation: &Operation<'_>, body: &Value) -> Vec<Violation> {
    let (content_type, value) = match body.as_object().and_then(|body| body.iter().next()) {
        None if operation.needs_body() => return vec![violation(operation, "", "no body")],
        None => return Vec::new(),
        Some((kind, value)) if kind == "json" => ("application/json", value.clone()),
        Some((_, parts)) => ("multipart/form-data", form(parts)),
    };
    let kind = match operation.name.ends_with("/messages") {
        true => message_kind(&value),
        false => String::new(),
    };
    let schema = match operation.body(content_type) {
        // The document has this schema and an example of it, but no operation that takes it.
        Some(_) if kind == "read" => document.component("MarkMessageRequestPayload"),
        Some(schema) => schema,
        None => {
            return vec![violation(
                operation,
                "",
                &format!("takes no {content_type}"),
            )];
        }
    };
    let mut violations = validate(document, operation, schema, &value, "");
    // An interactive message of an unknown type has an unknown action: once is enough.
    if violations
        .iter()
        .any(|found| found.at == "/interactive/type")
    {
        violations.retain(|found| !found.at.starts_with("/interactive/action"));
    }
    for violation in &mut violations {
        violation.kind.clone_from(&kind);
    }
    violations
}

/// `text`, `interactive/list`, `read`
fn message_kind(body: &Value) -> String {
    if let Some(status) = body["status"].as_str() {
        return status.to_owned();
    }
    let kind = body["type"].as_str().unwrap_or_default();
    match body.pointer("/interactive/type").and_then(Value::as_str) {
        Some(more) => format!("{kind}/{more}"),
        None => kind.to_owned(),
    }
}

/// The fields of a form as an object of texts: of files, the document says only that they are there.
fn form(parts: &Value) -> Value {
    let parts = parts.as_array().unwrap().iter();
    let fields = parts.map(|part| {
        let text = part.pointer("/content/text").and_then(Value::as_str);
        (
            part["name"].as_str().unwrap().to_owned(),
            json!(text.unwrap_or_default()),
        )
    });
    fields.collect::<Map<_, _>>().into()
}

fn validate(
    document: &Document,
    operation: &Operation<'_>,
    schema: &Value,
    value: &Value,
    root: &str,
) -> Vec<Violation> {
    use jsonschema::error::ValidationErrorKind as Kind;
    let (schema, problems) = specialise(document, schema, value);
    let options = jsonschema::draft202012::options().should_validate_formats(true);
    let validator = options
        .build(&schema)
        .unwrap_or_else(|error| panic!("{schema}: {error}"));
    let mut violations: Vec<_> = problems
        .iter()
        .map(|(at, problem)| violation(operation, format!("{root}{}", stars(at)), problem))
        .collect();
    for error in validator.iter_errors(value) {
        let at = format!("{root}{}", stars(error.instance_path().as_str()));
        match error.kind() {
            Kind::AdditionalProperties { unexpected } => {
                let unknown = unexpected.iter();
                violations.extend(
                    unknown.map(|name| violation(operation, format!("{at}/{name}"), "unknown")),
                );
            }
            Kind::Required { property } => {
                let name = property.as_str().unwrap_or_default();
                violations.push(violation(operation, format!("{at}/{name}"), "missing"));
            }
            kind => {
                let problem = match kind {
                    Kind::Type { .. } => format!("{}, not a {}", expected(&error), found(&error)),
                    Kind::Enum { .. } => format!("no such value: {}", error.instance()),
                    Kind::Pattern { pattern } => format!("does not fit {pattern}"),
                    Kind::Format { format } => format!("is no {format}"),
                    Kind::MaxLength { limit } => format!("longer than {limit}"),
                    Kind::MaxItems { limit } => format!("more than {limit}"),
                    kind => kind.keyword().to_owned(),
                };
                violations.push(violation(operation, at, &problem));
            }
        }
    }
    violations
}

/// The type that was expected.
fn expected(error: &jsonschema::ValidationError<'_>) -> String {
    use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
    match error.kind() {
        Kind::Type {
            kind: TypeKind::Single(expected),
        } => format!("{expected} expected"),
        _ => "another type expected".to_owned(),
    }
}

/// The type that was found.
fn found(error: &jsonschema::ValidationError<'_>) -> &'static str {
    match &**error.instance() {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn violation(operation: &Operation<'_>, at: impl Into<String>, problem: &str) -> Violation {
    Violation {
        operation: operation.name.clone(),
        kind: String::new(),
        at: at.into(),
        problem: problem.to_owned(),
    }
}

/// A JSON pointer with `*` for every index.
fn stars(pointer: &str) -> String {
    let parts = pointer.split('/');
    let parts = parts.map(|part| match part.parse::<usize>() {
        Ok(_) => "*",
        Err(_) => part,
    });
    parts.collect::<Vec<_>>().join("/")
}
