//! Triggers of the command line.

use std::path::PathBuf;

use clap::Args;
use host_test::Host;
use host_test::inbox::Subscription;
use serde::Deserialize;
use serde_json::Value;

use super::super::nearest::nearest;
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
    /// At the end, ask Meta to stop the webhooks that were asked for here and that only triggers of the command line need.
    /// Without --store this is always done. With it, Meta else goes on: it repeats what comes during a restart, and the
    /// next start undoes what no trigger needs any more.
    #[arg(long, conflicts_with = "leave_meta")]
    unsubscribe_at_exit: bool,
}

/// What a user says of a trigger.
#[derive(Debug, Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "an object such as {\"trigger\": \"new-message\"}"
)]
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

    /// Whether the end undoes what a restart would need.
    pub fn unsubscribe_at_exit(&self) -> bool {
        self.unsubscribe_at_exit
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
            let how = |wanted: &Wanted| format!("Write {}@ACCOUNT", wanted.trigger);
            let subscription = complete(&place, wanted, account, how)?;
            given.push((place, subscription));
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
                let place = format!("{place} [{index}]");
                let how = |_: &Wanted| "Give the trigger a \"business_account_id\"".to_owned();
                let subscription = complete(&place, wanted, account, how)?;
                given.push((place, subscription));
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
    /// With what was left out: the account from the settings, an id out of trigger and account. None when no account is known.
    pub fn complete(self, account: Option<&str>) -> Option<Subscription> {
        let own = self.business_account_id.filter(|own| !own.is_empty());
        let account = own.or(account.map(str::to_owned))?;
        let id = self.id;
        Some(Subscription {
            id: id.unwrap_or_else(|| format!("{}@{account}", self.trigger)),
            trigger: self.trigger,
            business_account_id: account,
            filter: self.filter,
        })
    }
}

/// A trigger with its account. `how` says where to write it.
fn complete(
    place: &str,
    wanted: Wanted,
    account: Option<&str>,
    how: impl Fn(&Wanted) -> String,
) -> Result<Subscription, Problem> {
    let how = how(&wanted);
    wanted.complete(account).ok_or_else(|| {
        Problem::usage(
            format!("{place}: expected the WhatsApp Business Account whose events start it, but found none"),
            format!("{how}, or set WHATSAPP_BUSINESS_ACCOUNT_ID."),
        )
    })
}

/// What the component says of a trigger.
#[derive(Debug, Deserialize)]
pub struct Described {
    name: String,
    webhook_fields: Vec<String>,
}

/// Asks the component for its triggers.
pub async fn described(host: &Host) -> Result<Vec<Described>, Problem> {
    let described = host.webhooks_describe_triggers().await?;
    serde_json::from_str(&described).map_err(Problem::not_json)
}

/// Makes sure that the triggers are there, by name.
pub fn known(described: &[Described], given: &[Subscription]) -> Result<(), Problem> {
    let names = || described.iter().map(|one| one.name.as_str());
    let is_unknown = |one: &&Subscription| names().all(|name| name != one.trigger);
    let Some(Subscription { trigger, .. }) = given.iter().find(is_unknown) else {
        return Ok(());
    };
    let nearest = nearest(trigger, names()).map(|name| format!("; did you mean `{name}`?"));
    Err(Problem::usage(
        format!(
            "there is no trigger `{trigger}`{}",
            nearest.unwrap_or_default()
        ),
        format!(
            "The triggers are {}.",
            names().collect::<Vec<_>>().join(", ")
        ),
    ))
}

/// The webhook fields that have to be switched on at Meta for these triggers, each once; none when a trigger takes whatever comes. Without triggers
/// that of messages.
pub fn webhook_fields<'a>(
    described: &'a [Described],
    triggers: impl Iterator<Item = &'a str>,
) -> Vec<&'a str> {
    let mut fields = Vec::new();
    let mut triggers = triggers.peekable();
    if triggers.peek().is_none() {
        return vec!["messages"];
    }
    for trigger in triggers {
        let found = described.iter().find(|one| one.name == trigger);
        if found.is_some_and(|one| one.webhook_fields.is_empty()) {
            return Vec::new();
        }
        for field in found.into_iter().flat_map(|one| &one.webhook_fields) {
            if !fields.contains(&field.as_str()) {
                fields.push(field);
            }
        }
    }
    fields
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
        parse(text).unwrap().complete(Some("102")).unwrap()
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
