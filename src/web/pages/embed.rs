//! `/d/{id}?embed=1`: the board alone, the one page that others may frame.

use askama::Template;
use axum::http::{StatusCode, Uri, header};
use axum::response::{Html, IntoResponse as _, Response};

use crate::render::style::Theme;
use crate::web::AppState;
use crate::web::api::answer::{ASK_AGAIN, NO_STORE};
use crate::web::error::{Error, Problem, Result, sentence};
use crate::web::lanes::Lane;
use crate::web::share::Stored;

use super::pictured::address;
use super::selection::Selection;
use super::workbench::Drawing;

/// Anybody may frame the page: there is nothing on it to press but the way to the other one.
pub(in crate::web) const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'none'; \
    base-uri 'none'; frame-ancestors *";

/// Whether the board alone is asked for, as [`show`] answers it.
pub(in crate::web) fn is_framed(uri: &Uri) -> bool {
    let page = uri.path().strip_prefix("/d/").filter(|id| !id.contains(['.', '/']));
    let query = uri.query().unwrap_or_default().as_bytes();
    page.is_some() && form_urlencoded::parse(query).any(|said| said == ("embed".into(), "1".into()))
}

#[derive(Template)]
#[template(path = "embed.html")]
struct EmbedPage {
    /// In which it stays, whatever whoever looks prefers.
    theme: Theme,
    /// What is shown, or why nothing is.
    board: Result<Drawing, Words>,
    /// The page that may not be framed.
    link: String,
}

struct Words {
    status: StatusCode,
    title: &'static str,
    detail: String,
}

/// A shared diagram for a frame; what is gone says so there too.
pub(super) async fn show(app: &AppState, id: &str, selection: Selection, theme: Theme) -> Result<Response> {
    let link = format!("/d/{id}{}", selection.query());
    let board = match draw(app, id, selection).await {
        Ok(drawing) => Ok(Drawing { frame: frame(theme).to_owned(), ..drawing }),
        Err(error @ (Error::Gone(_) | Error::NotFound | Error::BadRequest(_))) => {
            Err(Words::new(&error.problem()))
        }
        Err(other) => return Err(other),
    };
    let (status, kept) = match &board {
        Ok(drawing) if drawing.empty && drawing.filters.asked.is_some() => (StatusCode::NOT_FOUND, NO_STORE),
        Ok(_) => (StatusCode::OK, ASK_AGAIN),
        Err(words) => (words.status, NO_STORE),
    };
    let link = if board.is_ok() { link } else { "/".to_owned() };
    let page = EmbedPage { theme, board, link };
    let headers = [(header::CONTENT_SECURITY_POLICY, POLICY), (header::CACHE_CONTROL, kept)];
    Ok((status, headers, Html(page.render().map_err(Error::internal)?)).into_response())
}

async fn draw(app: &AppState, id: &str, selection: Selection) -> Result<Drawing> {
    if let Some(to) = &selection.trace {
        address(to)?;
    }
    let record = app.record(id.parse()?).await?;
    app.compute(Lane::of(record.body.len()), move || {
        Ok(Drawing::without_links(&Stored::open(&record)?.analysis, selection))
    })
    .await?
}

/// The page that tells in a frame why there is no board.
pub(in crate::web) fn told(problem: &Problem) -> Result<Html<String>> {
    let page = EmbedPage { theme: Theme::Auto, board: Err(Words::new(problem)), link: "/".to_owned() };
    Ok(Html(page.render().map_err(Error::internal)?))
}

impl Words {
    fn new(problem: &Problem) -> Self {
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::NOT_FOUND);
        Self { status, title: problem.title, detail: sentence(&problem.detail) }
    }
}

/// What keeps the page framed, and in its theme, as one goes from board to board.
const fn frame(theme: Theme) -> &'static str {
    match theme {
        Theme::Auto => "embed=1",
        Theme::Light => "embed=1&theme=light",
        Theme::Dark => "embed=1&theme=dark",
    }
}
