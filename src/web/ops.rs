//! For whoever runs the server: is it alive, can it serve.

use axum::Router;
use axum::extract::State;
use axum::routing::get;

use super::AppState;
use super::error::{Error, Result};

/// `/healthz` and `/readyz`.
pub fn routes() -> Router<AppState> {
    Router::new().route("/healthz", get(healthz)).route("/readyz", get(readyz))
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
