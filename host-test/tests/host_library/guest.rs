//! Small components made by hand: they do what the real one never does.

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// What a guest may import and export besides `plugin`.
pub const PLUGIN_ONLY: &str = "export whatsapp:connector/plugin@0.1.0;";
pub const WITH_HTTP: &str =
    "import whatsapp:connector/http@0.1.0; export whatsapp:connector/plugin@0.1.0;";

/// What `describe` of every guest here returns.
pub const MANIFEST: &str = r#"{"actions":[]}"#;

/// For `invoke`: posts the input to the URL that is the action's name, with the access token as bearer, and stores the address and
/// length of the answer's text as the result.
pub const POST: &str = r#"
    (call $send (i32.const 1) (local.get $a) (local.get $al)     ;; post, url
        (i32.const 0) (i32.const 0)                              ;; no headers
        (i32.const 1) (local.get $i) (local.get $il)             ;; json
        (i32.const 512) (i32.const 1)                            ;; one credential, all zero: the access token as bearer
        (i32.const 0) (i32.const 0)                              ;; no time-out
        (i32.const 0) (i32.const 0) (i32.const 0)                ;; in memory
        (i32.const 2048))
    (if (i32.load8_u (i32.const 2048)) (then (unreachable)))     ;; a failure
    (i32.store (i32.const 1032) (i32.load (i32.const 2072)))
    (i32.store (i32.const 1036) (i32.load (i32.const 2076)))"#;

/// A component whose `invoke` runs `body` and then returns what is stored as its result (nothing: an empty text).
pub fn component(world: &str, body: &str) -> Vec<u8> {
    component_with(world, body, "")
}

/// The same with further items in its module, such as a start function or functions to call.
pub fn component_with(world: &str, body: &str, items: &str) -> Vec<u8> {
    let import = if world.contains("connector/http") {
        r#"(import "whatsapp:connector/http@0.1.0" "send" (func $send (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)))"#
    } else {
        ""
    };
    let manifest = MANIFEST.replace('"', "\\\"");
    let length = MANIFEST.len();
    let text = format!(
        r#"(module
            {import}
            (memory (export "memory") 4)
            (global $free (mut i32) (i32.const 8192))
            (data (i32.const 16) "{manifest}")
            (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
                (local $at i32)
                (local.set $at (i32.and (i32.add (global.get $free) (i32.const 15)) (i32.const -16)))
                (global.set $free (i32.add (local.get $at) (local.get 3)))
                (local.get $at))
            (func (export "whatsapp:connector/plugin@0.1.0#describe") (result i32)
                (i32.store (i32.const 1024) (i32.const 16))
                (i32.store (i32.const 1028) (i32.const {length}))
                (i32.const 1024))
            (func (export "whatsapp:connector/plugin@0.1.0#invoke")
                (param $a i32) (param $al i32) (param $c i32) (param $cl i32) (param $i i32) (param $il i32) (result i32)
                (i64.store (i32.const 1024) (i64.const 0))
                (i64.store (i32.const 1032) (i64.const 0))
                {body}
                (i32.const 1024))
            {items})"#
    );
    let mut module = wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let mut resolve = Resolve::default();
    resolve
        .push_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../wit"))
        .unwrap();
    let package = resolve
        .push_str(
            "guest.wit",
            &format!("package test:guest; world guest {{ {world} }}"),
        )
        .unwrap();
    let world = resolve.select_world(&[package], Some("guest")).unwrap();
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
    ComponentEncoder::default()
        .module(&module)
        .unwrap()
        .validate(true)
        .encode()
        .unwrap()
}

/// For `invoke`: gets the URL that is the action's name, with the access token as bearer and `headers`, `count` of them. The result is the text of
/// the answer, or that of the failure.
pub fn get_with(headers: u32, count: usize) -> String {
    format!(
        r#"
    (call $send (i32.const 0) (local.get $a) (local.get $al)     ;; get, url
        (i32.const {headers}) (i32.const {count})
        (i32.const 0) (i32.const 0) (i32.const 0)                ;; no body
        (i32.const 512) (i32.const 1)                            ;; the access token as bearer
        (i32.const 0) (i32.const 0)                              ;; no time-out
        (i32.const 0) (i32.const 0) (i32.const 0)                ;; in memory
        (i32.const 2048))
    (if (i32.load8_u (i32.const 2048))
        (then
            (i32.store (i32.const 1032) (i32.load (i32.const 2064)))
            (i32.store (i32.const 1036) (i32.load (i32.const 2068))))
        (else
            (i32.store (i32.const 1032) (i32.load (i32.const 2072)))
            (i32.store (i32.const 1036) (i32.load (i32.const 2076)))))"#
    )
}
