//! Templates: typed variables where they can say what `components` say, and `components` as they are.

use serde_json::Value;

use super::fields::{Cannot, Fields, Input};
use super::translate::{Message, file};

/// The ways to say this template.
pub fn translate(content: &Value) -> Result<Vec<Message>, Cannot> {
    let mut fields = Fields::of("template", content)?;
    let mut language = fields.needed_object("language")?;
    let input = Input::default()
        .with_some("name", fields.text("name")?)
        .with_some("language", language.text("code")?);
    language.end()?;
    let components = fields.any("components");
    fields.end()?;
    let Some(components) = components else {
        return Ok(vec![("send-template", input, false)]);
    };
    let raw = input.clone().with("components", components.clone());
    let mut messages = vec![("send-template", raw, true)];
    if let Ok(typed) = typed(components) {
        messages.insert(0, ("send-template", input.and(typed), false));
    }
    Ok(messages)
}

/// The typed fields for components that stand in the order in which our component writes them: header, body, offer, order status, buttons,
/// carousel. A card has the same, without what is only in a template.
fn typed(components: Value) -> Result<Input, Cannot> {
    let mut list = Fields::of("", &Value::from_iter([("components", components)]))?;
    let list = list.objects("components")?;
    let mut input = Input::default();
    let mut buttons = Vec::new();
    let order = |kind: &str| {
        [
            "header",
            "body",
            "limited_time_offer",
            "order_status",
            "button",
            "carousel",
        ]
        .iter()
        .position(|known| *known == kind)
    };
    let mut last = None;
    for mut component in list {
        let kind = component.needed("type")?;
        let kind = kind.as_str().unwrap_or_default();
        let place = order(kind).ok_or_else(|| component.path("type"))?;
        if last.is_some_and(|last| place < last || place == last && kind != "button") {
            return Err(component.path("type"));
        }
        last = Some(place);
        let cards = component.objects("cards")?;
        let parameters = component.objects("parameters")?;
        input = match kind {
            "header" => input.with("header", header(single(&component, parameters)?)?),
            "body" if !parameters.is_empty() => {
                let variables = parameters.into_iter().map(variable);
                input.with("body", variables.collect::<Result<Vec<_>, _>>()?)
            }
            "limited_time_offer" | "order_status" => {
                let mut parameter = single(&component, parameters)?;
                parameter.exactly("type", kind)?;
                let value = match kind {
                    "order_status" => parameter.needed(kind)?,
                    _ => {
                        let mut offer = parameter.needed_object(kind)?;
                        let end = offer.needed("expiration_time_ms")?;
                        offer.end()?;
                        end
                    }
                };
                parameter.end()?;
                input.with(kind, value)
            }
            "button" => {
                buttons.push(button(&mut component, parameters)?);
                input.with("buttons", buttons.clone())
            }
            "carousel" => {
                let cards = cards.into_iter().map(card);
                input.with("cards", cards.collect::<Result<Vec<_>, _>>()?)
            }
            _ => return Err(component.path("type")),
        };
        component.end()?;
    }
    // No component at all is said by `components: []` alone.
    if last.is_none() {
        return Err("components".to_owned());
    }
    Ok(input)
}

fn card(mut card: Fields) -> Result<Value, Cannot> {
    card.needed("card_index")?;
    let components = card.needed("components")?;
    card.end()?;
    let input = typed(components)?;
    match input.0.contains_key("header") {
        true => Ok(input.into()),
        false => Err("a card without a header".to_owned()),
    }
}

fn single(component: &Fields, parameters: Vec<Fields>) -> Result<Fields, Cannot> {
    let [only] = <[Fields; 1]>::try_from(parameters).map_err(|_| component.path("parameters"))?;
    Ok(only)
}

fn header(mut parameter: Fields) -> Result<Input, Cannot> {
    let kind = parameter.needed("type")?;
    let input = match kind.as_str().unwrap_or_default() {
        "text" => Input::default()
            .with_some("text", parameter.text("text")?)
            .with_some("name", parameter.text("parameter_name")?),
        "product" => {
            let mut product = parameter.needed_object("product")?;
            let mut input = Input::default();
            for name in ["product_retailer_id", "catalog_id"] {
                input = input.with(name, product.needed(name)?);
            }
            product.end()?;
            Input::default().with("product", input)
        }
        kind @ ("image" | "video" | "gif" | "document") => {
            let file = file(parameter.needed_object(kind)?)?;
            Input::default().with(kind, file)
        }
        "location" => {
            let mut place = parameter.needed_object("location")?;
            let mut input = Input::default();
            for name in ["latitude", "longitude"] {
                let number = place.needed(name)?;
                if !number.is_number() {
                    return Err(place.path(name));
                }
                input = input.with(name, number);
            }
            for name in ["name", "address"] {
                input = input.with_some(name, place.text(name)?);
            }
            place.end()?;
            Input::default().with("location", input)
        }
        _ => return Err(parameter.path("type")),
    };
    parameter.end()?;
    Ok(input)
}

fn variable(mut parameter: Fields) -> Result<Value, Cannot> {
    let kind = parameter.needed("type")?;
    let value = match kind.as_str().unwrap_or_default() {
        "text" => Input::default().with_some("text", parameter.text("text")?),
        "currency" => {
            let mut money = parameter.needed_object("currency")?;
            let input = Input::default()
                .with_some("fallback_value", money.text("fallback_value")?)
                .with_some("code", money.text("code")?)
                .with("amount1000", money.needed("amount_1000")?);
            money.end()?;
            Input::default().with("currency", input)
        }
        // Meta shows `fallback_value` and nothing else; a date with more is said by `components`.
        "date_time" => {
            let mut date = parameter.needed_object("date_time")?;
            let text = date.text("fallback_value")?;
            date.end()?;
            Input::default().with_some("date_time", text)
        }
        _ => return Err(parameter.path("type")),
    };
    let name = parameter.text("parameter_name")?;
    parameter.end()?;
    Ok(value.with_some("name", name).into())
}

fn sections(given: Vec<Fields>) -> Result<Vec<Value>, Cannot> {
    let mut sections = Vec::new();
    for mut section in given {
        let mut ids = Vec::new();
        for mut item in section.objects("product_items")? {
            ids.push(item.needed("product_retailer_id")?);
            item.end()?;
        }
        let input = Input::default()
            .with_some("title", section.text("title")?)
            .with("product_retailer_ids", ids);
        section.end()?;
        sections.push(input.into());
    }
    Ok(sections)
}

fn button(component: &mut Fields, parameters: Vec<Fields>) -> Result<Value, Cannot> {
    let index = component.needed("index")?;
    let number: Option<u32> = index.as_str().and_then(|index| index.parse().ok());
    let number = number.ok_or_else(|| component.path("index"))?;
    let sub_type = component.needed("sub_type")?;
    let input = Input::default().with("index", number);
    let input = match sub_type.as_str() {
        Some("voice_call") => input.with("call", call(parameters)?),
        Some("catalog") if parameters.is_empty() => input.with("catalog", ""),
        Some(sub_type) => input.and(value(component, sub_type, single(component, parameters)?)?),
        None => return Err(component.path("sub_type")),
    };
    Ok(input.into())
}

fn call(parameters: Vec<Fields>) -> Result<Input, Cannot> {
    let mut input = Input::default();
    for mut parameter in parameters {
        let kind = parameter.needed("type")?;
        let kind = kind.as_str().unwrap_or_default();
        input = input.with(kind, parameter.needed(kind)?);
        parameter.end()?;
    }
    Ok(input)
}

fn value(component: &Fields, sub_type: &str, mut parameter: Fields) -> Result<Input, Cannot> {
    let kind = parameter.needed("type")?;
    let input = Input::default();
    let input = match (sub_type, kind.as_str().unwrap_or_default()) {
        ("quick_reply", "payload") => input.with("quick_reply", parameter.needed("payload")?),
        // A one-time password has the same shape.
        ("url", "text") => input.with("url", parameter.needed("text")?),
        ("copy_code", "coupon_code") => input.with("copy_code", parameter.needed("coupon_code")?),
        ("catalog", "action") => {
            let mut action = parameter.needed_object("action")?;
            let product = action.needed("thumbnail_product_retailer_id")?;
            action.end()?;
            input.with("catalog", product)
        }
        ("order_details", "action") => {
            let mut action = parameter.needed_object("action")?;
            let details = action.needed("order_details")?;
            action.end()?;
            input.with("order_details", details)
        }
        ("mpm", "action") => {
            let mut action = parameter.needed_object("action")?;
            let products = Input::default()
                .with_some(
                    "thumbnail_product_retailer_id",
                    action.text("thumbnail_product_retailer_id")?,
                )
                .with("sections", sections(action.objects("sections")?)?);
            action.end()?;
            input.with("products", products)
        }
        ("flow", "action") => {
            let mut action = parameter.needed_object("action")?;
            let flow = Input::default()
                .with("token", action.needed("flow_token")?)
                .with_some("data", action.any("flow_action_data"));
            action.end()?;
            input.with("flow", flow)
        }
        _ => return Err(component.path("sub_type")),
    };
    parameter.end()?;
    Ok(input)
}
