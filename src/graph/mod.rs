//! Speaking to the Graph API: requests, paging, versions, and what its answers mean.

use crate::prelude::*;
pub mod answer;
pub mod codes;
pub mod paging;
pub mod request;
pub mod transport;
pub mod usage;

use crate::contract::whatsapp::connector::types::Connection;
use crate::fault::{Fallible, invalid};
use request::Call;
use serde_json::Value;
use transport::Transport;

/// Graph API version used when the connection names none. v25.0 came on 2026-02-18 and ends on 2028-07-29.
pub const DEFAULT_VERSION: &str = "v25.0";

/// Address of the Graph API used when the connection names none.
pub const DEFAULT_BASE_URL: &str = "https://graph.facebook.com";

/// A connection to the Graph API: where requests go, and the way out.
pub struct Graph<'a> {
    connection: &'a Connection,
    root: String,
    transport: &'a dyn Transport,
}

impl<'a> Graph<'a> {
    /// Checks the connection's address and version. Nothing is sent.
    pub fn new(connection: &'a Connection, transport: &'a dyn Transport) -> Fallible<Self> {
        let root = request::root(connection)?;
        Ok(Self {
            connection,
            root,
            transport,
        })
    }

    /// Sends one call and reads its answer.
    pub fn call(&self, call: Call) -> Fallible<Value> {
        let effect = call.effect;
        let request = call.into_request(&self.root);
        answer::read(self.transport.send(&request), effect)
    }

    /// The phone number to act for: the input's, else the connection's.
    pub fn phone_number_id<'i>(&'i self, input: &'i Option<String>) -> Fallible<&'i str> {
        pick(
            "phone_number_id",
            input,
            &self.connection.phone_number_id,
            "Give Meta's id of the phone number here or in the connection; list-phone-numbers shows the ids.",
        )
    }

    /// The WhatsApp Business Account to act for: the input's, else the connection's.
    pub fn business_account_id<'i>(&'i self, input: &'i Option<String>) -> Fallible<&'i str> {
        pick(
            "business_account_id",
            input,
            &self.connection.business_account_id,
            "Give the id of the WhatsApp Business Account here or in the connection; WhatsApp Manager and validate-connection show it.",
        )
    }
}

/// Takes an id from the input or, failing that, from the connection, and checks that it can be one.
fn pick<'i>(
    field: &str,
    input: &'i Option<String>,
    connection: &'i Option<String>,
    advice: &str,
) -> Fallible<&'i str> {
    let (place, id) = match (input, connection) {
        (Some(id), _) => (field.to_owned(), id),
        (None, Some(id)) => (format!("connection.{field}"), id),
        (None, None) => {
            return Err(invalid(field, "expected an id, found none", advice));
        }
    };
    if id.is_empty() {
        return Err(invalid(
            &place,
            "expected an id, found an empty text",
            advice,
        ));
    }
    // Ids are digits today. Only what would change the meaning of a path is refused, and what is plainly another thing.
    if !id
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
    {
        let problem = format!("expected Meta's id (digits), found `{id}`");
        return Err(invalid(&place, &problem, advice));
    }
    Ok(id)
}
