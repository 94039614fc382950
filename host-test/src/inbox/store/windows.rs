//! Until when customers may be written to freely.

use rusqlite::{OptionalExtension, Transaction, params};

use super::Store;
use super::deliveries::seconds;
use crate::inbox::error::StoreError;

/// That a customer wrote or called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inbound {
    /// The phone number of ours: `envelope.phone_number_id`.
    pub phone_number_id: String,
    /// The customer, under each of the names that the event has: phone number, business-scoped user id.
    pub customers: Vec<String>,
    /// `envelope.occurred_at`.
    pub at: u64,
}

impl Store {
    /// When a customer (a phone number as in `from`, without `+`, or a business-scoped user id) last wrote to or called a number of ours, in
    /// seconds since 1970: what `service-window` and `window` of an action take. None: not since this is kept.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn last_inbound_at(
        &self,
        business_account_id: &str,
        phone_number_id: &str,
        customer: &str,
    ) -> Result<Option<u64>, StoreError> {
        let of = [customer, phone_number_id, business_account_id].map(str::to_owned);
        self.read("read a service window", move |transaction| {
            let mut query = transaction.prepare_cached(
                "SELECT last_inbound_at FROM service_windows
                 WHERE customer = ?1 AND phone_number_id = ?2 AND business_account_id = ?3",
            )?;
            let at: Option<i64> = query.query_row(of, |row| row.get(0)).optional()?;
            Ok(at.and_then(|at| u64::try_from(at).ok()))
        })
        .await
    }
}

/// Notes it; what comes late moves nothing back.
pub(super) fn note(
    transaction: &Transaction<'_>,
    account: &str,
    inbound: &Inbound,
) -> rusqlite::Result<()> {
    let mut insert = transaction.prepare_cached(
        "INSERT INTO service_windows (business_account_id, phone_number_id, customer, last_inbound_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (customer, phone_number_id, business_account_id)
         DO UPDATE SET last_inbound_at = max(last_inbound_at, excluded.last_inbound_at)",
    )?;
    for customer in &inbound.customers {
        insert.execute(params![
            account,
            inbound.phone_number_id,
            customer,
            seconds(inbound.at)
        ])?;
    }
    Ok(())
}
