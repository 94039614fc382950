//! Smaller code: what binaryen's `wasm-opt -Oz` finds beyond LLVM.

use anyhow::{Context, Result};
use std::{fs, path::Path};
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

/// The same module with less code. `folder` is for the files that the optimiser wants.
pub fn optimize(module: &[u8], folder: &Path) -> Result<Vec<u8>> {
    let (input, output) = (folder.join("in.wasm"), folder.join("out.wasm"));
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    fs::write(&input, module).with_context(|| format!("cannot write {}", input.display()))?;
    let mut options = OptimizationOptions::new_optimize_for_size_aggressively();
    options.mvp_features_only();
    for feature in FEATURES {
        options.enable_feature(feature);
    }
    options
        .run(&input, &output)
        .context("wasm-opt refused the compiled module")?;
    fs::read(&output).with_context(|| format!("cannot read {}", output.display()))
}
