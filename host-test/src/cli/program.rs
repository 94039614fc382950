//! What to type to get at this program again.

/// `host-test` as the user reached it: through cargo, by a path, or by its name.
pub fn name() -> String {
    // Cargo sets this for what it runs; `cargo host-test` is an alias in `.cargo/config.toml`.
    if std::env::var_os("CARGO_MANIFEST_DIR").is_some() {
        return "cargo host-test".to_owned();
    }
    std::env::args()
        .next()
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "host-test".to_owned())
}
