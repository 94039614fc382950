//! `POST`: only what carries the signature of one of the app secrets is read, and it is checked over the body as received.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::{Outcome, Request, Signature, delivery, handle, text_message};
use crate::corpus;

const SECRET: &str = "0123456789abcdef0123456789abcdef";
const HEADER: &str = "X-Hub-Signature-256";

fn sign(secret: &str, body: &str) -> String {
    let mut hmac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    hmac.update(body.as_bytes());
    let tag = hmac.finalize().into_bytes();
    let hex: String = tag.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256={hex}")
}

fn post(body: &str, header: Option<(&str, &str)>, secrets: &[&str]) -> Outcome {
    let headers = header.map(|(name, value)| (name, value.to_owned()));
    let request = Request {
        method: "POST",
        headers: headers.into_iter().collect(),
        body,
        ..Request::default()
    };
    let outcome = handle(&request, "right", &Signature::Secrets(secrets));
    let problem = outcome.problem.as_deref().unwrap_or_default();
    let secret = secrets.iter().find(|secret| !secret.is_empty());
    assert!(
        !secret.is_some_and(|secret| problem.contains(secret)),
        "{problem}"
    );
    outcome
}

fn body() -> String {
    delivery(&json!({"messages": [text_message("wamid.ä")]})).to_string()
}

#[test]
fn a_signed_delivery_is_read_whichever_secret_it_was_signed_with() {
    let (body, signature) = (body(), sign(SECRET, &body()));
    let header = Some((HEADER, signature.as_str()));
    for secrets in [
        &[SECRET] as &[_],
        &["former", SECRET],
        &[SECRET, "former"],
        &["", SECRET],
    ] {
        post(&body, header, secrets).is_accepted(1);
    }
}

#[test]
fn the_name_of_the_header_may_be_in_any_case() {
    let (body, signature) = (body(), sign(SECRET, &body()));
    for name in ["x-hub-signature-256", "X-HUB-SIGNATURE-256"] {
        post(&body, Some((name, &signature)), &[SECRET]).is_accepted(1);
    }
}

#[test]
fn a_wrong_missing_or_odd_signature_is_refused() {
    let (body, signature) = (body(), sign(SECRET, &body()));
    let no_match = "matches no app secret";
    post(&body, Some((HEADER, &signature)), &["another"]).is_refused(401, no_match);
    post(&body, None, &[SECRET]).is_refused(401, "missing");
    post(&body, Some(("X-Hub-Signature", &signature)), &[SECRET]).is_refused(401, "missing");
    let hex = &signature["sha256=".len()..];
    for odd in [
        "",
        "sha256=",
        hex,
        &signature[..70],
        &format!("{signature}0"),
        &format!("sha1={hex}"),
    ] {
        post(&body, Some((HEADER, odd)), &[SECRET]).is_refused(401, "64 hexadecimal digits");
    }
}

#[test]
fn without_a_secret_everything_is_refused() {
    let body = body();
    let signature = sign("", &body);
    let none: [&[&str]; 3] = [&[], &[""], &["", ""]];
    for secrets in none {
        post(&body, Some((HEADER, &signature)), secrets).is_refused(401, "no app secret");
        post(&body, None, secrets).is_refused(401, "no app secret");
    }
    post(&body, Some((HEADER, &signature)), &["", SECRET]).is_refused(401, "matches no app secret");
}

#[test]
fn a_body_that_was_changed_in_any_character_is_refused() {
    let (body, signature) = (body(), sign(SECRET, &body()));
    for (at, letter) in body.char_indices() {
        let other = if letter == 'x' { "y" } else { "x" };
        let mut changed = body.clone();
        changed.replace_range(at..at + letter.len_utf8(), other);
        post(&changed, Some((HEADER, &signature)), &[SECRET])
            .is_refused(401, "matches no app secret");
    }
    let longer = format!("{body} ");
    post(&longer, Some((HEADER, &signature)), &[SECRET]).is_refused(401, "matches no app secret");
}

#[test]
fn what_the_host_has_verified_needs_no_signature() {
    let body = body();
    let request = Request {
        method: "POST",
        body: &body,
        ..Request::default()
    };
    handle(&request, "", &Signature::VerifiedByHost).is_accepted(1);
}

#[test]
fn signed_text_that_is_no_json_is_a_bad_request() {
    for body in ["", "Hello", "{", "{\"entry\":[]", "{} {}", "\u{feff}{}"] {
        let signature = sign(SECRET, body);
        post(body, Some((HEADER, &signature)), &[SECRET]).is_refused(400, "JSON");
    }
}

#[test]
fn signatures_that_others_made_are_right() {
    let Some(corpus) = corpus::corpus() else {
        return;
    };
    let vectors = std::fs::read_to_string(corpus.join("signatures/vectors.json")).unwrap();
    let vectors: Vec<Value> = serde_json::from_str(&vectors).unwrap();
    assert!(!vectors.is_empty());
    for vector in vectors {
        let text = |field: &str| vector[field].as_str().unwrap();
        let (body, secret) = (text("body_utf8"), text("app_secret"));
        let header = Some((HEADER, text("x_hub_signature_256")));
        // A signature over Meta's escaped form is right for that form and for no other.
        let body = match vector.get("verified_over") {
            Some(_) => {
                post(body, header, &[secret]).is_refused(401, "matches no app secret");
                escaped(body)
            }
            None => body.to_owned(),
        };
        let outcome = post(&body, header, &["another", secret]);
        if serde_json::from_str::<Value>(&body).is_ok() {
            outcome.is_accepted(1);
        } else {
            outcome.is_refused(400, "JSON");
        }
        post(&body, header, &["another"]).is_refused(401, "matches no app secret");
    }
}

/// Every character outside of ASCII as `\uXXXX`, as Meta writes its bodies.
fn escaped(text: &str) -> String {
    let mut units = [0; 2];
    let mut escaped = String::new();
    for letter in text.chars() {
        if letter.is_ascii() {
            escaped.push(letter);
            continue;
        }
        for unit in letter.encode_utf16(&mut units) {
            escaped.push_str(&format!("\\u{unit:04x}"));
        }
    }
    escaped
}
