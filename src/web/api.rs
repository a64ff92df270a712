//! The JSON API: what can be asked of it, one handler to a route. Its names are promised in [`types`].

pub mod answer;
mod trace;
pub mod types;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};

use super::error::{Error, Result};
use super::share::Stored;
use super::upload::{Options, Upload};
use super::{AppState, BaseUrl, Bearer};
use crate::rules::RULES;
use crate::store::{DeleteToken, Deletion};
use answer::{ASK_AGAIN, Format, NO_STORE};

/// Everything below `/api/v1`.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/analyze", post(analyze))
        .route("/api/v1/diagrams", post(create))
        .route("/api/v1/diagrams/{id}", get(show).delete(delete))
        .route("/api/v1/diagrams/{id}/trace", get(trace::shared))
        .route("/api/v1/trace", post(trace::upload))
        .route("/api/v1/rules", get(rules))
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
    app.compute(move || format.answer(&types::Analysis::from(&upload.analyze(state, &config)?), NO_STORE))
        .await?
}

/// `POST /api/v1/diagrams` - keeps an upload, masked, and answers with its link and what deletes it.
async fn create(
    State(app): State<AppState>,
    BaseUrl(base): BaseUrl,
    options: Options,
    upload: Upload,
) -> Result<Response> {
    let options = options.with_fields(&upload.fields, &app.config)?;
    let (body, analysis) = app.mask(upload, options.state).await?;
    let (record, token) = app.new_record(options, body)?;
    let stored =
        Stored { id: record.id, created_at: record.created_at, expires_at: record.expires_at, analysis };
    app.store.put(record).await?;
    app.compute(move || {
        let location = format!("{base}/api/v1/diagrams/{}", stored.id.full());
        let answer = Format::Json.answer(&diagram(&stored, &base, Some(token)), NO_STORE)?;
        Ok((StatusCode::CREATED, [(header::LOCATION, location)], answer).into_response())
    })
    .await?
}

/// `GET /api/v1/diagrams/{id}` - what a shared diagram says.
async fn show(
    State(app): State<AppState>,
    BaseUrl(base): BaseUrl,
    Path(id): Path<String>,
    format: Format,
) -> Result<Response> {
    let record = app.record(id.parse()?).await?;
    app.compute(move || format.answer(&diagram(&Stored::open(&record)?, &base, None), ASK_AGAIN)).await?
}

/// `DELETE /api/v1/diagrams/{id}` - wipes a diagram for whoever made it.
async fn delete(
    State(app): State<AppState>,
    Path(id): Path<String>,
    Bearer(token): Bearer,
) -> Result<StatusCode> {
    match app.store.delete(id.parse()?, &token, app.now()).await? {
        Deletion::Deleted => Ok(StatusCode::NO_CONTENT),
        Deletion::WrongToken => Err(Error::Forbidden),
        Deletion::Gone => Err(Error::Gone),
        Deletion::Unknown => Err(Error::NotFound),
    }
}

/// `GET /api/v1/rules` - every rule there is.
async fn rules() -> Result<Response> {
    let rules: Vec<types::Rule> = RULES.iter().map(types::Rule::from).collect();
    Format::Json.answer(&rules, "public, max-age=3600")
}

fn diagram(stored: &Stored, base: &str, token: Option<DeleteToken>) -> types::Diagram {
    types::Diagram {
        id: stored.id.full(),
        url: stored.url(base),
        delete_token: token.map(DeleteToken::full),
        created_at: types::rfc3339(stored.created_at),
        expires_at: stored.expires_at.map(types::rfc3339),
        analysis: types::Analysis::from(&stored.analysis),
    }
}
