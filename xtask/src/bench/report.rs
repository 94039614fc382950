//! The tables, and whether each goal is met.

use super::measured::Measured;
use crate::run::root;
use anyhow::{Context, Result};
use serde_json::Value;
use std::fmt::Write;
use std::fs;

/// The deliveries and how large they are, for the table; `host-test/benches/support/deliveries.rs` makes them.
const DELIVERIES: [(&str, bool); 6] = [
    ("1 message", true),
    ("16 updates", true),
    ("100 updates", false),
    ("1,000 updates", false),
    ("10,000 updates", false),
    ("1,000 messages", false),
];

/// Everything as Markdown.
pub fn report(all: &Measured, in_flight: &str, machine: &[String]) -> Result<String> {
    let in_flight: Value =
        serde_json::from_str(in_flight.trim()).context("the second bench prints JSON")?;
    let number = |name: &str| {
        in_flight[name]
            .as_f64()
            .context("a number of the second bench")
    };
    let (rate, bytes) = (number("per_second")?, number("bytes_each")?);
    let size = fs::metadata(root().join("dist/whatsapp-connector.wasm"))?.len() as f64;
    let mut text = format!("Measured on one core of: {}.\n\n", machine.join("; "));
    calls(&mut text, all, rate, bytes)?;
    for (title, mode) in [
        ("checked inside", "signed"),
        ("checked by the host", "verified"),
    ] {
        deliveries(&mut text, all, title, mode)?;
    }
    goals(&mut text, all, rate, bytes, size)?;
    Ok(text)
}

fn calls(text: &mut String, all: &Measured, rate: f64, bytes: f64) -> Result<()> {
    let rows = [
        ("an instance, made and dropped", "send/instance"),
        ("`send-text`, by type, a fresh instance", "send/fresh"),
        (
            "the same in a host that leaves the data packed",
            "send/fresh, packed",
        ),
        (
            "the same in a host whose compiler inlines",
            "send/fresh, inlined",
        ),
        ("`send-text`, by type, a warm instance", "send/warm"),
        (
            "`send-text`, by name (`invoke`), a warm instance",
            "send/warm by name",
        ),
        (
            "the same in a host whose compiler inlines",
            "send/warm by name, inlined",
        ),
        ("the same without WebAssembly", "send/native by name"),
        (
            "the same without WebAssembly, compiled for size",
            "small send/native by name",
        ),
        (
            "the same in Node (whatsapp-api-js)",
            "node whatsapp-api-js, send",
        ),
        ("the same in Python (pywa)", "python pywa, send"),
        ("`describe`, a warm instance", "describe/warm"),
        ("`describe` without WebAssembly", "describe/native"),
        ("start: compiling the component", "start/compile"),
        ("start: this host, all of it", "start/host"),
        (
            "start: this host, when its compiler inlines",
            "start/host, inlined",
        ),
        (
            "start: loading what was compiled before",
            "start/precompiled",
        ),
    ];
    writeln!(text, "| what | time |\n| --- | ---: |")?;
    for (what, name) in rows {
        writeln!(text, "| {what} | {} |", time(all.get(name)?))?;
    }
    writeln!(
        text,
        "| 10,000 `send-text` on their way at once, each with an instance | {rate:.0} a second, {:.0} KB each |\n",
        bytes / 1000.0
    )?;
    Ok(())
}

fn deliveries(text: &mut String, all: &Measured, title: &str, mode: &str) -> Result<()> {
    writeln!(text, "`webhooks.handle`, the signature {title}:\n")?;
    writeln!(
        text,
        "| delivery | fresh | warm | warm, to JSON | the same, inlined | no WebAssembly, to JSON | the same for size | Node, by hand | Node, SDK | Python, by hand | Python, SDK |"
    )?;
    writeln!(
        text,
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    )?;
    for (name, _) in DELIVERIES {
        write!(text, "| {name}")?;
        for what in [
            "fresh",
            "warm",
            "warm to JSON",
            "inlined to JSON",
            "native to JSON",
        ] {
            write!(
                text,
                " | {}",
                time(all.get(&format!("handle {mode}/{what}/{name}"))?)
            )?;
        }
        let small = all.get(&format!("small handle {mode}/native to JSON/{name}"))?;
        write!(text, " | {}", time(small))?;
        for (language, sdk) in [("node", "whatsapp-api-js"), ("python", "pywa")] {
            for way in ["by hand", sdk] {
                // The SDKs take the first event of a delivery and drop the others.
                let found = all.get(&format!("{language} {way}, {mode}/{name}"));
                write!(text, " | {}", found.map_or("–".to_owned(), time))?;
            }
        }
        writeln!(text, " |")?;
    }
    writeln!(text)?;
    Ok(())
}

/// A goal: what is measured, how it compares, and the most that it may be.
fn goals(text: &mut String, all: &Measured, rate: f64, bytes: f64, size: f64) -> Result<()> {
    let ratio = |one: &str, other: &str| -> Result<f64> { Ok(all.get(one)? / all.get(other)?) };
    let mut rows = vec![
        (
            "a warm call, beside none of WebAssembly".to_owned(),
            ratio("send/warm by name", "send/native by name")?,
            2.0,
            "×",
        ),
        (
            "a warm call, beside the same, compiled for size".to_owned(),
            ratio("send/warm by name", "small send/native by name")?,
            2.0,
            "×",
        ),
        (
            "a send with a fresh instance".to_owned(),
            all.get("send/fresh")? / 1000.0,
            40.0,
            "µs",
        ),
        (
            "10,000 on their way: memory of each".to_owned(),
            bytes / 1024.0,
            1024.0,
            "KiB",
        ),
        (
            "10,000 on their way: time for each (10,000 a second)".to_owned(),
            1e6 / rate,
            100.0,
            "µs",
        ),
        (
            "size of the connector".to_owned(),
            size / 1000.0,
            300.0,
            "KB",
        ),
    ];
    for (name, small) in DELIVERIES {
        let warm = |mode: &str| format!("handle {mode}/warm to JSON/{name}");
        let native = format!("handle verified/native to JSON/{name}");
        rows.push((
            format!("parsing, {name}: beside none of WebAssembly"),
            ratio(&warm("verified"), &native)?,
            1.5,
            "×",
        ));
        let node = |mode: &str| format!("node by hand, {mode}/{name}");
        rows.push((
            format!("parsing, {name}: beside the same, compiled for size"),
            ratio(&warm("verified"), &format!("small {native}"))?,
            1.5,
            "×",
        ));
        rows.push((
            format!("parsing, {name}: beside Node by hand"),
            ratio(&warm("verified"), &node("verified"))?,
            0.5,
            "×",
        ));
        if small {
            rows.push((
                format!("with the signature, {name}: beside Node by hand"),
                ratio(&warm("signed"), &node("signed"))?,
                1.0,
                "×",
            ));
        }
    }
    let each = |name: &str, count: f64| -> Result<f64> {
        Ok(all.get(&format!("handle verified/warm/{name}"))? / count)
    };
    rows.push((
        "one of 10,000 updates, beside one of 100".to_owned(),
        each("10,000 updates", 10_000.0)? / each("100 updates", 100.0)?,
        1.3,
        "×",
    ));
    writeln!(
        text,
        "| goal | at most | measured | |\n| --- | ---: | ---: | --- |"
    )?;
    for (what, found, most, unit) in rows {
        let met = if found <= most { "met" } else { "**missed**" };
        writeln!(
            text,
            "| {what} | {most} {unit} | {found:.2} {unit} | {met} |"
        )?;
    }
    Ok(())
}

/// Three digits.
fn time(ns: f64) -> String {
    let (value, unit) = match ns {
        ns if ns < 1e3 => (ns, "ns"),
        ns if ns < 1e6 => (ns / 1e3, "µs"),
        ns if ns < 1e9 => (ns / 1e6, "ms"),
        ns => (ns / 1e9, "s"),
    };
    let digits = if value < 10.0 {
        2
    } else {
        usize::from(value < 100.0)
    };
    format!("{value:.digits$} {unit}")
}
