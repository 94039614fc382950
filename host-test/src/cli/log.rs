//! The log, on stderr: warnings, and with `--verbose` each HTTP exchange. `RUST_LOG` overrides both.

use tracing_subscriber::EnvFilter;

use super::Command;

/// What is logged with no, one and more `--verbose`.
const LEVELS: [&str; 3] = [
    // What goes wrong in a call is the call's error, which is printed at the end anyway.
    "warn,host_test::gateway=error,host_test::host=error",
    "warn,host_test=info",
    "info,host_test=debug,graph_simulator=info",
];

/// Starts logging.
pub fn start(verbose: u8, command: &Command) {
    let level = match (command, verbose) {
        // Here the requests are what the user wants to see.
        (Command::Simulate(_), 0) => "warn,graph_simulator=info,graph_simulator::simulator=warn",
        // Here an error of the host has no other place; one of Meta's is told with the trigger that it is about.
        (Command::Serve(_) | Command::Replay(_), 0) => "warn,host_test::gateway=error",
        _ => LEVELS.get(usize::from(verbose)).unwrap_or(&LEVELS[2]),
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
    // anstream decides about colours for stderr as it does for stdout.
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_target(false)
        .with_writer(anstream::stderr);
    if runs_on(command) {
        log.compact().init();
    } else {
        log.compact().without_time().init();
    }
}

/// Whether the command runs until it is stopped: then the log needs times.
fn runs_on(command: &Command) -> bool {
    matches!(
        command,
        Command::Simulate(_) | Command::Serve(_) | Command::Mcp(_)
    )
}
