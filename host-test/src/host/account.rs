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
    ($($interface:ident: { $($name:ident($input:path) -> $output:path = $call:ident,)+ })+) => {
        impl Account {
            $($(
                #[doc = concat!("`", stringify!($interface), ".", stringify!($name), "` of the contract, on an instance of its own.")]
                ///
                /// # Errors
                /// When the component or Meta refuses, or the host cannot run the call.
                pub async fn $name(&self, input: &$input) -> Result<$output, CallError> {
                    let call = async |interface: &$interface::Guest, store: &mut _| interface.$call(store, &self.connection, input).await;
                    self.host.call(call).await?.map_err(CallError::from)
                }
            )+)+
        }
    };
}

actions! {
    messages: {
        send_text(messages::Text) -> types::Sent = call_send_text,
        split_text(messages::LongText) -> messages::TextParts = call_split_text,
        send_media(messages::Media) -> types::Sent = call_send_media,
        send_location(messages::Location) -> types::Sent = call_send_location,
        send_contacts(messages::Contacts) -> types::Sent = call_send_contacts,
        send_reaction(messages::Reaction) -> types::Sent = call_send_reaction,
        mark_as_read(messages::ReadReceipt) -> types::Done = call_mark_as_read,
        send_template(messages::Template) -> types::Sent = call_send_template,
        send_raw(messages::RawMessage) -> types::Sent = call_send_raw,
    }
    interactive: {
        send_buttons(interactive::Buttons) -> types::Sent = call_send_buttons,
        send_list(interactive::ChoiceList) -> types::Sent = call_send_list,
        send_choices(interactive::Choices) -> types::Sent = call_send_choices,
        send_cta_url(interactive::CtaUrl) -> types::Sent = call_send_cta_url,
        send_flow(interactive::Flow) -> types::Sent = call_send_flow,
        send_product(interactive::Product) -> types::Sent = call_send_product,
        send_product_list(interactive::ProductList) -> types::Sent = call_send_product_list,
        send_catalog(interactive::Catalog) -> types::Sent = call_send_catalog,
        send_media_carousel(interactive::MediaCarousel) -> types::Sent = call_send_media_carousel,
        request_location(interactive::Request) -> types::Sent = call_request_location,
        request_address(interactive::AddressRequest) -> types::Sent = call_request_address,
        request_call_permission(interactive::CallRequest) -> types::Sent = call_request_call_permission,
        request_contact_info(interactive::Request) -> types::Sent = call_request_contact_info,
        send_interactive(interactive::RawInteractive) -> types::Sent = call_send_interactive,
    }
    templates: {
        list_templates(templates::TemplatesQuery) -> templates::TemplateList = call_list_templates,
        get_template(templates::TemplateReference) -> templates::Template = call_get_template,
        describe_template(templates::TemplateReference) -> templates::TemplateForm = call_describe_template,
        compile_template(templates::TemplateValues) -> templates::TemplateComponents = call_compile_template,
        create_template(templates::NewTemplate) -> templates::Template = call_create_template,
        edit_template(templates::TemplateChange) -> types::Done = call_edit_template,
        delete_template(templates::TemplateRemoval) -> types::Done = call_delete_template,
    }
    media: {
        upload_media(media::MediaUpload) -> media::UploadedMedia = call_upload_media,
        get_media(media::MediaReference) -> media::MediaInfo = call_get_media,
        download_media(media::MediaDownload) -> media::DownloadedMedia = call_download_media,
        delete_media(media::MediaReference) -> types::Done = call_delete_media,
    }
    phone_numbers: {
        list_phone_numbers(phone_numbers::PhoneNumbersQuery) -> phone_numbers::PhoneNumberList = call_list_phone_numbers,
        get_phone_number(phone_numbers::PhoneNumberReference) -> phone_numbers::PhoneNumber = call_get_phone_number,
        ensure_registered(phone_numbers::Registration) -> phone_numbers::RegistrationOutcome = call_ensure_registered,
        register(phone_numbers::RegistrationOrder) -> types::Done = call_register,
        deregister(phone_numbers::PhoneNumberReference) -> types::Done = call_deregister,
        get_registration_status(phone_numbers::PhoneNumberReference) -> phone_numbers::RegistrationStatus = call_get_registration_status,
        set_pin(phone_numbers::NewPin) -> types::Done = call_set_pin,
        request_code(phone_numbers::CodeRequest) -> types::Done = call_request_code,
        verify_code(phone_numbers::Code) -> types::Done = call_verify_code,
        get_business_profile(phone_numbers::PhoneNumberReference) -> phone_numbers::BusinessProfile = call_get_business_profile,
        update_business_profile(phone_numbers::BusinessProfileChange) -> types::Done = call_update_business_profile,
    }
    accounts: {
        validate_connection(accounts::ConnectionCheck) -> accounts::ConnectionReport = call_validate_connection,
        exchange_code(accounts::CodeExchange) -> accounts::TokenReceipt = call_exchange_code,
        refresh_token(accounts::TokenRenewal) -> accounts::TokenReceipt = call_refresh_token,
        list_business_accounts(accounts::BusinessAccountsQuery) -> accounts::BusinessAccountList = call_list_business_accounts,
        subscribe_webhooks(accounts::WebhookSubscriptionRequest) -> types::Done = call_subscribe_webhooks,
        unsubscribe_webhooks(accounts::Account) -> types::Done = call_unsubscribe_webhooks,
        list_webhook_subscriptions(accounts::Account) -> accounts::WebhookSubscriptionList = call_list_webhook_subscriptions,
        block_users(accounts::BlockListChange) -> accounts::BlockListOutcome = call_block_users,
        unblock_users(accounts::BlockListChange) -> accounts::BlockListOutcome = call_unblock_users,
        list_blocked_users(accounts::BlockedUsersQuery) -> accounts::BlockedUsers = call_list_blocked_users,
        oauth_url(accounts::Login) -> accounts::Link = call_oauth_url,
        embedded_signup_page(accounts::Signup) -> accounts::Page = call_embedded_signup_page,
    }
    graph: {
        graph_call(graph::GraphRequest) -> graph::GraphAnswer = call_graph_call,
    }
    diagnosis: {
        diagnose(diagnosis::DiagnosisRequest) -> diagnosis::DiagnosisReport = call_diagnose,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

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
                    let call = format!("= call_{},", name.replace('-', "_"));
                    assert!(
                        actions.contains(&call),
                        "add `{name}` to the table of actions in account.rs"
                    );
                }
            }
        }
        let interfaces = include_str!("interfaces.rs");
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
                "add `{name}` to the table of interfaces in interfaces.rs"
            );
        }
    }
}
