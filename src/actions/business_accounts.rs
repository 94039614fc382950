//! `list-business-accounts`.

use super::output::{List, finish};
use super::{connection, fault_of, reading};
use crate::contract::whatsapp::connector::types::Error;
use crate::fault::{Fallible, passes};
use crate::graph::{Graph, check_id, paging, request::Call};
use crate::json::{Input, Object, text_at};
use crate::prelude::*;
use serde_json::Value;

/// The fields that are asked for and handed on under the same name.
const FIELDS: &str = "id,name,currency,timezone_id,account_review_status";

/// A portfolio's own accounts, and those of others that are shared with it.
const EDGES: [&str; 2] = [
    "owned_whatsapp_business_accounts",
    "client_whatsapp_business_accounts",
];

/// What to do when portfolios may not be read.
const PERMISSION: &str = "Give the app the permission business_management and connect again, or name the account in the connection.";

/// The accounts so far.
#[derive(Default)]
struct Found {
    accounts: List,
    advice: Option<String>,
}

/// Lists the accounts of a portfolio, or those that the token reaches.
pub fn list(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let mut found = Found::default();
    if let Some(business) = input.text("business_id") {
        for edge in &EDGES {
            found.add(graph, business, edge).map_err(explain)?;
        }
    } else {
        let data = connection::token_data(graph.call(connection::token_call())?)?;
        let ids = connection::account_ids(&data);
        if ids.is_empty() {
            found.everywhere(graph)?;
        }
        for id in ids {
            let name = id.as_str().unwrap_or_default();
            let account = match reading::object(graph, name, FIELDS) {
                Ok(account) => picked(&account),
                Err(error) => Object::new().with("problem", words(error)?),
            };
            found.accounts.push(account.with("id", id));
        }
    }
    finish(
        Object::new()
            .with("business_accounts", found.accounts)
            .with("advice", found.advice),
    )
}

impl Found {
    /// The accounts of every portfolio that the token sees, when it names none itself.
    fn everywhere(&mut self, graph: &Graph<'_>) -> Fallible<()> {
        let edge = || Call::get(&["me", "businesses"]).query("fields", "id,name");
        let businesses = match paging::all(graph, &edge) {
            Ok(businesses) => businesses,
            Err(error) => return self.note(error),
        };
        for business in &businesses {
            let id = text_at(business, &["id"]).unwrap_or_default();
            for edge in &EDGES {
                if let Err(error) = self.add(graph, &id, edge) {
                    self.note(error)?;
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, graph: &Graph<'_>, business: &str, edge: &str) -> Fallible<()> {
        // Meta's own ids as well: what is none would be another address.
        check_id("business_id", business, "")?;
        let edge = || Call::get(&[business, edge]).query("fields", FIELDS);
        for account in paging::all(graph, &edge)? {
            let account = Value::from(picked(&account));
            // Without an id it is of no use. Two portfolios may share an account.
            if !account["id"].is_null() && !self.accounts.0.contains(&account) {
                self.accounts.0.push(account);
            }
        }
        Ok(())
    }

    fn note(&mut self, error: Box<Error>) -> Fallible<()> {
        let problem = words(error)?;
        let advice = [
            "There may be more accounts, which the token cannot list: ",
            problem.trim_end_matches('.'),
            ". ",
            PERMISSION,
        ];
        self.advice = Some(advice.joined(""));
        Ok(())
    }
}

/// Portfolios need another permission than accounts.
fn explain(mut error: Box<Error>) -> Box<Error> {
    if let Error::PermanentUnauthorized(fault) = &mut *error {
        fault.advice = PERMISSION.to_owned();
    }
    error
}

fn picked(account: &Value) -> Object {
    reading::texts(Object::new(), account, FIELDS)
}

/// What an error says, unless it passes: then the whole list can be read later.
fn words(error: Box<Error>) -> Fallible<String> {
    if passes(&error) {
        return Err(error);
    }
    Ok(fault_of(error).message)
}
