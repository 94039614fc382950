//! One file per object or family of edges.

pub(crate) mod app;
pub(crate) mod business;
pub(crate) mod media;
pub(crate) mod number;
pub(crate) mod oauth;
pub(crate) mod registration;
pub(crate) mod subscriptions;
pub(crate) mod templates;
pub(crate) mod uploads;
pub(crate) mod waba;
