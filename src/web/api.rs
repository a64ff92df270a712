//! The JSON API: what can be asked of it, one handler to a route. Its names are promised in [`types`].

pub mod answer;
pub mod types;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};

use super::AppState;
use super::error::Result;
use super::upload::{Options, Upload};
use crate::rules::RULES;
use answer::{Format, NO_STORE};

/// Everything below `/api/v1`.
pub fn routes() -> Router<AppState> {
    Router::new().route("/api/v1/analyze", post(analyze)).route("/api/v1/rules", get(rules))
}

/// `POST /api/v1/analyze` - says how an upload is wired, and keeps nothing.
async fn analyze(
    State(app): State<AppState>,
    options: Options,
    format: Format,
    upload: Upload,
) -> Result<Response> {
    let state = options.with_fields(&upload.fields, &app.config)?.state;
    let config = app.config.clone();
    app.compute(move || format.answer(&types::Analysis::from(&upload.analyze(state, &config)?), NO_STORE)).await?
}

/// `GET /api/v1/rules` - every rule there is.
async fn rules() -> Result<Response> {
    let rules: Vec<types::Rule> = RULES.iter().map(types::Rule::from).collect();
    Format::Json.answer(&rules, "public, max-age=3600")
}
