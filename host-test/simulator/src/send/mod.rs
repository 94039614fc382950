//! `POST /{phone-number-id}/messages`.

mod carousel;
mod checks;
mod content;
mod interactive;
mod interactive_actions;
mod limits;
mod outcome;
mod read;
mod recipient;
mod template;
mod template_buttons;
mod template_parameters;

use serde_json::{Map, Value, json};

use crate::endpoints::number::{self, require_messaging_product};
use crate::graph_error::GraphError;
use crate::ids::Direction;
use crate::reply::Reply;
use crate::router::Call;
use crate::world::{SentMessage, StatusChange};

use content::Content;
use recipient::Recipient;

/// Longest `biz_opaque_callback_data` (documented for calls; widely repeated for messages).
const CALLBACK_DATA_CHARACTERS: usize = 512;

/// `POST /{phone-number-id}/messages`: sends, or marks as read.
pub(crate) fn send(call: &mut Call) -> Result<Reply, GraphError> {
    require_messaging_product(call)?;
    if call.request.params.contains_key("status") {
        return read::mark(call);
    }
    let marketing = template_category(call).is_some_and(|category| category == "MARKETING");
    if marketing && marketing_is_disabled(call) {
        return Err(GraphError::new(131_063));
    }
    send_message(call)
}

/// `POST /{phone-number-id}/marketing_messages`: only templates of category MARKETING.
pub(crate) fn send_marketing(call: &mut Call) -> Result<Reply, GraphError> {
    require_messaging_product(call)?;
    let params = &call.request.params;
    if content::kind(params)? != "template" {
        return Err(GraphError::new(131_055));
    }
    if template_category(call).is_some_and(|category| category != "MARKETING") {
        return Err(GraphError::new(134_100));
    }
    send_message(call)
}

/// The category of the template that is asked for, when there is one.
fn template_category<'a>(call: &'a Call) -> Option<&'a str> {
    let name = call.request.params.get("template")?.get("name")?.as_str()?;
    let template = call.world.templates.iter().find(|t| t.name == name)?;
    Some(&template.category)
}

fn marketing_is_disabled(call: &Call) -> bool {
    let waba_id = call
        .world
        .phone_number(call.node)
        .map(|number| &number.waba_id);
    let waba = call
        .world
        .wabas
        .iter()
        .find(|waba| Some(&waba.id) == waba_id);
    waba.is_some_and(|waba| waba.disable_marketing_messages_on_cloud_api)
}

/// The checks in Meta's order: the request by itself, the sender, the recipient, what the message refers to, and at
/// last the rates, so that a refused message uses up nothing.
fn send_message(call: &mut Call) -> Result<Reply, GraphError> {
    let params = &call.request.params;
    let recipient = recipient::read(call)?;
    let content = content::read(params)?;
    check_common(params)?;

    let sender = number::of(call)?.clone();
    if !sender.is_registered() {
        return Err(GraphError::new(133_010));
    }
    recipient::check(call.world, &sender, &recipient, &content.kind)?;
    let template = match &content.template {
        Some(asked) => Some(template::check(call.world, &sender, asked, &recipient)?),
        None => None,
    };
    content.check_media(call.world, &sender, call.now_ms)?;
    content.check_flow(call.world, &sender)?;
    // One customer has one rate, by phone number or by user id.
    let customer = call.world.customer(recipient.key());
    let customer = customer
        .map_or(recipient.key(), |customer| customer.key())
        .to_owned();
    limits::check(call.world, &sender, &customer, call.now_ms)?;

    let id = call.world.new_wamid(recipient.key(), Direction::Outbound);
    let answer = answer(&recipient, &id, template.is_some());
    let message = accepted(call, &recipient, &content, id, template);
    outcome::schedule(call.world, &message, &content);
    call.world.messages.push(message);
    Ok(Reply::graph(&answer))
}

fn check_common(params: &Map<String, Value>) -> Result<(), GraphError> {
    if let Some(context) = params.get("context")
        && context
            .get("message_id")
            .and_then(Value::as_str)
            .is_none_or(str::is_empty)
    {
        return Err(GraphError::required("context['message_id']"));
    }
    if let Some(data) = params.get("biz_opaque_callback_data") {
        checks::at_most(
            "biz_opaque_callback_data",
            data.as_str().unwrap_or_default(),
            CALLBACK_DATA_CHARACTERS,
        )?;
    }
    Ok(())
}

fn answer(recipient: &Recipient, id: &str, is_template: bool) -> Value {
    let contact = match recipient {
        Recipient::Phone { input, wa_id } => json!({"input": input, "wa_id": wa_id}),
        Recipient::User { user_id } => json!({"input": user_id, "user_id": user_id}),
        Recipient::Group { id } => json!({"input": id, "wa_id": id}),
    };
    let mut message = Map::new();
    message.insert("id".into(), json!(id));
    if is_template {
        message.insert("message_status".into(), json!("accepted"));
    }
    if let Recipient::Group { id } = recipient {
        message.insert("group_id".into(), json!(id));
    }
    json!({"messaging_product": "whatsapp", "contacts": [contact], "messages": [message]})
}

fn accepted(
    call: &Call,
    recipient: &Recipient,
    content: &Content,
    id: String,
    template_category: Option<String>,
) -> SentMessage {
    let customer = call.world.customer(recipient.key());
    let mut request = call.request.params.clone();
    request.remove("access_token");
    SentMessage {
        id,
        phone_number_id: call.node.to_owned(),
        recipient: customer
            .map_or(recipient.key(), |customer| customer.key())
            .to_owned(),
        kind: content.kind.clone(),
        request: Value::Object(request),
        accepted_at_ms: call.now_ms,
        timeline: vec![StatusChange {
            status: "accepted".into(),
            at_ms: call.now_ms,
            error_code: None,
        }],
        pricing_category: template_category
            .map_or_else(|| "service".into(), |c| c.to_ascii_lowercase()),
        in_service_window: customer
            .is_some_and(|customer| customer.window_is_open(call.node, call.now_ms)),
    }
}
