//! WASI as Rust, generated from `wit/`.

#![allow(missing_docs, unsafe_code)]
#![allow(clippy::all, clippy::panic, clippy::unwrap_used, clippy::expect_used)]

wit_bindgen::generate!({
    path: ["../wasi/io", "../wasi/clocks", "../wasi/cli", "../wasi/http", "wit"],
    world: "whatsapp:webhook-endpoint/endpoint",
    generate_all,
});

use super::Endpoint;
export!(Endpoint with_types_in self);
