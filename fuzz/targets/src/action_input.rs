//! An action with any connection, any input and any answers.

use crate::arena::Arena;
use crate::errors;
use crate::lowered::View;
use crate::network::{self, Answer, Network};
use serde_json::Value;
use whatsapp_connector::contract::tables::{CONNECTION, SIGNATURES};
use whatsapp_connector::graph::DEFAULT_BASE_URL;
use whatsapp_connector::json::{check, from_text, to_text};
use whatsapp_connector::{door, plugin};

/// Calls an action, whose number is the first byte; then come connection, input, and the answers. What passes the check of the types is called a
/// second time by the typed door, which has to do the same.
pub fn action_input(data: &[u8]) {
    let Some((&choice, rest)) = data.split_first() else {
        return;
    };
    let index = usize::from(choice) % SIGNATURES.len();
    let rest = crate::text(rest);
    let mut parts = rest.split(crate::BETWEEN);
    let [connection, input] = [(); 2].map(|()| parts.next().unwrap_or_default());
    let answers: Vec<_> = parts.map(network::answer).collect();
    by_name(index, connection, input, &answers);

    let (Ok(connection), Ok(input)) = (from_text(connection), from_text(input)) else {
        return;
    };
    let (Some(connection), Some(input)) = (plain(connection), plain(input)) else {
        return;
    };
    let signature = &SIGNATURES[index];
    let is_typed = check("connection", &connection, CONNECTION).is_ok()
        && check("", &input, signature.input).is_ok();
    if is_typed {
        by_type(index, &connection, &input, &answers);
    }
}

/// By name, with JSON.
fn by_name(index: usize, connection: &str, input: &str, answers: &[Answer]) {
    let signature = &SIGNATURES[index];
    let network = Network::new(answers.to_vec());
    let given = connection;
    let result = plugin::invoke(&network, signature.name, given, input);
    let connection = from_text(given).unwrap_or_default();
    let base = connection["base_url"].as_str().unwrap_or(DEFAULT_BASE_URL);
    for request in network.requests() {
        network::check(&request, base.trim_end_matches('/'));
    }
    match result {
        Ok(output) => {
            let output: Value = serde_json::from_str(&output).expect("an output is JSON");
            for field in signature.output.fields() {
                assert!(
                    output.get(field.name()).is_some(),
                    "{} is not there",
                    field.name()
                );
            }
        }
        Err(error) => {
            errors::check(&error);
            let again = |input: &Value| {
                let network = Network::new(answers.to_vec());
                plugin::invoke(&network, signature.name, given, &to_text(input)).err()
            };
            let input = from_text(input).unwrap_or_default();
            errors::check_secrets(&error, &input, answers, again);
        }
    }
}

/// By its type, and by name once more to compare.
fn by_type(index: usize, connection: &Value, input: &Value, answers: &[Answer]) {
    let signature = &SIGNATURES[index];
    let networks = [(); 2].map(|()| Network::new(answers.to_vec()));
    let named = plugin::invoke(
        &networks[0],
        signature.name,
        &to_text(connection),
        &to_text(input),
    );
    let mut arena = Arena::new(signature, connection, input);
    let typed = door::typed(&networks[1], index, &mut arena, 0);
    arena.finish();
    let [by_name, by_type] = networks.map(Network::requests);
    let is_same = by_name == by_type;
    assert!(is_same, "sent {by_type:#?}\nexpected {by_name:#?}");
    let named = named.map(|output| from_text(&output).expect("is JSON"));
    let expected = named.as_ref().map_err(|error| &**error);
    View::new(&typed).same_result(signature.output, expected);
}

/// Numbers as the typed door has them; nothing when it has no such number.
fn plain(value: Value) -> Option<Value> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    Some(match value {
        Value::Number(number) => {
            let exact = number.as_f64().filter(|number| number.abs() < EXACT)?;
            match number.is_f64() && exact.trunc() == exact {
                true => (exact as i64).into(),
                false => number.into(),
            }
        }
        Value::Array(items) => items.into_iter().map(plain).collect::<Option<_>>()?,
        Value::Object(fields) => {
            let fields = fields.into_iter();
            let fields = fields.map(|(name, value)| Some((name, plain(value)?)));
            Value::Object(fields.collect::<Option<_>>()?)
        }
        other => other,
    })
}
