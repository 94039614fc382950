//! `cargo xtask publish`: the components as OCI artifacts, in the layout of the CNCF's working group on WebAssembly.
//!
//! A program of its own, so that building the connector does not compile what speaks to registries.

#![forbid(unsafe_code)]

mod artifact;
mod credentials;
mod registry;
mod revision;

use anyhow::{Context, Result, bail, ensure};
use artifact::Artifact;
use clap::Parser;
use oci_client::Reference;
use registry::{Pushed, Registry};
use std::{path::PathBuf, process::ExitCode};

/// Publishes the components of `dist/` and the WIT package as OCI artifacts.
///
/// `ghcr.io/acme/whatsapp-connector` gets the connector; names with -wasi, -events, -webhook-endpoint and -wit behind get the others.
/// Each is tagged with its version. What is published once under a version stays: other bytes under the same tag are refused.
///
/// Credentials are those of `docker login` (or any tool that writes Docker's config, its helpers included).
#[derive(Parser)]
#[command(bin_name = "cargo xtask publish")]
struct Arguments {
    /// Where to: for example ghcr.io/acme/whatsapp-connector or 127.0.0.1:5000/whatsapp-connector:0.1.0. Registries of this machine are
    /// reached by http, all others by https.
    #[arg(value_name = "REGISTRY/NAME[:VERSION]")]
    reference: String,
    /// Say what would be published, with every digest, and do nothing.
    #[arg(long)]
    dry_run: bool,
    /// Address of the source, for the artifacts' annotations; needed while Cargo.toml names no `repository`. The components stay as they were built.
    #[arg(long, value_name = "URL")]
    source: Option<String>,
    /// Replace a tag that holds something else. Those who pull by tag then get other bytes than before.
    #[arg(long)]
    replace: bool,
    /// Publish although there are changes that are not committed: nobody can build these bytes again.
    #[arg(long)]
    allow_dirty: bool,
    /// Folder with the components.
    #[arg(long, default_value = "dist", value_name = "FOLDER")]
    dist: PathBuf,
    /// Folder of the WIT package.
    #[arg(long, default_value = "wit", value_name = "FOLDER")]
    wit: PathBuf,
}

#[tokio::main]
async fn main() -> ExitCode {
    match publish(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("error: {problem:#}");
            ExitCode::FAILURE
        }
    }
}

async fn publish(arguments: Arguments) -> Result<()> {
    let base = base(&arguments.reference)?;
    let revision = revision::read()?;
    if revision.is_dirty && !arguments.dry_run && !arguments.allow_dirty {
        bail!(
            "there are changes that are not committed, so nobody could build what would be published. Commit them, or add --allow-dirty"
        );
    }
    let artifacts = artifact::all(
        &arguments.dist,
        &arguments.wit,
        &revision,
        arguments.source.as_deref(),
    )?;
    for artifact in &artifacts {
        ensure_version(&base, artifact)?;
    }
    let registry = Registry::new(&base, arguments.replace)?;
    for artifact in &artifacts {
        let place = artifact.place(&base);
        let name = format!(
            "{}/{}:{}",
            place.registry(),
            place.repository(),
            artifact.tag(&base)
        );
        if arguments.dry_run {
            println!("would publish {name}\n{artifact}");
            continue;
        }
        let pushed = registry.push(&place, artifact).await;
        match pushed.with_context(|| format!("publishing {name}"))? {
            Pushed::New => println!("published {name}\n{artifact}"),
            Pushed::There => println!("is there already {name}\n{artifact}"),
        }
    }
    Ok(())
}

/// The reference of the connector.
fn base(text: &str) -> Result<Reference> {
    let host = text.split('/').next().unwrap_or_default();
    let names_a_registry = text.contains('/') && (host.contains(['.', ':']) || host == "localhost");
    ensure!(
        names_a_registry,
        "{text:?} names no registry; write for example ghcr.io/acme/whatsapp-connector"
    );
    let reference: Reference = text.parse().with_context(|| {
        format!("{text:?} is no reference; write REGISTRY/NAME or REGISTRY/NAME:VERSION, for example ghcr.io/acme/whatsapp-connector:0.1.0")
    })?;
    if let Some(digest) = reference.digest() {
        bail!(
            "{text:?} ends in a digest; what is published gets its digest from its bytes: leave @{digest} out"
        );
    }
    Ok(reference)
}

/// A tag that looks like a version has to be the artifact's own.
fn ensure_version(base: &Reference, artifact: &Artifact) -> Result<()> {
    let tag = artifact.tag(base);
    if semver::Version::parse(&tag).is_ok() && tag != artifact.version {
        bail!(
            "the tag says version {tag}, but {} says that it is {}. Leave the tag out, or change `version` in Cargo.toml and build again",
            artifact.title,
            artifact.version
        );
    }
    Ok(())
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    reason = "a test that panics has failed, as it should"
)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_names_its_registry() {
        for good in [
            "ghcr.io/acme/connector",
            "127.0.0.1:5000/connector:0.1.0",
            "localhost/connector",
        ] {
            base(good).unwrap();
        }
        for (bad, why) in [
            ("connector", "names no registry"),
            ("acme/connector", "names no registry"),
            ("ghcr.io/Acme/connector", "is no reference"),
            (
                "ghcr.io/a/b@sha256:0000000000000000000000000000000000000000000000000000000000000000",
                "ends in a digest",
            ),
        ] {
            let problem = base(bad).unwrap_err().to_string();
            assert!(problem.contains(why), "{bad}: {problem}");
        }
    }
}
