//! The simulator over real HTTP, as any client meets it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

mod automation;
mod blocking;
mod businesses;
mod calling;
mod control;
mod corpus;
mod corpus_management;
mod faults;
mod flows;
mod groups;
mod inbound;
mod interactive;
mod limits;
mod media;
mod numbers;
mod oauth;
mod paging;
mod profiles;
mod registration;
mod sending;
mod statuses;
mod subscriptions;
mod template_definitions;
mod template_management;
mod template_parts;
mod template_refusals;
mod templates;
mod tokens;
mod uploads;
mod webhooks;
