//! `/share/preview`: the masked text and the names that stay, before anything is kept.

use std::collections::BTreeMap;

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};

use crate::config::Lifetime;
use crate::source::SourceFile;
use crate::source::redact::standins::{Places, places};
use crate::web::AppState;
use crate::web::api::answer::NO_STORE;
use crate::web::error::Result;
use crate::web::share::Masked;
use crate::web::upload::{Names, Options, Upload};

use super::home::{joined, wants_part};

/// What will be kept, for a page that is there already.
#[derive(Template, WebTemplate)]
#[template(path = "masked.html")]
struct MaskedPart {
    masked: Preview,
}

/// The same as a page, which brings the upload along so that it can be shared from there.
#[derive(Template, WebTemplate)]
#[template(path = "masked_page.html")]
struct MaskedPage {
    masked: Preview,
    text: String,
    /// Fields of the form that this one goes on with.
    fields: Vec<(&'static str, String)>,
}

struct Preview {
    places: Places,
    replaced: bool,
    files: Vec<(String, String)>,
    is_cut: bool,
    /// Who will see it, and for how long.
    who: String,
}

/// The most text that is shown; a form of the shared diagram has all of it.
const MOST: usize = 200_000;

/// `POST /share/preview` - shows what sharing would keep, and keeps nothing.
pub(super) async fn preview(
    State(app): State<AppState>,
    options: Options,
    headers: HeaderMap,
    upload: Upload,
) -> Result<Response> {
    let options = options.with_fields(&upload.fields, &app.config)?;
    let text = (!wants_part(&headers)).then(|| (joined(&upload.files), fields(&upload.fields)));
    let config = app.config.clone();
    let masked = app
        .compute(upload.lane(), move || {
            let analysis = upload.analyze(options.state, &config)?;
            Ok::<_, crate::web::error::Error>(Preview::new(&Masked::new(&analysis, options.names)?, options))
        })
        .await??;
    let kept = [(header::CACHE_CONTROL, NO_STORE), (header::REFERRER_POLICY, "same-origin")];
    Ok(match text {
        Some((text, fields)) => (kept, MaskedPage { masked, text, fields }).into_response(),
        None => (kept, MaskedPart { masked }).into_response(),
    })
}

impl Preview {
    fn new(masked: &Masked, options: Options) -> Self {
        let mut left = MOST;
        let mut is_cut = false;
        let mut shown = |file: &SourceFile| {
            let end = file.text().floor_char_boundary(left.min(file.text().len()));
            is_cut |= end < file.text().len();
            left -= end;
            (file.name.clone(), file.text()[..end].to_owned())
        };
        let files = masked.files.iter().map(&mut shown).filter(|(_, text)| !text.is_empty()).collect();
        let lifetime = match options.expires {
            Lifetime::For(time) => format!("for {}", time.words()),
            Lifetime::Never => "until you delete it".to_owned(),
        };
        Self {
            places: places(&masked.files),
            replaced: options.names == Names::Replaced,
            files,
            is_cut,
            who: format!(
                "Whoever has the link can see it {lifetime}. It is in no list, and you can delete it at any time."
            ),
        }
    }
}

fn fields(given: &BTreeMap<String, String>) -> Vec<(&'static str, String)> {
    let known = ["at", "trace", "broken", "state", "expires"];
    known.into_iter().filter_map(|name| Some((name, given.get(name)?.clone()))).collect()
}
