//! A connection that cannot keep a server for ever: whoever sends half a request, or does not read the answer, is cut off.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::{Instant, Sleep};

/// The connections of a server.
pub struct Connections {
    /// How long a connection may go without a byte of ours taken: from its begin, or from the last answer, to the next answer.
    limit: Duration,
    cut: watch::Sender<bool>,
    open: Mutex<BTreeMap<SocketAddr, Arc<AtomicBool>>>,
}

impl Connections {
    pub fn new(limit: Duration) -> Arc<Self> {
        Arc::new(Self {
            limit,
            cut: watch::Sender::new(false),
            open: Mutex::default(),
        })
    }

    /// Breaks off those that are open, and says of each what it was at.
    pub fn cut(&self) -> Vec<String> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let said = open.iter().map(|(peer, writes)| {
            let state = match writes.load(Ordering::Relaxed) {
                true => "which does not read what it is sent",
                false => "whose request is not complete or not answered",
            };
            format!("{peer}, {state}")
        });
        let said = said.collect();
        drop(open);
        self.cut.send_replace(true);
        said
    }

    fn connection(self: &Arc<Self>, stream: TcpStream, peer: SocketAddr) -> Connection {
        let writes = Arc::new(AtomicBool::new(false));
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.insert(peer, Arc::clone(&writes));
        drop(open);
        let mut cut = self.cut.subscribe();
        Connection {
            all: Arc::clone(self),
            peer,
            stream,
            deadline: Box::pin(tokio::time::sleep(self.limit)),
            writes,
            is_cut: false,
            cut: Box::pin(async move {
                // The sender is in `all`, so it is there.
                let _ = cut.wait_for(|cut| *cut).await;
            }),
        }
    }
}

/// Takes connections in.
pub struct Door {
    pub listener: TcpListener,
    pub connections: Arc<Connections>,
}

impl axum::serve::Listener for Door {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        // With axum's handling of errors, such as too many open files.
        let (stream, peer) = axum::serve::Listener::accept(&mut self.listener).await;
        (self.connections.connection(stream, peer), peer)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// One connection.
pub struct Connection {
    all: Arc<Connections>,
    peer: SocketAddr,
    stream: TcpStream,
    deadline: Pin<Box<Sleep>>,
    /// Whether it waits for the other side to read.
    writes: Arc<AtomicBool>,
    is_cut: bool,
    cut: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl Connection {
    /// Whether it has to end although the other side has not done its part.
    fn ends(&mut self, context: &mut Context<'_>) -> Option<io::Error> {
        self.is_cut = self.is_cut || self.cut.as_mut().poll(context).is_ready();
        if self.is_cut {
            return Some(io::ErrorKind::ConnectionAborted.into());
        }
        let late = self.deadline.as_mut().poll(context).is_ready();
        late.then(|| io::ErrorKind::TimedOut.into())
    }

    fn written(
        &mut self,
        context: &mut Context<'_>,
        written: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        self.writes.store(written.is_pending(), Ordering::Relaxed);
        match written {
            Poll::Ready(result) => {
                let next = Instant::now() + self.all.limit;
                self.deadline.as_mut().reset(next);
                Poll::Ready(result)
            }
            Poll::Pending => match self.ends(context) {
                Some(error) => Poll::Ready(Err(error)),
                None => Poll::Pending,
            },
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let mut open = self.all.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.remove(&self.peer);
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        // Asked first: a side that goes on sending byte by byte ends, too.
        if let Some(error) = self.ends(context) {
            return Poll::Ready(Err(error));
        }
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.written(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.written(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
