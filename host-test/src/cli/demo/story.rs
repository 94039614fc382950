//! The story's state: who talks to whom, and what has been sent.

use std::time::Duration;

use graph_simulator::Simulator;
use graph_simulator::world::demo;
use host_test::Account;

use super::super::problem::Problem;
use super::inbox::Inbox;
use super::tell::Teller;

/// How long the simulated customer may take, in real time: everything is due at once, so this is only for slow machines.
const SIMULATED_PATIENCE: Duration = Duration::from_secs(20);
/// How long a real person's telephone may take to tell that it got a message.
const REAL_PATIENCE: Duration = Duration::from_secs(30);

/// Who is on the other side.
pub enum Customer {
    /// Somebody in the simulator.
    Simulated(Simulator),
    /// A real person, who may take this long to reply.
    Person(Duration),
}

impl Customer {
    /// How long to wait for status webhooks.
    pub fn patience(&self) -> Duration {
        match self {
            Self::Simulated(_) => SIMULATED_PATIENCE,
            Self::Person(_) => REAL_PATIENCE,
        }
    }

    /// Lets time pass in the simulator until everything is delivered and read. A real person needs no help.
    pub async fn reads(&self) {
        if let Self::Simulated(simulator) = self {
            simulator.advance(Duration::from_secs(1)).await;
            simulator.advance(Duration::from_secs(2)).await;
            simulator.customer(demo::CUSTOMER).reads();
            simulator.settle().await;
        }
    }
}

/// A message of ours.
pub struct Sent {
    /// What it is, in a word.
    pub label: &'static str,
    /// Meta's id.
    pub id: String,
}

/// Everything that the steps share.
pub struct Story {
    /// Tells.
    pub tell: Teller,
    /// The host with the connection.
    pub account: Account,
    /// What came by webhook.
    pub inbox: Inbox,
    /// The other side.
    pub customer: Customer,
    /// Where messages go.
    pub to: String,
    /// What replies may come from: WhatsApp ids and user ids that Meta named as the recipient.
    pub addresses: Vec<String>,
    /// So far.
    pub sent: Vec<Sent>,
}

impl Story {
    /// Follows a message until it is read, or nothing more comes in time. A failed one ends the story.
    pub async fn follow(&mut self, id: &str) -> Result<(), Problem> {
        self.customer.reads().await;
        let waiting = |inbox: &Inbox| match inbox.states(id).as_str() {
            "" => "waiting for the first status".to_owned(),
            states => format!("{states}; waiting for read"),
        };
        let settled = |inbox: &Inbox| {
            let done = inbox.has(id, "read") || inbox.has(id, "failed");
            done.then_some(())
        };
        let patience = self.customer.patience();
        let in_time = self.inbox.until(patience, waiting, settled).await;
        self.refuse_failure(id)?;
        let states = self.inbox.states(id);
        if in_time.is_none() && matches!(self.customer, Customer::Simulated(_)) {
            let problem = Problem::failed(
                format!("expected the statuses sent, delivered and read, but found {states:?}"),
                "Run it again with -v; if it happens again, report it with that output.",
            );
            return Err(self.tell.failed("status webhooks", problem));
        }
        let (said, data) = match states.as_str() {
            "" => ("none so far".to_owned(), serde_json::json!([])),
            _ => (
                states.clone(),
                serde_json::json!(states.split(" → ").collect::<Vec<_>>()),
            ),
        };
        self.tell.done(
            "status webhooks",
            &said,
            serde_json::json!({"message_id": id, "states": data}),
        )
    }

    /// An error when the message failed.
    pub fn refuse_failure(&self, id: &str) -> Result<(), Problem> {
        match self.inbox.find(id, "failed") {
            Some(news) => Err(self.tell.failed(
                "status webhooks",
                Problem::failed(
                    format!("Meta accepted the message, but it failed{}", news.why),
                    "Do what the text says, then start again.",
                ),
            )),
            None => Ok(()),
        }
    }
}
