//! Authentication templates: Meta writes the texts, the business chooses among options.

use serde_json::{Value, json};

use super::{Refusal, at_most, buttons};
use crate::graph_error::GraphError;
use crate::request::scalar_text;

/// Minutes that a code can be said to live (authentication templates page).
const EXPIRATION_MINUTES: std::ops::RangeInclusive<u64> = 1..=90;

/// What the address ends with, before the code.
const CODE: &str = "&code=otp";

/// The code in Meta's examples.
const EXAMPLE_CODE: &str = "123456";

/// One component in the form in which it is kept: body, footer and a URL button.
pub(super) fn check(kind: &str, component: &Value, path: &str) -> Result<Value, GraphError> {
    match kind {
        "BODY" => body(component),
        "FOOTER" => footer(component),
        "BUTTONS" => otp(component, path),
        _ => Err(Refusal::Combination.because(format!(
            "Authentication templates can't have a component of type {kind}."
        ))),
    }
}

/// The address of the button names the expiration that the footer tells.
pub(super) fn finish(components: &mut [Value]) {
    let minutes = components
        .iter()
        .find_map(|component| component.get("code_expiration_minutes"));
    let Some(minutes) = minutes.cloned() else {
        return;
    };
    for pointer in ["/buttons/0/url", "/buttons/0/example/0"] {
        for component in &mut *components {
            if let Some(Value::String(url)) = component.pointer_mut(pointer) {
                *url = url.replacen(
                    CODE,
                    &format!("&code_expiration_minutes={minutes}{CODE}"),
                    1,
                );
            }
        }
    }
}

fn body(component: &Value) -> Result<Value, GraphError> {
    if component.get("text").is_some() {
        return Err(Refusal::Body
            .because("The body of an authentication template can't have a text of your own."));
    }
    let recommended = component.get("add_security_recommendation") == Some(&Value::Bool(true));
    let mut text = "*{{1}}* is your verification code.".to_owned();
    if recommended {
        text.push_str(" For your security, do not share this code.");
    }
    Ok(json!({
        "type": "BODY",
        "text": text,
        "add_security_recommendation": recommended,
        "example": {"body_text": [[EXAMPLE_CODE]]},
    }))
}

fn footer(component: &Value) -> Result<Value, GraphError> {
    let minutes = component
        .get("code_expiration_minutes")
        .and_then(Value::as_u64);
    let Some(minutes) = minutes.filter(|minutes| EXPIRATION_MINUTES.contains(minutes)) else {
        return Err(Refusal::Footer.because("code_expiration_minutes must be between 1 and 90."));
    };
    Ok(json!({
        "type": "FOOTER",
        "text": format!("This code expires in {minutes} minutes."),
        "code_expiration_minutes": minutes,
    }))
}

/// One OTP button, which comes back as a URL button.
fn otp(component: &Value, path: &str) -> Result<Value, GraphError> {
    const OTP_TYPES: &[&str] = &["COPY_CODE", "ONE_TAP", "ZERO_TAP"];
    let [button] = buttons::list(component)? else {
        return Err(
            Refusal::Combination.because("An authentication template has exactly one button.")
        );
    };
    let text = |name| button.get(name).and_then(scalar_text);
    let kind = text("type").unwrap_or_default();
    if !kind.eq_ignore_ascii_case("OTP") {
        return Err(GraphError::one_of(
            &format!("{path}['buttons'][0]['type']"),
            &["OTP"],
            &kind,
        ));
    }
    let otp_type = text("otp_type").unwrap_or_default().to_ascii_uppercase();
    if !OTP_TYPES.contains(&otp_type.as_str()) {
        return Err(GraphError::one_of(
            &format!("{path}['buttons'][0]['otp_type']"),
            OTP_TYPES,
            &otp_type,
        ));
    }
    let label = text("text").unwrap_or_else(|| "Copy code".into());
    at_most("The text of a button", &label, 25)?;
    let mut url = format!("https://www.whatsapp.com/otp/code/?otp_type={otp_type}");
    if otp_type != "COPY_CODE" {
        let app = button
            .get("supported_apps")
            .and_then(|apps| apps.get(0))
            .unwrap_or(button);
        for name in ["package_name", "signature_hash"] {
            let value = app
                .get(name)
                .and_then(scalar_text)
                .ok_or_else(|| Refusal::missing_field("BUTTONS", name))?;
            url.push_str(&format!("&{name}={value}"));
        }
    }
    url.push_str(CODE);
    Ok(json!({"type": "BUTTONS", "buttons": [{
        "type": "URL",
        "text": label,
        "url": format!("{url}{{{{1}}}}"),
        "example": [format!("{url}{EXAMPLE_CODE}")],
    }]}))
}
