//! `mark-as-read`.

use crate::contract::exports::whatsapp::connector::messages::{Done, ReadReceipt};
use crate::fault::{Fallible, check_text};
use crate::graph::{
    Graph,
    request::{Call, Effect},
};
use crate::json::Object;

/// Marks a message as read. Doing it twice changes nothing more.
pub fn send(graph: &Graph<'_>, input: ReadReceipt) -> Fallible<Done> {
    check_text("message_id", &input.message_id, usize::MAX)?;
    let typing = input.typing.unwrap_or_default();
    let body = Object::new()
        .with("messaging_product", "whatsapp")
        .with("status", "read")
        .with("message_id", input.message_id)
        .with_some(
            "typing_indicator",
            typing.then(|| Object::new().with("type", "text")),
        );
    let phone_number_id = graph.phone_number_id(&input.phone_number_id)?;
    graph.call(Call::post(
        &[phone_number_id, "messages"],
        Effect::Idempotent,
        body,
    ))?;
    Ok(Done { success: true })
}
