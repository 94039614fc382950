//! Putting components together.

use anyhow::{Context, Result};
use wac_graph::{CompositionGraph, EncodeOptions, plug, types::Package};

/// A component whose imports another one gives it.
pub fn compose(socket: Vec<u8>, plugs: Vec<u8>) -> Result<Vec<u8>> {
    let mut graph = CompositionGraph::new();
    let mut register = |name: &str, bytes: Vec<u8>| -> Result<_> {
        let package = Package::from_bytes(name, None, bytes, graph.types_mut())?;
        Ok(graph.register_package(package)?)
    };
    let socket = register("whatsapp:connector-component", socket)?;
    let plugs = register("whatsapp:adapter-component", plugs)?;
    plug(&mut graph, vec![plugs], socket).context("the adapter does not fit the connector")?;
    Ok(graph.encode(EncodeOptions::default())?)
}
