//! Connections, which whoever is slow, or says nothing at all, must not keep for long.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulConnection, GracefulShutdown};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_io_timeout::TimeoutStream;
use tower::{Service, ServiceExt as _};

use super::client::Client;
use crate::config::Config;

/// How long the head of a request may take, from the last answer or from the connection on.
const HEAD: Duration = Duration::from_secs(30);
/// How long a client may take nothing of its answer.
const STALLED: Duration = Duration::from_secs(30);
/// The most of a request that is read ahead.
const AHEAD: usize = 64 << 10;
/// How long to wait where the system gives no more connections.
const AGAIN: Duration = Duration::from_millis(100);
/// Files that are open besides connections: the store's, the libraries'.
const OTHER_FILES: u64 = 128;

/// What answers.
pub trait App:
    Service<Request, Response = Response, Error = Infallible, Future: Send> + Clone + Send + 'static
{
}

impl<S> App for S where
    S: Service<Request, Response = Response, Error = Infallible, Future: Send> + Clone + Send + 'static
{
}

/// How many connections there may be.
#[derive(Debug, Clone, Copy)]
pub struct Most {
    all: usize,
    /// Of one client that is no proxy, so that it cannot have them all.
    of_one: usize,
}

impl Most {
    /// As the settings say, and as the system lets this process open; the system is asked for as many.
    pub fn allowed(config: &Config) -> Self {
        let wanted = config.max_connections.get() as u64 + OTHER_FILES;
        // Where the system does not say, it does not limit either.
        let allowed = rlimit::increase_nofile_limit(wanted).unwrap_or(wanted);
        let all = config.max_connections.get().min(allowed.saturating_sub(OTHER_FILES).max(16) as usize);
        if all < config.max_connections.get() {
            tracing::warn!(all, "the system allows fewer connections than --max-connections says");
        }
        Self { all, of_one: (all / 2).max(8) }
    }
}

/// Answers every connection until `stop`, and then finishes what is under way.
pub async fn serve(
    listener: TcpListener,
    app: impl App,
    config: Arc<Config>,
    most: Most,
    stop: impl Future<Output = ()>,
) {
    let places = Arc::new(Semaphore::new(most.all));
    let open = Open::default();
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let next = async {
            // The semaphore is never closed.
            let place = Arc::clone(&places).acquire_owned().await.ok();
            (place, accept(&listener).await)
        };
        let (place, (stream, peer)) = tokio::select! {
            next = next => next,
            () = &mut stop => break,
        };
        let is_proxy = config.trusted_proxy.iter().any(|network| network.contains(peer.ip()));
        let of_one = if is_proxy { most.all } else { most.of_one };
        let Some(own) = open.enter(Client::at(peer.ip()), of_one) else { continue };
        let connection = graceful.watch(connection(stream, peer, app.clone()));
        tokio::spawn(async move {
            // Whoever breaks off hears nothing anyway.
            let _ = connection.await;
            drop((place, own));
        });
    }
    drop(listener);
    graceful.shutdown().await;
}

fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    app: impl App,
) -> impl GracefulConnection + Send + 'static {
    // An answer does not wait for more to send with it; where that cannot be set, it is only slower.
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(STALLED));
    let answer = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        app.clone().oneshot(request)
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(AHEAD)
        .serve_connection(TokioIo::new(Box::pin(stream)), answer)
}

async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(cause) => {
                use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
                if !matches!(cause.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
                    tracing::error!(%cause, "no connection is accepted for a moment");
                    tokio::time::sleep(AGAIN).await;
                }
            }
        }
    }
}

/// How many connections each client has.
#[derive(Clone, Default)]
struct Open(Arc<Mutex<BTreeMap<Client, usize>>>);

/// One of them, until it is dropped.
struct Own {
    open: Open,
    client: Client,
}

impl Open {
    fn enter(&self, client: Client, most: usize) -> Option<Own> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(client).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Own { open: self.clone(), client })
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        let mut open = self.open.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.client) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.client);
            }
        }
    }
}
