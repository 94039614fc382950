//! The verification of a callback: GET with `hub.mode`, `hub.challenge` and `hub.verify_token`.

use super::delivery::{HttpOutcome, HttpPoster};

/// Asks a callback to echo a challenge, as Meta does before it accepts one.
///
/// # Errors
/// In words, when the answer is not 200 with exactly the challenge as its body.
pub(crate) async fn verify(
    poster: &HttpPoster,
    url: &str,
    verify_token: &str,
    challenge: &str,
) -> Result<(), String> {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("hub.mode", "subscribe")
        .append_pair("hub.challenge", challenge)
        .append_pair("hub.verify_token", verify_token)
        .finish();
    let joint = if url.contains('?') { '&' } else { '?' };
    match poster.get(&format!("{url}{joint}{query}")).await {
        HttpOutcome::Answer { status: 200, body } if body == challenge.as_bytes() => Ok(()),
        HttpOutcome::Answer { status: 200, .. } => {
            Err("The response does not match challenge, HTTP Status Code = 200".into())
        }
        HttpOutcome::Answer { status, .. } => Err(format!("HTTP Status Code = {status}")),
        HttpOutcome::NoAnswer(error) => Err(error),
    }
}
