//! For whoever runs the server: is it alive, can it serve, what did it do.

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;

use super::AppState;
use super::api::types::problem::Problem;
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

/// Tells what the server did
///
/// Counts and times, in Prometheus' text format, without a word of an upload.
#[utoipa::path(get, path = "/metrics", responses(
    (status = 200, description = "The metrics.", body = String),
    (status = 404, description = "They have an address of their own (`--metrics-listen`).", body = Problem,
        content_type = "application/problem+json"),
))]
pub(super) async fn metrics() -> impl IntoResponse {
    let kind = (header::CONTENT_TYPE, prometheus::TEXT_FORMAT);
    // On an address of their own no layer says so.
    let plain = (header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    ([kind, (header::CACHE_CONTROL, "no-store"), plain], METRICS.text())
}

/// Tells that the server is alive
///
/// The process answers.
#[utoipa::path(get, path = "/healthz", responses((status = 200, description = "`ok`", body = String)))]
pub(super) async fn healthz() -> &'static str {
    "ok\n"
}

/// Tells that the server is ready
///
/// Its store answers too.
#[utoipa::path(get, path = "/readyz", responses(
    (status = 200, description = "`ready`", body = String),
    (status = 503, description = "The store does not answer.", body = Problem, content_type = "application/problem+json",
        headers(("retry-after" = u32, description = "Seconds after which to try again."))),
))]
pub(super) async fn readyz(State(app): State<AppState>) -> Result<&'static str> {
    app.store.ready().await.map_err(|cause| Error::StoreDown(cause.into()))?;
    Ok("ready\n")
}
