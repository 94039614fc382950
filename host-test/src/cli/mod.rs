//! The command line: what may be typed, and which file does it.

mod address;
mod demo;
mod describe;
mod dump;
mod event_line;
mod input;
mod invoke;
mod log;
mod manifest;
mod mcp;
mod nearest;
mod options;
mod out;
mod problem;
mod program;
mod progress;
mod refusal;
mod replay;
mod serve;
mod shutdown;
mod simulate;
mod style;
mod text;
mod webhook;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use options::Options;
use out::Out;
use problem::Problem;

/// Settings and exit codes, below the help.
const SETTINGS: &str = "\
Settings, from the environment or from the file of --config (TOML or JSON, names in
lower case without WHATSAPP_). Secrets are never arguments: others could read them.
  WHATSAPP_ACCESS_TOKEN          secret: the access token
  WHATSAPP_APP_SECRET            secret: the app secret, for webhooks
  WHATSAPP_VERIFY_TOKEN          secret: the verify token, for webhooks
  WHATSAPP_PIN                   secret: the sender's PIN, for `demo --live` (not in --config)
  WHATSAPP_APP_ID                id of the app; tells `serve` whose webhook subscriptions are its own
  WHATSAPP_PHONE_NUMBER_ID       id of the phone number that sends
  WHATSAPP_BUSINESS_ACCOUNT_ID   id of the WhatsApp Business Account
  WHATSAPP_API_VERSION           Graph API version, such as v25.0
  WHATSAPP_BASE_URL              another place than Meta's, such as `host-test simulate`

Exit codes: 0 it worked; 1 the action was refused or failed; 2 wrong usage or settings.";

/// Runs the WhatsApp connector: every action, its webhooks, and a simulator of Meta's API.
#[derive(Debug, Parser)]
#[command(name = "host-test", version, after_help = SETTINGS, max_term_width = 100)]
struct CommandLine {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Play a whole customer conversation, against a simulator of Meta's API or, with --live, for real.
    Demo(demo::Arguments),
    /// List the actions, or explain one of them.
    Describe(describe::Arguments),
    /// Run one action: JSON in, JSON out.
    Invoke(invoke::Arguments),
    /// Offer the actions to an AI agent, as tools of the Model Context Protocol on stdin and stdout.
    Mcp(mcp::Arguments),
    /// Run a simulator of Meta's Graph API on this machine.
    Simulate(simulate::Arguments),
    /// Receive webhooks: keep their events, print them, and hand them to programs on this machine.
    Serve(serve::Arguments),
    /// Receive the deliveries again that `serve --record` wrote to a file.
    Replay(replay::Arguments),
}

/// Does what the arguments say.
pub async fn run() -> ExitCode {
    let CommandLine { options, command } = match CommandLine::try_parse() {
        Ok(given) => given,
        Err(error) => return misunderstood(&error),
    };
    let out = Out::new(options.json);
    log::start(options.verbose, &command);
    let ends_itself = matches!(command, Command::Simulate(_) | Command::Serve(_));
    let work = execute(command, &options, out);
    let result = if ends_itself {
        work.await
    } else {
        tokio::select! {
            // First, so that a signal still ends at once what reads stdin before it does anything else.
            biased;
            result = work => result,
            // What is dropped here tidies up: temporary files.
            signal = async { shutdown::requested().await } => Err(Problem::Interrupted(signal)),
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            problem.report(out);
            problem.exit_code()
        }
    }
}

async fn execute(command: Command, options: &Options, out: Out) -> Result<(), Problem> {
    match command {
        Command::Demo(arguments) => demo::run(arguments, options, out).await,
        Command::Describe(arguments) => describe::run(arguments, options, out).await,
        Command::Invoke(arguments) => invoke::run(arguments, options, out).await,
        Command::Mcp(arguments) => mcp::run(arguments, options).await,
        Command::Simulate(arguments) => simulate::run(arguments, out).await,
        Command::Serve(arguments) => serve::run(arguments, options, out).await,
        Command::Replay(arguments) => replay::run(arguments, options, out).await,
    }
}

/// Help, the version, or what is wrong with the arguments; the last as JSON if that much can be seen.
fn misunderstood(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() || !std::env::args().any(|argument| argument == "--json") {
        error.exit();
    }
    let text = error.render().to_string();
    let (message, _) = text.split_once("\n\nUsage").unwrap_or((&text, ""));
    let words: Vec<_> = message
        .trim_start_matches("error:")
        .split_whitespace()
        .collect();
    let problem = Problem::usage(
        words.join(" "),
        "`host-test --help` lists the commands and options.",
    );
    problem.report(Out::new(true));
    problem.exit_code()
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_arguments_fit_together() {
        super::CommandLine::command().debug_assert();
    }
}
