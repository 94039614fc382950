//! First chapter: is everything ready to send?

use host_test::wit::accounts::{ConnectionCheck, ConnectionReport};
use host_test::wit::phone_numbers::{PhoneNumberList, PhoneNumbersQuery, Registration};
use host_test::wit::types;
use host_test::{CallError, Secret, json};

use super::super::problem::Problem;
use super::super::text::{count, harmless, moment};
use super::story::Story;

impl Story {
    /// Checks the token, lists the numbers, and registers the sender if need be.
    pub async fn get_ready(&self, pin: Option<&Secret>) -> Result<(), Problem> {
        self.check_connection().await?;
        self.list_numbers().await?;
        self.ensure_registered(pin).await
    }

    async fn check_connection(&self) -> Result<(), Problem> {
        const ACTION: &str = "validate-connection";
        let check = ConnectionCheck {
            required_scopes: None,
            now: None,
        };
        let report = self
            .tell
            .during(ACTION, self.account.validate_connection(&check))
            .await?;
        if let Some(problem) = &report.problem {
            let problem = Problem::failed(
                format!("the access token is not good enough: {}", harmless(problem)),
                "Put a better one into WHATSAPP_ACCESS_TOKEN: a system user's token, made in Meta's Business settings.",
            );
            return Err(self.tell.failed(ACTION, problem));
        }
        self.tell
            .done(ACTION, &about_token(&report), json::to_value(&report))
    }

    async fn list_numbers(&self) -> Result<(), Problem> {
        const ACTION: &str = "list-phone-numbers";
        let query = PhoneNumbersQuery::default();
        let numbers = self
            .tell
            .during(ACTION, self.account.list_phone_numbers(&query))
            .await?;
        let said = self
            .about_sender(&numbers)
            .map_err(|problem| self.tell.failed(ACTION, problem))?;
        self.tell.done(ACTION, &said, json::to_value(&numbers))
    }

    /// Which of the numbers sends.
    fn about_sender(&self, list: &PhoneNumberList) -> Result<String, Problem> {
        let numbers = &list.phone_numbers;
        let sender = self.account.connection().phone_number_id.as_deref();
        let sender = sender.unwrap_or_default();
        let Some(found) = numbers.iter().find(|number| number.id == sender) else {
            let ids: Vec<_> = numbers.iter().map(|number| harmless(&number.id)).collect();
            return Err(Problem::failed(
                format!(
                    "expected the phone number id {sender} among the account's numbers, but found {}",
                    if ids.is_empty() {
                        "none".to_owned()
                    } else {
                        ids.join(", ")
                    }
                ),
                "Set WHATSAPP_PHONE_NUMBER_ID to one of these ids, or WHATSAPP_BUSINESS_ACCOUNT_ID to the account of the number.",
            ));
        };
        let shown = |text: &Option<String>| text.as_deref().map_or("-".to_owned(), harmless);
        Ok(format!(
            "{}; sender {}, \"{}\", quality {}",
            count(numbers.len(), "number"),
            shown(&found.display_phone_number),
            shown(&found.verified_name),
            shown(&found.quality_rating),
        ))
    }

    async fn ensure_registered(&self, pin: Option<&Secret>) -> Result<(), Problem> {
        const ACTION: &str = "ensure-registered";
        let registration = Registration {
            phone_number_id: None,
            pin: pin.map(|pin| pin.expose().to_owned()),
            data_localization_region: None,
        };
        let call = async {
            let registering = self.account.ensure_registered(&registration);
            registering
                .await
                .map_err(|error| about_pin(error, pin.is_some()))
        };
        let outcome = self.tell.during(ACTION, call).await?;
        let status = outcome.status.as_deref().map_or("-".to_owned(), harmless);
        if !outcome.registered {
            let problem = Problem::failed(
                format!("expected the sender to be registered now, but Meta says status {status}"),
                "Look at the number in WhatsApp Manager; a new name has to be approved first.",
            );
            return Err(self.tell.failed(ACTION, problem));
        }
        let said = if outcome.was_already_registered {
            format!("the sender already was ({status}); nothing was changed")
        } else {
            format!("the sender was not registered; registered it with the PIN: now {status}")
        };
        self.tell.done(ACTION, &said, json::to_value(&outcome))
    }
}

/// `"App", SYSTEM_USER token, never expires, 2 permissions`
fn about_token(report: &ConnectionReport) -> String {
    let kind = report.token_type.as_deref().map_or(String::new(), |kind| {
        format!("{} ", harmless(&kind.to_lowercase().replace('_', " ")))
    });
    let until = report.expires_at.map_or("never expires".to_owned(), |at| {
        format!("until {}", moment(at))
    });
    let app = report.application.as_deref().unwrap_or("an unnamed app");
    format!(
        "valid {kind}token of \"{}\", {until}, {}",
        harmless(app),
        count(report.scopes.len(), "permission")
    )
}

/// The component asks for a PIN; here it comes from the settings.
fn about_pin(error: CallError, given: bool) -> Problem {
    match &error {
        CallError::Refused(refused) if !given && field(refused) == Some("pin") => Problem::failed(
            "the sender is not registered yet, and registering it needs its two-step verification PIN",
            "Put the 6 digits into WHATSAPP_PIN or into a file and give --pin-file FILE. If the number has no PIN yet, choose one and keep it.",
        ),
        _ => Problem::Call(error),
    }
}

fn field(error: &types::Error) -> Option<&str> {
    error.fault()?.field.as_deref()
}
