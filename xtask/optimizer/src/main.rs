//! Smaller code: what binaryen's `wasm-opt -Oz` finds beyond LLVM. `optimizer INPUT OUTPUT`

use anyhow::{Context, Result, bail};
use std::env;
use wasm_opt::{Feature, OptimizationOptions};

/// What Rust's target assumes of every engine; the optimiser may use it, and nothing newer.
const FEATURES: [Feature; 6] = [
    Feature::BulkMemory,
    Feature::MutableGlobals,
    Feature::SignExt,
    Feature::TruncSat,
    Feature::Multivalue,
    Feature::ReferenceTypes,
];

fn main() -> Result<()> {
    let files: Vec<_> = env::args_os().skip(1).collect();
    let [input, output] = files.as_slice() else {
        bail!("expected two files: the module, and where the smaller one goes");
    };
    let mut options = OptimizationOptions::new_optimize_for_size_aggressively();
    options.mvp_features_only();
    for feature in FEATURES {
        options.enable_feature(feature);
    }
    options
        .run(input, output)
        .with_context(|| format!("wasm-opt refused {}", input.display()))
}
