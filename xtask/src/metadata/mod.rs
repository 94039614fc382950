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

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    reason = "a test that panics has failed, as it should"
)]
mod tests {
    use super::*;
    use crate::run::root;
    use flate2::read::ZlibDecoder;
    use serde_json::Value;
    use std::io::Read;
    use wasm_metadata::Payload;

    #[test]
    fn the_built_connector_says_what_it_is_and_what_is_in_it() {
        let bytes = fs::read(root().join("dist/whatsapp-connector.wasm")).unwrap();
        let payload = Payload::from_binary(&bytes).unwrap();
        let metadata = payload.metadata();
        assert_eq!(metadata.name.as_deref(), Some("whatsapp-connector"));
        let version = metadata.version.as_ref().unwrap().to_string();
        assert_eq!(version, env!("CARGO_PKG_VERSION"));
        assert_eq!(
            metadata.licenses.as_ref().unwrap().to_string(),
            "Apache-2.0"
        );
        let dependencies = metadata.dependencies.as_ref().unwrap().version_info();
        for name in ["whatsapp-connector", "serde_json", "hmac", "sha2"] {
            let is_it = |package: &auditable_serde::Package| package.name == name;
            assert!(dependencies.packages.iter().any(is_it), "{name}");
        }
    }

    #[test]
    fn its_manifest_can_be_read_without_running_it() {
        let bytes = fs::read(root().join("dist/whatsapp-connector.wasm")).unwrap();
        let sections = wasmparser::Parser::new(0).parse_all(&bytes);
        let packed = sections.filter_map(|payload| match payload.unwrap() {
            wasmparser::Payload::CustomSection(section) if section.name() == MANIFEST => {
                Some(section.data().to_vec())
            }
            _ => None,
        });
        let [packed] = <[Vec<u8>; 1]>::try_from(packed.collect::<Vec<_>>()).unwrap();
        let mut text = String::new();
        ZlibDecoder::new(packed.as_slice())
            .read_to_string(&mut text)
            .unwrap();
        let manifest: Value = serde_json::from_str(&text).unwrap();
        for (list, name) in [("actions", "send-text"), ("triggers", "new-message")] {
            let entries = manifest[list].as_array().unwrap();
            let entry = entries.iter().find(|entry| entry["name"] == name).unwrap();
            assert!(
                entry["title"].is_string() && entry["help"].is_null(),
                "{entry}"
            );
        }
    }
}
