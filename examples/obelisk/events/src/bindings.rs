//! The webhook's world as Rust, generated from `wit/`.

#![allow(missing_docs, unsafe_code)]
#![allow(clippy::all, clippy::panic, clippy::unwrap_used, clippy::expect_used)]

wit_bindgen::generate!({
    path: ["../../../components/wasi/io", "../../../components/wasi/clocks", "../../../components/wasi/cli", "../../../components/wasi/http", "../wit/types", "../wit/webhook", "wit"],
    world: "example:whatsapp-events/events",
    generate_all,
});

use super::Events;
export!(Events with_types_in self);
