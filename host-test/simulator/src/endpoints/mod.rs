//! One file per object or family of edges.

pub(crate) mod app;
pub(crate) mod automation;
pub(crate) mod blocking;
pub(crate) mod business;
pub(crate) mod calls;
pub(crate) mod commerce;
pub(crate) mod flows;
pub(crate) mod groups;
pub(crate) mod media;
pub(crate) mod number;
pub(crate) mod oauth;
pub(crate) mod phone_numbers;
pub(crate) mod profile;
pub(crate) mod qr_codes;
pub(crate) mod registration;
pub(crate) mod settings;
pub(crate) mod subscriptions;
pub(crate) mod templates;
pub(crate) mod uploads;
pub(crate) mod waba;
