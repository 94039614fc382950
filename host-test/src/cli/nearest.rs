//! What somebody meant who mistyped a name.

/// Less alike than this is another name.
const ALIKE: f64 = 0.75;

/// The name that is most like the one that was typed, when one is: `sendText`, `send_text` and `Send-Text` are all meant to be `send-text`.
pub fn nearest<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |name: &str| name.to_lowercase().replace(['-', '_', ' '], "");
    let typed = plain(typed);
    let names = names.into_iter();
    let rated = names.map(|name| (strsim::jaro_winkler(&plain(name), &typed), name));
    let best = rated.max_by(|(a, _), (b, _)| a.total_cmp(b));
    best.filter(|(likeness, _)| *likeness > ALIKE)
        .map(|(_, name)| name)
}
