//! WASI and the connector's `http` as Rust, generated from WIT.

#![allow(missing_docs, unsafe_code)]
#![allow(clippy::all, clippy::panic, clippy::unwrap_used, clippy::expect_used)]

wit_bindgen::generate!({
    path: ["../wasi/io", "../wasi/clocks", "../wasi/cli", "../wasi/http", "../../wit", "wit"],
    world: "whatsapp:wasi-http-adapter/adapter",
    generate_all,
});

// Native linkers refuse the names of these functions.
#[cfg(target_arch = "wasm32")]
mod exported {
    use crate::Adapter;
    super::export!(Adapter with_types_in super);
}
