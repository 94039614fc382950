//! The built file from outside.

use wasmtime::component::types::ComponentItem;

use crate::component::{self, COMPONENT};

#[test]
fn the_only_imported_function_is_http_send() {
    let engine = COMPONENT.engine();
    let mut functions = Vec::new();
    for (name, item) in COMPONENT.component_type().imports(engine) {
        let ComponentItem::ComponentInstance(instance) = item.ty else {
            panic!("the component imports {name}, which is no interface")
        };
        for (inner, item) in instance.exports(engine) {
            match item.ty {
                ComponentItem::ComponentFunc(_) => functions.push(format!("{name}#{inner}")),
                ComponentItem::Type(_) => {}
                other => panic!("the component imports {name}#{inner}: {other:?}"),
            }
        }
    }
    assert_eq!(functions, ["whatsapp:connector/http@0.1.0#send"]);
}

#[test]
fn the_file_is_as_small_as_the_build_promises() {
    let build = include_str!("../../../xtask/src/build.rs");
    let (_, limit) = build.split_once("max_bytes: ").unwrap();
    let (limit, _) = limit.split_once(',').unwrap();
    let limit: u64 = limit.replace('_', "").parse().unwrap();
    let bytes = std::fs::metadata(component::path()).unwrap().len();
    assert!(bytes <= limit, "{bytes} bytes, expected at most {limit}");
}
