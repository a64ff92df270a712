//! Connections, which whoever is slow, or says nothing at all, must not keep for long.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::response::{IntoResponse as _, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulConnection, GracefulShutdown};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_io_timeout::TimeoutStream;
use tower::{Service, ServiceExt as _};

use super::client::Client;
use super::error::{self, Error};
use super::secure;
use crate::config::Config;
use crate::metrics::{During, METRICS};

/// How long the head of a request may take, from the last answer or from the connection on.
const HEAD: Duration = Duration::from_secs(30);
/// How long a client may take nothing of its answer.
const STALLED: Duration = Duration::from_secs(30);
/// The most of a request that is read ahead.
const AHEAD: usize = 64 << 10;
/// How often the log says that all connections are taken.
const SAID: Duration = Duration::from_mins(1);
/// How long to wait where the system gives no more connections.
const AGAIN: Duration = Duration::from_millis(100);
/// How many clients are told at once that they have too many connections, and how long that may take.
const TOLD_AT_ONCE: usize = 64;
const TELLING: Duration = Duration::from_secs(1);
/// Files that are open besides connections: the store's, the libraries'.
const OTHER_FILES: u64 = 192;

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
    let told = Arc::new(Semaphore::new(TOLD_AT_ONCE));
    let open = Open::default();
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    let mut said: Option<Instant> = None;
    loop {
        if places.available_permits() == 0 && said.is_none_or(|said| said.elapsed() > SAID) {
            said = Some(Instant::now());
            tracing::warn!(all = most.all, "all connections are taken: who comes now waits");
        }
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
        let Some(own) = open.enter(Client::at(peer.ip()), of_one) else {
            METRICS.connections_refused.inc();
            // Where many are told already, it is hung up on.
            if let Ok(telling) = Arc::clone(&told).try_acquire_owned() {
                tokio::spawn(refuse(stream, of_one, Arc::clone(&config), telling));
            }
            continue;
        };
        let connection = graceful.watch(connection(stream, peer, app.clone()));
        tokio::spawn(async move {
            let _open = During::new(&METRICS.connections);
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

/// Tells a client that it has too many connections, whatever it asks.
async fn refuse(stream: TcpStream, limit: usize, config: Arc<Config>, _telling: OwnedSemaphorePermit) {
    let answer = service_fn(|request: Request<Incoming>| {
        let request = request.map(Body::new);
        let refused = Error::TooManyConnections { limit }.into_response();
        let mut refused = error::faced(&request, refused);
        secure(&mut refused, request.uri(), &config);
        std::future::ready(Ok::<_, Infallible>(refused))
    });
    let mut connection = http1::Builder::new();
    connection.timer(TokioTimer::new()).header_read_timeout(TELLING).max_buf_size(AHEAD).keep_alive(false);
    let told = connection.serve_connection(TokioIo::new(stream), answer);
    // Whoever does not ask, or does not listen, hears nothing.
    let _ = tokio::time::timeout(TELLING, told).await;
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
