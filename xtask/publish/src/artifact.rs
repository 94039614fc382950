//! What is published: bytes, and what registries are told of them.

use crate::revision::Revision;
use anyhow::{Context, Result, bail};
use oci_client::Reference;
use oci_client::client::{Config, ImageLayer};
use oci_client::manifest::OciImageManifest;
use oci_wasm::{ToConfig, WASM_MANIFEST_MEDIA_TYPE, WasmConfig};
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, fmt, fs, path::Path};
use wasm_metadata::{AddMetadata, AddMetadataField, Metadata, Payload};
use wit_parser::Resolve;

/// The components, and what their names have behind that of the connector.
const COMPONENTS: [(&str, &str); 4] = [
    ("whatsapp-connector.wasm", ""),
    ("whatsapp-connector-wasi.wasm", "-wasi"),
    ("whatsapp-events.wasm", "-events"),
    ("whatsapp-webhook-endpoint.wasm", "-webhook-endpoint"),
];

/// What the name of the WIT package has behind that of the connector.
const WIT: &str = "-wit";

/// One artifact, complete: pushing it twice changes nothing.
pub struct Artifact {
    /// What people call it.
    pub title: String,
    /// Its own version.
    pub version: String,
    suffix: &'static str,
    /// `application/wasm`.
    pub layer: ImageLayer,
    /// `application/vnd.wasm.config.v0+json`.
    pub config: Config,
    /// The manifest, as it is sent.
    pub manifest: Vec<u8>,
    annotations: BTreeMap<String, String>,
}

/// Everything that belongs to a version.
pub fn all(
    dist: &Path,
    wit: &Path,
    revision: &Revision,
    source: Option<&str>,
) -> Result<Vec<Artifact>> {
    let mut artifacts = Vec::new();
    for (file, suffix) in COMPONENTS {
        let path = dist.join(file);
        let bytes = fs::read(&path).with_context(|| {
            format!(
                "cannot read {}; `cargo xtask build` makes it",
                path.display()
            )
        })?;
        let artifact = Artifact::new(bytes, suffix, revision, source);
        artifacts.push(artifact.with_context(|| path.display().to_string())?);
    }
    let package = package(wit).with_context(|| format!("the WIT package of {}", wit.display()))?;
    artifacts.push(Artifact::new(package, WIT, revision, source)?);
    Ok(artifacts)
}

/// The contract as a binary package, with what a package of Cargo would say of it.
fn package(folder: &Path) -> Result<Vec<u8>> {
    let mut resolve = Resolve::default();
    let (id, _) = resolve.push_dir(folder)?;
    let name = &resolve.packages[id].name;
    let version = name.version.as_ref().context("it has no version")?;
    let mut metadata = AddMetadata::default();
    metadata.name = AddMetadataField::Set(format!("{}:{}", name.namespace, name.name));
    metadata.version = AddMetadataField::Set(version.to_string().parse()?);
    metadata.licenses = AddMetadataField::Set(env!("CARGO_PKG_LICENSE").parse()?);
    metadata.description =
        AddMetadataField::Set("The contract of the WhatsApp connector, as a WIT package".parse()?);
    let source = option_env!("CARGO_PKG_REPOSITORY");
    if let Some(source) = source.filter(|source| !source.is_empty()) {
        metadata.source = AddMetadataField::Set(source.parse()?);
    }
    metadata.to_wasm(&wit_component::encode(&resolve, id, false)?)
}

impl Artifact {
    fn new(
        bytes: Vec<u8>,
        suffix: &'static str,
        revision: &Revision,
        source: Option<&str>,
    ) -> Result<Self> {
        let payload = Payload::from_binary(&bytes)?;
        let metadata = payload.metadata();
        let title = metadata.name.clone().context("it has no name")?;
        let version = metadata
            .version
            .as_ref()
            .context("it has no version")?
            .to_string();
        let annotations = annotations(metadata, revision, source)?;
        let (mut config, layer) = WasmConfig::from_raw_component(bytes, None)?;
        // The same commit gives the same artifact.
        config.created = revision.time;
        if let Some(component) = &mut config.component {
            component.exports.sort_unstable();
        }
        let config = config.to_config()?;
        let layers = [layer];
        let mut manifest = OciImageManifest::build(&layers, &config, Some(annotations.clone()));
        manifest.media_type = Some(WASM_MANIFEST_MEDIA_TYPE.to_owned());
        let [layer] = layers;
        Ok(Self {
            title,
            version,
            suffix,
            layer,
            config,
            manifest: serde_json::to_vec(&manifest)?,
            annotations,
        })
    }

    /// Where it goes, named by the digest of its manifest.
    pub fn place(&self, base: &Reference) -> Reference {
        let repository = format!("{}{}", base.repository(), self.suffix);
        Reference::with_tag(base.registry().to_owned(), repository, self.tag(base))
    }

    /// The tag that was asked for, else its version.
    pub fn tag(&self, base: &Reference) -> String {
        // A reference without a tag is read as one with this.
        match base.tag() {
            Some("latest") | None => self.version.clone(),
            Some(tag) => tag.to_owned(),
        }
    }

    /// `sha256:…` of the manifest: what it is pulled by.
    pub fn digest(&self) -> String {
        sha256(&self.manifest)
    }
}

/// OCI's annotations, from what the component says of itself and from the commit; where the source is may be said by the caller.
fn annotations(
    metadata: &Metadata,
    revision: &Revision,
    source: Option<&str>,
) -> Result<BTreeMap<String, String>> {
    let text = |field: Option<&dyn ToString>| field.map(ToString::to_string);
    let own = text(metadata.source.as_ref().map(|field| field as _));
    let Some(source) = source.map(str::to_owned).or(own) else {
        bail!(
            "where its source is, is not known: add --source URL, or `repository` to [workspace.package] in Cargo.toml"
        );
    };
    let fields = [
        ("title", metadata.name.clone()),
        (
            "version",
            text(metadata.version.as_ref().map(|field| field as _)),
        ),
        (
            "description",
            text(metadata.description.as_ref().map(|field| field as _)),
        ),
        (
            "licenses",
            text(metadata.licenses.as_ref().map(|field| field as _)),
        ),
        ("source", Some(source)),
        ("revision", Some(revision.commit.clone())),
        (
            "created",
            Some(revision.time.format("%Y-%m-%dT%H:%M:%SZ").to_string()),
        ),
    ];
    let fields = fields.into_iter();
    Ok(fields
        .filter_map(|(name, value)| Some((format!("org.opencontainers.image.{name}"), value?)))
        .collect())
}

fn sha256(bytes: &[u8]) -> String {
    let hex = Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect::<String>();
    format!("sha256:{hex}")
}

impl fmt::Display for Artifact {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "    manifest  {}", self.digest())?;
        writeln!(
            out,
            "    layer     {}  {} bytes",
            sha256(&self.layer.data),
            self.layer.data.len()
        )?;
        for (name, value) in &self.annotations {
            writeln!(out, "    {name}: {value}")?;
        }
        Ok(())
    }
}
