//! That the check sees what is wrong: requests that are good but for one place.

use serde_json::{Value, json};

use super::check::check;
use super::document::Document;

/// A request, the place, and what is wrong there.
type Spoilt = (Value, &'static str, &'static str);

fn post(path: &str, body: &Value) -> Value {
    let url = format!("https://graph.facebook.com/{path}");
    json!({"method": "post", "url": url, "body": {"json": body}})
}

fn get(path: &str) -> Value {
    json!({"method": "get", "url": format!("https://graph.facebook.com/{path}"), "body": "empty"})
}

fn message(kind: &str, content: &Value) -> Value {
    json!({"messaging_product": "whatsapp", "recipient_type": "individual", "to": "+4917", "type": kind, kind: content})
}

fn spoilt_messages() -> Vec<Spoilt> {
    let text = json!({"body": "Hi"});
    let with = |name: &str, value: Value| {
        let mut message = message("text", &text);
        message[name] = value;
        message
    };
    let good_button = json!({"type": "reply", "reply": {"id": "a", "title": "A"}});
    let buttons = |body: Value, action: Value| {
        message(
            "interactive",
            &json!({"type": "button", "body": body, "action": action}),
        )
    };
    let body = json!({"text": "Choose"});
    let template = |component: Value| {
        let language = json!({"code": "en", "policy": "deterministic"});
        let content = json!({"name": "a", "language": language, "components": [component]});
        message("template", &content)
    };
    let rows = [
        (with("tpye", json!("text")), "/tpye", "unknown"),
        (
            with("type", json!("txet")),
            "/type",
            "no such value: \"txet\"",
        ),
        (
            with("text", json!("Hi")),
            "/text",
            "object expected, not a string",
        ),
        (with("text", json!({"boby": "Hi"})), "/text/boby", "unknown"),
        (
            with("context", json!({"id": "wamid.A"})),
            "/context/id",
            "unknown",
        ),
        (
            with("to", json!(4917)),
            "/to",
            "string expected, not a number",
        ),
        (
            json!({"status": "read", "messaging_product": "whatsapp"}),
            "/message_id",
            "missing",
        ),
        (
            message(
                "image",
                &json!({"id": "1", "link": "https://example.com/a.jpg"}),
            ),
            "/image",
            "several of the alternatives fit",
        ),
        (
            buttons(
                body.clone(),
                json!({"buttons": [good_button, {"type": "reply"}]}),
            ),
            "/interactive/action/buttons/*/reply",
            "missing",
        ),
        (
            buttons(body, json!({})),
            "/interactive/action",
            "none of the alternatives fits",
        ),
        (
            buttons(json!("Choose"), json!({"buttons": [good_button]})),
            "/interactive/body",
            "object expected, not a string",
        ),
        (
            template(json!({"type": "body", "parameters": [{"type": "text", "txet": "A"}]})),
            "/template/components/*/parameters/*/text",
            "missing",
        ),
        (
            template(json!({"type": "button", "sub_type": "url", "index": "2"})),
            "/template/components/*/parameters",
            "missing",
        ),
    ];
    rows.map(|(body, at, problem)| (post("v25.0/1065/messages", &body), at, problem))
        .into()
}

#[test]
fn a_spoilt_request_is_seen() {
    let Some(document) = Document::load() else {
        return;
    };
    let hello = message("text", &json!({"body": "Hi"}));
    let register = post(
        "v25.0/1065/register",
        &json!({"messaging_product": "whatsapp", "pin": "12345"}),
    );
    let with_body = |body: Value| {
        let mut request = register.clone();
        request["body"] = body;
        request
    };
    let mut rows = vec![
        (post("v25.0/1065/message", &hello), "", "no such operation"),
        (post("1065/messages", &hello), "", "no such operation"),
        (get("v25.0/1065/messages"), "", "no such operation"),
        (
            get("v25.0/1022/phone_numbers?field=id"),
            "?field",
            "unknown",
        ),
        (
            get("v25.0/1022/phone_numbers?limit=1000"),
            "?limit",
            "maximum",
        ),
        (register.clone(), "/pin", "does not fit ^[0-9]{6}$"),
        (with_body(json!("empty")), "", "no body"),
        (
            with_body(json!({"multipart": []})),
            "",
            "takes no multipart/form-data",
        ),
    ];
    rows.extend(spoilt_messages());
    for (request, at, problem) in rows {
        let found = check(document, "send-text", &request);
        let mut places = found.iter().map(|found| (&*found.at, &*found.problem));
        assert!(
            places.any(|place| place == (at, problem)),
            "{found:?}\n{request:#}"
        );
    }
    for good in [
        post("v25.0/1065/messages", &hello),
        get("v25.0/1022/phone_numbers?limit=100"),
    ] {
        assert_eq!(check(document, "send-text", &good), []);
    }
}
