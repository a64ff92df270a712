//! What every request passes on its way in, and every answer on its way out: a request has an id, an answer that is kept is
//! answered here, and each is counted and logged.
//!
//! It stands around the router, so that what is kept passes none of its layers.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use tower::Service;
use tracing::{Instrument as _, Span};
use uuid::Uuid;

use super::{AppState, cache};
use crate::metrics::METRICS;
use crate::store::Id;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The whole server, as a service.
#[derive(Debug, Clone)]
pub struct Front(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    app: AppState,
    routes: Router,
}

impl Front {
    pub(super) fn new(app: AppState, routes: Router) -> Self {
        Self(Arc::new(Parts { app, routes }))
    }
}

impl Service<Request> for Front {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let parts = Arc::clone(&self.0);
        Box::pin(async move { Ok(parts.answer(request).await) })
    }
}

impl Parts {
    async fn answer(&self, mut request: Request) -> Response {
        let start = Instant::now();
        let method = name(request.method());
        let id = request_id(&request);
        request.headers_mut().insert(REQUEST_ID, id.clone());
        let mut response = cache::answer(&self.app, &self.routes, request).await;
        let route = response.extensions_mut().remove::<MatchedPath>();
        let route = route.as_ref().map_or("unknown", MatchedPath::as_str);
        let status = response.status().as_u16();
        METRICS.answered(method, route, status, start);
        // A number of JSON has no 128 bits.
        let ms = start.elapsed().as_millis() as u64;
        span(method, route, &id).in_scope(|| tracing::info!(status, ms, "answered"));
        response.headers_mut().insert(REQUEST_ID, id);
        response
    }
}

/// A layer that says in the log of which request a line is, and tells the front the route.
///
/// The route's pattern stands for the path: an id is a key to a diagram, and a query may name somebody's hosts.
pub(super) async fn named(route: Option<MatchedPath>, request: Request, next: Next) -> Response {
    let pattern = route.as_ref().map_or("unknown", MatchedPath::as_str);
    let is_head = request.extensions().get::<cache::AskedForHead>().is_some();
    let method = if is_head { "HEAD" } else { name(request.method()) };
    let span = match request.headers().get(REQUEST_ID) {
        Some(id) => span(method, pattern, id),
        None => Span::none(),
    };
    let mut response = next.run(request).instrument(span).await;
    if let Some(route) = route {
        response.extensions_mut().insert(route);
    }
    response
}

/// A method's name for log and metrics; whatever else was sent may be anything.
fn name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

fn span(method: &'static str, route: &str, id: &HeaderValue) -> Span {
    tracing::info_span!("request", %method, route, id = id.to_str().unwrap_or_default())
}

/// The client's own id, which is logged and sent back, so it must be a plain one; else a new one.
fn request_id(request: &Request) -> HeaderValue {
    let is_plain = |id: &&HeaderValue| {
        let is_short = (1..=64).contains(&id.len());
        is_short && id.as_bytes().iter().all(|c| c.is_ascii_alphanumeric() || *c == b'-')
    };
    // Nobody's link gets into the log, not even by its owner's hand: no part of it is one, nor has it this address' own.
    let is_key = |id: &&HeaderValue| {
        let id = id.to_str().unwrap_or_default();
        let path = request.uri().path();
        let mut own = path.split(['/', '.']).filter(|part| part.parse::<Id>().is_ok());
        id.split('-').any(|part| part.parse::<Id>().is_ok())
            || own.any(|own| id.contains(own))
            // Nobody writes an id so.
            || path.contains('%')
    };
    let given = request.headers().get(REQUEST_ID);
    if let Some(id) = given.filter(is_plain).filter(|id| !is_key(id)) {
        return id.clone();
    }
    let id = Uuid::new_v4().hyphenated();
    HeaderValue::from_str(id.encode_lower(&mut Uuid::encode_buffer()))
        .unwrap_or(HeaderValue::from_static("-"))
}
