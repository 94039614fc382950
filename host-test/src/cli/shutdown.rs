//! The end, as the user wants it.

use std::future::Future;

/// What asked for the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Ctrl-C.
    Interrupt,
    /// What service managers and containers send.
    #[cfg_attr(not(unix), expect(dead_code, reason = "it comes only there"))]
    Terminate,
}

impl Signal {
    /// As shells count: 128 and the signal's number.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Interrupt => 130,
            Self::Terminate => 143,
        }
    }
}

/// Listens from now on for Ctrl-C, and for the signal with which service managers and containers stop a program; the future ends when one
/// came. Call it before saying that Ctrl-C ends the program: until then a signal ends it at once.
pub fn requested() -> impl Future<Output = Signal> {
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
fn listen() -> std::io::Result<impl Future<Output = Signal>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => Signal::Interrupt,
            _ = terminate.recv() => Signal::Terminate,
        }
    })
}

#[cfg(not(unix))]
fn listen() -> std::io::Result<impl Future<Output = Signal>> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        Signal::Interrupt
    })
}
