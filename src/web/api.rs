//! The JSON API: what can be asked of it, one handler to a route. Its names are promised in [`types`].

pub mod answer;
pub mod types;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};

use super::AppState;
use super::error::{Error, Result};
use super::upload::{Options, StateAsked, Upload};
use crate::analysis::{self, Analysis, Skipped};
use crate::cluster;
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
    let analysis = app.analyze(upload, state).await?;
    app.compute(move || format.answer(&types::Analysis::from(&analysis), NO_STORE)).await?
}

/// `GET /api/v1/rules` - every rule there is.
async fn rules() -> Result<Response> {
    let rules: Vec<types::Rule> = RULES.iter().map(types::Rule::from).collect();
    Format::Json.answer(&rules, "public, max-age=3600")
}

impl AppState {
    /// Analyses an upload off the async threads; one with too much in it is refused.
    pub async fn analyze(&self, upload: Upload, state: StateAsked) -> Result<Analysis> {
        let config = self.config.clone();
        self.compute(move || {
            let mut analysis = analysis::analyze(upload.files, state.asked());
            let skipped = upload.skipped.into_iter();
            analysis.skipped.extend(skipped.map(|skipped| Skipped { file: skipped.file, why: skipped.why }));
            if analysis.documents > config.max_documents {
                return Err(Error::TooManyDocuments { limit: config.max_documents });
            }
            if analysis.objects > config.max_objects {
                return Err(Error::TooManyObjects { limit: config.max_objects });
            }
            Ok(analysis)
        })
        .await?
    }
}

impl StateAsked {
    /// The same in the core's terms.
    pub fn asked(self) -> Option<cluster::State> {
        match self {
            Self::Auto => None,
            Self::Assumed => Some(cluster::State::Assumed),
            Self::Observed => Some(cluster::State::Observed),
        }
    }
}
