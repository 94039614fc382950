//! Asking Meta for the webhooks of accounts, and undoing it: only what was asked for here.

use std::collections::HashSet;

use super::Inbox;
use super::error::{StoreError, TriggerError};
use super::store::{Noted, Stored, Term};
use crate::CallError;
use crate::wit::{accounts, types};

/// How Meta is asked, for error texts.
const SUBSCRIBE: &str = "subscribe-webhooks for";
const UNSUBSCRIBE: &str = "unsubscribe-webhooks for";

/// What this program has seen to.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// Accounts whose webhooks come.
    pub accounts: HashSet<String>,
    /// Those that no earlier program had noted.
    new: HashSet<String>,
}

/// An account whose webhooks could not be asked for.
#[derive(Debug)]
pub struct Unasked {
    /// Which.
    pub account: String,
    /// Whether only triggers need it that run until they are stopped: nobody asked for them just now.
    pub of_earlier: bool,
    /// Why.
    pub error: TriggerError,
}

/// What became of an account at Meta's when nothing here needs it any more, or when the program ends.
#[derive(Debug)]
pub enum Release {
    /// It was asked for here, and Meta has stopped.
    Unsubscribed,
    /// It stays subscribed for the next start.
    Kept,
    /// It was subscribed before this program asked, and was left so.
    NotOurs,
    /// It was to be unsubscribed, and Meta did not. The next start with the same store tries again.
    Failed(TriggerError),
}

impl Inbox {
    /// Asks Meta for the webhooks of every account that has triggers, and undoes what an earlier program left over. Returns the accounts
    /// that could not be asked for; what worked is not done again, so call it again for them.
    ///
    /// # Errors
    /// When the store refuses.
    pub async fn ask_meta(&self) -> Result<Vec<Unasked>, StoreError> {
        let mut asked = self.asked.lock().await;
        let triggers = self.store.subscriptions().await?;
        let of = |account: &str| {
            let account = account.to_owned();
            let of = triggers.iter();
            of.filter(move |stored| stored.subscription.business_account_id == account)
        };
        let mut unasked = Vec::new();
        let mut seen = HashSet::new();
        for stored in &triggers {
            let account = &stored.subscription.business_account_id;
            if seen.insert(account)
                && let Err(error) = self.ask(&mut asked, account).await
            {
                unasked.push(Unasked {
                    account: account.clone(),
                    of_earlier: of(account).all(stays),
                    error,
                });
            }
        }
        for Noted { account, .. } in self.store.accounts().await? {
            if of(&account).next().is_none()
                && let Err(error) = self.release(&mut asked, &account).await
            {
                tracing::error!("{error}; it goes on sending them, which does no harm");
            }
        }
        Ok(unasked)
    }

    /// Undoes what this program was the first to ask for: for a program that does not get as far as running.
    pub async fn abandon(&self) {
        let mut asked = self.asked.lock().await;
        for account in std::mem::take(&mut asked.new) {
            if let Err(error) = self.release(&mut asked, &account).await {
                tracing::error!("{error}; the next start with the same store tries again");
            }
        }
    }

    /// Ends the triggers that end with the program, and says for each account what became of it at Meta's. An account stays subscribed when
    /// the next start finds it in the store: Meta then repeats what comes meanwhile. With `undo`, or without a store that outlives the
    /// program, those that no other trigger needs are unsubscribed.
    pub async fn end(&self, undo: bool) -> Vec<(String, Release)> {
        let mut asked = self.asked.lock().await;
        let mut accounts: Vec<_> = asked.accounts.iter().cloned().collect();
        accounts.sort_unstable();
        let mut ended = Vec::new();
        for account in accounts {
            let release = match self.is_kept(&account, undo).await {
                Ok(true) => self.kept(&account).await,
                Ok(false) => match self.release(&mut asked, &account).await {
                    Ok(release) => release,
                    Err(error) => Release::Failed(error),
                },
                Err(error) => Release::Failed(error.into()),
            };
            ended.push((account, release));
        }
        ended
    }

    async fn is_kept(&self, account: &str, undo: bool) -> Result<bool, StoreError> {
        if self.store.is_temporary() {
            return Ok(false);
        }
        Ok(!undo || self.triggers_of(account).await?.iter().any(stays))
    }

    async fn kept(&self, account: &str) -> Release {
        match self.noted(account).await {
            Ok(Some(noted)) if !noted.ours => Release::NotOurs,
            Ok(_) => Release::Kept,
            Err(error) => Release::Failed(error.into()),
        }
    }

    /// Asks for the webhooks of an account, once in the life of the program.
    pub(super) async fn ask(&self, asked: &mut Asked, account: &str) -> Result<(), TriggerError> {
        let Some(meta) = &self.meta else {
            return Ok(());
        };
        if asked.accounts.contains(account) {
            return Ok(());
        }
        let failed = |source| TriggerError::Meta {
            doing: SUBSCRIBE,
            account: account.to_owned(),
            source,
        };
        let before = self.apps(account).await.map_err(failed)?;
        let own = meta.connection().app_id.as_ref();
        let noted = self.noted(account).await?;
        if noted.is_none() {
            asked.new.insert(account.to_owned());
        }
        if own.is_some_and(|own| before.contains(own)) {
            // Not asked for again: that would remove a callback URL that the account has of its own.
            if noted.is_none() {
                self.store.note_account(account, false).await?;
                tracing::info!("the app already gets the webhooks of account {account}");
            }
            asked.accounts.insert(account.to_owned());
            return Ok(());
        }
        // Whether it is we who change something. Without the app's id, other apps in the list may be this one.
        let sure = own.is_some() || before.is_empty();
        let ours = noted.as_ref().is_some_and(|noted| noted.ours);
        // Noted before, so that it is undone later even when this program does not live to see the answer.
        self.store.note_account(account, sure || ours).await?;
        let input = accounts::WebhookSubscriptionRequest {
            business_account_id: Some(account.to_owned()),
            override_callback_url: None,
            verify_token: None,
        };
        if let Err(source) = meta.subscribe_webhooks(&input).await {
            // Only a refusal says that Meta did nothing; an account of an earlier program is still subscribed even then.
            if noted.is_none() && is_refusal(&source) {
                self.store.forget_account(account).await?;
                asked.new.remove(account);
            }
            return Err(failed(source));
        }
        tracing::info!("asked Meta for the webhooks of account {account}");
        asked.accounts.insert(account.to_owned());
        // Another app in the list than before is this one.
        if !sure && !ours {
            match self.apps(account).await {
                Ok(after) if after.iter().any(|app| !before.contains(app)) => {
                    self.store.note_account(account, true).await?;
                }
                Ok(_) => {}
                Err(error) => tracing::warn!(
                    "whether account {account} was subscribed before is not known ({error}), so it will stay subscribed; set WHATSAPP_APP_ID to make it known"
                ),
            }
        }
        Ok(())
    }

    /// No trigger needs the account any more: unsubscribes it if it was asked for here.
    pub(super) async fn release(
        &self,
        asked: &mut Asked,
        account: &str,
    ) -> Result<Release, TriggerError> {
        let Some(meta) = &self.meta else {
            return Ok(Release::Kept);
        };
        asked.accounts.remove(account);
        match self.noted(account).await? {
            None => Ok(Release::NotOurs),
            Some(noted) if !noted.ours => {
                self.store.forget_account(account).await?;
                Ok(Release::NotOurs)
            }
            Some(_) => {
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
                self.store.forget_account(account).await?;
                Ok(Release::Unsubscribed)
            }
        }
    }

    /// The ids of the apps that get the webhooks of an account.
    async fn apps(&self, account: &str) -> Result<Vec<String>, CallError> {
        let Some(meta) = &self.meta else {
            return Ok(Vec::new());
        };
        let input = accounts::Account {
            business_account_id: Some(account.to_owned()),
        };
        let list = meta.list_webhook_subscriptions(&input).await?;
        let apps = list.subscriptions.into_iter();
        // An app without an id is an app all the same.
        Ok(apps.map(|app| app.app_id.unwrap_or_default()).collect())
    }

    /// What an account was noted as, by this program or an earlier one.
    async fn noted(&self, account: &str) -> Result<Option<Noted>, StoreError> {
        let accounts = self.store.accounts().await?;
        Ok(accounts.into_iter().find(|noted| noted.account == account))
    }

    pub(super) async fn triggers_of(&self, account: &str) -> Result<Vec<Stored>, StoreError> {
        self.store.subscriptions_of(vec![account.to_owned()]).await
    }
}

fn stays(stored: &Stored) -> bool {
    stored.term == Term::UntilStopped
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
