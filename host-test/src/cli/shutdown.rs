//! The end, as the user wants it.

use std::future::Future;

/// Listens from now on for Ctrl-C, and for the signal with which service managers and containers stop a program; the future ends when one
/// came. Call it before saying that Ctrl-C ends the program: until then a signal ends it at once.
pub fn requested() -> impl Future<Output = ()> {
    let signals = listen();
    async {
        match signals {
            Ok(signals) => signals.await,
            // No signal can be received here: the program then ends as every other one does, at once.
            Err(_) => std::future::pending().await,
        }
    }
}

#[cfg(unix)]
fn listen() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn listen() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
