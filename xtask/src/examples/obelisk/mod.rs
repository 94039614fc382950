//! The connector under Obelisk: `examples/obelisk/`, run against the simulator of Meta's API.

mod broadcast;
mod cases;
mod cluster;
mod contacts;
mod engine;
mod files;
mod http;
mod large;
mod script;
mod service;
mod simulator;
mod small;
mod stopping;

pub use cases::cases;
pub use files::{find, install};
pub use large::large;
pub use small::small;
pub use stopping::stopping;
