//! The built component, compiled once for all tests.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use wasmtime::component::Component;
use wasmtime::component::types::{ComponentFunc, ComponentItem};
use wasmtime::{Config, Engine};

/// The workspace's folder.
pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The built file.
pub fn path() -> PathBuf {
    let path = workspace().join("dist/whatsapp-connector.wasm");
    assert!(
        path.exists(),
        "run `cargo xtask build` first: dist/whatsapp-connector.wasm is not there"
    );
    path
}

/// The component, without imports yet.
pub static COMPONENT: LazyLock<Component> = LazyLock::new(|| {
    let engine = Engine::new(&Config::new()).unwrap();
    Component::from_file(&engine, path()).unwrap()
});

/// An exported function.
pub struct Export {
    /// `whatsapp:connector/messages@0.1.0`
    pub interface: String,
    /// `send-text`
    pub name: String,
    pub ty: ComponentFunc,
}

/// Every function that the component exports.
pub static EXPORTS: LazyLock<Vec<Export>> = LazyLock::new(|| {
    let mut exports = Vec::new();
    let engine = COMPONENT.engine();
    for (interface, item) in COMPONENT.component_type().exports(engine) {
        let ComponentItem::ComponentInstance(instance) = item.ty else {
            panic!("{interface} is no interface")
        };
        for (name, item) in instance.exports(engine) {
            if let ComponentItem::ComponentFunc(ty) = item.ty {
                exports.push(Export {
                    interface: interface.to_owned(),
                    name: name.to_owned(),
                    ty,
                });
            }
        }
    }
    exports
});

/// Every exported action: a function with the parameters `connection` and `input`, in whatever interface.
pub fn actions() -> impl Iterator<Item = &'static Export> {
    EXPORTS.iter().filter(|export| {
        let names: Vec<_> = export
            .ty
            .params()
            .map(|(name, _)| name.to_owned())
            .collect();
        names == ["connection", "input"]
    })
}

/// The exported function `interface.name`.
pub fn export(interface: &str, name: &str) -> &'static Export {
    let full = format!("whatsapp:connector/{interface}@");
    EXPORTS
        .iter()
        .find(|export| export.interface.starts_with(&full) && export.name == name)
        .unwrap_or_else(|| panic!("the component exports no {interface}.{name}"))
}
