//! Serves HTTP on an address, with limits on what a connection may take.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// Bytes of a request's head, and of what is buffered of a connection.
const HEAD_BYTES_MAX: usize = 16 * 1024;

/// How long nothing is accepted after the system had no more connections to give.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What connections may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections at once; others wait to be accepted.
    pub connections: usize,
    /// How long the head of a request may take, and how long a connection may be idle.
    pub head: Duration,
    /// How long a connection may last with all of its requests.
    pub connection: Option<Duration>,
}

/// An address that is served until it is stopped.
#[derive(Debug)]
pub struct Serving {
    address: SocketAddr,
    is_stopping: watch::Sender<bool>,
    task: JoinSet<()>,
}

impl Serving {
    /// Serves `app` on `address`; port 0 takes one that is free.
    ///
    /// # Errors
    ///
    /// Where the address cannot be listened on.
    pub async fn start(address: SocketAddr, app: Router, limits: Limits) -> io::Result<Self> {
        Self::on(TcpListener::bind(address).await?, app, limits)
    }

    /// Serves `app` on an address that is bound already.
    ///
    /// # Errors
    ///
    /// Where the system does not tell the address.
    pub fn on(listener: TcpListener, app: Router, limits: Limits) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let (is_stopping, stop) = watch::channel(false);
        let mut task = JoinSet::new();
        task.spawn(accept(listener, app, limits, stop));
        Ok(Self { address, is_stopping, task })
    }

    /// The address that is served.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Accepts nothing more, and waits up to `grace` for requests that were begun.
    ///
    /// Returns whether they had come to their end.
    pub async fn stop(mut self, grace: Duration) -> bool {
        // Where nobody listens, it has ended.
        let _ = self.is_stopping.send(true);
        let ended = timeout(grace, self.task.join_next()).await;
        self.task.abort_all();
        ended.is_ok()
    }
}

async fn accept(
    listener: TcpListener,
    app: Router,
    limits: Limits,
    mut stop: watch::Receiver<bool>,
) {
    let places = Arc::new(Semaphore::new(limits.connections));
    let mut connections = JoinSet::new();
    while !*stop.borrow() {
        tokio::select! {
            accepted = next(&listener, &places) => match accepted {
                Ok((stream, place)) => {
                    connections.spawn(connection(stream, place, app.clone(), limits, stop.clone()));
                }
                Err(_) => sleep(ACCEPT_PAUSE).await,
            },
            Some(_) = connections.join_next() => {}
            _ = stop.changed() => {}
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

async fn next(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> io::Result<(TcpStream, OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, _) = listener.accept().await?;
    Ok((stream, place))
}

async fn connection(
    stream: TcpStream,
    place: OwnedSemaphorePermit,
    app: Router,
    limits: Limits,
    mut stop: watch::Receiver<bool>,
) {
    let mut connection = std::pin::pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.head)
            .max_buf_size(HEAD_BYTES_MAX)
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(app))
    );
    let served = async {
        // What goes wrong with a connection is the other side's to know.
        tokio::select! {
            _ = connection.as_mut() => return,
            _ = stop.wait_for(|is_stopping| *is_stopping) => {}
        }
        connection.as_mut().graceful_shutdown();
        let _ = connection.as_mut().await;
    };
    match limits.connection {
        Some(limit) => {
            let _ = timeout(limit, served).await;
        }
        None => served.await,
    }
    drop(place);
}
