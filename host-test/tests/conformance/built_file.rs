//! The built file from outside.

use wasmtime::component::types::ComponentItem;

use crate::component::{self, COMPONENT};

/// As in `xtask/src/build.rs`.
const MAX_BYTES: u64 = 450_000;

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
fn the_file_is_small() {
    let bytes = std::fs::metadata(component::path()).unwrap().len();
    assert!(
        bytes <= MAX_BYTES,
        "{bytes} bytes, expected at most {MAX_BYTES}"
    );
}
