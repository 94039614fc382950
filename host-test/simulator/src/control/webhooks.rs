//! Webhooks over HTTP.

use serde_json::{Value, json};

use super::input::{ControlError, optional, required};
use super::{Order, Outcome, done};
use crate::request::GraphRequest;
use crate::shared::Shared;
use crate::webhooks::envelope::Item;
use crate::webhooks::handshake;
use crate::webhooks::outbox::{self, FlushOrder, Update};

/// A webhook of any field, with the value as it is.
pub(super) fn send(order: &Order) -> Outcome {
    let body = order.body(&["waba_id", "field", "value"])?;
    let field: String = required(
        body,
        "field",
        "a webhook field",
        "{\"field\": \"account_update\", \"value\": {}}",
    )?;
    let value: Value = required(
        body,
        "value",
        "the value of the change",
        "{\"field\": \"account_update\", \"value\": {}}",
    )?;
    let waba_id: Option<String> = optional(
        body,
        "waba_id",
        "a WABA id in quotes",
        "{\"waba_id\": \"200000000000001\"}",
    )?;
    let mut world = order.shared.world();
    let waba_id = waba_id
        .or_else(|| world.wabas.first().map(|waba| waba.id.clone()))
        .ok_or_else(|| ControlError::new("waba_id", "the id of a WABA", "name one"))?;
    world.outbox.schedule(
        order.now_ms,
        Update::Item(Item::whole(waba_id, field, value)),
    );
    done()
}

pub(super) fn deliveries(order: &Order) -> Outcome {
    Ok(json!(order.shared.world().outbox.deliveries))
}

pub(super) fn redeliver(order: &Order) -> Outcome {
    let body = order.body(&["id"])?;
    let id: Option<u64> = optional(
        body,
        "id",
        "the number of a delivery",
        "{\"id\": 1}, or no body for the last one",
    )?;
    let new = order.shared.world().outbox.redeliver(id, order.now_ms);
    new.map(|id| json!({ "id": id })).ok_or_else(|| {
        ControlError::new(
            "id",
            "the number of a delivery that was made",
            "use one of GET /_simulator/deliveries",
        )
    })
}

pub(super) fn deliver_twice(order: &Order) -> Outcome {
    let body = order.body(&["times"])?;
    let times: Option<u32> = optional(
        body,
        "times",
        "a whole number, not negative",
        "{\"times\": 1}",
    )?;
    order
        .shared
        .world()
        .outbox
        .deliver_twice(times.unwrap_or(1));
    done()
}

pub(super) fn begin_batch(order: &Order) -> Outcome {
    order.no_body()?;
    order.shared.world().outbox.begin_batch();
    done()
}

pub(super) fn flush_batch(order: &Order) -> Outcome {
    let body = order.body(&["order"])?;
    let how: Option<String> = optional(
        body,
        "order",
        "\"one_post\" or \"reversed\"",
        "{\"order\": \"reversed\"}",
    )?;
    let how = match how.as_deref() {
        None | Some("one_post") => FlushOrder::OnePost,
        Some("reversed") => FlushOrder::Reversed,
        Some(other) => {
            return Err(ControlError::new(
                "order",
                format!("\"one_post\" or \"reversed\", but found \"{other}\""),
                "send {\"order\": \"reversed\"}",
            ));
        }
    };
    let updates = outbox::flush_batch(&mut order.shared.world(), how, order.now_ms);
    Ok(json!({ "updates": updates }))
}

/// Sets the app's callback, after the handshake unless `verify` is false; null removes it.
pub(super) async fn set_callback(shared: &Shared, request: &GraphRequest) -> Outcome {
    let order = Order {
        shared,
        request,
        path: Vec::new(),
        now_ms: shared.clock.now_ms(),
    };
    const EXAMPLE: &str =
        "{\"url\": \"http://127.0.0.1:8080/webhook\", \"verify_token\": \"secret\"}";
    let body = order.body(&["url", "verify_token", "verify"])?;
    if body.get("url").is_some_and(Value::is_null) {
        shared.world().app.callback_url = None;
        return done();
    }
    let url: String = required(body, "url", "an http:// address, or null", EXAMPLE)?;
    if !url.starts_with("http://") {
        return Err(ControlError::new(
            "url",
            "an http:// address (the simulator speaks no TLS)",
            format!("send {EXAMPLE}"),
        ));
    }
    let verify: Option<bool> = optional(body, "verify", "true or false", EXAMPLE)?;
    let verify_token: Option<String> = optional(body, "verify_token", "a text", EXAMPLE)?;
    if verify.unwrap_or(true) {
        let token = verify_token.as_deref().ok_or_else(|| {
            ControlError::new(
                "verify_token",
                "the text that the callback expects",
                "send it, or \"verify\": false",
            )
        })?;
        let challenge = shared.world().ids.challenge();
        handshake::verify(&shared.poster, &url, token, &challenge)
            .await
            .map_err(|why| {
                ControlError::new(
                    "url",
                    format!("a callback that answers the handshake with the challenge, but: {why}"),
                    "start it, check its verify token, or send \"verify\": false",
                )
            })?;
    }
    let mut world = shared.world();
    world.app.callback_url = Some(url);
    world.app.verify_token = verify_token;
    done()
}
