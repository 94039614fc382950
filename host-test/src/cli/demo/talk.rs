//! The conversation: a template, a reply, two answers.

use std::time::Duration;

use graph_simulator::world::demo;
use host_test::json;
use host_test::wit::messages::{Media, MediaKind, Template, Text};
use host_test::wit::types::{self, Address, TemplateAddress};
use host_test::wit::webhooks::InboundMessage;

use super::super::event_line;
use super::super::problem::Problem;
use super::super::text::{harmless, quoted};
use super::inbox::Inbox;
use super::story::{Customer, Sent, Story};

/// What the simulated customer writes.
pub const QUESTION: &str = "Hi! Is my order on its way?";
/// What they are told.
pub const ANSWER: &str = "It is. Here is a picture:";

impl Story {
    /// Sends a template, which opens the conversation.
    pub async fn send_template(&mut self, name: &str, language: &str) -> Result<String, Problem> {
        const ACTION: &str = "send-template";
        let template = Template::new(TemplateAddress::to(&self.to), name, language);
        let call = self.account.send_template(&template);
        let sent = self.tell.during(ACTION, call).await?;
        let said = format!("{name} ({language}) to {}: {}", self.to, status(&sent));
        self.accepted(ACTION, "template", &said, &sent)
    }

    /// Waits for the customer to reply to a message.
    pub async fn receive_reply(&mut self, to_message: &str) -> Result<InboundMessage, Problem> {
        const ACTION: &str = "webhooks.handle";
        let wait = match &self.customer {
            Customer::Simulated(simulator) => {
                let sender = self.account.connection().phone_number_id.clone();
                let customer = simulator.customer(demo::CUSTOMER);
                let customer = customer.to(sender.as_deref().unwrap_or_default());
                customer
                    .replying_to(to_message)
                    .say(QUESTION)
                    .map_err(|error| {
                        Problem::failed(error.to_string(), "Report this: the simulator is wrong.")
                    })?;
                simulator.settle().await;
                self.customer.patience()
            }
            Customer::Person(wait) => *wait,
        };
        let (to, addresses) = (&self.to, &self.addresses);
        let waiting = |inbox: &Inbox| match inbox.states(to_message).as_str() {
            "" => format!("waiting for a reply of {to}"),
            states => format!("waiting for a reply of {to} (template: {states})"),
        };
        let look = |inbox: &Inbox| {
            let mut messages = inbox.messages.iter();
            let reply = messages.find(|message| is_from(message, addresses));
            let failed = inbox.has(to_message, "failed");
            reply.cloned().map(Some).or(failed.then_some(None))
        };
        let reply = self.inbox.until(wait, waiting, look).await.flatten();
        self.refuse_failure(to_message)?;
        let Some(reply) = reply else {
            return Err(self.tell.failed(ACTION, no_reply(&self.to, wait)));
        };
        let said = format!(
            "signature right; {}: {}",
            event_line::sender(&reply),
            event_line::content(&reply.content)
        );
        self.tell.done(ACTION, &said, json::to_value(&reply))?;
        Ok(reply)
    }

    /// Answers with a text that quotes what the customer wrote.
    pub async fn send_text(
        &mut self,
        reply: &InboundMessage,
        answer: &str,
    ) -> Result<String, Problem> {
        const ACTION: &str = "send-text";
        let text = Text {
            address: Address {
                reply_to: Some(reply.id.clone()),
                ..Address::to(&self.to)
            },
            body: answer.to_owned(),
            preview_url: None,
        };
        let call = self.account.send_text(&text);
        let sent = self.tell.during(ACTION, call).await?;
        let said = format!(
            "{} as an answer to that: {}",
            quoted(answer, 60),
            status(&sent)
        );
        self.accepted(ACTION, "text", &said, &sent)
    }

    /// Sends an image, which Meta downloads.
    pub async fn send_image(&mut self, link: &str) -> Result<String, Problem> {
        const ACTION: &str = "send-media";
        let image = Media {
            address: Address::to(&self.to),
            kind: MediaKind::Image,
            link: Some(link.to_owned()),
            id: None,
            blob: None,
            mime_type: None,
            size: None,
            caption: Some("Sent by a WebAssembly component".to_owned()),
            filename: None,
        };
        let call = self.account.send_media(&image);
        let sent = self.tell.during(ACTION, call).await?;
        let said = format!("image {}: {}", harmless(link), status(&sent));
        self.accepted(ACTION, "image", &said, &sent)
    }

    fn accepted(
        &mut self,
        action: &str,
        label: &'static str,
        said: &str,
        sent: &types::Sent,
    ) -> Result<String, Problem> {
        // The reply comes from what Meta calls the recipient, which may differ from what was typed.
        self.addresses.extend(sent.wa_id.clone());
        self.addresses.extend(sent.user_id.clone());
        self.sent.push(Sent {
            label,
            id: sent.message_id.clone(),
        });
        self.tell.done(action, said, json::to_value(sent))?;
        Ok(sent.message_id.clone())
    }
}

/// Whether one of these wrote the message.
fn is_from(message: &InboundMessage, addresses: &[String]) -> bool {
    let from = [&message.from, &message.from_user_id];
    from.into_iter()
        .flatten()
        .any(|from| addresses.contains(from))
}

/// `accepted`, or what else Meta said.
fn status(sent: &types::Sent) -> String {
    match json::to_value(&sent.status) {
        serde_json::Value::String(word) => harmless(&word.replace('_', " ")),
        other => harmless(&other.to_string()),
    }
}

fn no_reply(to: &str, wait: Duration) -> Problem {
    Problem::failed(
        format!(
            "no reply of {to} came within {} s, so nothing more may be sent",
            wait.as_secs()
        ),
        "Did the message arrive? Does Meta reach your webhook (callback URL, field `messages`, app subscribed to the account)? \
         Then start again, with a longer --wait if need be.",
    )
}
