//! An Obelisk server.

use super::{files, service::Service};
use crate::examples::http::Server;
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
    thread::sleep,
    time::Duration,
};

/// What a server keeps its executions in.
pub enum Database<'a> {
    /// A file of its own.
    Sqlite,
    /// The cluster behind the socket in this folder, shared with other servers.
    Postgres(&'a Path),
}

/// A running server.
pub struct Engine {
    /// Where executions are submitted.
    pub api: Server,
    /// Where webhooks arrive.
    pub external: Server,
    command: Command,
    log: PathBuf,
    service: Option<Service>,
}

impl Engine {
    /// Starts it with the connection's settings in the environment. The first of several servers brings the deployment, the others find it in the database.
    pub fn start(
        folder: &Path,
        name: &str,
        database: &Database,
        environment: &BTreeMap<String, String>,
        first: bool,
    ) -> Result<Self> {
        let program = files::find().context("Obelisk is not there: install it first")?;
        let (api, external) = (Server::free()?, Server::free()?);
        let settings = folder.join(format!("{name}.toml"));
        fs::write(&settings, server_toml(folder, database, api, external))?;
        let mut command = Command::new(program);
        command
            .args(["server", "run", "--server-config"])
            .arg(settings)
            .envs(environment)
            .env("EVENTS_URL", external.url());
        if first {
            command.arg("--deployment").arg(files::deployment());
        }
        let log = folder.join(format!("{name}.log"));
        let mut engine = Self {
            api,
            external,
            command,
            log,
            service: None,
        };
        engine.restart()?;
        Ok(engine)
    }

    /// Starts it again after [`Self::kill`].
    pub fn restart(&mut self) -> Result<()> {
        let mut service = Service::start(&mut self.command, &self.log)?;
        self.api.ready(|| service.lives())?;
        self.external.ready(|| service.lives())?;
        self.service = Some(service);
        Ok(())
    }

    /// SIGKILL. Returns the process id that it had.
    pub fn kill(&mut self) -> Result<u32> {
        let service = self.service.take().context("it is not running")?;
        let id = service.id();
        service.kill()?;
        Ok(id)
    }

    /// SIGTERM, and waits until it has ended.
    pub fn terminate(&mut self) -> Result<()> {
        self.service
            .take()
            .context("it is not running")?
            .terminate()
    }

    /// Submits an execution and returns its id.
    pub fn submit(&self, function: &str, parameters: &Value) -> Result<String> {
        let id = self.api.need("GET", "/v1/execution-id", None)?;
        let id = id.as_str().context("no execution id")?.to_owned();
        let payload = json!({"ffqn": function, "params": parameters});
        self.api
            .need("PUT", &format!("/v1/executions/{id}"), Some(&payload))?;
        Ok(id)
    }

    /// Waits for an execution and returns what it returned: `{"ok": …}` or another of Obelisk's words.
    pub fn result(&self, execution: &str) -> Result<Value> {
        loop {
            let state =
                self.api
                    .need("GET", &format!("/v1/executions/{execution}/status"), None)?;
            if state.to_string().contains("finished") {
                return self
                    .api
                    .need("GET", &format!("/v1/executions/{execution}"), None);
            }
            sleep(Duration::from_millis(200));
        }
    }
}

fn server_toml(folder: &Path, database: &Database, api: Server, external: Server) -> String {
    let database = match database {
        Database::Sqlite => format!("database.sqlite.directory = {:?}", folder.join("sqlite")),
        Database::Postgres(socket) => format!(
            "database.postgres.host = {socket:?}\ndatabase.postgres.user = \"obelisk\"\ndatabase.postgres.password = \"\"\n\
             database.postgres.db_name = \"obelisk\"\ndatabase.postgres.provision_policy = \"auto\""
        ),
    };
    format!(
        "api.listening_addr = \"127.0.0.1:{}\"\nexternal.listening_addr = \"127.0.0.1:{}\"\nwebui.enabled = false\nwasm.backtrace.persist = false\n{database}\n\
         wasm.cache_directory = {:?}\nwasm.codegen_cache.directory = {:?}\nlog.console.level = \"warn,obelisk=info\"\n",
        api.port,
        external.port,
        files::folder().join("cache"),
        files::folder().join("codegen"),
    )
}
