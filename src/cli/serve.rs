//! `podwire serve`: binds, says where it is, serves until it is told to stop.

use std::io::{BufWriter, IsTerminal as _, Write as _};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};

use crate::config::{self, Config, LogFormat};
use crate::metrics::METRICS;
use crate::store::{self, Store};
use crate::web::connections::{self, Most};
use crate::web::{self, AppState};

/// Why the server does not start, or stopped.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error("{0}")]
    Setting(String),
    #[error("{0}")]
    Store(#[from] store::Error),
    #[error(
        "cannot listen on {address}: the port is taken by another program; choose one with {flag} ADDRESS:PORT"
    )]
    Taken { address: String, flag: &'static str },
    #[error("cannot listen on \"{address}\": {cause}; an address is like 127.0.0.1:8080")]
    Listen { address: String, cause: std::io::Error },
    #[error("cannot start: {0}")]
    Start(std::io::Error),
}

/// How often expired diagrams are wiped.
const PURGE: Duration = Duration::from_mins(1);

/// How long requests may go on after the server was told to stop.
const GRACE: Duration = Duration::from_secs(10);

/// Lines of the log that may wait to be written: a few megabytes.
const LINES: usize = 8_192;

/// Serves until SIGINT or SIGTERM.
pub(super) fn run(config: Config) -> Result<(), Error> {
    let config = config.checked().map_err(Error::Setting)?;
    let _until_all_is_written = log(&config)?;
    // What computes on all cores gives way, too; an error means that these threads are there already.
    let _ = rayon::ThreadPoolBuilder::new().start_handler(|_| web::threads::give_way()).build_global();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Error::Start)?;
    let done = runtime.block_on(serve(config));
    // An analysis that is still running does not keep the process.
    runtime.shutdown_timeout(Duration::from_secs(1));
    done
}

async fn serve(config: Config) -> Result<(), Error> {
    let stop = stop_signal()?;
    // A server that cannot listen makes no database.
    let listener = listen("--listen", &config.listen).await?;
    let address = listener.local_addr().map_err(Error::Start)?;
    let metrics = match &config.metrics_listen {
        Some(address) => Some(listen("--metrics-listen", address).await?),
        None => None,
    };
    let store = Store::open(config.store.as_str()).await?;
    let most = Most::allowed(&config);
    let state = AppState::new(config, store.clone());
    let config = state.config.clone();
    let mut beside = JoinSet::new();
    beside.spawn(purge(state.clone()));

    // Whoever started the server may have closed its standard output.
    let _ = writeln!(std::io::stdout(), "podwire is at http://{address}");
    if let Some(listener) = metrics {
        let address = listener.local_addr().map_err(Error::Start)?;
        tracing::info!(%address, "metrics have an address of their own");
        let never = std::future::pending();
        beside.spawn(connections::serve(listener, web::ops::metrics_router(), config.clone(), most, never));
    }
    let mut first = stop.clone();
    let server = connections::serve(listener, web::router(state), config, most, async move {
        asked(&mut first, Stop::Asked).await;
        tracing::info!("stopping");
    });
    let (mut again, mut late) = (stop.clone(), stop);
    tokio::select! {
        () = server => {}
        () = async { asked(&mut late, Stop::Asked).await; tokio::time::sleep(GRACE).await } => {}
        () = asked(&mut again, Stop::AskedAgain) => {}
    }
    // Metrics are there until the last request has been answered.
    beside.shutdown().await;
    store.close().await;
    Ok(())
}

async fn purge(state: AppState) {
    let mut minutes = tokio::time::interval(PURGE);
    minutes.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        minutes.tick().await;
        match state.store.purge(state.now()).await {
            Ok(0) => {}
            Ok(wiped) => tracing::info!(wiped, "expired diagrams were wiped"),
            Err(cause) => {
                tracing::error!(%cause, "expired diagrams were not wiped; they are tried again in a minute");
            }
        }
    }
}

/// Logs on a thread of its own, as whoever reads the log slowly must not keep anybody waiting; lines past [`LINES`] are counted
/// and lost.
fn log(config: &Config) -> Result<WorkerGuard, Error> {
    let filter = config::log_filter(&config.log).map_err(Error::Setting)?;
    let log = NonBlockingBuilder::default().buffered_lines_limit(LINES);
    let (writer, guard) = log.finish(BufWriter::new(std::io::stderr()));
    let lost = writer.error_counter();
    METRICS.tell_lost_lines(move || lost.dropped_lines());
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer);
    match config.log_format {
        LogFormat::Text => lines.with_ansi(std::io::stderr().is_terminal()).init(),
        LogFormat::Json => lines.json().flatten_event(true).with_span_list(false).init(),
    }
    // The words of a panic may quote an upload: the log has the place alone.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panicked");
    }));
    Ok(guard)
}

async fn listen(flag: &'static str, address: &str) -> Result<TcpListener, Error> {
    TcpListener::bind(address).await.map_err(|cause| cannot_listen(flag, address, cause))
}

fn cannot_listen(flag: &'static str, address: &str, cause: std::io::Error) -> Error {
    let address = address.to_owned();
    if cause.kind() == std::io::ErrorKind::AddrInUse {
        return Error::Taken { address, flag };
    }
    Error::Listen { address, cause }
}

/// Whether the server is to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stop {
    No,
    Asked,
    /// Whoever says it again does not want to wait.
    AskedAgain,
}

async fn asked(stop: &mut watch::Receiver<Stop>, how: Stop) {
    // An error means that nobody can tell us to stop any more.
    if stop.wait_for(|&now| now >= how).await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Tells of the first SIGINT (Ctrl-C) or SIGTERM, and of the second.
fn stop_signal() -> Result<watch::Receiver<Stop>, Error> {
    #[cfg(unix)]
    let mut terminate = {
        use tokio::signal::unix::{SignalKind, signal};
        signal(SignalKind::terminate()).map_err(Error::Start)?
    };
    let (tell, told) = watch::channel(Stop::No);
    tokio::spawn(async move {
        for how in [Stop::Asked, Stop::AskedAgain] {
            #[cfg(unix)]
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            #[cfg(not(unix))]
            let _ = tokio::signal::ctrl_c().await;
            // Nobody listens where the server has stopped by itself.
            let _ = tell.send(how);
        }
    });
    Ok(told)
}
