//! Business portfolios and the login that leads to a token for them.

use serde::Serialize;
use serde_json::{Value, json};

/// A business portfolio (Business Manager).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Business {
    /// Portfolio id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `verified`, `not_verified`, `pending`…
    pub verification_status: String,
}

impl Business {
    /// A verified portfolio.
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            verification_status: "verified".into(),
        }
    }

    /// Every field that can be asked for with `fields`, edges apart.
    pub(crate) fn graph_fields(&self) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "verification_status": self.verification_status,
            "timezone_id": 1,
            "primary_page": null,
            "link": format!("https://business.facebook.com/settings/?business_id={}", self.id),
        })
    }
}

/// A one-time code of a login (Embedded Signup, Facebook Login for Business).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginCode {
    /// Value of the token that says what the issued one may do.
    pub token: String,
    /// The address that the login dialog was opened with; the exchange has to name the same. `None`: not compared.
    pub redirect_uri: Option<String>,
    /// Unix milliseconds from which the code is refused; `None`: never.
    pub expires_at_ms: Option<u64>,
}

impl From<&str> for LoginCode {
    /// A code for this token value that does not expire.
    fn from(token: &str) -> Self {
        Self {
            token: token.into(),
            redirect_uri: None,
            expires_at_ms: None,
        }
    }
}
