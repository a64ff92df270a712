//! `/d/{id}.svg` and its like: a shared diagram in other forms than its page.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::analysis::Analysis;
use crate::render::style::Theme;
use crate::render::tally::Tally;
use crate::render::{badge, dot, mermaid, png, preview, svg, text};
use crate::store::{Id, Record};
use crate::web::AppState;
use crate::web::api::answer::{ASK_AGAIN, Format};
use crate::web::api::types;
use crate::web::error::{Error, Result};
use crate::web::lanes::Lane;
use crate::web::share::Stored;
use crate::web::sink::Sink;

use super::csv::csv;
use super::pictured::Pictured;
use super::selection::Selection;
use super::tally::tally;

/// `ID.svg` as the id and the extension, `ID` as the id alone.
pub(super) fn split(file: &str) -> Result<(Id, Option<&str>)> {
    let (id, extension) = file.split_once('.').map_or((file, None), |(id, extension)| (id, Some(extension)));
    Ok((id.parse()?, extension))
}

/// How a picture or page is asked for, in the query.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Look {
    theme: Option<String>,
    scale: Option<String>,
    embed: Option<String>,
}

impl Look {
    /// Whether the board alone is asked for, to be framed.
    pub(super) fn is_framed(&self) -> bool {
        self.embed.as_deref() == Some("1")
    }

    pub(super) fn theme(&self) -> Result<Theme> {
        match self.theme.as_deref() {
            None | Some("auto") => Ok(Theme::Auto),
            Some("light") => Ok(Theme::Light),
            Some("dark") => Ok(Theme::Dark),
            Some(other) => Err(Error::BadRequest(format!("theme: {other:?} is none of auto, light, dark"))),
        }
    }

    fn scale(&self) -> Result<f32> {
        let Some(text) = self.scale.as_deref() else { return Ok(2.0) };
        let scale = text.parse().ok().filter(|scale| (0.25..=4.0).contains(scale));
        scale.ok_or_else(|| Error::BadRequest(format!("scale: {text:?} is no number from 0.25 to 4")))
    }
}

/// A picture that stands alone brings its own style, and nothing else.
const STANDALONE: &str =
    "default-src 'none'; style-src 'unsafe-inline'; font-src data:; frame-ancestors 'none'; sandbox";

const PLAIN: &str = "text/plain; charset=utf-8";

/// A diagram in one of its other forms; of an extension that is none, [`Error::NotFound`]. CPU work.
pub(super) fn face(stored: &Stored, extension: &str, look: &Look, selection: &Selection) -> Result<Response> {
    let analysis = &stored.analysis;
    let Analysis { cluster, wiring, files, .. } = analysis;
    let seen = || Pictured::board(analysis, selection);
    let listed = || Pictured::list(analysis, selection);
    // What cannot be read is refused in every form, whether it has a use for it or not.
    let (theme, _) = (look.theme()?, look.scale()?);
    Ok(match extension {
        // What programs read is whole.
        "json" => Format::Json.answer(&types::Analysis::from(analysis), ASK_AGAIN)?,
        "txt" => {
            let listed = listed()?;
            let mut sink = Sink::default();
            text::write(cluster, wiring, listed.findings(), files, listed.chosen(), &mut sink)
                .map_err(Error::internal)?;
            of_kind(PLAIN, sink.answer().map_err(Error::internal)?)
        }
        "svg" => {
            let board = seen()?.lit()?;
            let mut sink = Sink::default();
            svg::write(&board.diagram, theme, board.on(), &mut sink).map_err(Error::internal)?;
            picture(sink.answer().map_err(Error::internal)?)
        }
        // Neither has a media type that is registered.
        "mmd" => of_kind(PLAIN, mermaid::mermaid(&seen()?.lay_out())),
        "dot" => of_kind(PLAIN, dot::dot(&seen()?.lay_out())),
        "csv" => {
            let name = attachment("podwire", stored, "csv");
            (name, of_kind("text/csv; charset=utf-8", csv(analysis, &listed()?.lay_out()))).into_response()
        }
        "yaml" => {
            let name = attachment("masked", stored, "yaml");
            (name, of_kind("application/yaml", stored.masked())).into_response()
        }
        _ => return Err(Error::NotFound),
    })
}

/// The most bytes of SVG that are drawn in pixels, which takes thousands of times as long as to write them.
const MOST_DRAWN: usize = 3 << 19;

/// A diagram as PNG: laid out with others of its size, and drawn among what takes as long.
pub(super) async fn drawn(
    app: &AppState,
    record: Record,
    look: Look,
    selection: Selection,
) -> Result<Response> {
    let lane = Lane::of(record.body.len());
    let laid_out = move || {
        let (stored, theme, scale) = (Stored::open(&record)?, look.theme()?, look.scale()?);
        let board = Pictured::board(&stored.analysis, &selection)?.lit()?;
        Ok::<_, Error>((svg::plain(&board.diagram, theme, board.on()), scale))
    };
    let (svg, scale) = app.compute(lane, laid_out).await??;
    if svg.len() > MOST_DRAWN {
        return Err(Error::PictureTooLarge);
    }
    app.compute(Lane::of_picture(svg.len()), move || pixels(png::pixels(&svg, scale))).await?
}

/// `GET /d/{id}/badge.svg` - what is the matter, on one line for a README.
pub(super) async fn badge(State(app): State<AppState>, Path(id): Path<String>) -> Result<Response> {
    Ok(picture(badge::badge(&counted(&app, &id).await?)))
}

/// `GET /d/{id}/preview.png` - what chats show beside the link.
pub(super) async fn preview(
    State(app): State<AppState>,
    Path(id): Path<String>,
    Query(look): Query<Look>,
) -> Result<Response> {
    let (tally, theme) = (counted(&app, &id).await?, look.theme()?);
    app.compute(Lane::Small, move || pixels(preview::png(&tally, theme))).await?
}

/// The numbers of a diagram.
async fn counted(app: &AppState, id: &str) -> Result<Tally> {
    let record = app.record(id.parse()?).await?;
    app.compute(Lane::of(record.body.len()), move || Ok(tally(&Stored::open(&record)?.analysis))).await?
}

fn picture(svg: impl IntoResponse) -> Response {
    ([(header::CONTENT_SECURITY_POLICY, STANDALONE)], of_kind("image/svg+xml", svg)).into_response()
}

fn pixels(png: Option<Vec<u8>>) -> Result<Response> {
    let png = png.ok_or_else(|| Error::internal("the board cannot be drawn in pixels"))?;
    Ok(of_kind("image/png", png))
}

fn of_kind(kind: &'static str, body: impl IntoResponse) -> Response {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, ASK_AGAIN)], body).into_response()
}

/// What a form is called where it is kept: `masked-ID.yaml`.
fn attachment(what: &str, stored: &Stored, extension: &str) -> [(HeaderName, String); 1] {
    let name = format!("{what}-{}.{extension}", stored.id.full());
    [(header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))]
}
