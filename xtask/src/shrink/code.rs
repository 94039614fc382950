//! Smaller code, by binaryen (`xtask/optimizer`).

use crate::run::{cargo, root, target};
use anyhow::{Context, Result};
use std::fs;

/// What the result depends on beside the module.
const OPTIMIZER: [&str; 3] = [
    include_str!("../../optimizer/src/main.rs"),
    include_str!("../../optimizer/Cargo.toml"),
    include_str!("../../optimizer/Cargo.lock"),
];

/// The same module with less code. Its name is for the files in between.
pub fn optimize(name: &str, module: &[u8]) -> Result<Vec<u8>> {
    let folder = target().join("optimizer");
    let file = |ending: &str| folder.join(format!("{name}.{ending}"));
    let (input, output) = (file("in.wasm"), file("out.wasm"));
    // Written last, so that what an interrupted run left behind does not count.
    let done = file("done");
    let key = [OPTIMIZER.concat().as_bytes(), module].concat();
    let optimized =
        || fs::read(&output).with_context(|| format!("cannot read {}", output.display()));
    // It takes some seconds, and most builds change nothing.
    if output.exists() && fs::read(&done).is_ok_and(|earlier| earlier == key) {
        return optimized();
    }
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for stale in [&done, &output] {
        if stale.exists() {
            fs::remove_file(stale).with_context(|| format!("cannot remove {}", stale.display()))?;
        }
    }
    fs::write(&input, module).with_context(|| format!("cannot write {}", input.display()))?;
    let manifest = root().join("xtask/optimizer/Cargo.toml");
    let paths = [&manifest, &folder, &input, &output].map(|path| path.display().to_string());
    let [manifest, folder, input, output_path] = paths.each_ref().map(String::as_str);
    // The minutes in which it is compiled should not be silent.
    let is_compiled = target().join("optimizer/debug/optimizer").exists();
    let quiet: &[&str] = if is_compiled { &["--quiet"] } else { &[] };
    cargo(&["run", "--locked", "--manifest-path", manifest])
        .args(["--target-dir", folder])
        .args(quiet)
        .args(["--", input, output_path])
        .check("making the code smaller (xtask/optimizer; it needs a C++ compiler)")?;
    fs::write(&done, key).with_context(|| format!("cannot write {}", done.display()))?;
    optimized()
}
