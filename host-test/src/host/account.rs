//! The typed actions, for one connection. A new action in the WIT is one more line in the table at the end of this file.

use serde_json::Value;

use super::Host;
use crate::error::CallError;
use crate::json;
use crate::wit::{
    accounts, diagnosis, graph, interactive, media, messages, phone_numbers, templates, types,
};

/// A host and a connection: what an action needs besides its input. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Account {
    host: Host,
    connection: types::Connection,
}

impl Account {
    pub(super) fn new(host: Host, connection: types::Connection) -> Self {
        Self { host, connection }
    }

    /// The connection.
    #[must_use]
    pub fn connection(&self) -> &types::Connection {
        &self.connection
    }

    /// The host.
    #[must_use]
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// Sends a text to one person.
    ///
    /// # Errors
    /// As every action: refused by the component or Meta, or the host could not run it.
    pub async fn send_text_to(
        &self,
        recipient: impl Into<String>,
        body: impl Into<String>,
    ) -> Result<types::Sent, CallError> {
        self.send_text(&messages::Text {
            address: types::Address::to(recipient),
            body: body.into(),
            preview_url: None,
        })
        .await
    }

    /// Runs any action by name, with JSON values.
    ///
    /// # Errors
    /// As every action, and when the component's answer is not JSON.
    pub async fn invoke(&self, action: &str, input: &Value) -> Result<Value, CallError> {
        let connection = json::to_value(&self.connection).to_string();
        let output = self
            .host
            .invoke(action, &connection, &input.to_string())
            .await?
            .map_err(CallError::from)?;
        Ok(serde_json::from_str(&output)?)
    }
}

macro_rules! actions {
    ($($interface:literal: { $($name:ident($input:path) -> $output:path = $function:literal,)+ })+) => {
        impl Account {
            $($(
                #[doc = concat!("`", $interface, ".", $function, "` of the contract, on an instance of its own.")]
                ///
                /// # Errors
                /// When the component or Meta refuses, or the host cannot run the call.
                pub async fn $name(&self, input: &$input) -> Result<$output, CallError> {
                    let output: Result<$output, types::Error> = self.host.call(($interface, $function), (&self.connection, input)).await?;
                    output.map_err(CallError::from)
                }
            )+)+
        }

        /// What of the table the component has not: an interface, a function, or its types.
        #[cfg(test)]
        fn unknown(session: &mut super::Session) -> Vec<String> {
            let found = [$($(
                session.knows::<(&types::Connection, &$input), Result<$output, types::Error>>(($interface, $function)),
            )+)+];
            found.into_iter().filter_map(Result::err).collect()
        }
    };
}

actions! {
    "messages": {
        send_text(messages::Text) -> types::Sent = "send-text",
        split_text(messages::LongText) -> messages::TextParts = "split-text",
        send_media(messages::Media) -> types::Sent = "send-media",
        send_location(messages::Location) -> types::Sent = "send-location",
        send_contacts(messages::Contacts) -> types::Sent = "send-contacts",
        send_reaction(messages::Reaction) -> types::Sent = "send-reaction",
        mark_as_read(messages::ReadReceipt) -> types::Done = "mark-as-read",
        send_template(messages::Template) -> types::Sent = "send-template",
        send_raw(messages::RawMessage) -> types::Sent = "send-raw",
    }
    "interactive": {
        send_buttons(interactive::Buttons) -> types::Sent = "send-buttons",
        send_list(interactive::ChoiceList) -> types::Sent = "send-list",
        send_choices(interactive::Choices) -> types::Sent = "send-choices",
        send_cta_url(interactive::CtaUrl) -> types::Sent = "send-cta-url",
        send_flow(interactive::Flow) -> types::Sent = "send-flow",
        send_product(interactive::Product) -> types::Sent = "send-product",
        send_product_list(interactive::ProductList) -> types::Sent = "send-product-list",
        send_catalog(interactive::Catalog) -> types::Sent = "send-catalog",
        send_media_carousel(interactive::MediaCarousel) -> types::Sent = "send-media-carousel",
        request_location(interactive::Request) -> types::Sent = "request-location",
        request_address(interactive::AddressRequest) -> types::Sent = "request-address",
        request_call_permission(interactive::CallRequest) -> types::Sent = "request-call-permission",
        request_contact_info(interactive::Request) -> types::Sent = "request-contact-info",
        send_interactive(interactive::RawInteractive) -> types::Sent = "send-interactive",
    }
    "templates": {
        list_templates(templates::TemplatesQuery) -> templates::TemplateList = "list-templates",
        get_template(templates::TemplateReference) -> templates::Template = "get-template",
        describe_template(templates::TemplateReference) -> templates::TemplateForm = "describe-template",
        compile_template(templates::TemplateValues) -> templates::TemplateComponents = "compile-template",
        create_template(templates::NewTemplate) -> templates::Template = "create-template",
        edit_template(templates::TemplateChange) -> types::Done = "edit-template",
        delete_template(templates::TemplateRemoval) -> types::Done = "delete-template",
    }
    "media": {
        upload_media(media::MediaUpload) -> media::UploadedMedia = "upload-media",
        get_media(media::MediaReference) -> media::MediaInfo = "get-media",
        download_media(media::MediaDownload) -> media::DownloadedMedia = "download-media",
        delete_media(media::MediaReference) -> types::Done = "delete-media",
    }
    "phone-numbers": {
        list_phone_numbers(phone_numbers::PhoneNumbersQuery) -> phone_numbers::PhoneNumberList = "list-phone-numbers",
        get_phone_number(phone_numbers::PhoneNumberReference) -> phone_numbers::PhoneNumber = "get-phone-number",
        ensure_registered(phone_numbers::Registration) -> phone_numbers::RegistrationOutcome = "ensure-registered",
        register(phone_numbers::RegistrationOrder) -> types::Done = "register",
        deregister(phone_numbers::PhoneNumberReference) -> types::Done = "deregister",
        get_registration_status(phone_numbers::PhoneNumberReference) -> phone_numbers::RegistrationStatus = "get-registration-status",
        set_pin(phone_numbers::NewPin) -> types::Done = "set-pin",
        request_code(phone_numbers::CodeRequest) -> types::Done = "request-code",
        verify_code(phone_numbers::Code) -> types::Done = "verify-code",
        get_business_profile(phone_numbers::PhoneNumberReference) -> phone_numbers::BusinessProfile = "get-business-profile",
        update_business_profile(phone_numbers::BusinessProfileChange) -> types::Done = "update-business-profile",
    }
    "accounts": {
        validate_connection(accounts::ConnectionCheck) -> accounts::ConnectionReport = "validate-connection",
        exchange_code(accounts::CodeExchange) -> accounts::TokenReceipt = "exchange-code",
        refresh_token(accounts::TokenRenewal) -> accounts::TokenReceipt = "refresh-token",
        list_business_accounts(accounts::BusinessAccountsQuery) -> accounts::BusinessAccountList = "list-business-accounts",
        subscribe_webhooks(accounts::WebhookSubscriptionRequest) -> types::Done = "subscribe-webhooks",
        unsubscribe_webhooks(accounts::Account) -> types::Done = "unsubscribe-webhooks",
        list_webhook_subscriptions(accounts::Account) -> accounts::WebhookSubscriptionList = "list-webhook-subscriptions",
        block_users(accounts::BlockListChange) -> accounts::BlockListOutcome = "block-users",
        unblock_users(accounts::BlockListChange) -> accounts::BlockListOutcome = "unblock-users",
        list_blocked_users(accounts::BlockedUsersQuery) -> accounts::BlockedUsers = "list-blocked-users",
        oauth_url(accounts::Login) -> accounts::Link = "oauth-url",
        embedded_signup_page(accounts::Signup) -> accounts::Page = "embedded-signup-page",
    }
    "graph": {
        graph_call(graph::GraphRequest) -> graph::GraphAnswer = "graph-call",
    }
    "diagnosis": {
        diagnose(diagnosis::DiagnosisRequest) -> diagnosis::DiagnosisReport = "diagnose",
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    #[tokio::test]
    async fn the_component_has_every_action_of_the_table_with_its_types() {
        let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist/whatsapp-connector.wasm");
        let host = crate::Host::builder().component(built).build().unwrap();
        let mut session = host.session().await.unwrap();
        assert_eq!(super::unknown(&mut session), [""; 0]);
    }

    #[test]
    fn every_action_and_every_interface_of_the_contract_is_in_the_tables() {
        let read = |name: &str| {
            std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
        };
        let actions = include_str!("account.rs");
        for file in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../wit")).unwrap()
        {
            for line in std::fs::read_to_string(file.unwrap().path())
                .unwrap()
                .lines()
            {
                if let Some((name, _)) = line.trim().split_once(": func(connection: connection") {
                    let call = format!("= \"{name}\",");
                    assert!(
                        actions.contains(&call),
                        "add `{name}` to the table of actions in account.rs"
                    );
                }
            }
        }
        let interfaces = include_str!("exports.rs");
        let (_, listed) = interfaces.rsplit_once("interfaces!(").unwrap();
        let world = read("../wit/world.wit");
        let (_, world) = world.split_once("world connector {").unwrap();
        let (world, _) = world.split_once('}').unwrap();
        for name in world
            .lines()
            .filter_map(|line| line.trim().strip_prefix("export ")?.strip_suffix(';'))
        {
            let name = name.replace('-', "_");
            assert!(
                listed.contains(&name),
                "add `{name}` to the table of interfaces in exports.rs"
            );
        }
    }
}
