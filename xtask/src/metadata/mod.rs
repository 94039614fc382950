//! What a component says of itself, in custom sections: anybody who has the file can read it without running it (`wasm-tools metadata show`).
//!
//! | section | what |
//! | --- | --- |
//! | `component-name`, `version`, `description`, `licenses`, `source` | as OCI's annotations of the same names |
//! | `.dep-v0` | the libraries in it, as `cargo auditable` writes them, for `cargo audit bin` and scanners |
//! | `whatsapp:connector/manifest` | the manifest without schemas, help texts and examples, as JSON packed with zlib; `plugin.describe` returns the whole |

mod dependencies;

use crate::{
    component::Component,
    run::{cargo, target},
};
use anyhow::{Context, Result, bail};
use flate2::{Compression, write::ZlibEncoder};
use serde::Deserialize;
use std::{fs, io::Write, path::PathBuf};
use wasm_encoder::{ComponentSection, CustomSection};
use wasm_metadata::{AddMetadata, AddMetadataField};

pub use dependencies::Dependencies;

/// The section of the manifest.
const MANIFEST: &str = "whatsapp:connector/manifest";

/// The section of the libraries, as `cargo auditable` calls it.
const DEPENDENCIES: &str = ".dep-v0";

/// The manifest without what makes it long. The build of the connector writes it where this environment variable says.
pub const SUMMARY: &str = "WHATSAPP_MANIFEST_SUMMARY";

/// What cargo knows of a package.
#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    description: Option<String>,
    license: Option<String>,
    repository: Option<String>,
}

/// The file of the summary.
pub fn summary() -> PathBuf {
    target().join("whatsapp-manifest-summary.json")
}

/// The component with its sections.
pub fn add(component: &Component, dependencies: &Dependencies, bytes: &[u8]) -> Result<Vec<u8>> {
    let package = package(component.package)?;
    let name = component
        .file
        .strip_suffix(".wasm")
        .unwrap_or(component.file);
    let mut metadata = AddMetadata::default();
    metadata.name = AddMetadataField::Set(name.to_owned());
    metadata.version = set(Some(package.version))?;
    metadata.description = set(package.description)?;
    metadata.licenses = set(package.license)?;
    metadata.source = set(package.repository)?;
    let mut bytes = metadata.to_wasm(bytes)?;
    append(
        &mut bytes,
        DEPENDENCIES,
        &packed(dependencies.json()?.as_bytes())?,
    );
    if component.summary {
        let path = summary();
        let summary = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        append(&mut bytes, MANIFEST, &packed(&summary)?);
    }
    Ok(bytes)
}

/// A field, where there is a value for it.
fn set<T>(text: Option<String>) -> Result<AddMetadataField<T>>
where
    T: std::str::FromStr<Err: Into<anyhow::Error>> + std::fmt::Debug + Clone,
{
    Ok(match text {
        Some(text) => AddMetadataField::Set(text.parse().map_err(Into::into)?),
        None => AddMetadataField::Keep,
    })
}

fn packed(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

fn append(component: &mut Vec<u8>, name: &str, data: &[u8]) {
    let section = CustomSection {
        name: name.into(),
        data: data.into(),
    };
    section.append_to_component(component);
}

/// What `Cargo.toml` says of a package.
fn package(name: &str) -> Result<Package> {
    #[derive(Deserialize)]
    struct Metadata {
        packages: Vec<Package>,
    }
    let metadata = cargo(&["metadata", "--format-version", "1", "--no-deps"]).output()?;
    let metadata: Metadata = serde_json::from_str(&metadata)?;
    match metadata
        .packages
        .into_iter()
        .find(|package| package.name == name)
    {
        Some(package) => Ok(package),
        None => bail!("the workspace has no package {name}"),
    }
}
