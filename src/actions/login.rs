//! `oauth-url` and `embedded-signup-page`: what a person's browser opens to get a code for `exchange-code`. Nothing is sent here.

use super::output::finish;
use super::{check_https, connection::scopes};
use crate::fault::Fallible;
use crate::graph::{Graph, request::Call};
use crate::json::{Input, Object, to_text};
use crate::prelude::*;
use serde_json::Value;

/// Where Meta's login is.
const LOGIN: &str = "https://www.facebook.com/";

/// The page, with [`GIVEN`] for what is given.
const PAGE: &str = include_str!("login.html");

/// Stands nowhere else in the page.
const GIVEN: char = '@';

/// `oauth-url`.
pub fn url(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    check_https(input, "redirect_uri")?;
    if input.has("config_id") && input.has("scopes") {
        return Err(input.refuse(
            "scopes",
            "does not go with config_id, which says itself what is asked for",
            "Leave one of them out.",
        ));
    }
    let call = Call::get(&["dialog", "oauth"])
        .query("client_id", graph.app_id(input)?)
        .query("redirect_uri", input.need("redirect_uri"))
        .query("state", input.need("state"))
        .query("response_type", "code");
    let call = match input.text("config_id") {
        Some(config) => call
            .query("config_id", config)
            .query("override_default_response_type", "true"),
        None => call.query("scope", &scopes(input, "scopes").joined(",")),
    };
    let root = [LOGIN, graph.version()].joined("");
    finish(Object::new().with("url", call.into_request(&root).url))
}

/// `embedded-signup-page`.
pub fn page(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    check_https(input, "redirect_uri")?;
    let config = input
        .pick(&["config_id", "redirect_uri", "state"])
        .with("app_id", graph.app_id(input)?)
        .with("version", graph.version())
        .with(
            "feature_type",
            input.text("feature_type").unwrap_or_default(),
        );
    let (before, after) = PAGE.split_once(GIVEN).unwrap_or_default();
    let html = [before, &in_script(&config.into()), after].joined("");
    finish(Object::new().with("html", html))
}

/// JSON that can stand in a script of a page: without what could end the script, and without what ends a line in it.
fn in_script(value: &Value) -> String {
    let mut text = String::new();
    for c in to_text(value).chars() {
        match c {
            '<' => text.push_str("\\u003c"),
            '\u{2028}' => text.push_str("\\u2028"),
            '\u{2029}' => text.push_str("\\u2029"),
            c => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn nothing_that_is_given_can_leave_its_place_in_the_page() {
        for nasty in [
            "</script><script>alert(1)</script>",
            "<!--<script>",
            "\"};alert(1);//",
            "\\\";alert(1)//",
            "a\u{2028}b\u{2029}c\nd\r",
            "@",
            "ä & ' ` ${alert(1)}",
        ] {
            let value = json!({"state": nasty});
            let text = in_script(&value);
            assert_eq!(serde_json::from_str::<Value>(&text).ok(), Some(value));
            let ends = |c: char| c == '<' || c == '\n' || c == '\u{2028}' || c == '\u{2029}';
            assert!(!text.contains(ends), "{text}");
        }
    }

    #[test]
    fn the_page_has_one_place_for_what_is_given() {
        assert_eq!(PAGE.matches(GIVEN).count(), 1);
    }
}
