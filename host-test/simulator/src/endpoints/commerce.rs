//! Two small things of a number: its shop settings, and the key that Flows are encrypted with.

use serde_json::json;

use super::number;
use crate::graph_error::GraphError;
use crate::reply::Reply;
use crate::router::Call;

/// `GET /{phone-number-id}/whatsapp_commerce_settings`.
pub(crate) fn show(call: &mut Call) -> Result<Reply, GraphError> {
    let number = number::of(call)?;
    Ok(Reply::graph(&json!({"data": [{
        "is_cart_enabled": number.is_cart_enabled,
        "is_catalog_visible": number.is_catalog_visible,
        "id": number.id,
    }]})))
}

/// `POST /{phone-number-id}/whatsapp_commerce_settings`, usually with its parameters in the query.
pub(crate) fn update(call: &mut Call) -> Result<Reply, GraphError> {
    let flag = |name| {
        let text = call.request.text(name);
        let flag = text.map(|text| text.parse::<bool>());
        flag.transpose()
            .map_err(|_| GraphError::param(format_args!("Param {name} must be a boolean")))
    };
    let (cart, catalog) = (flag("is_cart_enabled")?, flag("is_catalog_visible")?);
    let number = number::of(call)?;
    number.is_cart_enabled = cart.unwrap_or(number.is_cart_enabled);
    number.is_catalog_visible = catalog.unwrap_or(number.is_catalog_visible);
    Ok(Reply::success())
}

/// `GET /{phone-number-id}/whatsapp_business_encryption`.
pub(crate) fn public_key(call: &mut Call) -> Result<Reply, GraphError> {
    let key = number::of(call)?.business_public_key.clone();
    let keys: Vec<_> = key
        .iter()
        .map(|key| json!({"business_public_key": key, "business_public_key_signature_status": "VALID"}))
        .collect();
    Ok(Reply::graph(&json!({ "data": keys })))
}

/// `POST /{phone-number-id}/whatsapp_business_encryption`: a 2048-bit RSA key as PEM, in a form.
pub(crate) fn set_public_key(call: &mut Call) -> Result<Reply, GraphError> {
    let key = call.request.text("business_public_key");
    let key = key.ok_or_else(|| GraphError::required("business_public_key"))?;
    if !key.trim_start().starts_with("-----BEGIN PUBLIC KEY-----") {
        return Err(
            GraphError::core(100, "Business public key is invalid").user(
                "Invalid Public Key",
                "The public key has to be an RSA key in PEM format.",
            ),
        );
    }
    number::of(call)?.business_public_key = Some(key);
    Ok(Reply::success())
}
