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

/// The typed fields for components that stand in the order in which our component writes them: header, body, buttons.
fn typed(components: Value) -> Result<Input, Cannot> {
    let mut list = Fields::of("", &Value::from_iter([("components", components)]))?;
    let list = list.objects("components")?;
    let (mut header, mut body, mut buttons) = (None, None, Vec::new());
    for mut component in list {
        let kind = component.needed("type")?;
        let parameters = component.objects("parameters")?;
        match kind.as_str().unwrap_or_default() {
            "header" if header.is_none() && body.is_none() && buttons.is_empty() => {
                header = Some(self::header(single(&component, parameters)?)?);
            }
            "body" if body.is_none() && buttons.is_empty() && !parameters.is_empty() => {
                let variables = parameters.into_iter().map(variable);
                body = Some(variables.collect::<Result<Vec<_>, _>>()?);
            }
            "button" => {
                let parameter = single(&component, parameters)?;
                buttons.push(button(&mut component, parameter)?);
            }
            _ => return Err(component.path("type")),
        }
        component.end()?;
    }
    // No component at all is said by `components: []` alone.
    if header.is_none() && body.is_none() && buttons.is_empty() {
        return Err("components".to_owned());
    }
    Ok(Input::default()
        .with_some("header", header)
        .with_some("body", body)
        .with_some("buttons", (!buttons.is_empty()).then_some(buttons)))
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
        kind @ ("image" | "video" | "document") => {
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

fn button(component: &mut Fields, mut parameter: Fields) -> Result<Value, Cannot> {
    let index = component.needed("index")?;
    let number: Option<u32> = index.as_str().and_then(|index| index.parse().ok());
    let number = number.ok_or_else(|| component.path("index"))?;
    let sub_type = component.needed("sub_type")?;
    let kind = parameter.needed("type")?;
    let pair = (
        sub_type.as_str().unwrap_or_default(),
        kind.as_str().unwrap_or_default(),
    );
    let input = Input::default().with("index", number);
    let input = match pair {
        ("quick_reply", "payload") => input.with("quick_reply", parameter.needed("payload")?),
        // A one-time password has the same shape.
        ("url", "text") => input.with("url", parameter.needed("text")?),
        ("copy_code", "coupon_code") => input.with("copy_code", parameter.needed("coupon_code")?),
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
    Ok(input.into())
}
