//! The targets without a fuzzer: every input that once was a finding, the seeds, and a thousand mutations of them. The same inputs on every run.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends by panicking"
)]

use fuzz_targets::{Mutator, Seed, TARGETS, Target, seeds};
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// How many mutations of seeds are run for each target.
const MUTATIONS: usize = 1000;

/// Runs an input; a finding is told together with the input.
fn run(target: Target, name: &str, input: &[u8]) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| target(input))) {
        let text = String::from_utf8_lossy(input);
        eprintln!("{name} does not hold for {} bytes: {text:?}", input.len());
        std::panic::resume_unwind(panic);
    }
}

#[test]
fn what_was_found_once_is_not_found_again() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../regressions");
    let mut count = 0;
    for entry in fs::read_dir(&root).unwrap() {
        let folder = entry.unwrap().path();
        let name = folder.file_name().unwrap().to_str().unwrap();
        let known = TARGETS.iter().find(|(target, _)| *target == name);
        let (_, target) = known.unwrap_or_else(|| panic!("there is no target {name}"));
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            run(
                *target,
                &path.display().to_string(),
                &fs::read(&path).unwrap(),
            );
            count += 1;
        }
    }
    assert!(count > 0, "{} holds no regression", root.display());
}

fn short(name: &str) {
    let (_, target) = TARGETS.iter().find(|(target, _)| *target == name).unwrap();
    let seeds: Vec<Seed> = seeds()
        .into_iter()
        .filter(|seed| seed.target == name)
        .collect();
    assert!(seeds.len() > 10, "{name} has {} seeds", seeds.len());
    for seed in &seeds {
        run(*target, name, &seed.bytes);
    }
    let mut mutator = Mutator::new(0x5eed);
    for _ in 0..MUTATIONS {
        let [one, other] = [(); 2].map(|()| &seeds[mutator.below(seeds.len())].bytes);
        let input = mutator.mutate(one, other);
        run(*target, name, &input);
    }
}

#[test]
fn webhooks_handle() {
    short("webhooks_handle");
}

#[test]
fn webhooks_parse() {
    short("webhooks_parse");
}

#[test]
fn action_input() {
    short("action_input");
}

#[test]
fn template_compiler() {
    short("template_compiler");
}

#[test]
fn graph_answer() {
    short("graph_answer");
}
