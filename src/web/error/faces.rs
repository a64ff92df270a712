//! The two faces of an error: a problem document, or a page for whoever reads HTML.

use askama::Template;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};

use super::{Error, Problem, Result};
use crate::web::pages::{is_framed, told_in_frame};

/// The most that an extractor says of a request.
const MOST_SAID: usize = 1024;

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    problem: &'a Problem,
    /// Its words as a sentence.
    detail: String,
    /// What whoever reads this can do, where the problem does not say.
    way_on: &'static str,
}

/// A layer that gives every error its face: a page for whoever reads HTML outside `/api/`, else a problem document.
///
/// Errors of axum's own (an unknown method, a rejected extractor) become ours on the way.
pub async fn faces(request: Request, next: Next) -> Response {
    let face = Face::of(&request);
    with_face(face, ours(next.run(request).await).await)
}

/// An error that answers a request before [`faces`] sees it, with its face.
pub(in crate::web) fn faced(request: &Request, error: Response) -> Response {
    with_face(Face::of(request), error)
}

/// What an error is told by.
#[derive(Debug, Clone, Copy)]
enum Face {
    Document,
    Page,
    /// A page that others frame.
    Frame,
}

impl Face {
    fn of(request: &Request) -> Self {
        match wants_page(request.uri().path(), request.headers()) {
            true if is_framed(request.uri()) => Self::Frame,
            true => Self::Page,
            false => Self::Document,
        }
    }
}

fn with_face(face: Face, mut response: Response) -> Response {
    let Some(problem) = response.extensions_mut().remove::<Problem>() else {
        return response;
    };
    response.headers_mut().append(header::VARY, HeaderValue::from_static("accept"));
    let page = || {
        let (detail, way_on) = (sentence(&problem.detail), way_on(problem.status));
        Ok(Html(ErrorPage { problem: &problem, detail, way_on }.render().map_err(Error::internal)?))
    };
    let page = match face {
        Face::Document => return response,
        Face::Page => page(),
        Face::Frame => told_in_frame(&problem),
    };
    let Ok(page): Result<_> = page else { return response };
    let (mut parts, body) = page.into_response().into_parts();
    parts.status = response.status();
    for (name, value) in response.headers() {
        if name != header::CONTENT_TYPE && name != header::CONTENT_LENGTH {
            parts.headers.insert(name, value.clone());
        }
    }
    Response::from_parts(parts, body)
}

/// Words that begin small and end open, as a sentence.
pub(in crate::web) fn sentence(words: &str) -> String {
    let mut chars = words.chars();
    let first = chars.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", chars.as_str())
}

/// What can be done about a problem of this status.
const fn way_on(status: u16) -> &'static str {
    match status {
        404 => "Look at the link again, or ask whoever sent it.",
        410 => "Whoever made it can share it again; the new diagram has a link of its own.",
        413 => {
            "Services, pods, workloads, routes and nodes are all that is drawn: whatever else is in there can stay behind."
        }
        503 => "Nothing is wrong with what was sent. Go back, and send it again in a moment.",
        _ => "",
    }
}

/// A bare error (without a body, or with axum's plain text) as one of ours, its other headers kept.
async fn ours(response: Response) -> Response {
    let status = response.status();
    let typed =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind != "text/plain; charset=utf-8");
    if typed || response.extensions().get::<Problem>().is_some() {
        return response;
    }
    let (parts, body) = response.into_parts();
    let error = match status {
        StatusCode::NOT_FOUND => Error::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => Error::MethodNotAllowed,
        status if status.is_client_error() => {
            // In a line of their own, extractors say what they do not understand.
            let said = axum::body::to_bytes(body, MOST_SAID).await.unwrap_or_default();
            let said = String::from_utf8(said.into()).ok().filter(|said| !said.trim().is_empty());
            let said = said.map_or_else(String::new, |said| format!(": {}", said.trim()));
            Error::BadRequest(format!("the request could not be understood{said}"))
        }
        status if status.is_server_error() => Error::internal(format!("a bare {status}")),
        _ => return Response::from_parts(parts, body),
    };
    let mut answer = error.into_response();
    for (name, value) in &parts.headers {
        if name != header::CONTENT_TYPE && name != header::CONTENT_LENGTH {
            answer.headers_mut().insert(name, value.clone());
        }
    }
    answer
}

/// `GET /api` itself is a page; what is below it is for programs.
fn wants_page(path: &str, headers: &HeaderMap) -> bool {
    if path.starts_with("/api/") {
        return false;
    }
    let mut html = 0.0_f32;
    let mut json = 0.0_f32;
    let accepts = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    for range in accepts.flat_map(|accept| accept.split(',')) {
        let mut parts = range.split(';').map(str::trim);
        let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
        let quality = parts.find_map(|part| part.strip_prefix("q=")?.parse::<f32>().ok()).unwrap_or(1.0);
        match kind.as_str() {
            "text/html" | "application/xhtml+xml" => html = html.max(quality),
            "application/json" | "application/problem+json" => json = json.max(quality),
            _ => {}
        }
    }
    html > 0.0 && html >= json
}
