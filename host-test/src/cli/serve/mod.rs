//! `serve`: a webhook endpoint that keeps events, prints them, and hands them to programs on this machine.

mod asking;
mod ending;
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
use host_test::inbox::{DeliveryLog, Inbox, Store};
use host_test::{Config, Credentials, Host};
use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::address;
use super::options::Options;
use super::out::Out;
use super::problem::Problem;
use super::shutdown;
use super::webhook::Server;
use ending::Running;
use local::{Local, LocalOptions};
use printer::Printer;
use receiver::Receiver;
use triggers::TriggerOptions;

/// How often old events are looked for.
const FORGET_EVERY: Duration = Duration::from_secs(6 * 3600);
/// Seconds of a day.
const DAY: u64 = 24 * 3600;
/// Meta repeats a delivery for up to 7 days: who forgets sooner takes a repetition for a new event.
const LEAST_DAYS: u64 = 8;

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

A printed line begins with the event's number (#N; `sequence` with --json), which is the ID of
the stream: --after N, or /events?after=N, goes on there.

However often Meta repeats an event, it is kept, printed and handed on once; docs/inbox.md says how.";

/// Arguments of `serve`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct Arguments {
    /// Address and port to listen on for Meta.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080", value_parser = address::parse)]
    listen: SocketAddr,
    /// Path of the webhook.
    #[arg(long, value_name = "PATH", default_value = "/webhook", value_parser = absolute)]
    path: String,
    /// File to keep events in (SQLite), so that a restart forgets nothing. Without it they are kept until the program ends.
    #[arg(long, value_name = "FILE")]
    store: Option<PathBuf>,
    /// Days after which events are forgotten. Meta repeats for up to 7 days.
    #[arg(long, value_name = "DAYS", default_value_t = 30, value_parser = days)]
    keep_days: u64,
    /// Print the events after this one, too: its number is the `#N` of a printed line, `sequence` in JSON; 0 begins with the first that
    /// is kept. Without it what comes from now on is printed.
    #[arg(long, value_name = "SEQUENCE")]
    after: Option<u64>,
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

fn days(text: &str) -> Result<u64, String> {
    match text.parse() {
        Ok(days) if days >= LEAST_DAYS => Ok(days),
        _ => Err(format!(
            "expected a number of days from {LEAST_DAYS} on, such as 30: Meta repeats a delivery for up to 7 days, and what is forgotten sooner would come as new"
        )),
    }
}

/// Serves until it is stopped.
pub async fn run(arguments: Arguments, options: &Options, out: Out) -> Result<(), Problem> {
    let config = options.settings()?;
    require(&config.credentials)?;
    let address = arguments.local.address(arguments.listen)?;
    let account = config.connection.business_account_id.as_deref();
    let given = arguments.triggers.read(account)?;
    let inbox = arguments.inbox(options.host(&config)?, &config)?;
    let end = shutdown::requested();

    let described = triggers::described(inbox.host()).await?;
    triggers::known(&described, &given)?;
    // Before anything arrives, so that no delivery misses its trigger.
    inbox.begin(given).await.map_err(asking::refused)?;
    let unread = Arc::new(Notify::new());
    let printer = Printer::start(&inbox, arguments.after, out, Arc::clone(&unread)).await?;
    let receiver = Arc::new(Receiver::new(Arc::clone(&inbox)));
    let server = Server::serve(arguments.listen, &arguments.path, receiver).await?;
    let local = Local::start(address, Arc::clone(&inbox), account.map(str::to_owned)).await?;
    let after = printer.after;
    let running = Running {
        server,
        local,
        printer,
    };
    let undo = arguments.triggers.unsubscribe_at_exit();
    tokio::pin!(end);
    // After that, so that what Meta sends at once is received.
    let pending = tokio::select! {
        pending = asking::at_start(&inbox) => pending?,
        _ = &mut end => {
            stop(&inbox, running, undo).await;
            return Ok(());
        }
    };
    let mut background = JoinSet::new();
    background.spawn(forget(Arc::clone(&inbox), arguments.keep_days));
    let watched = Arc::clone(&inbox);
    background.spawn(async move { watched.watch().await });
    let triggers = inbox.store().subscriptions().await;
    let triggers = triggers.map_err(|error| Problem::broken_store(&error))?;
    let names = triggers.iter().map(|one| one.subscription.trigger.as_str());
    let fields = triggers::webhook_fields(&described, names);
    introduction::say(
        &fields,
        &running.server,
        &running.local,
        &inbox,
        account,
        &triggers,
        after,
    );
    background.spawn(asking::later(Arc::clone(&inbox), pending));

    let result = tokio::select! {
        _ = &mut end => Ok(()),
        () = unread.notified() => Err(Problem::failed(
            "stdout was closed, so events cannot be printed any more",
            "Start it again; what is kept with --store is not lost, and Meta repeats what was not answered with 200.",
        )),
    };
    background.shutdown().await;
    stop(&inbox, running, undo).await;
    result
}

/// Ends everything; a second signal ends it at once.
async fn stop(inbox: &Inbox, running: Running, undo: bool) {
    tracing::info!("stopping");
    let again = shutdown::requested();
    tokio::select! {
        () = ending::wind_down(inbox, running, undo) => {}
        _ = again => tracing::warn!("stopped at once; what is left undone at Meta's is undone with the next start, if there is a --store"),
    }
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
    store.map_err(|error| Problem::store(&error))
}

/// In seconds since 1970.
pub fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map(|since| since.as_secs()).unwrap_or_default()
}

/// What an endpoint cannot do without, by the name of its variable.
pub fn missing(credentials: &Credentials) -> Vec<&'static str> {
    let verify_token = credentials.webhook_verification().verify_token.clone();
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
