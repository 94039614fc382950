//! Speaking to a registry.

use crate::{artifact::Artifact, credentials};
use anyhow::{Context, Result, bail, ensure};
use oci_client::client::{ClientConfig, ClientProtocol};
use oci_client::errors::{OciDistributionError, OciErrorCode};
use oci_client::manifest::OciImageManifest;
use oci_client::secrets::RegistryAuth;
use oci_client::{Client, Reference, RegistryOperation};
use oci_wasm::WASM_MANIFEST_MEDIA_TYPE;
use std::error::Error;

/// A registry, with the credentials for it.
pub struct Registry {
    client: Client,
    auth: RegistryAuth,
    replace: bool,
}

/// What pushing did.
pub enum Pushed {
    /// It was not there before.
    New,
    /// The same bytes were there.
    There,
}

impl Registry {
    /// The registry of a reference. `replace` allows other bytes under a tag that is there.
    pub fn new(base: &Reference, replace: bool) -> Result<Self> {
        // oci-client brings no TLS of its own here; a second call finds it installed.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let registry = base.resolve_registry();
        let config = ClientConfig {
            protocol: if is_here(registry) {
                ClientProtocol::Http
            } else {
                ClientProtocol::Https
            },
            ..ClientConfig::default()
        };
        Ok(Self {
            client: Client::new(config),
            auth: credentials::of(registry)?,
            replace,
        })
    }

    /// Pushes an artifact and reads back what the registry then has.
    pub async fn push(&self, place: &Reference, artifact: &Artifact) -> Result<Pushed> {
        let pushed = self.push_once(place, artifact).await;
        pushed.map_err(|problem| match problem.chain().any(is_refused) {
            true => problem.context(format!(
                "the registry does not let {} in; `docker login {}` as somebody who may push",
                match self.auth {
                    RegistryAuth::Anonymous => "somebody without credentials",
                    _ => "these credentials",
                },
                place.registry()
            )),
            false => problem,
        })
    }

    async fn push_once(&self, place: &Reference, artifact: &Artifact) -> Result<Pushed> {
        let digest = artifact.digest();
        self.client
            .auth(place, &self.auth, RegistryOperation::Push)
            .await?;
        match self.digest_of(place).await? {
            Some(there) if there == digest => return Ok(Pushed::There),
            Some(there) if !self.replace => bail!(
                "the tag holds something else already ({there}, and this is {digest}). A version stays as it was published: raise `version` in \
                 Cargo.toml, or add --replace"
            ),
            _ => {}
        }
        let manifest: OciImageManifest = serde_json::from_slice(&artifact.manifest)?;
        let blobs = [
            (artifact.layer.data.clone(), &manifest.layers[0].digest),
            (artifact.config.data.clone(), &manifest.config.digest),
        ];
        for (data, digest) in blobs {
            self.client.push_blob(place, data, digest).await?;
        }
        let bytes = artifact.manifest.clone();
        let kind = WASM_MANIFEST_MEDIA_TYPE
            .parse()
            .context("the manifest's media type")?;
        self.client.push_manifest_raw(place, bytes, kind).await?;
        let by_digest = place.clone_with_digest(digest.clone());
        let (there, _) = self
            .client
            .pull_manifest_raw(&by_digest, &self.auth, &[WASM_MANIFEST_MEDIA_TYPE])
            .await?;
        ensure!(
            there == artifact.manifest,
            "the registry gives back another manifest than it got"
        );
        Ok(Pushed::New)
    }

    /// What a tag holds.
    async fn digest_of(&self, place: &Reference) -> Result<Option<String>> {
        match self.client.fetch_manifest_digest(place, &self.auth).await {
            Ok(digest) => Ok(Some(digest)),
            Err(problem) if is_not_there(&problem) => Ok(None),
            Err(problem) => Err(problem).context("asking what the tag holds"),
        }
    }
}

/// Whether a registry is on this machine, where it needs no TLS.
fn is_here(registry: &str) -> bool {
    let host = registry.rsplit_once(':').map_or(registry, |(host, _)| host);
    host == "localhost" || host == "[::1]" || host.starts_with("127.")
}

/// Whether it is about who may do this.
fn is_refused(problem: &(dyn Error + 'static)) -> bool {
    matches!(
        problem.downcast_ref(),
        Some(
            OciDistributionError::UnauthorizedError { .. }
                | OciDistributionError::AuthenticationFailure(_)
        )
    )
}

fn is_not_there(problem: &OciDistributionError) -> bool {
    match problem {
        OciDistributionError::ImageManifestNotFoundError(_) => true,
        OciDistributionError::ServerError { code, .. } => *code == 404,
        OciDistributionError::RegistryError { envelope, .. } => {
            envelope.errors.iter().any(|error| {
                matches!(
                    error.code,
                    OciErrorCode::ManifestUnknown
                        | OciErrorCode::NameUnknown
                        | OciErrorCode::NotFound
                )
            })
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_registries_of_this_machine_are_reached_without_tls() {
        for (registry, here) in [
            ("127.0.0.1:5000", true),
            ("localhost:5000", true),
            ("localhost", true),
            ("[::1]:5000", true),
            ("ghcr.io", false),
            ("localhost.example", false),
            ("registry.example:5000", false),
        ] {
            assert_eq!(super::is_here(registry), here, "{registry}");
        }
    }
}
