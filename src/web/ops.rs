//! For whoever runs the server: is it alive, can it serve, what did it do.

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;

use super::AppState;
use super::error::{Error, Result};
use crate::config::Config;
use crate::metrics::METRICS;

/// `/healthz`, `/readyz`, and `/metrics` where it has no address of its own.
pub fn routes(config: &Config) -> Router<AppState> {
    let routes = Router::new().route("/healthz", get(healthz)).route("/readyz", get(readyz));
    if config.metrics_listen.is_some() { routes } else { routes.route("/metrics", get(metrics)) }
}

/// What answers on the address of the metrics: nothing else.
pub fn metrics_router() -> Router {
    Router::new().route("/metrics", get(metrics))
}

/// `GET /metrics` - counts and times, in Prometheus' text format.
async fn metrics() -> impl IntoResponse {
    let kind = (header::CONTENT_TYPE, prometheus::TEXT_FORMAT);
    ([kind, (header::CACHE_CONTROL, "no-store")], METRICS.text())
}

/// `GET /healthz` - the process answers.
async fn healthz() -> &'static str {
    "ok\n"
}

/// `GET /readyz` - the store answers too.
async fn readyz(State(app): State<AppState>) -> Result<&'static str> {
    app.store.ready().await.map_err(|cause| Error::StoreDown(cause.into()))?;
    Ok("ready\n")
}
