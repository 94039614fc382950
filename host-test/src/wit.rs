//! The contract as Rust types: one module for each interface of `wit/`.
//!
//! [`Session::call`](crate::Session::call) calls a function with them; what wasmtime generates for this (`Guest`) is not used.
//! [`json::to_value`](crate::json::to_value) turns every type into the JSON that the contract describes.

use crate::bindings;
pub use bindings::exports::whatsapp::connector::{
    accounts, diagnosis, graph, interactive, media, messages, phone_numbers, plugin, templates,
    webhooks,
};
pub use bindings::whatsapp::connector::{http, types};

#[allow(
    clippy::derivable_impls,
    reason = "the type is generated, so nothing can be derived for it"
)]
impl Default for types::Connection {
    /// Meta's own API in the version that the component is tested with, and no ids.
    fn default() -> Self {
        Self {
            api_version: None,
            base_url: None,
            phone_number_id: None,
            business_account_id: None,
            app_id: None,
        }
    }
}

#[allow(
    clippy::derivable_impls,
    reason = "the type is generated, so nothing can be derived for it"
)]
impl Default for phone_numbers::PhoneNumbersQuery {
    /// Every number of the connection's account.
    fn default() -> Self {
        Self {
            business_account_id: None,
            account_mode: None,
            limit: None,
            after: None,
            all_pages: None,
        }
    }
}

#[allow(
    clippy::derivable_impls,
    reason = "the type is generated, so nothing can be derived for it"
)]
impl Default for templates::TemplatesQuery {
    /// Every template of the connection's account.
    fn default() -> Self {
        Self {
            business_account_id: None,
            name: None,
            language: None,
            category: None,
            status: None,
            quality_score: None,
            limit: None,
            after: None,
            all_pages: None,
        }
    }
}

impl messages::Template {
    /// A template without variables.
    pub fn new(
        address: types::TemplateAddress,
        name: impl Into<String>,
        language: impl Into<String>,
    ) -> Self {
        Self {
            address,
            name: name.into(),
            language: language.into(),
            values: None,
            template: None,
            business_account_id: None,
            header: None,
            body: None,
            limited_time_offer: None,
            order_status: None,
            buttons: None,
            cards: None,
            components: None,
        }
    }
}

impl types::Address {
    /// To one person, from the connection's phone number, with nothing else.
    pub fn to(recipient: impl Into<String>) -> Self {
        Self {
            phone_number_id: None,
            to: recipient.into(),
            recipient_type: None,
            reply_to: None,
            callback_data: None,
            identity_key_hash: None,
            attempt: None,
            window: None,
        }
    }
}

impl types::TemplateAddress {
    /// To one person, from the connection's phone number, with nothing else.
    pub fn to(recipient: impl Into<String>) -> Self {
        Self {
            phone_number_id: None,
            to: recipient.into(),
            recipient_type: None,
            reply_to: None,
            callback_data: None,
            identity_key_hash: None,
            attempt: None,
        }
    }
}

impl types::Error {
    /// The name of the case in the contract, such as `rate-limited`.
    #[must_use]
    pub fn case(&self) -> &'static str {
        self.parts().0
    }

    /// What went wrong and what to do about it; every case but `execution-failed` says so.
    #[must_use]
    pub fn fault(&self) -> Option<&types::Fault> {
        self.parts().1
    }

    fn parts(&self) -> (&'static str, Option<&types::Fault>) {
        match self {
            Self::ExecutionFailed => ("execution-failed", None),
            Self::RateLimited(fault) => ("rate-limited", Some(fault)),
            Self::Unavailable(fault) => ("unavailable", Some(fault)),
            Self::PermanentInvalidInput(fault) => ("permanent-invalid-input", Some(fault)),
            Self::PermanentUnauthorized(fault) => ("permanent-unauthorized", Some(fault)),
            Self::PermanentWindowClosed(fault) => ("permanent-window-closed", Some(fault)),
            Self::PermanentRejected(fault) => ("permanent-rejected", Some(fault)),
            Self::PermanentOutcomeUnknown(fault) => ("permanent-outcome-unknown", Some(fault)),
        }
    }
}
