//! A body, as it is.

use crate::lowered::View;
use crate::{events, reader};
use whatsapp_connector::contract::tables::EVENT;
use whatsapp_connector::door::PAYLOAD;
use whatsapp_connector::webhooks;

/// Parses a body: events in memory are those in JSON, keys do not depend on how the JSON is written, and JSON is what serde_json takes for it.
pub fn webhooks_parse(data: &[u8]) {
    let body = crate::text(data);
    reader::read(&body);
    let found = webhooks::events(&body);
    events::check(&body, &found);
    let parsed = webhooks::parse(&body);
    let view = View::new(&parsed);
    assert_eq!(view.is_error(), found.is_empty());
    if !view.is_error() {
        view.same_list(PAYLOAD, EVENT, &found);
    }
    if let Some(other) = reader::rewritten(&body) {
        assert_eq!(events::ids(&other), events::ids(&body), "{other}");
    }
}
