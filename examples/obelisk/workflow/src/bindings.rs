//! The workflow's world as Rust, generated from `wit/`.

#![allow(missing_docs, unsafe_code)]
#![allow(clippy::all, clippy::panic, clippy::unwrap_used, clippy::expect_used)]

wit_bindgen::generate!({
    path: ["../wit/types", "../wit/workflow", "wit"],
    world: "example:whatsapp/workflow",
    additional_derives: [PartialEq, serde::Serialize, serde::Deserialize],
    generate_all,
});

use super::Broadcast;
export!(Broadcast with_types_in self);
