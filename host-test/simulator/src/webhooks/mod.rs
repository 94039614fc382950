//! Webhooks: what Meta posts to the business's callback.

pub(crate) mod delivery;
pub(crate) mod envelope;
pub(crate) mod handshake;
pub(crate) mod inbound;
pub(crate) mod outbox;
pub(crate) mod signature;
pub(crate) mod status;

pub use inbound::InboundError;
pub use outbox::{Attempt, Delivery, FlushOrder};
