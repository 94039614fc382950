//! From source to `dist/`.

use crate::{
    component::{self, Component},
    compose::compose,
    contract,
    metadata::{self, Dependencies},
    run::{Steps, cargo, command, root, target},
    shrink,
};
use anyhow::{Context, Result, bail};
use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// The target of the component: without WASI, so that it cannot reach anything by itself.
const TARGET: &str = "wasm32-unknown-unknown";

/// Announcements that [`build`] makes.
pub const STEPS: usize = 3;

/// The components, by package.
const COMPONENTS: [Component; 4] = [
    Component {
        package: "whatsapp-connector",
        file: "whatsapp-connector.wasm",
        imports: &["whatsapp:connector/http@0.1.0#send"],
        resources: false,
        summary: true,
        max_bytes: 300_000,
    },
    Component {
        package: "whatsapp-events",
        file: "whatsapp-events.wasm",
        imports: &[],
        resources: false,
        summary: false,
        max_bytes: 150_000,
    },
    Component {
        package: "whatsapp-webhook-endpoint",
        file: "whatsapp-webhook-endpoint.wasm",
        imports: &[
            "wasi:cli/environment@0.2.0",
            "wasi:cli/stderr@0.2.0",
            "wasi:clocks/monotonic-clock@0.2.0",
            "wasi:http/outgoing-handler@0.2.0",
            "wasi:http/types@0.2.0",
            "wasi:io/error@0.2.0",
            "wasi:io/poll@0.2.0",
            "wasi:io/streams@0.2.0",
        ],
        resources: true,
        summary: false,
        max_bytes: 160_000,
    },
    Component {
        package: "whatsapp-wasi-http-adapter",
        file: "whatsapp-wasi-http-adapter.wasm",
        imports: WASI,
        resources: true,
        summary: false,
        max_bytes: 100_000,
    },
];

/// The connector on any host of `wasi:http`: with the adapter.
const CONNECTOR_WASI: Component = Component {
    package: "whatsapp-connector",
    file: "whatsapp-connector-wasi.wasm",
    imports: WASI,
    resources: true,
    summary: true,
    max_bytes: 420_000,
};

/// What the adapter needs of a host.
const WASI: &[&str] = &[
    "wasi:cli/environment@0.2.0",
    "wasi:clocks/monotonic-clock@0.2.0",
    "wasi:http/outgoing-handler@0.2.0",
    "wasi:http/types@0.2.0",
    "wasi:io/error@0.2.0",
    "wasi:io/poll@0.2.0",
    "wasi:io/streams@0.2.0",
];

/// Builds every component into `dist/`.
pub fn build(steps: &mut Steps) -> Result<()> {
    steps.next(&format!("making sure that Rust can compile to {TARGET}"));
    ensure_target()?;
    steps.next("compiling the components to WebAssembly");
    let modules = COMPONENTS.iter();
    let modules = modules.map(|component| compile(component.package));
    let modules: Vec<_> = modules.collect::<Result<_>>()?;
    steps.next("making the components small (the first time compiles the optimiser: some minutes) and checking what they import");
    let dist = root().join("dist");
    fs::create_dir_all(&dist).with_context(|| format!("cannot make {}", dist.display()))?;
    let mut parts = Vec::new();
    for (component, module) in COMPONENTS.iter().zip(&modules) {
        let bytes = small(component, module)?;
        let dependencies = Dependencies::of(component.package, TARGET)?;
        finish(component, &dependencies, &bytes, &dist)?;
        parts.push((component.package, bytes, dependencies));
    }
    let mut part = |package: &str| {
        let place = parts.iter().position(|(name, ..)| *name == package);
        let place = place.with_context(|| format!("{package} is not built"))?;
        let (_, bytes, dependencies) = parts.swap_remove(place);
        Ok::<_, anyhow::Error>((bytes, dependencies))
    };
    let (connector, dependencies) = part("whatsapp-connector")?;
    let (adapter, further) = part("whatsapp-wasi-http-adapter")?;
    let composed = compose(connector.clone(), adapter)?;
    let bytes = contract::keep(&composed, &connector)?;
    finish(&CONNECTOR_WASI, &dependencies.and(further), &bytes, &dist)
}

/// Compiles a package to a module, which still has the names of its functions.
pub fn compile(package: &str) -> Result<Vec<u8>> {
    cargo(&[
        "build",
        "--release",
        "--lib",
        "--target",
        TARGET,
        "--package",
        package,
        // The names of the functions, for what makes the module small. They do not reach the component.
        "--config",
        "profile.release.strip=\"none\"",
    ])
    .env("CARGO_ENCODED_RUSTFLAGS", flags())
    .env(metadata::SUMMARY, metadata::summary())
    .check(&format!("compiling {package}"))?;
    let folder = target().join(TARGET).join("release");
    let module = folder.join(format!("{}.wasm", package.replace('-', "_")));
    fs::read(&module).with_context(|| format!("cannot read {}", module.display()))
}

/// The component of a module that was compiled, made small.
fn small(component: &Component, module: &[u8]) -> Result<Vec<u8>> {
    let whole = component::encode(&shrink::module(component.package, module)?)?;
    let bytes = if component.resources {
        whole.clone()
    } else {
        shrink::component(&whole)?
    };
    component::same_contract(&whole, &bytes)?;
    Ok(bytes)
}

/// Lets a component say what it is, checks it, and puts it where it belongs.
fn finish(
    component: &Component,
    dependencies: &Dependencies,
    bytes: &[u8],
    dist: &Path,
) -> Result<()> {
    let bytes = metadata::add(component, dependencies, bytes)?;
    component.check(&bytes)?;
    let output = dist.join(component.file);
    // Whoever reads it meanwhile finds the old one or the new one, never a half.
    let half = output.with_extension("half");
    fs::write(&half, &bytes).with_context(|| format!("cannot write {}", half.display()))?;
    fs::rename(&half, &output).with_context(|| format!("cannot write {}", output.display()))?;
    eprintln!(
        "    dist/{}: {:.1} KB, imports {}",
        component.file,
        bytes.len() as f64 / 1000.0,
        match component.imports {
            [] => "nothing".to_owned(),
            imports => imports.join(", "),
        }
    );
    Ok(())
}

/// Compiler flags. They are in the environment because a `RUSTFLAGS` of the caller would make another component.
fn flags() -> String {
    // A loop instead of 64 written-out rounds: 7 KB less, and a quarter slower, which is some microseconds a webhook.
    let mut flags = vec![
        "--cfg".to_owned(),
        "sha2_backend_soft=\"compact\"".to_owned(),
        "-Csymbol-mangling-version=v0".to_owned(),
        // Half a megabyte of stack: below 2^20 an address is a byte shorter in the code, which is 2 KB.
        "-Clink-arg=-zstack-size=524288".to_owned(),
    ];
    flags.extend(path_prefixes());
    flags.join("\x1f")
}

/// Keeps the names of this machine's folders out of the component: they stand in the places of panics.
fn path_prefixes() -> impl Iterator<Item = String> {
    let home = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| env::home_dir().map(|home| home.join(".cargo")));
    let folders = [
        (Some(root()), "."),
        (home, "cargo"),
        (Some(target()), "target"),
    ];
    folders.into_iter().filter_map(|(folder, name)| {
        folder.map(|folder| format!("--remap-path-prefix={}={name}", folder.display()))
    })
}

/// Installs the target's standard library when it is missing.
fn ensure_target() -> Result<()> {
    let folder = command("rustc", &["--print", "target-libdir", "--target", TARGET]).output()?;
    if Path::new(&folder).is_dir() {
        return Ok(());
    }
    eprintln!("    rustup target add {TARGET}");
    let Err(problem) = command("rustup", &["target", "add", TARGET]).check("rustup target add")
    else {
        return Ok(());
    };
    bail!(
        "{problem:#}\nRust's standard library for {TARGET} is missing and could not be installed. \
         Install it with `rustup target add {TARGET}`, or with your system's package of it, and run this again."
    );
}
