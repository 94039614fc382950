//! Registering and deregistering a number, its PIN and its verification code.

use super::number::{self, require_messaging_product};
use crate::graph_error::GraphError;
use crate::reply::Reply;
use crate::request::GraphRequest;
use crate::router::Call;
use crate::world::PhoneNumber;

/// Attempts to register or deregister within the moving window (registration page).
const ATTEMPTS: usize = 10;
/// The moving window: 72 hours, in milliseconds.
const ATTEMPT_WINDOW_MS: u64 = 72 * 60 * 60 * 1000;
/// Wrong PINs after which no further guess is looked at. Meta names no number; five is what users report.
const WRONG_PINS: usize = 5;
/// How long guesses count: 12 hours, in milliseconds.
const WRONG_PIN_WINDOW_MS: u64 = 12 * 60 * 60 * 1000;

/// The `pin` parameter: six digits.
pub(crate) fn pin(request: &GraphRequest) -> Result<String, GraphError> {
    let pin = request
        .text("pin")
        .ok_or_else(|| GraphError::required("pin"))?;
    if pin.len() == 6 && pin.bytes().all(|b| b.is_ascii_digit()) {
        Ok(pin)
    } else {
        Err(GraphError::with_details(
            100,
            "Param pin must be a 6-digit number.",
        ))
    }
}

/// Countries that messages can be stored in (registration page).
static REGIONS: &[&str] = &[
    "AE", "AU", "BH", "BR", "CA", "CH", "DE", "GB", "ID", "IN", "JP", "KR", "SG", "ZA",
];

/// The `data_localization_region` parameter.
fn region(request: &GraphRequest) -> Result<Option<String>, GraphError> {
    let Some(region) = request.text("data_localization_region") else {
        return Ok(None);
    };
    if REGIONS.contains(&region.as_str()) {
        return Ok(Some(region));
    }
    Err(GraphError::one_of(
        "data_localization_region",
        REGIONS,
        &region,
    ))
}

/// `POST /{phone-number-id}/register`.
pub(crate) fn register(call: &mut Call) -> Result<Reply, GraphError> {
    require_messaging_product(call)?;
    let pin = pin(call.request)?;
    let region = region(call.request)?;
    let now_ms = call.now_ms;
    let number = number::of(call)?;
    if number.code_verification_status != "VERIFIED" {
        return Err(GraphError::new(133_006));
    }
    count_attempt(number, now_ms)?;
    number
        .wrong_pins_ms
        .retain(|at| now_ms.saturating_sub(*at) < WRONG_PIN_WINDOW_MS);
    if number.wrong_pins_ms.len() >= WRONG_PINS {
        return Err(GraphError::new(133_008));
    }
    if number.pin.as_ref().is_some_and(|set| *set != pin) {
        number.wrong_pins_ms.push(now_ms);
        return Err(GraphError::new(133_005));
    }
    number.wrong_pins_ms.clear();
    number.pin = Some(pin);
    number.platform_type = "CLOUD_API".into();
    number.status = "CONNECTED".into();
    number.last_onboarded_at = Some(now_ms / 1000);
    number.data_localization_region = region;
    if number.throughput_level == "NOT_APPLICABLE" {
        number.throughput_level = "STANDARD".into();
    }
    Ok(Reply::success())
}

/// `POST /{phone-number-id}/deregister`; not for numbers that are also used in the WhatsApp Business app.
pub(crate) fn deregister(call: &mut Call) -> Result<Reply, GraphError> {
    let now_ms = call.now_ms;
    let number = number::of(call)?;
    if number.is_on_biz_app {
        return Err(GraphError::with_details(
            100,
            "Numbers that are also in use with the WhatsApp Business app cannot be deregistered.",
        ));
    }
    if !number.is_registered() {
        return Err(GraphError::new(133_010));
    }
    count_attempt(number, now_ms)?;
    number.platform_type = "NOT_APPLICABLE".into();
    number.status = "DISCONNECTED".into();
    Ok(Reply::success())
}

fn count_attempt(number: &mut PhoneNumber, now_ms: u64) -> Result<(), GraphError> {
    let recent = &mut number.registration_attempts_ms;
    recent.retain(|at| now_ms.saturating_sub(*at) < ATTEMPT_WINDOW_MS);
    if recent.len() >= ATTEMPTS {
        return Err(GraphError::new(133_016));
    }
    recent.push(now_ms);
    Ok(())
}

/// `POST /{phone-number-id}/request_code`.
pub(crate) fn request_code(call: &mut Call) -> Result<Reply, GraphError> {
    let method = call
        .request
        .text("code_method")
        .ok_or_else(|| GraphError::required("code_method"))?;
    const METHODS: &[&str] = &["SMS", "VOICE"];
    if !METHODS.contains(&method.to_ascii_uppercase().as_str()) {
        return Err(GraphError::one_of("code_method", METHODS, &method));
    }
    if call.request.text("language").is_none() && call.request.text("locale").is_none() {
        return Err(GraphError::required("language"));
    }
    if number::of(call)?.code_verification_status == "VERIFIED" {
        return Err(GraphError::core(136_024, "Request code error")
            .subcode(2_388_091)
            .user(
                "Cannot Send the Code",
                "The number is verified already, or too many codes were asked for. Try again later.",
            ));
    }
    Ok(Reply::success())
}

/// `POST /{phone-number-id}/verify_code`.
pub(crate) fn verify_code(call: &mut Call) -> Result<Reply, GraphError> {
    let code = call
        .request
        .text("code")
        .ok_or_else(|| GraphError::required("code"))?;
    let number = number::of(call)?;
    if code.replace('-', "") != number.verification_code {
        return Err(GraphError::core(136_025, "Verify code error")
            .subcode(2_388_093)
            .user("Cannot Verify the Code", "The code is not correct."));
    }
    number.code_verification_status = "VERIFIED".into();
    Ok(Reply::success())
}
