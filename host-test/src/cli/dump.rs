//! JSON text, newly laid out. The order of the fields stays: it is the order in which the contract explains them.

use super::problem::Problem;

/// Lays out JSON for people.
pub fn pretty(json: &str) -> Result<String, Problem> {
    let mut bytes = Vec::with_capacity(json.len() * 2);
    let mut from = serde_json::Deserializer::from_str(json);
    let mut to = serde_json::Serializer::pretty(&mut bytes);
    serde_transcode::transcode(&mut from, &mut to).map_err(Problem::not_json)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
