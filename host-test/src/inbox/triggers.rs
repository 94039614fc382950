//! Starting and stopping triggers, and asking Meta for the webhooks that they need.

use std::collections::HashSet;

use super::Inbox;
use super::error::TriggerError;
use super::store::{Stored, Subscription, Term};
use crate::CallError;
use crate::wit::{accounts, types};

/// Longest id of a trigger, in characters.
const ID_MAX: usize = 200;

/// How Meta is asked, for error texts.
const SUBSCRIBE: &str = "subscribe-webhooks for";
const UNSUBSCRIBE: &str = "unsubscribe-webhooks for";

impl Inbox {
    /// Begins: goes on with the triggers that run until they are stopped, starts `given`, which end with the program, and drops those that
    /// ended with an earlier one. To be called once, by one program at a time.
    ///
    /// # Errors
    /// When another program uses the store. When one of `given` makes no sense or Meta refuses its account: then none of them runs. A refusal that concerns only a trigger of
    /// earlier is logged.
    pub async fn begin(&self, given: Vec<Subscription>) -> Result<(), TriggerError> {
        // It is held as long as this inbox.
        let _ = self.claim.set(self.store.claim()?);
        for stored in self.store.subscriptions().await? {
            let again = given.contains(&stored.subscription);
            if stored.term == Term::EndsWithProgram && !again {
                self.store.remove_subscription(stored.number).await?;
            } else if !again {
                let account = &stored.subscription.business_account_id;
                let mut asked = self.asked.lock().await;
                if let Err(error) = self.ask(&mut asked, account).await {
                    tracing::error!(
                        "{error}; its triggers get nothing from Meta until that is mended and the program is started again"
                    );
                }
            }
        }
        for subscription in given {
            if let Err(error) = self.start(subscription, Term::EndsWithProgram).await {
                self.end().await;
                return Err(error);
            }
        }
        let asked = self.asked.lock().await;
        for account in self.store.accounts().await? {
            // Left over from a program that did not get as far as this.
            if !asked.contains(&account) && self.triggers_of(&account).await?.is_empty() {
                self.give_up(&account).await;
            }
        }
        Ok(())
    }

    /// Starts a trigger. Doing it again changes nothing, except that one that would end with the program may be asked to stay. For the first one of its account, Meta is asked for the webhooks.
    ///
    /// # Errors
    /// When it makes no sense, its id belongs to another one, or Meta refuses. It does not run then.
    pub async fn start(&self, subscription: Subscription, term: Term) -> Result<(), TriggerError> {
        self.check(&subscription).await?;
        let mut asked = self.asked.lock().await;
        let known = self.store.subscription(&subscription.id).await?;
        if let Some(known) = &known
            && known.subscription != subscription
        {
            return Err(TriggerError::Taken {
                id: subscription.id,
            });
        }
        let account = subscription.business_account_id.clone();
        let id = subscription.id.clone();
        // Before Meta is asked: the first event may be here sooner than Meta's answer.
        match &known {
            None => self.store.add_subscription(subscription, term).await?,
            Some(known) if known.term != term && term == Term::UntilStopped => {
                self.store.keep_subscription(known.number).await?;
            }
            Some(_) => {}
        }
        let done = self.ask(&mut asked, &account).await;
        if done.is_err()
            && known.is_none()
            && let Some(stored) = self.store.subscription(&id).await?
        {
            self.store.remove_subscription(stored.number).await?;
        }
        done
    }

    /// Stops a trigger. With the last one of its account, Meta is asked to stop the webhooks. False when there is no such trigger.
    ///
    /// # Errors
    /// When Meta refuses: the trigger has stopped nevertheless, and Meta is asked again when the program starts the next time.
    pub async fn stop(&self, id: &str) -> Result<bool, TriggerError> {
        let mut asked = self.asked.lock().await;
        let Some(stored) = self.store.subscription(id).await? else {
            return Ok(false);
        };
        self.store.remove_subscription(stored.number).await?;
        self.news.send_modify(|_| {});
        let account = &stored.subscription.business_account_id;
        let was_asked = asked.remove(account);
        if !self.triggers_of(account).await?.is_empty() {
            if was_asked {
                asked.insert(account.clone());
            }
        } else if was_asked || self.is_noted(account).await? {
            self.unsubscribe(account).await?;
        }
        Ok(true)
    }

    /// Ends the triggers that end with the program. Accounts that no other trigger needs are unsubscribed; a failure of that is logged.
    pub async fn end(&self) {
        let mut asked = self.asked.lock().await;
        for account in std::mem::take(&mut *asked) {
            let stays = |stored: &Stored| stored.term == Term::UntilStopped;
            let needed = match self.triggers_of(&account).await {
                Ok(triggers) => !self.store.is_temporary() && triggers.iter().any(stays),
                Err(error) => {
                    tracing::error!("{error}");
                    true
                }
            };
            if !needed {
                self.give_up(&account).await;
            }
        }
    }

    /// What is wrong with a subscription, if anything is.
    async fn check(&self, subscription: &Subscription) -> Result<(), TriggerError> {
        let fits = |letter: char| letter.is_ascii_alphanumeric() || "-_.:@".contains(letter);
        let id = &subscription.id;
        if id.is_empty() || id.len() > ID_MAX || !id.chars().all(fits) {
            return Err(TriggerError::Wrong {
                problem: format!(
                    "id: expected 1 to {ID_MAX} letters (a to z), digits and `-_.:@`, but found {id:?}"
                ),
            });
        }
        let matches = self
            .host
            .webhooks_match_events("[]", &[subscription.to_contract()])
            .await?;
        let problem = match matches {
            Ok(matches) => matches.problems.into_iter().next(),
            Err(error) => {
                return Err(TriggerError::Wrong {
                    problem: crate::CallError::from(error).to_string(),
                });
            }
        };
        match problem {
            None => Ok(()),
            Some(wrong) => Err(TriggerError::Wrong {
                problem: wrong.problem,
            }),
        }
    }

    async fn triggers_of(&self, account: &str) -> Result<Vec<Stored>, super::StoreError> {
        self.store.subscriptions_of(vec![account.to_owned()]).await
    }

    /// Asks for the webhooks of an account, once in the life of the program.
    async fn ask(&self, asked: &mut HashSet<String>, account: &str) -> Result<(), TriggerError> {
        let Some(meta) = &self.meta else {
            return Ok(());
        };
        if asked.contains(account) {
            return Ok(());
        }
        let noted = self.is_noted(account).await?;
        // Noted before, so that it is undone later even when this program does not live to see the answer.
        self.store.note_account(account, true).await?;
        let input = accounts::WebhookSubscriptionRequest {
            business_account_id: Some(account.to_owned()),
            override_callback_url: None,
            verify_token: None,
        };
        match meta.subscribe_webhooks(&input).await {
            Ok(_) => {
                tracing::info!("asked Meta for the webhooks of account {account}");
                asked.insert(account.to_owned());
                Ok(())
            }
            Err(source) => {
                // Only a refusal says that Meta did nothing; an account of an earlier program is still subscribed even then.
                if !noted && is_refusal(&source) {
                    self.store.note_account(account, false).await?;
                }
                Err(TriggerError::Meta {
                    doing: SUBSCRIBE,
                    account: account.to_owned(),
                    source,
                })
            }
        }
    }

    /// Whether an account was asked for and not given up since, by this program or an earlier one.
    async fn is_noted(&self, account: &str) -> Result<bool, super::StoreError> {
        let accounts = self.store.accounts().await?;
        Ok(accounts.iter().any(|noted| noted == account))
    }

    async fn unsubscribe(&self, account: &str) -> Result<(), TriggerError> {
        let Some(meta) = &self.meta else {
            return Ok(());
        };
        let input = accounts::Account {
            business_account_id: Some(account.to_owned()),
        };
        let done = meta.unsubscribe_webhooks(&input).await;
        done.map_err(|source| TriggerError::Meta {
            doing: UNSUBSCRIBE,
            account: account.to_owned(),
            source,
        })?;
        tracing::info!("Meta stops the webhooks of account {account}");
        self.store.note_account(account, false).await?;
        Ok(())
    }

    /// Unsubscribes an account where nobody waits for the result.
    async fn give_up(&self, account: &str) {
        if let Err(error) = self.unsubscribe(account).await {
            tracing::error!("{error}; it goes on sending them, which does no harm");
        }
    }
}

/// Whether Meta, or the connector before it, said no: nothing has changed there.
fn is_refusal(error: &CallError) -> bool {
    use types::Error as E;
    match error {
        CallError::Refused(error) => matches!(
            **error,
            E::PermanentInvalidInput(_) | E::PermanentUnauthorized(_) | E::PermanentRejected(_)
        ),
        CallError::Host(_) | CallError::NotJson(_) => false,
    }
}
