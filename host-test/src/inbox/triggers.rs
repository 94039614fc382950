//! Starting and stopping triggers.

use super::Inbox;
use super::error::TriggerError;
use super::store::{Subscription, Term};

/// Longest id of a trigger, in characters.
const ID_MAX: usize = 200;

impl Inbox {
    /// Begins: goes on with the triggers that run until they are stopped, starts `given`, which end with the program, and drops those that
    /// ended with an earlier one and are not given again. One that is given again goes on as the same, with the starts that are not done
    /// yet. To be called once, by one program at a time, before the first delivery is received; then [`Inbox::ask_meta`].
    ///
    /// # Errors
    /// When another program uses the store, or one of `given` makes no sense: then nothing has changed.
    pub async fn begin(&self, given: Vec<Subscription>) -> Result<(), TriggerError> {
        for subscription in &given {
            self.check(subscription).await?;
        }
        let _asked = self.asked.lock().await;
        self.own().await?;
        let known = self.store.subscriptions().await?;
        let (stay, ended): (Vec<_>, Vec<_>) = known
            .into_iter()
            .filter(|stored| !given.contains(&stored.subscription))
            .partition(|stored| stored.term == Term::UntilStopped);
        for (index, subscription) in given.iter().enumerate() {
            let others = stay.iter().map(|stored| &stored.subscription);
            let mut others = others.chain(given.iter().take(index));
            if others.any(|other| other.id == subscription.id && other != subscription) {
                return Err(TriggerError::Taken {
                    id: subscription.id.clone(),
                });
            }
        }
        for stored in ended {
            let undone = self.store.remove_subscription(stored.number).await?;
            if undone > 0 {
                let id = &stored.subscription.id;
                tracing::warn!(
                    "the trigger {id} of the last start is not given any more, or with another account or filter; removed with {undone} starts that were not done"
                );
            }
        }
        for subscription in given {
            if self.store.subscription(&subscription.id).await?.is_none() {
                self.store
                    .add_subscription(subscription, Term::EndsWithProgram)
                    .await?;
            }
        }
        Ok(())
    }

    /// Starts a trigger. Doing it again changes nothing, except that one that would end with the program may be asked to stay. For the
    /// first one of its account, Meta is asked for the webhooks.
    ///
    /// # Errors
    /// When it makes no sense, its id belongs to another one, or Meta refuses. It does not run then.
    pub async fn start(&self, subscription: Subscription, term: Term) -> Result<(), TriggerError> {
        self.check(&subscription).await?;
        let mut asked = self.asked.lock().await;
        self.own().await?;
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

    /// Stops a trigger. With the last one of its account, Meta is asked to stop the webhooks if it was asked for them here. False when there
    /// is no such trigger.
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
        if self.triggers_of(account).await?.is_empty() {
            self.release(&mut asked, account).await?;
        }
        Ok(true)
    }

    /// Makes the triggers of the store this program's. It is held as long as this inbox.
    async fn own(&self) -> Result<(), TriggerError> {
        if self.claim.get().is_none() {
            let _ = self.claim.set(self.store.claim().await?);
        }
        Ok(())
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
}
