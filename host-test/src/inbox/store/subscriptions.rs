//! The triggers that run, and the accounts whose webhooks they need.

use rusqlite::{OptionalExtension, Row, Transaction, params};
use serde::Serialize;
use serde_json::Value;

use super::Store;
use crate::inbox::error::StoreError;
use crate::wit::webhooks;

/// A flow that waits for events.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Subscription {
    /// What it is called. No two have the same.
    pub id: String,
    /// The trigger's name, such as `new-message`.
    pub trigger: String,
    /// The WhatsApp Business Account whose events it gets.
    pub business_account_id: String,
    /// Which of them: a JSON object, as the trigger's `filter_schema` says. None: all.
    pub filter: Option<Value>,
}

/// How long a trigger runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Term {
    /// As long as this program runs; another run has to ask for it again.
    EndsWithProgram,
    /// Until it is stopped, however often the program is started anew.
    UntilStopped,
}

/// A subscription as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// Never used again for another one.
    pub number: i64,
    /// How long it runs.
    pub term: Term,
    /// What it is.
    pub subscription: Subscription,
}

/// An account whose webhooks are needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Noted {
    /// Which.
    pub account: String,
    /// Whether they were asked for here, so that it is for us to undo it.
    pub ours: bool,
}

impl Subscription {
    /// For `match-events`.
    pub(crate) fn to_contract(&self) -> webhooks::Subscription {
        webhooks::Subscription {
            id: self.id.clone(),
            trigger: self.trigger.clone(),
            business_account_id: self.business_account_id.clone(),
            filter: self.filter.as_ref().map(Value::to_string),
        }
    }
}

const COLUMNS: &str =
    "SELECT number, id, trigger, business_account_id, filter, ends_with_program FROM subscriptions";

impl Store {
    /// All of them, in the order in which they were started.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn subscriptions(&self) -> Result<Vec<Stored>, StoreError> {
        self.read("list the triggers", |transaction| {
            let mut query = transaction.prepare_cached(&format!("{COLUMNS} ORDER BY number"))?;
            query.query_map([], stored)?.collect()
        })
        .await
    }

    /// The one with this id.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn subscription(&self, id: &str) -> Result<Option<Stored>, StoreError> {
        let id = id.to_owned();
        self.read("find a trigger", move |transaction| {
            let mut query = transaction.prepare_cached(&format!("{COLUMNS} WHERE id = ?1"))?;
            query.query_row([id], stored).optional()
        })
        .await
    }

    /// Those of some accounts.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn subscriptions_of(&self, accounts: Vec<String>) -> Result<Vec<Stored>, StoreError> {
        self.read("find the triggers of an account", move |transaction| {
            let query = format!("{COLUMNS} WHERE business_account_id = ?1 ORDER BY number");
            let mut query = transaction.prepare_cached(&query)?;
            let mut found = Vec::new();
            for account in accounts {
                for row in query.query_map([account], stored)? {
                    found.push(row?);
                }
            }
            Ok(found)
        })
        .await
    }

    /// Adds one, whose id no other has.
    pub(crate) async fn add_subscription(
        &self,
        subscription: Subscription,
        term: Term,
    ) -> Result<(), StoreError> {
        self.write("keep a trigger", move |transaction| {
            let Subscription {
                id,
                trigger,
                business_account_id,
                filter,
            } = subscription;
            let filter = filter.map(|filter| filter.to_string());
            transaction.execute(
                "INSERT INTO subscriptions (id, trigger, business_account_id, filter, ends_with_program) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![id, trigger, business_account_id, filter, term == Term::EndsWithProgram],
            )?;
            Ok(())
        })
        .await
    }

    /// Removes one, and what it got. Returns how many starts were not done.
    pub(crate) async fn remove_subscription(&self, number: i64) -> Result<i64, StoreError> {
        self.write("remove a trigger", move |transaction| {
            let undone = transaction.query_row(
                "SELECT count(*) FROM starts WHERE subscription = ?1 AND done_at IS NULL",
                [number],
                |row| row.get(0),
            )?;
            transaction.execute("DELETE FROM subscriptions WHERE number = ?1", [number])?;
            Ok(undone)
        })
        .await
    }

    /// The accounts whose webhooks are needed.
    pub(crate) async fn accounts(&self) -> Result<Vec<Noted>, StoreError> {
        self.read("list the accounts", |transaction| {
            let mut query =
                transaction.prepare_cached("SELECT business_account_id, ours FROM accounts")?;
            let noted = query.query_map([], |row| {
                Ok(Noted {
                    account: row.get(0)?,
                    ours: row.get(1)?,
                })
            })?;
            noted.collect()
        })
        .await
    }

    /// Lets one that would end with the program run until it is stopped.
    pub(crate) async fn keep_subscription(&self, number: i64) -> Result<(), StoreError> {
        self.write("keep a trigger", move |transaction| {
            let change = "UPDATE subscriptions SET ends_with_program = 0 WHERE number = ?1";
            transaction.execute(change, [number]).map(drop)
        })
        .await
    }

    /// Notes that the webhooks of an account are needed, and whether they were asked for here.
    pub(crate) async fn note_account(&self, account: &str, ours: bool) -> Result<(), StoreError> {
        let account = account.to_owned();
        let note = move |transaction: &Transaction<'_>| {
            let change = "INSERT INTO accounts (business_account_id, ours) VALUES (?1, ?2)
                          ON CONFLICT (business_account_id) DO UPDATE SET ours = excluded.ours";
            transaction
                .execute(change, params![account, ours])
                .map(drop)
        };
        self.write("note an account", note).await
    }

    /// Notes that nothing is left to undo for an account.
    pub(crate) async fn forget_account(&self, account: &str) -> Result<(), StoreError> {
        let account = account.to_owned();
        let forget = move |transaction: &Transaction<'_>| {
            let change = "DELETE FROM accounts WHERE business_account_id = ?1";
            transaction.execute(change, [account]).map(drop)
        };
        self.write("note an account", forget).await
    }
}

fn stored(row: &Row<'_>) -> rusqlite::Result<Stored> {
    let filter: Option<String> = row.get(4)?;
    let ends: bool = row.get(5)?;
    Ok(Stored {
        number: row.get(0)?,
        term: match ends {
            true => Term::EndsWithProgram,
            false => Term::UntilStopped,
        },
        subscription: Subscription {
            id: row.get(1)?,
            trigger: row.get(2)?,
            business_account_id: row.get(3)?,
            // This program wrote it.
            filter: filter.and_then(|text| serde_json::from_str(&text).ok()),
        },
    })
}
