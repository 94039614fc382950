//! `serve`: a webhook endpoint that prints events.

use std::net::SocketAddr;
use std::sync::Arc;

use clap::Args;
use host_test::json;
use host_test::wit::webhooks::Event;
use host_test::{Config, Credentials};
use tokio::sync::Notify;

use super::options::Options;
use super::out::Out;
use super::problem::Problem;
use super::style::{DIM, HEAD};
use super::webhook::{Arrival, Server, Sink};
use super::{event_line, shutdown};

/// Arguments of `serve`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Address and port to listen on.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Path of the webhook.
    #[arg(long, value_name = "PATH", default_value = "/webhook", value_parser = absolute)]
    path: String,
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
    let missing = missing(&config.credentials);
    if !missing.is_empty() {
        return Err(Problem::usage(
            format!(
                "webhooks cannot be checked without {}",
                missing.join(" and ")
            ),
            "Set what is missing in the environment or in the file of --config. The app secret is in Meta's app dashboard under App settings > \
             Basic; the verify token is a text of your own choice, which you also enter in the dashboard.",
        ));
    }
    let host = options.host(&config)?;
    let unread = Arc::new(Notify::new());
    let sink = printer(out, Arc::clone(&unread));
    let server = Server::start(arguments.listen, &arguments.path, host, sink).await?;
    let end = shutdown::requested();
    introduce(&server, &config);
    let result = tokio::select! {
        () = end => Ok(()),
        () = unread.notified() => Err(Problem::failed(
            "stdout was closed, so events cannot be printed any more",
            "Start it again; Meta repeats what was not answered with 200.",
        )),
    };
    tracing::info!("stopping");
    server.stop().await;
    result
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

/// To stderr: stdout is for events.
fn introduce(server: &Server, config: &Config) {
    let url = server.url();
    let path = url.splitn(4, '/').nth(3).unwrap_or_default();
    let account = config.connection.business_account_id.as_deref();
    anstream::eprintln!(
        "{HEAD}Listening for webhooks on {url}{HEAD:#}\n\
         In Meta's app dashboard, under WhatsApp > Configuration, enter\n  \
           callback URL   https://YOUR-PUBLIC-NAME/{path}  {DIM}(forwarded to the address above; Meta wants https){DIM:#}\n  \
           verify token   the value of WHATSAPP_VERIFY_TOKEN  {DIM}[redacted]{DIM:#}\n\
         and subscribe to the field `messages`{}. Ctrl-C ends.",
        account
            .map(|id| format!(" of account {id}"))
            .unwrap_or_default()
    );
}

/// Prints what arrives: events on stdout, refusals in the log. Tells when nobody takes the events any more.
fn printer(out: Out, unread: Arc<Notify>) -> Sink {
    Arc::new(move |arrival| match arrival {
        Arrival::Handshake => {
            tracing::info!("answered the handshake");
            Ok(())
        }
        Arrival::Refused { status, problem } => {
            tracing::warn!("refused with {status}: {problem}");
            Ok(())
        }
        Arrival::Events(events) => events.iter().try_for_each(|event| {
            print(event, out).map_err(|_| {
                unread.notify_one();
                "the event cannot be written to stdout".to_owned()
            })
        }),
    })
}

fn print(event: &Event, out: Out) -> Result<(), Problem> {
    if out.is_json() {
        out.json_line(&json::to_value(event))
    } else {
        out.line(event_line::of(event))
    }
}
