//! Traces: where a packet to an address goes, through an upload or a shared diagram.

use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::response::Response;

use super::answer::{ASK_AGAIN, Format, NO_STORE};
use super::openapi::{OfDiagrams, OfUploads};
use super::types;
use crate::analysis::Analysis;
use crate::web::AppState;
use crate::web::error::{Error, Result};
use crate::web::lanes::Lane;
use crate::web::share::Stored;
use crate::web::upload::{Options, Upload};
use crate::wiring::trace::{Address, Malformed, trace};

/// `?to=`, as an extractor: the address as it was written, and read.
pub(super) struct To {
    written: String,
    address: Address,
}

/// Follows an address through an upload
///
/// Says where a packet to it goes, hop by hop, and what share of the connections each pod gets. Nothing is kept.
#[utoipa::path(
    post,
    path = "/api/v1/trace",
    operation_id = "trace",
    params(
        ("to" = String, Query, example = "node:30008", min_length = 1, description =
            "`node:30008`, a node's or Service's address or name with a port, or a URL; it may end in `/udp` or `/sctp`."),
        ("state" = inline(Option<types::vocabulary::StateAsked>), Query, description = "What to do about pods' status."),
    ),
    responses(
        (status = 200, description = "The way.", content(
            (types::trace::Trace = "application/json"),
            (types::trace::Trace = "application/yaml"),
        )),
        OfUploads,
    ),
)]
pub(super) async fn upload(
    State(app): State<AppState>,
    to: To,
    options: Options,
    format: Format,
    upload: Upload,
) -> Result<Response> {
    let state = options.with_fields(&upload.fields, &app.config)?.state;
    let config = app.config.clone();
    app.compute(upload.lane(), move || to.answer(&upload.analyze(state, &config)?, format, NO_STORE)).await?
}

/// Follows an address through a shared diagram
///
/// Says where a packet to it goes, hop by hop, and what share of the connections each pod gets.
#[utoipa::path(
    get,
    path = "/api/v1/diagrams/{id}/trace",
    operation_id = "traceDiagram",
    params(
        ("id" = String, Path, description = "What the diagram's link ends with."),
        ("to" = String, Query, example = "node:30008", min_length = 1, description =
            "`node:30008`, a node's or Service's address or name with a port, or a URL; it may end in `/udp` or `/sctp`."),
    ),
    responses(
        (status = 200, description = "The way.", content(
            (types::trace::Trace = "application/json"),
            (types::trace::Trace = "application/yaml"),
        ), headers(("etag" = String, description = "A name of this answer, for If-None-Match."))),
        (status = 304, description = "If-None-Match names what would be answered."),
        OfDiagrams,
    ),
)]
pub(super) async fn shared(
    State(app): State<AppState>,
    Path(id): Path<String>,
    to: To,
    format: Format,
) -> Result<Response> {
    let record = app.record(id.parse()?).await?;
    app.compute(Lane::of(record.body.len()), move || {
        to.answer(&Stored::open(&record)?.analysis, format, ASK_AGAIN)
    })
    .await?
}

impl To {
    fn answer(&self, analysis: &Analysis, format: Format, cache: &'static str) -> Result<Response> {
        let trace = trace(&analysis.cluster, &analysis.wiring, &self.address);
        format.answer(&types::trace::Trace::new(analysis, &self.written, &trace), cache)
    }
}

impl<S: Sync> FromRequestParts<S> for To {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let query = parts.uri.query().unwrap_or_default();
        let to = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "to");
        let written = to.map_or_else(String::new, |(_, to)| to.trim().to_owned());
        let worded = |why: Malformed| Error::BadRequest(format!("to: {why}"));
        let address = written.parse().map_err(worded)?;
        Ok(Self { written, address })
    }
}
