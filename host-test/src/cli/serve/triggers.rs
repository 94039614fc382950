//! Triggers of the command line.

use std::path::PathBuf;

use clap::Args;
use host_test::inbox::Subscription;
use serde::Deserialize;
use serde_json::Value;

use super::super::problem::Problem;

/// Which triggers to start.
#[derive(Debug, Args)]
pub struct TriggerOptions {
    /// Trigger to start, until the program ends; may be given several times. For example new-message@102290129340398, or
    /// 'failures=message-status-updated{"states":["failed"]}': a name of your own, the trigger, the account (default:
    /// WHATSAPP_BUSINESS_ACCOUNT_ID), the filter. Only the trigger is needed.
    #[arg(long, value_name = "[ID=]TRIGGER[@ACCOUNT][FILTER]")]
    subscribe: Vec<String>,
    /// File with triggers to start, until the program ends: a JSON array of what POST /subscriptions takes.
    #[arg(long, value_name = "FILE")]
    subscriptions: Option<PathBuf>,
    /// Do not ask Meta to send the webhooks of an account while triggers run for it (subscribe-webhooks, and
    /// unsubscribe-webhooks after the last one). Use it where the same app serves the account elsewhere too, or where the
    /// account has a callback URL of its own, which asking removes.
    #[arg(long)]
    leave_meta: bool,
}

/// What a user says of a trigger.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    id: Option<String>,
    trigger: String,
    business_account_id: Option<String>,
    filter: Option<Value>,
}

impl TriggerOptions {
    /// Whether Meta is to be asked for webhooks.
    pub fn ask_meta(&self) -> bool {
        !self.leave_meta
    }

    /// The triggers. `account` is that of those which name none.
    pub fn read(&self, account: Option<&str>) -> Result<Vec<Subscription>, Problem> {
        let mut given: Vec<(String, Subscription)> = Vec::new();
        for text in &self.subscribe {
            let place = format!("--subscribe {text}");
            let wanted = parse(text).map_err(|problem| Problem::usage(
                format!("{place}: {problem}"),
                "Quote it for your shell: --subscribe 'message-status-updated@102290129340398{\"states\":[\"failed\"]}'.",
            ))?;
            given.push((place, wanted.complete(account)));
        }
        if let Some(path) = &self.subscriptions {
            let place = format!("--subscriptions {}", path.display());
            let text = std::fs::read_to_string(path).map_err(|error| {
                Problem::usage(
                    format!("{place}: cannot be read: {error}"),
                    "Check the path.",
                )
            })?;
            let wanted: Vec<Wanted> = serde_json::from_str(&text).map_err(|error| {
                Problem::usage(
                    format!("{place}: expected a JSON array of triggers, but found a mistake: {error}"),
                    "Write [{\"trigger\": \"new-message\", \"business_account_id\": \"102290129340398\"}].",
                )
            })?;
            for (index, wanted) in wanted.into_iter().enumerate() {
                given.push((format!("{place} [{index}]"), wanted.complete(account)));
            }
        }
        distinct(&given)?;
        Ok(given
            .into_iter()
            .map(|(_, subscription)| subscription)
            .collect())
    }
}

impl Wanted {
    /// With what was left out: the account from the settings, an id out of trigger and account.
    pub fn complete(self, account: Option<&str>) -> Subscription {
        let account = self.business_account_id.or(account.map(str::to_owned));
        let account = account.unwrap_or_default();
        let id = self.id.unwrap_or_else(|| match account.as_str() {
            "" => self.trigger.clone(),
            account => format!("{}@{account}", self.trigger),
        });
        Subscription {
            id,
            trigger: self.trigger,
            business_account_id: account,
            filter: self.filter,
        }
    }
}

/// `[ID=]TRIGGER[@ACCOUNT][FILTER]`
fn parse(text: &str) -> Result<Wanted, String> {
    let (head, filter) = match text.find('{') {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let filter = match filter {
        "" => None,
        json => Some(
            serde_json::from_str(json)
                .map_err(|error| format!("expected a JSON object as filter, but {error}"))?,
        ),
    };
    let (id, head) = match head.split_once('=') {
        Some((id, head)) => (Some(id.trim().to_owned()), head),
        None => (None, head),
    };
    let (trigger, account) = match head.split_once('@') {
        Some((trigger, account)) => (trigger, Some(account.trim().to_owned())),
        None => (head, None),
    };
    Ok(Wanted {
        id,
        trigger: trigger.trim().to_owned(),
        business_account_id: account,
        filter,
    })
}

/// Two that would be called the same are most likely a mistake.
fn distinct(given: &[(String, Subscription)]) -> Result<(), Problem> {
    for (index, (place, subscription)) in given.iter().enumerate() {
        let earlier = given.iter().take(index);
        if let Some((other, _)) = earlier
            .into_iter()
            .find(|(_, other)| other.id == subscription.id)
        {
            return Err(Problem::usage(
                format!(
                    "{place}: there is already a trigger `{}`, from {other}",
                    subscription.id
                ),
                "Give each a name of its own: --subscribe 'texts=new-message{\"kinds\":[\"text\"]}'.",
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Subscription {
        parse(text).unwrap().complete(Some("102"))
    }

    #[test]
    fn what_is_left_out_has_a_default() {
        let subscription = read("new-message");
        assert_eq!(subscription.id, "new-message@102");
        assert_eq!(subscription.business_account_id, "102");
        assert_eq!(subscription.filter, None);
    }

    #[test]
    fn everything_can_be_said() {
        let subscription = read("a.b = message-status-updated@203 {\"states\":[\"a=b@c\"]}");
        assert_eq!(subscription.id, "a.b");
        assert_eq!(subscription.trigger, "message-status-updated");
        assert_eq!(subscription.business_account_id, "203");
        assert_eq!(subscription.filter.unwrap()["states"][0], "a=b@c");
    }

    #[test]
    fn a_filter_that_is_no_json_is_said_to_be_none() {
        assert!(
            parse("new-message{states}")
                .unwrap_err()
                .contains("as filter")
        );
    }
}
