//! `mcp`: the actions as tools of the Model Context Protocol, for the runtimes of AI agents.

mod server;
mod tools;

use clap::Args;
use rmcp::{ServiceExt, transport};

use super::options::Options;
use super::problem::Problem;
use super::{invoke, manifest};
use server::Server;
use tools::Tools;

/// Arguments of `mcp`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Offer only what changes nothing at Meta.
    #[arg(long)]
    read_only: bool,
    /// Offer only these actions; all 59 with their schemas are a lot to read for a model.
    #[arg(long, value_name = "ACTION,…", value_delimiter = ',')]
    only: Vec<String>,
}

/// Serves over stdin and stdout, until stdin ends.
pub async fn run(arguments: Arguments, options: &Options) -> Result<(), Problem> {
    let config = options.settings()?;
    invoke::require_token(&config)?;
    let host = options.host(&config)?;
    let (manifest, text) = manifest::of(&host).await?;
    for name in &arguments.only {
        manifest.action(name)?;
    }
    let tools = Tools::of(&text, |tool| {
        let is_wanted = arguments.only.is_empty() || arguments.only.contains(&tool.name);
        is_wanted && (tool.reads() || !arguments.read_only)
    })?;
    tracing::info!(tools = tools.count(), "serving the Model Context Protocol");
    let server = Server::new(host.connect(config.connection), tools);
    let failed = |problem: String| {
        Problem::failed(
            format!("the agent's runtime cannot be served: {problem}"),
            "This command speaks the Model Context Protocol on stdin and stdout: let an agent's runtime start it.",
        )
    };
    let running = server.serve(transport::stdio()).await;
    let running = running.map_err(|problem| failed(problem.to_string()))?;
    running
        .waiting()
        .await
        .map_err(|problem| failed(problem.to_string()))?;
    Ok(())
}
