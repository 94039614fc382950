//! Everything the simulator knows: the business's assets, the customers, and what happened so far.
//!
//! All fields are public so that a test can set up any situation with [`crate::Simulator::world`]; the `add_*` methods
//! and [`World::demo`] cover the usual ones.

mod account;
mod business;
mod call;
mod customer;
pub mod demo;
mod demo_templates;
mod flow;
mod group;
pub(crate) mod health;
mod media;
mod message;
mod phone_number;
mod qr_code;
mod settings;
mod template;
mod token;
mod upload;

use std::collections::{HashMap, VecDeque};

use serde::Serialize;

use crate::ids::{Direction, IdSource};
use crate::webhooks::outbox::Outbox;

pub use account::{App, Subscription, Waba};
pub use business::{Business, LoginCode};
pub use call::Call;
pub use customer::Customer;
pub use flow::Flow;
pub use group::{Group, JoinRequest};
pub use health::HealthProblem;
pub(crate) use media::{INBOUND_LIFETIME_MS, UPLOADED_LIFETIME_MS};
pub use media::{Media, MediaContent};
pub use message::{InboundMessage, SentMessage, StatusChange};
pub use phone_number::PhoneNumber;
pub use qr_code::QrCode;
pub use settings::{Settings, UnknownRecipients};
pub use template::Template;
pub(crate) use template::{DeletedTemplate, placeholders};
pub use token::{BUSINESS, MANAGEMENT, MESSAGING, Token};
pub use upload::Upload;

/// The whole state behind the simulated API.
#[derive(Clone, Debug, Default, Serialize)]
pub struct World {
    /// The Meta app that owns the tokens and receives the webhooks.
    pub app: App,
    /// Access tokens, valid or not.
    pub tokens: Vec<Token>,
    /// Business portfolios.
    pub businesses: Vec<Business>,
    /// WhatsApp Business Accounts.
    pub wabas: Vec<Waba>,
    /// Business phone numbers.
    pub phone_numbers: Vec<PhoneNumber>,
    /// Message templates.
    pub templates: Vec<Template>,
    /// WhatsApp Flows.
    pub flows: Vec<Flow>,
    /// WhatsApp users.
    pub customers: Vec<Customer>,
    /// Groups the business is in.
    pub groups: Vec<Group>,
    /// Calls that the business made, oldest first.
    pub calls: Vec<Call>,
    /// Media that can be sent or downloaded.
    pub media: Vec<Media>,
    /// Sessions of the Resumable Upload API.
    pub uploads: Vec<Upload>,
    /// Which apps are subscribed to which WABA.
    pub subscriptions: Vec<Subscription>,
    /// What `health_status` reports.
    pub health_problems: Vec<HealthProblem>,
    /// Messages that were accepted, oldest first.
    pub messages: Vec<SentMessage>,
    /// Messages that customers wrote, oldest first.
    pub inbound: Vec<InboundMessage>,
    /// Delays, limits and other behaviour.
    pub settings: Settings,
    /// One-time codes of an OAuth login that can be exchanged for a token.
    #[serde(skip)]
    pub login_codes: HashMap<String, LoginCode>,

    /// Codes that were exchanged.
    #[serde(skip)]
    pub(crate) used_login_codes: Vec<String>,
    #[serde(skip)]
    pub(crate) deleted_templates: Vec<DeletedTemplate>,
    #[serde(skip)]
    pub(crate) ids: IdSource,
    #[serde(skip)]
    pub(crate) outbox: Outbox,
    #[serde(skip)]
    pub(crate) usage: Usage,
}

/// What the rate limits remember.
#[derive(Clone, Debug, Default)]
pub(crate) struct Usage {
    /// Times (unix ms) of the last sends per phone number id.
    pub sends: HashMap<String, VecDeque<u64>>,
    /// Tokens left and when they were counted, per (phone number id, recipient).
    pub pairs: HashMap<(String, String), (f64, u64)>,
    /// Times of the management calls of the last hour, per WABA.
    pub management: HashMap<String, VecDeque<u64>>,
}

impl World {
    /// A world with nothing in it but the app.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Other ids than those of another seed; call it before anything else is added.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.ids = IdSource::seeded(seed);
        self
    }

    /// Adds (or replaces, by value) a token.
    pub fn add_token(&mut self, token: Token) {
        self.tokens.retain(|old| old.value != token.value);
        self.tokens.push(token);
    }

    /// Adds (or replaces, by id) a business portfolio.
    pub fn add_business(&mut self, business: Business) {
        self.businesses.retain(|old| old.id != business.id);
        self.businesses.push(business);
    }

    /// Adds (or replaces, by id) a WABA.
    pub fn add_waba(&mut self, waba: Waba) {
        self.wabas.retain(|old| old.id != waba.id);
        self.wabas.push(waba);
    }

    /// Adds (or replaces, by id) a business phone number.
    pub fn add_phone_number(&mut self, number: PhoneNumber) {
        self.phone_numbers.retain(|old| old.id != number.id);
        self.phone_numbers.push(number);
    }

    /// Adds (or replaces, by WABA, name and language) a template; gives it an id when it has none.
    pub fn add_template(&mut self, mut template: Template) {
        self.templates.retain(|old| {
            (&old.waba_id, &old.name, &old.language)
                != (&template.waba_id, &template.name, &template.language)
        });
        if template.id.is_empty() {
            template.id = self.ids.numeric();
        }
        self.templates.push(template);
    }

    /// Adds (or replaces, by wa_id or user id) a customer.
    pub fn add_customer(&mut self, customer: Customer) {
        self.customers.retain(|old| !old.is_same_person(&customer));
        self.customers.push(customer);
    }

    /// Adds a media object under an id of your choice.
    pub fn add_media(&mut self, media: Media) {
        self.media.retain(|old| old.id != media.id);
        self.media.push(media);
    }

    /// The WABA with this id.
    pub fn waba(&self, id: &str) -> Option<&Waba> {
        self.wabas.iter().find(|waba| waba.id == id)
    }

    /// The business phone number with this id.
    pub fn phone_number(&self, id: &str) -> Option<&PhoneNumber> {
        self.phone_numbers.iter().find(|number| number.id == id)
    }

    /// The business phone number with this id, to change it.
    pub fn phone_number_mut(&mut self, id: &str) -> Option<&mut PhoneNumber> {
        self.phone_numbers.iter_mut().find(|number| number.id == id)
    }

    /// The template with this name and language, in any WABA.
    pub fn template_mut(&mut self, name: &str, language: &str) -> Option<&mut Template> {
        self.templates
            .iter_mut()
            .find(|template| template.name == name && template.language == language)
    }

    /// The customer with this wa_id or business-scoped user id.
    pub fn customer(&self, id: &str) -> Option<&Customer> {
        self.customers.iter().find(|customer| customer.is(id))
    }

    /// The customer with this wa_id or business-scoped user id, to change it.
    pub fn customer_mut(&mut self, id: &str) -> Option<&mut Customer> {
        self.customers.iter_mut().find(|customer| customer.is(id))
    }

    /// The token with this value, to change it.
    pub fn token_mut(&mut self, value: &str) -> Option<&mut Token> {
        self.tokens.iter_mut().find(|token| token.value == value)
    }

    /// The message that was accepted under this id.
    pub fn message(&self, id: &str) -> Option<&SentMessage> {
        self.messages.iter().find(|message| message.id == id)
    }

    /// Where the WABA's message fields go instead of the app's callback.
    pub(crate) fn waba_override(&self, waba_id: &str) -> Option<&str> {
        let own = |s: &&Subscription| s.waba_id == waba_id && s.app_id == self.app.id;
        self.subscriptions
            .iter()
            .find(own)?
            .override_callback_uri
            .as_deref()
    }

    /// Whether a portfolio has anything to do with what the token was granted for.
    pub(crate) fn token_sees_business(&self, token: &Token, business_id: &str) -> bool {
        token.waba_ids.is_none()
            || self.wabas.iter().any(|waba| {
                token.covers_waba(&waba.id)
                    && (waba.owner_business_id.as_deref() == Some(business_id)
                        || waba.shared_with.iter().any(|id| id == business_id))
            })
    }

    /// Every text that must not be kept: token values, the app's secret, login codes.
    pub(crate) fn secrets(&self) -> Vec<String> {
        let tokens = self.tokens.iter().map(|token| token.value.clone());
        let codes = self
            .login_codes
            .keys()
            .chain(&self.used_login_codes)
            .cloned();
        tokens
            .chain([self.app.secret.clone()])
            .chain(codes)
            .collect()
    }

    /// A fresh message id for a message of this customer.
    pub(crate) fn new_wamid(&mut self, customer: &str, direction: Direction) -> String {
        self.ids.wamid(customer, direction)
    }
}
