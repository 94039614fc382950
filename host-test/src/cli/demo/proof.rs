//! What must not happen: refused sends, forged webhooks, and a token where none should be.

use graph_simulator::Delivery;
use host_test::client::{HttpClient, OutgoingBody, OutgoingRequest};
use host_test::wit::types::{Connection, Error, Fault};
use host_test::{CallError, Host, json};

use super::super::problem::Problem;
use super::super::refusal;
use super::super::text::{harmless, shortened};
use super::counting::Counting;
use super::story::Story;
use super::talk::QUESTION;

/// Longer than WhatsApp allows.
const TOO_LONG: usize = 5000;

/// Characters that fit beside the actions.
const LINE: usize = 74;

/// Header of Meta's signature.
const SIGNATURE: &str = "x-hub-signature-256";

/// What stands for something that was seen, and was not expected.
fn unexpected(expected: &str, found: impl std::fmt::Display) -> Problem {
    Problem::failed(
        format!("expected {expected}, but found {found}"),
        "Report this with the whole output.",
    )
}

impl Story {
    /// A text that is too long is refused before anything leaves.
    pub async fn refuse_long_text(&self, network: &Counting) -> Result<(), Problem> {
        const ACTION: &str = "send-text";
        let before = network.count();
        let sending = self.account.send_text_to(&self.to, "x".repeat(TOO_LONG));
        let error = match sending.await {
            Err(CallError::Refused(error)) => error,
            Err(error) => return Err(self.tell.failed(ACTION, error.into())),
            Ok(_) => return Err(self.tell.failed(ACTION, unexpected("a refusal", "success"))),
        };
        let Error::PermanentInvalidInput(fault) = &*error else {
            return Err(self
                .tell
                .failed(ACTION, unexpected("permanent-invalid-input", error)));
        };
        if network.count() != before {
            return Err(self
                .tell
                .failed(ACTION, unexpected("no HTTP request", "one")));
        }
        let said = format!(
            "{TOO_LONG} characters: refused before sending, {}",
            error.case()
        );
        let refused = refusal::to_json(&error);
        self.tell
            .done(ACTION, &said, serde_json::json!({"refused": refused}))?;
        let Fault {
            message, advice, ..
        } = fault;
        self.tell.fact("", &shortened(&harmless(message), LINE))?;
        self.tell.fact("", &shortened(&harmless(advice), LINE))
    }

    /// The customer's genuine webhook with one letter changed is refused: the signature covers every byte.
    pub async fn refuse_forgery(
        &mut self,
        genuine: &[Delivery],
        endpoint: &str,
        network: &Counting,
    ) -> Result<(), Problem> {
        const ACTION: &str = "webhooks.handle";
        let genuine = genuine
            .iter()
            .rfind(|delivery| delivery.body.contains(QUESTION));
        let Some(genuine) = genuine else {
            return Err(self
                .tell
                .failed(ACTION, unexpected("the customer's webhook", "none")));
        };
        let forged = genuine
            .body
            .replace(QUESTION, &QUESTION.replace("my", "by"));
        let known = self.inbox.messages.len();
        let status = post(network, endpoint, &forged, &genuine.signature)
            .await
            .map_err(|problem| self.tell.failed(ACTION, problem))?;
        let patience = self.customer.patience();
        let refusal = self.inbox.until(
            patience,
            |_| "waiting for the refusal".to_owned(),
            |inbox| inbox.refusals.last().cloned(),
        );
        let Some((401, problem)) = refusal.await.filter(|_| status == 401) else {
            return Err(self.tell.failed(ACTION, unexpected("status 401", status)));
        };
        if self.inbox.messages.len() != known {
            return Err(self.tell.failed(ACTION, unexpected("no event", "one")));
        }
        let said = "the same bytes with one letter changed: answered 401, no event";
        let data = serde_json::json!({"refused": {"status": status, "problem": problem}});
        self.tell.done(ACTION, said, data)
    }
}

/// Posts a webhook as Meta does. Returns the status of the answer.
async fn post(network: &Counting, url: &str, body: &str, signature: &str) -> Result<u16, Problem> {
    let wrong = |error: &dyn std::fmt::Display| unexpected("an answer of the endpoint", error);
    let mut headers = http::HeaderMap::new();
    let signature = http::HeaderValue::from_str(signature).map_err(|error| wrong(&error))?;
    headers.insert(SIGNATURE, signature);
    let request = OutgoingRequest {
        method: http::Method::POST,
        url: url::Url::parse(url).map_err(|error| wrong(&error))?,
        headers,
        body: OutgoingBody::Bytes(body.to_owned().into_bytes().into()),
    };
    let answer = network.uncounted().send(request).await;
    answer
        .map(|answer| answer.status)
        .map_err(|error| wrong(&error))
}

/// Runs an action and looks for the token in all memory that the component used. Returns how many bytes that were.
pub async fn search_memory(
    host: &Host,
    connection: &Connection,
    token: &str,
) -> Result<usize, Problem> {
    let account = connection
        .business_account_id
        .as_deref()
        .unwrap_or_default();
    let mut session = host.session().await?;
    let answer = session
        .invoke("list-phone-numbers", &json::to_string(connection), "{}")
        .await?;
    answer.map_err(CallError::from)?;
    let memory = session.memory_dump().await?;
    let holds = |text: &str| {
        memory
            .windows(text.len())
            .any(|bytes| bytes == text.as_bytes())
    };
    // The control: what went in is found, so the search works.
    if account.is_empty() || !holds(account) {
        return Err(unexpected(
            "the account's id in the component's memory",
            "none",
        ));
    }
    if holds(token) {
        return Err(unexpected(
            "no access token in the component's memory",
            "it",
        ));
    }
    Ok(memory.len())
}
