//! What every command takes, and the host that comes out of it.

use std::path::{Path, PathBuf};

use clap::Args;
use host_test::{Config, Host, HostBuilder};

use super::problem::Problem;

/// Where the built component is, in the project.
const COMPONENT: &str = "dist/whatsapp-connector.wasm";

/// What every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub struct Options {
    /// The component to run [default: dist/whatsapp-connector.wasm of this project].
    #[arg(
        long,
        global = true,
        value_name = "PATH",
        env = "WHATSAPP_COMPONENT",
        hide_env_values = true
    )]
    pub component: Option<PathBuf>,
    /// File with settings, which `host-test --help` lists; the environment goes before it.
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "WHATSAPP_CONFIG",
        hide_env_values = true
    )]
    pub config: Option<PathBuf>,
    /// Print JSON for programs instead of text for people.
    #[arg(long, global = true)]
    pub json: bool,
    /// Log each HTTP exchange to stderr; twice: more.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

impl Options {
    /// The settings of the environment and of the file, if one was given.
    pub fn settings(&self) -> Result<Config, Problem> {
        let config = match &self.config {
            Some(path) => Config::load(path),
            None => Config::from_env(),
        };
        config.map_err(Problem::Config)
    }

    /// A host for the component with these settings.
    pub fn host(&self, config: &Config) -> Result<Host, Problem> {
        self.build(Host::builder().config(config))
    }

    /// Lets the component run in a host that is otherwise set up.
    pub fn build(&self, builder: HostBuilder) -> Result<Host, Problem> {
        builder
            .component(self.component_path())
            .build()
            .map_err(Problem::Setup)
    }

    /// The component's file: the given one, or the built one in the current folder, or that of the project this was compiled in.
    pub fn component_path(&self) -> PathBuf {
        if let Some(path) = &self.component {
            return path.clone();
        }
        let here = PathBuf::from(COMPONENT);
        let project = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .map(|root| root.join(COMPONENT))
            .filter(|path| path.exists());
        match project {
            Some(project) if !here.exists() => project,
            _ => here,
        }
    }
}
