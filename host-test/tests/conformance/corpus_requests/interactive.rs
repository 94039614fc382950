//! Interactive messages: each kind to its own action, and everything to `send-interactive`.

use serde_json::Value;

use super::fields::{Cannot, Fields, Input};
use super::translate::{Message, file};

/// The actions that can say this interactive message.
pub fn translate(content: &Value) -> Result<Vec<Message>, Cannot> {
    let raw = Input::default().with("interactive", content.clone());
    let mut messages = vec![("send-interactive", raw, true)];
    if let Ok((action, input)) = typed(content) {
        messages.insert(0, (action, input, false));
    }
    Ok(messages)
}

fn typed(content: &Value) -> Result<(&'static str, Input), Cannot> {
    let mut fields = Fields::of("interactive", content)?;
    let kind = fields.needed("type")?;
    let header = fields.object("header")?.map(header).transpose()?;
    let text = Input::default()
        .with_some("header", header)
        .with_some("body", line(&mut fields, "body")?)
        .with_some("footer", line(&mut fields, "footer")?);
    let action = fields.needed_object("action")?;
    fields.end()?;
    let (name, input) = match kind.as_str().unwrap_or_default() {
        "button" => ("send-buttons", buttons(action)?),
        "list" => ("send-list", list(action)?),
        "cta_url" => ("send-cta-url", link(action)?),
        "flow" => ("send-flow", flow(action)?),
        "product" => ("send-product", product(action)?),
        "product_list" => ("send-product-list", products(action)?),
        "catalog_message" => ("send-catalog", catalog(action)?),
        "carousel" => ("send-media-carousel", carousel(action)?),
        "location_request_message" => ("request-location", named(action, "send_location")?),
        "address_message" => ("request-address", postal_address(action)?),
        "call_permission_request" => (
            "request-call-permission",
            named(action, "call_permission_request")?,
        ),
        "request_contact_info" => (
            "request-contact-info",
            named(action, "request_contact_info")?,
        ),
        _ => return Err("interactive.type".to_owned()),
    };
    Ok((name, text.and(input)))
}

/// The text of `{"text": …}`.
fn line(fields: &mut Fields, name: &str) -> Result<Option<Value>, Cannot> {
    let Some(mut part) = fields.object(name)? else {
        return Ok(None);
    };
    let text = part.text("text")?;
    part.end()?;
    Ok(text)
}

fn header(mut fields: Fields) -> Result<Input, Cannot> {
    let kind = fields.needed("type")?;
    let input = match kind.as_str().unwrap_or_default() {
        "text" => Input::default()
            .with_some("text", fields.text("text")?)
            .with_some("sub_text", fields.text("sub_text")?),
        kind @ ("image" | "video" | "document") => {
            let file = file(fields.needed_object(kind)?)?;
            Input::default().with(kind, file)
        }
        _ => return Err(fields.path("type")),
    };
    fields.end()?;
    Ok(input)
}

/// An action that has nothing but its name.
fn named(mut action: Fields, name: &str) -> Result<Input, Cannot> {
    action.exactly("name", name)?;
    action.end()?;
    Ok(Input::default())
}

/// An action of this name, and its parameters.
fn parameters(mut action: Fields, name: &str) -> Result<Fields, Cannot> {
    action.exactly("name", name)?;
    let parameters = action.needed_object("parameters")?;
    action.end()?;
    Ok(parameters)
}

fn collect(items: impl Iterator<Item = Result<Input, Cannot>>) -> Result<Vec<Value>, Cannot> {
    items.map(|item| item.map(Value::from)).collect()
}

/// Reply buttons; in a card of a carousel they have another name.
fn replies(list: Vec<Fields>, kind: &str) -> Result<Vec<Value>, Cannot> {
    collect(list.into_iter().map(|mut button| {
        button.exactly("type", kind)?;
        let mut reply = button.needed_object(kind)?;
        let input = Input::default()
            .with_some("id", reply.text("id")?)
            .with_some("title", reply.text("title")?);
        reply.end()?;
        button.end()?;
        Ok(input)
    }))
}

fn buttons(mut action: Fields) -> Result<Input, Cannot> {
    let buttons = replies(action.objects("buttons")?, "reply")?;
    action.end()?;
    Ok(Input::default().with("buttons", buttons))
}

fn list(mut action: Fields) -> Result<Input, Cannot> {
    let sections = action.objects("sections")?.into_iter().map(|mut section| {
        let rows = section.objects("rows")?.into_iter().map(|mut row| {
            let input = Input::default()
                .with_some("id", row.text("id")?)
                .with_some("title", row.text("title")?)
                .with_some("description", row.text("description")?);
            row.end()?;
            Ok(input)
        });
        let rows = collect(rows)?;
        let title = section.text("title")?;
        section.end()?;
        Ok(Input::default()
            .with_some("title", title)
            .with("rows", rows))
    });
    let sections = collect(sections)?;
    let button = action.text("button")?;
    action.end()?;
    Ok(Input::default()
        .with_some("button", button)
        .with("sections", sections))
}

fn link(action: Fields) -> Result<Input, Cannot> {
    let mut fields = parameters(action, "cta_url")?;
    let input = Input::default()
        .with_some("display_text", fields.text("display_text")?)
        .with_some("url", fields.text("url")?);
    fields.end()?;
    Ok(input)
}

fn flow(action: Fields) -> Result<Input, Cannot> {
    let mut fields = parameters(action, "flow")?;
    fields.exactly("flow_message_version", "3")?;
    let (screen, data) = match fields.object("flow_action_payload")? {
        Some(mut payload) => {
            let parts = (payload.text("screen")?, payload.any("data"));
            payload.end()?;
            parts
        }
        None => (None, None),
    };
    let mut input = Input::default()
        .with_some("screen", screen)
        .with_some("data", data);
    for (name, graph) in [
        ("flow_id", "flow_id"),
        ("flow_name", "flow_name"),
        ("cta", "flow_cta"),
        ("token", "flow_token"),
        ("mode", "mode"),
        ("action", "flow_action"),
    ] {
        input = input.with_some(name, fields.text(graph)?);
    }
    fields.end()?;
    Ok(input)
}

fn product(mut action: Fields) -> Result<Input, Cannot> {
    let input = Input::default()
        .with_some("catalog_id", action.text("catalog_id")?)
        .with_some("product_retailer_id", action.text("product_retailer_id")?);
    action.end()?;
    Ok(input)
}

fn products(mut action: Fields) -> Result<Input, Cannot> {
    let sections = action.objects("sections")?.into_iter().map(|mut section| {
        let mut ids = Vec::new();
        for mut item in section.objects("product_items")? {
            ids.push(item.needed("product_retailer_id")?);
            item.end()?;
        }
        let title = section.text("title")?;
        section.end()?;
        Ok(Input::default()
            .with_some("title", title)
            .with("product_retailer_ids", ids))
    });
    let sections = collect(sections)?;
    let catalog = action.text("catalog_id")?;
    action.end()?;
    Ok(Input::default()
        .with_some("catalog_id", catalog)
        .with("sections", sections))
}

fn catalog(mut action: Fields) -> Result<Input, Cannot> {
    action.exactly("name", "catalog_message")?;
    let name = "thumbnail_product_retailer_id";
    let thumbnail = match action.object("parameters")? {
        Some(mut fields) => {
            let id = fields.needed(name)?;
            fields.end()?;
            Some(id)
        }
        None => None,
    };
    action.end()?;
    Ok(Input::default().with_some(name, thumbnail))
}

fn postal_address(action: Fields) -> Result<Input, Cannot> {
    let mut fields = parameters(action, "address_message")?;
    let input = Input::default()
        .with_some("country", fields.text("country")?)
        .with_some("values", fields.any("values"))
        .with_some("saved_addresses", fields.any("saved_addresses"))
        .with_some("validation_errors", fields.any("validation_errors"));
    fields.end()?;
    Ok(input)
}

fn carousel(mut action: Fields) -> Result<Input, Cannot> {
    let cards = action.objects("cards")?.into_iter().enumerate();
    let cards = cards.map(|(position, mut card)| {
        // A card's number is its place in the list.
        if card.any("card_index") != Some(position.into()) {
            return Err(card.path("card_index"));
        }
        card.text("type")?;
        let header = header(card.needed_object("header")?)?;
        let body = line(&mut card, "body")?;
        let mut action = card.needed_object("action")?;
        card.end()?;
        let input = match action.objects("buttons")? {
            none if none.is_empty() => Input::default().with("link", link(action)?),
            buttons => {
                action.end()?;
                Input::default().with("buttons", replies(buttons, "quick_reply")?)
            }
        };
        Ok(header.with_some("body", body).and(input))
    });
    let cards = collect(cards)?;
    action.end()?;
    Ok(Input::default().with("cards", cards))
}
