//! The JSON API: what can be asked of it, one handler to a route. Its names are promised in [`types`].

pub mod answer;
pub(super) mod cors;
pub mod openapi;
mod retry;
mod trace;
pub mod types;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::{Error, Result};
use super::lanes::Lane;
use super::share::Stored;
use super::upload::{Options, Upload};
use super::{AppState, BaseUrl, Bearer, conditional};
use crate::rules::RULES;
use crate::store::{DeleteToken, Deletion, Earlier, Put};
use answer::{ASK_AGAIN, Format, NO_STORE};
use retry::RetryKey;

/// On an answer that tells of a diagram which an earlier request made.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// Everything below `/api`.
pub fn routes() -> Router<AppState> {
    let (routes, _) = described().split_for_parts();
    routes.layer(from_fn(conditional::layer))
}

/// The routes with what the document says of them.
fn described() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(analyze))
        .routes(routes!(create))
        .routes(routes!(show, delete))
        .routes(routes!(trace::upload))
        .routes(routes!(trace::shared))
        .routes(routes!(rules))
        .routes(routes!(document))
}

/// Analyses an upload
///
/// Says how every port is wired and what is wrong with it. Nothing is kept.
#[utoipa::path(
    post,
    path = "/api/v1/analyze",
    operation_id = "analyze",
    params(("state" = inline(Option<types::vocabulary::StateAsked>), Query, description = "What to do about pods' status.")),
    responses(
        (status = 200, description = "How the upload is wired.", content(
            (types::Analysis = "application/json"),
            (types::Analysis = "application/yaml"),
        )),
        openapi::OfUploads,
    ),
)]
async fn analyze(
    State(app): State<AppState>,
    options: Options,
    format: Format,
    upload: Upload,
) -> Result<Response> {
    let state = options.with_fields(&upload.fields, &app.config)?.state;
    let config = app.config.clone();
    app.compute(upload.lane(), move || {
        format.answer(&types::Analysis::from(&upload.analyze(state, &config)?), NO_STORE)
    })
    .await?
}

/// Shares an upload
///
/// Keeps what wiring needs of it, with everything else masked, and answers with its link and with the token that deletes it.
#[utoipa::path(
    post,
    path = "/api/v1/diagrams",
    operation_id = "createDiagram",
    params(
        ("state" = inline(Option<types::vocabulary::StateAsked>), Query, description = "What to do about pods' status."),
        ("idempotency-key" = Option<String>, Header, pattern = "^[!-~]([ -~]*[!-~])?$", max_length = 255, description =
            "A text of 1 to 255 letters, digits and signs of ASCII, such as a UUID: the same upload under the same key is kept once in 24 hours."),
        ("expires" = Option<String>, Query, example = "7d", pattern = "^([0-9]+[smhdwy]|never|)$", description =
            "How long it is to live: a number and s, m, h, d, w or y, from an hour to a year unless the server is set otherwise; `never` where that is allowed."),
        ("names" = Option<String>, Query, example = "replaced", pattern = "^(kept|replaced|)$", description =
            "`replaced` keeps stand-ins in place of the names of objects, namespaces, nodes, hosts and files, and of labels' values."),
    ),
    responses(
        (status = 201, description = "The diagram is kept.", content(
            (types::Diagram = "application/json"),
            (types::Diagram = "application/yaml"),
        ), headers(
            ("location" = String, description = "Its address in the API."),
            ("idempotency-replayed" = Option<bool>, description = "`true` where the key made it before: its token was told then."),
        )),
        (status = 403, description = "A page of another origin asks.", body = types::problem::Problem,
            content_type = "application/problem+json"),
        openapi::OfUploads,
    ),
)]
async fn create(
    State(app): State<AppState>,
    BaseUrl(base): BaseUrl,
    (options, key, format): (Options, RetryKey, Format),
    upload: Upload,
) -> Result<Response> {
    let options = options.with_fields(&upload.fields, &app.config)?;
    let lane = upload.lane();
    let (body, analysis) = app.mask(upload, options).await?;
    let (record, token) = app.new_record(options, body)?;
    let new = Earlier { id: record.id, created_at: record.created_at, expires_at: record.expires_at };
    let earlier = match key.retry(options, &record.body) {
        None => app.store.put(record).await.map(|()| None)?,
        Some(retry) => match app.store.put_once(record, retry, app.now()).await? {
            Put::New => None,
            Put::Again(earlier) => Some(earlier),
            Put::Other => return Err(Error::KeyReused),
        },
    };
    app.compute(lane, move || {
        let Earlier { id, created_at, expires_at } = earlier.unwrap_or(new);
        let stored = Stored { id, created_at, expires_at, analysis };
        let location = format!("{base}/api/v1/diagrams/{}", stored.id.full());
        let token = earlier.is_none().then_some(token);
        let answer = format.answer(&diagram(&stored, &base, token), NO_STORE)?;
        let mut answer = (StatusCode::CREATED, [(header::LOCATION, location)], answer).into_response();
        if earlier.is_some() {
            answer.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
        }
        Ok(answer)
    })
    .await?
}

/// Shows a shared diagram
///
/// Says what its masked text says, which is what the original said, by line and by field.
#[utoipa::path(
    get,
    path = "/api/v1/diagrams/{id}",
    operation_id = "showDiagram",
    params(("id" = String, Path, description = "What its link ends with.")),
    responses(
        (status = 200, description = "The diagram.", content(
            (types::Diagram = "application/json"),
            (types::Diagram = "application/yaml"),
        ), headers(("etag" = String, description = "A name of this answer, for If-None-Match."))),
        (status = 304, description = "If-None-Match names what would be answered."),
        openapi::OfDiagrams,
    ),
)]
async fn show(
    State(app): State<AppState>,
    BaseUrl(base): BaseUrl,
    Path(id): Path<String>,
    format: Format,
) -> Result<Response> {
    let record = app.record(id.parse()?).await?;
    app.compute(Lane::of(record.body.len()), move || {
        format.answer(&diagram(&Stored::open(&record)?, &base, None), ASK_AGAIN)
    })
    .await?
}

/// Deletes a shared diagram
///
/// Wipes it for whoever made it; its link answers 410 from then on.
#[utoipa::path(
    delete,
    path = "/api/v1/diagrams/{id}",
    operation_id = "deleteDiagram",
    params(("id" = String, Path, description = "What its link ends with.")),
    responses(
        (status = 204, description = "It is wiped."),
        (status = 401, description = "No delete token was given.", body = types::problem::Problem,
            content_type = "application/problem+json",
            headers(("www-authenticate" = String, description = "`Bearer`"))),
        (status = 403, description = "This is another diagram's token.", body = types::problem::Problem,
            content_type = "application/problem+json"),
        openapi::OfDiagrams,
    ),
    security(("deleteToken" = [])),
)]
async fn delete(
    State(app): State<AppState>,
    Path(id): Path<String>,
    Bearer(token): Bearer,
) -> Result<StatusCode> {
    match app.delete(id.parse()?, &token).await? {
        Deletion::Deleted => Ok(StatusCode::NO_CONTENT),
        Deletion::WrongToken => Err(Error::Forbidden),
        Deletion::Gone(how) => Err(Error::Gone(how)),
        Deletion::Unknown => Err(Error::NotFound),
    }
}

/// Lists the rules
///
/// Everything that Podwire finds, with the reason and where Kubernetes says so.
#[utoipa::path(
    get,
    path = "/api/v1/rules",
    operation_id = "listRules",
    responses(
        (status = 200, description = "All rules, by name.", content(
            (Vec<types::Rule> = "application/json"),
            (Vec<types::Rule> = "application/yaml"),
        ), headers(("etag" = String, description = "A name of this answer, for If-None-Match."))),
        (status = 304, description = "If-None-Match names what would be answered."),
    ),
)]
async fn rules(format: Format) -> Result<Response> {
    let rules: Vec<types::Rule> = RULES.iter().map(types::Rule::from).collect();
    format.answer(&rules, "public, max-age=3600")
}

/// Describes the API
///
/// This document: `OpenAPI` 3.1.
#[utoipa::path(
    get,
    path = "/api/openapi.json",
    operation_id = "describe",
    responses(
        (status = 200, description = "The document.", content_type = "application/json", body = Object,
            headers(("etag" = String, description = "A name of this answer, for If-None-Match."))),
        (status = 304, description = "If-None-Match names what would be answered."),
    ),
)]
async fn document() -> impl IntoResponse {
    let headers =
        [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "public, max-age=3600")];
    (headers, openapi::DOCUMENT.as_str())
}

fn diagram<'a>(stored: &'a Stored, base: &str, token: Option<DeleteToken>) -> types::Diagram<'a> {
    types::Diagram {
        id: stored.id.full(),
        url: stored.url(base),
        delete_token: token.map(DeleteToken::full),
        created_at: types::rfc3339(stored.created_at),
        expires_at: stored.expires_at.map(types::rfc3339),
        analysis: types::Analysis::from(&stored.analysis),
    }
}
