//! The secrets of one connection. They stay on this side of the component's border.

use std::ops::Deref;
use std::sync::{Arc, PoisonError, RwLock};

use futures_util::future::BoxFuture;

use crate::bindings::exports::whatsapp::connector::webhooks::{Signature, Verification};
use crate::secret::Secret;

/// Keeps a token that Meta issued (code exchange, refresh), so that it is still there after a restart.
pub trait CredentialStore: Send + Sync + 'static {
    /// Keeps the access token. Called once for each issued token, after [`Credentials`] already uses it.
    ///
    /// # Errors
    /// A text for the operator's log, without the token.
    fn keep_access_token<'a>(&'a self, token: &'a Secret) -> BoxFuture<'a, Result<(), String>>;
}

/// What `webhooks.handle` has to know. `Debug` says how much it is, but not what.
#[derive(Clone)]
pub struct WebhookVerification(Verification);

impl Deref for WebhookVerification {
    type Target = Verification;

    fn deref(&self) -> &Verification {
        &self.0
    }
}

impl std::fmt::Debug for WebhookVerification {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let secrets = match &self.signature {
            Signature::AppSecrets(secrets) => secrets.len(),
            Signature::VerifiedByHost => 0,
        };
        f.debug_struct("WebhookVerification")
            .field("has_verify_token", &!self.verify_token.is_empty())
            .field("app_secrets", &secrets)
            .finish()
    }
}

/// The secrets of one connection.
///
/// A clone is another handle to the same secrets: a token that Meta issues during a call is used by all of them from then on. For another
/// customer make other credentials and [`Host::with_credentials`](crate::Host::with_credentials).
#[derive(Clone, Default)]
pub struct Credentials {
    shared: Arc<RwLock<Secrets>>,
    store: Option<Arc<dyn CredentialStore>>,
}

#[derive(Clone, Debug, Default)]
struct Secrets {
    access_token: Option<Secret>,
    /// Tokens that were replaced. They may still work at Meta's, so they are still blanked from answers.
    former_access_tokens: Vec<Secret>,
    /// The first is the one in use, the others are accepted in webhook signatures while a secret is being changed.
    app_secrets: Vec<Secret>,
    verify_token: Option<Secret>,
}

impl Credentials {
    /// No secrets at all: enough for parsing webhooks whose signature was checked elsewhere.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the access token.
    #[must_use]
    pub fn access_token(self, token: Secret) -> Self {
        self.write(|secrets| secrets.access_token = Some(token));
        self
    }

    /// Adds an app secret. The first one is the current one; further ones are only accepted in webhook signatures.
    #[must_use]
    pub fn app_secret(self, secret: Secret) -> Self {
        self.write(|secrets| secrets.app_secrets.push(secret));
        self
    }

    /// Sets the verify token of the webhook handshake.
    #[must_use]
    pub fn verify_token(self, token: Secret) -> Self {
        self.write(|secrets| secrets.verify_token = Some(token));
        self
    }

    /// Sets the place where tokens that Meta issues are kept. Without one they last as long as this process.
    #[must_use]
    pub fn store(mut self, store: impl CredentialStore) -> Self {
        self.store = Some(Arc::new(store));
        self
    }

    /// What `webhooks.handle` has to know: the verify token and the app secrets. These cross into the component, by contract.
    #[must_use]
    pub fn webhook_verification(&self) -> WebhookVerification {
        let verification = self.read(|secrets| Verification {
            verify_token: secrets
                .verify_token
                .as_ref()
                .map(|token| token.expose().to_owned())
                .unwrap_or_default(),
            signature: Signature::AppSecrets(
                secrets
                    .app_secrets
                    .iter()
                    .map(|secret| secret.expose().to_owned())
                    .collect(),
            ),
        });
        WebhookVerification(verification)
    }

    /// The access token in use.
    #[must_use]
    pub fn current_access_token(&self) -> Option<Secret> {
        self.read(|secrets| secrets.access_token.clone())
    }

    /// The app secret in use.
    #[must_use]
    pub fn current_app_secret(&self) -> Option<Secret> {
        self.read(|secrets| secrets.app_secrets.first().cloned())
    }

    /// Everything that no answer may show to the component: access tokens, past ones included, and app secrets. The verify token
    /// is not among them: it is no key to anything and the component gets it anyway.
    pub(crate) fn to_blank(&self) -> Vec<Secret> {
        self.read(|secrets| {
            let tokens = secrets
                .access_token
                .iter()
                .chain(&secrets.former_access_tokens);
            tokens.chain(&secrets.app_secrets).cloned().collect()
        })
    }

    /// Uses `token` from now on, and hands it to the store. A store that fails costs a warning, not the token.
    pub(crate) async fn replace_access_token(&self, token: Secret) {
        self.write(|secrets| {
            if let Some(former) = secrets.access_token.replace(token.clone()) {
                secrets.former_access_tokens.push(former);
            }
        });
        let Some(store) = &self.store else {
            tracing::warn!(
                "Meta issued an access token, which will be lost when this process ends; set `Credentials::store` to keep it"
            );
            return;
        };
        match store.keep_access_token(&token).await {
            Ok(()) => {
                tracing::info!("Meta issued an access token; it is kept in the credential store")
            }
            Err(problem) => tracing::warn!(
                problem,
                "Meta issued an access token, but the credential store did not keep it; it works until this process ends: mend the store and \
                 connect again"
            ),
        }
    }

    fn read<T>(&self, look: impl FnOnce(&Secrets) -> T) -> T {
        // No code that can panic runs under the lock, so a poisoned lock still guards whole data.
        look(&self.shared.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write(&self, change: impl FnOnce(&mut Secrets)) {
        change(&mut self.shared.write().unwrap_or_else(PoisonError::into_inner));
    }
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.read(|secrets| {
            f.debug_struct("Credentials")
                .field("access_token", &secrets.access_token)
                .field("app_secrets", &secrets.app_secrets)
                .field("verify_token", &secrets.verify_token)
                .finish_non_exhaustive()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::new(text).unwrap()
    }

    #[test]
    fn debug_says_what_is_set_but_not_to_what() {
        let credentials = Credentials::new()
            .access_token(secret("EAAGtoken"))
            .app_secret(secret("0123abcd"));
        let text = format!("{credentials:?}");
        assert!(
            text.contains("access_token: Some([redacted])") && text.contains("verify_token: None"),
            "{text}"
        );
        assert!(!text.contains("EAAG") && !text.contains("0123"), "{text}");
        let text = format!("{:?}", credentials.webhook_verification());
        assert_eq!(
            text,
            "WebhookVerification { has_verify_token: false, app_secrets: 1 }"
        );
    }

    #[tokio::test]
    async fn a_new_token_reaches_every_clone_and_the_old_one_is_still_blanked() {
        let credentials = Credentials::new().access_token(secret("old-token"));
        let other = credentials.clone();
        credentials.replace_access_token(secret("new-token")).await;
        assert_eq!(other.current_access_token(), Some(secret("new-token")));
        assert_eq!(other.to_blank(), [secret("new-token"), secret("old-token")]);
    }

    #[test]
    fn the_first_app_secret_is_in_use_and_all_are_accepted() {
        let credentials = Credentials::new()
            .app_secret(secret("current"))
            .app_secret(secret("former"))
            .verify_token(secret("v"));
        assert_eq!(credentials.current_app_secret(), Some(secret("current")));
        let verification = credentials.webhook_verification();
        assert_eq!(verification.verify_token, "v");
        assert_eq!(
            verification.signature,
            Signature::AppSecrets(vec!["current".to_owned(), "former".to_owned()])
        );
    }
}
