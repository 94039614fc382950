//! Who publishes: what `docker login` and its like have written down.

use anyhow::{Context, Result};
use docker_credential::{CredentialRetrievalError, DockerCredential, get_credential};
use oci_client::secrets::RegistryAuth;
use std::{env, path::PathBuf};

/// Docker's config.
fn config() -> Option<PathBuf> {
    let folder = env::var_os("DOCKER_CONFIG").map(PathBuf::from);
    let folder = folder.or_else(|| env::home_dir().map(|home| home.join(".docker")));
    folder.map(|folder| folder.join("config.json"))
}

/// The credentials of a registry; none when nobody logged in there.
pub fn of(registry: &str) -> Result<RegistryAuth> {
    match get_credential(registry) {
        Ok(DockerCredential::UsernamePassword(name, password)) => Ok(RegistryAuth::Basic(name, password)),
        Ok(DockerCredential::IdentityToken(token)) => Ok(RegistryAuth::Bearer(token)),
        Err(CredentialRetrievalError::ConfigNotFound | CredentialRetrievalError::NoCredentialConfigured) => {
            Ok(RegistryAuth::Anonymous)
        }
        // It says the same of a file that nobody has written yet.
        Err(CredentialRetrievalError::ConfigReadError) if !config().is_some_and(|config| config.exists()) => Ok(RegistryAuth::Anonymous),
        Err(problem) => Err(problem).with_context(|| {
            format!("the credentials of {registry} in Docker's config cannot be used; `docker login {registry}` writes them anew")
        }),
    }
}
