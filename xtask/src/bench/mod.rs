//! `cargo xtask bench`: how long things take, beside the same without WebAssembly and what people use in other languages.

mod measured;
mod peers;
mod report;

use crate::run::{Steps, cargo, command, root};
use anyhow::{Context, Result, ensure};
use measured::Measured;
use std::fs;

/// The page with the tables, and what they stand between.
const PAGE: &str = "docs/performance.md";
const BEGIN: &str = "<!-- What `cargo xtask bench` measured, and writes here. -->";
const END: &str = "<!-- End of what was measured. -->";

/// The announcements of [`bench`].
pub const STEPS: usize = 5;

/// Compiles the crate as the component is compiled.
const SMALL: &str = "profile.bench.package.whatsapp-connector.opt-level=\"z\"";

/// Measures, and writes the tables.
pub fn bench(steps: &mut Steps) -> Result<()> {
    steps.next("measuring the component and the crate without WebAssembly (the first time compiles the host: some minutes)");
    measured::forget()?;
    let bench = |name: &str| cargo(&["bench", "--package", "host-test", "--bench", name]);
    bench("connector").check("the benches")?;
    let mut all = Measured::of_criterion()?;
    steps.next(
        "measuring the crate without WebAssembly again, compiled for size as the component is",
    );
    let small = [
        "bench",
        "--package",
        "host-test",
        "--bench",
        "connector",
        "--config",
        SMALL,
        "--",
        "native",
    ];
    cargo(&small).check("the benches")?;
    all.add_small(Measured::of_criterion()?);
    steps.next("measuring ten thousand sends on their way at the same time");
    let in_flight = bench("in_flight").output()?;
    steps.next("measuring what people use in Node");
    let (node, found) = peers::node()?;
    all.add("node", &found)?;
    steps.next("measuring what people use in Python");
    let (python, found) = peers::python()?;
    all.add("python", &found)?;
    let machine = [processor(), rust()?, node, python];
    let report = report::report(&all, &in_flight, &machine)?;
    eprintln!("\n{report}");
    write(&report)
}

/// Puts the tables into the page.
fn write(report: &str) -> Result<()> {
    let path = root().join(PAGE);
    let page = fs::read_to_string(&path).with_context(|| format!("cannot read {PAGE}"))?;
    let parts = page.split_once(BEGIN).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(END)?;
        Some((before, after))
    });
    let (before, after) =
        parts.with_context(|| format!("{PAGE} has lost its marks: {BEGIN} … {END}"))?;
    fs::write(&path, format!("{before}{BEGIN}\n\n{report}\n{END}{after}"))?;
    eprintln!("written to {PAGE}");
    Ok(())
}

/// What it was measured on, as Linux says it.
fn processor() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = info
        .lines()
        .find_map(|line| line.strip_prefix("model name"));
    let name = name.map(|rest| rest.trim_start_matches([' ', '\t', ':']).to_owned());
    name.unwrap_or_else(|| std::env::consts::ARCH.to_owned())
}

fn rust() -> Result<String> {
    let text = command("rustc", &["--version"]).output()?;
    let version = text.split(' ').nth(1);
    ensure!(version.is_some(), "rustc says {text:?} of itself");
    Ok(format!("Rust {}", version.unwrap_or_default()))
}
