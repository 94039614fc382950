//! Speaking to the Graph API: requests, paging, versions, and what its answers mean.

use crate::prelude::*;
pub mod answer;
pub mod codes;
pub mod paging;
pub mod request;
pub mod transport;
pub mod usage;
pub mod versions;

use crate::contract::whatsapp::connector::http::{Failure, Response};
use crate::fault::{Fallible, invalid, path};
use crate::json::Input;
use request::Call;
use serde_json::Value;
use transport::Transport;

pub use versions::DEFAULT as DEFAULT_VERSION;

/// Address of the Graph API used when the connection names none.
pub const DEFAULT_BASE_URL: &str = "https://graph.facebook.com";

/// A connection to the Graph API: where requests go, and the way out.
pub struct Graph<'a> {
    connection: Input<'a>,
    root: String,
    transport: &'a dyn Transport,
}

impl<'a> Graph<'a> {
    /// Checks the connection's address and version. Nothing is sent.
    pub fn new(connection: Input<'a>, transport: &'a dyn Transport) -> Fallible<Self> {
        let root = request::root(&connection)?;
        Ok(Self {
            connection,
            root,
            transport,
        })
    }

    /// Sends one call and reads its answer.
    pub fn call(&self, call: Call) -> Fallible<Value> {
        let (effect, attempt) = (call.effect, call.attempt);
        answer::read(self.send(call), effect, attempt)
    }

    /// Sends one call. [`answer::read`] says what its answer means.
    pub fn send(&self, call: Call) -> Result<Response, Failure> {
        self.transport.send(&call.into_request(&self.root))
    }

    /// The version of the Graph API, for example `v25.0`.
    pub fn version(&self) -> &str {
        self.connection
            .text("api_version")
            .unwrap_or(DEFAULT_VERSION)
    }

    /// Has the host store the file at an address that Meta gave; nothing when the file is not there (any more). `field` is the input that the
    /// address comes from.
    pub fn download(&self, field: &str, address: &str) -> Fallible<Option<answer::Stored>> {
        if !request::is_file_address(&self.root, address) {
            // What was found is not repeated: an address of Meta's opens the file.
            return Err(invalid(
                field,
                "expected an address of Meta's that begins with https://, found another text",
                "Give the url as get-media or the webhook gave it, or the file's id.",
            ));
        }
        let request = Call::download(address).into_request("");
        answer::stored(self.transport.send(&request))
    }

    /// The major number of the Graph API version in use.
    pub fn major_version(&self) -> u32 {
        request::major_version(&self.root)
    }

    /// The phone number to act for: the input's, else the connection's.
    pub fn phone_number_id<'i>(&'i self, input: &Input<'i>) -> Fallible<&'i str> {
        self.pick(
            "phone_number_id",
            input,
            "Give Meta's id of the phone number here or in the connection; list-phone-numbers shows the ids.",
        )
    }

    /// The WhatsApp Business Account to act for: the input's, else the connection's.
    pub fn business_account_id<'i>(&'i self, input: &Input<'i>) -> Fallible<&'i str> {
        self.pick(
            "business_account_id",
            input,
            "Give the id of the WhatsApp Business Account here or in the connection; WhatsApp Manager and validate-connection show it.",
        )
    }

    /// The Meta app to act for: the input's, else the connection's.
    pub fn app_id<'i>(&'i self, input: &Input<'i>) -> Fallible<&'i str> {
        self.pick(
            "app_id",
            input,
            "Give the id of your Meta app here or in the connection; the app's dashboard shows it, and so does validate-connection.",
        )
    }

    /// Takes an id from the input or, failing that, from the connection, and checks that it can be one.
    fn pick<'i>(&'i self, field: &str, input: &Input<'i>, advice: &str) -> Fallible<&'i str> {
        match (input.text(field), self.connection.text(field)) {
            (Some(id), _) => check_id(field, id, advice),
            (None, Some(id)) => check_id(&path("connection", field), id, advice),
            (None, None) => Err(invalid(field, "expected an id, found none", advice)),
        }
    }
}

/// Refuses what cannot be an id. Ids are digits today; only what would change the meaning of a path is refused, and what is plainly
/// another thing.
pub fn check_id<'i>(field: &str, id: &'i str, advice: &str) -> Fallible<&'i str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if !id.is_empty() && id.bytes().all(plain) {
        return Ok(id);
    }
    let problem = format!("expected Meta's id (digits), found `{id}`");
    Err(invalid(field, &problem, advice))
}
