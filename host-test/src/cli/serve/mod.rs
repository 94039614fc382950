//! `serve`: a webhook endpoint that keeps events, prints them, and hands them to programs on this machine.

mod introduction;
mod local;
mod printer;
mod receiver;
mod triggers;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clap::Args;
use host_test::inbox::{DeliveryLog, Inbox, Store, StoreError, TriggerError};
use host_test::{CallError, Config, Credentials, Host};
use tokio::sync::Notify;

use super::options::Options;
use super::out::Out;
use super::problem::Problem;
use super::shutdown;
use super::webhook::Server;
use local::{Local, LocalOptions};
use printer::Printer;
use receiver::Receiver;
use triggers::TriggerOptions;

/// How often old events are looked for.
const FORGET_EVERY: Duration = Duration::from_secs(6 * 3600);
/// Seconds of a day.
const DAY: u64 = 24 * 3600;
/// How long the end may take: mostly Meta's answers to `unsubscribe-webhooks`.
const WIND_DOWN: Duration = Duration::from_secs(15);

/// What is said below the help.
const AFTER_HELP: &str = "\
Programs on this machine get the events from the address of --events-listen:
  GET    /events            server-sent events, from now on; Last-Event-ID or ?after=ID goes on
                            from there, ?after=0 begins with the first; ?subscription=ID or
                            ?account=ID are some of them
  GET    /events/ws         the same as WebSocket: a JSON object {id, event, data} in each frame
  GET    /subscriptions     the triggers that run
  POST   /subscriptions     starts one: {\"trigger\": \"new-message\", \"business_account_id\": …,
                            \"filter\": {…}, \"id\": …}; it runs until it is stopped
  DELETE /subscriptions/ID  stops it
  GET    /triggers          what there is, with schemas, filters and samples
  GET    /messages/ID       how far a message of yours is

However often Meta repeats an event, it is kept, printed and handed on once; docs/inbox.md says how.";

/// Arguments of `serve`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct Arguments {
    /// Address and port to listen on for Meta.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Path of the webhook.
    #[arg(long, value_name = "PATH", default_value = "/webhook", value_parser = absolute)]
    path: String,
    /// File to keep events in (SQLite), so that a restart forgets nothing. Without it they are kept until the program ends.
    #[arg(long, value_name = "FILE")]
    store: Option<PathBuf>,
    /// Days after which events are forgotten. Meta repeats for up to 7 days.
    #[arg(long, value_name = "DAYS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(8..))]
    keep_days: u64,
    /// File to append each genuine delivery to, as a line of JSON; see `host-test replay`.
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    #[command(flatten)]
    triggers: TriggerOptions,
    #[command(flatten)]
    local: LocalOptions,
}

fn absolute(path: &str) -> Result<String, String> {
    if path.starts_with('/') && !path.contains(['?', '#', ' ']) {
        return Ok(path.to_owned());
    }
    Err(
        "expected a path that begins with `/`, without `?`, `#` and spaces, such as /webhook"
            .to_owned(),
    )
}

/// Serves until it is stopped.
pub async fn run(arguments: Arguments, options: &Options, out: Out) -> Result<(), Problem> {
    let config = options.settings()?;
    require(&config.credentials)?;
    let local = arguments.local.address(arguments.listen)?;
    let account = config.connection.business_account_id.as_deref();
    let given = arguments.triggers.read(account)?;
    let inbox = arguments.inbox(options.host(&config)?, &config)?;

    let unread = Arc::new(Notify::new());
    let printer = Printer::start(&inbox, out, Arc::clone(&unread)).await?;
    let receiver = Arc::new(Receiver::new(Arc::clone(&inbox)));
    let server = Server::serve(arguments.listen, &arguments.path, receiver).await?;
    let local = Local::start(local, Arc::clone(&inbox), account.map(str::to_owned)).await?;
    inbox.begin(given).await.map_err(refused)?;
    let forgetting = tokio::spawn(forget(Arc::clone(&inbox), arguments.keep_days));
    let end = shutdown::requested();
    let triggers = inbox.store().subscriptions().await.map_err(broken)?;
    introduction::say(&server, &local, &inbox, account, &triggers);

    let result = tokio::select! {
        () = end => Ok(()),
        () = unread.notified() => Err(Problem::failed(
            "stdout was closed, so events cannot be printed any more",
            "Start it again; what is kept with --store is not lost, and Meta repeats what was not answered with 200.",
        )),
    };
    tracing::info!("stopping");
    forgetting.abort();
    let again = shutdown::requested();
    let wind_down = async {
        inbox.end().await;
        server.stop().await;
        inbox.close();
        printer.end().await;
        local.stop().await;
    };
    tokio::select! {
        () = wind_down => {}
        () = again => tracing::warn!("stopped at once; what is left undone at Meta's is undone with the next start, if there is a --store"),
        () = tokio::time::sleep(WIND_DOWN) => tracing::warn!("something did not end in time and was left"),
    }
    result
}

impl Arguments {
    fn inbox(&self, host: Host, config: &Config) -> Result<Arc<Inbox>, Problem> {
        let mut inbox = Inbox::new(host.clone(), open(self.store.as_deref())?);
        if self.triggers.ask_meta() {
            inbox = inbox.with_meta(host.connect(config.connection.clone()));
        }
        if let Some(path) = &self.record {
            let log = DeliveryLog::open(path).map_err(|error| {
                Problem::usage(
                    format!("--record: cannot open {}: {error}", path.display()),
                    "Give the path of a file that this program may write, in a folder that exists.",
                )
            })?;
            inbox = inbox.with_log(log);
        }
        Ok(Arc::new(inbox))
    }
}

/// The store in this file, or a temporary one.
pub fn open(path: Option<&std::path::Path>) -> Result<Store, Problem> {
    let store = match path {
        Some(path) => Store::open(path),
        None => Store::temporary(),
    };
    store.map_err(|error| Problem::usage(format!("--store: {error}"), ""))
}

/// In seconds since 1970.
pub fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map(|since| since.as_secs()).unwrap_or_default()
}

/// What an endpoint cannot do without, by the name of its variable.
pub fn missing(credentials: &Credentials) -> Vec<&'static str> {
    let verify_token = credentials.webhook_verification().verify_token;
    let needed = [
        (
            credentials.current_app_secret().is_none(),
            "WHATSAPP_APP_SECRET",
        ),
        (verify_token.is_empty(), "WHATSAPP_VERIFY_TOKEN"),
    ];
    let missing = needed.into_iter().filter(|(missing, _)| *missing);
    missing.map(|(_, variable)| variable).collect()
}

fn require(credentials: &Credentials) -> Result<(), Problem> {
    let missing = missing(credentials);
    if missing.is_empty() {
        return Ok(());
    }
    Err(Problem::usage(
        format!(
            "webhooks cannot be checked without {}",
            missing.join(" and ")
        ),
        "Set what is missing in the environment or in the file of --config. The app secret is in Meta's app dashboard under App settings > \
         Basic; the verify token is a text of your own choice, which you also enter in the dashboard.",
    ))
}

/// Forgets what is old, now and then.
async fn forget(inbox: Arc<Inbox>, keep_days: u64) {
    let mut now_and_then = tokio::time::interval(FORGET_EVERY);
    loop {
        now_and_then.tick().await;
        let before = now().saturating_sub(keep_days.saturating_mul(DAY));
        match inbox.store().forget_before(before).await {
            Ok(0) => {}
            Ok(count) => {
                tracing::info!("forgot {count} deliveries of more than {keep_days} days ago")
            }
            Err(error) => tracing::warn!("{error}"),
        }
    }
}

/// A trigger of the command line that did not start.
fn refused(error: TriggerError) -> Problem {
    match error {
        TriggerError::Meta {
            source: CallError::Refused(refusal),
            account,
            ..
        } => {
            let said = refusal.fault();
            let (message, advice) = said.map_or_else(
                || (refusal.case().to_owned(), String::new()),
                |fault| (fault.message.clone(), fault.advice.clone()),
            );
            Problem::failed(
                format!("Meta does not send the webhooks of account {account}: {message}"),
                format!("{advice} Or leave Meta's side as it is with --leave-meta."),
            )
        }
        TriggerError::Wrong { .. } | TriggerError::Taken { .. } => Problem::usage(
            format!("a trigger cannot be started: {error}"),
            "`curl http://ADDRESS/triggers` at the address of --events-listen lists the triggers with their filters.",
        ),
        TriggerError::Store(error @ StoreError::InUse { .. }) => {
            Problem::usage(format!("--store: {error}"), "")
        }
        other => Problem::failed(other.to_string(), "No trigger was started."),
    }
}

fn broken(error: StoreError) -> Problem {
    Problem::failed(error.to_string(), "Check the file of --store and its disk.")
}
