//! placeholder
use anyhow::Result;
/// Runs it.
pub fn large() -> Result<()> {
    Ok(())
}
