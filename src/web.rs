//! The shell around the core: routes, layers, limits.

pub mod api;
pub mod assets;
mod cache;
mod client;
mod coding;
pub mod conditional;
pub mod connections;
mod date;
pub mod error;
mod escape;
mod front;
mod guard;
pub mod lanes;
mod limits;
pub mod ops;
pub mod pages;
mod sending;
pub mod share;
mod sink;
mod spent;
pub mod threads;
mod turns;
pub mod upload;

use std::ops::Deref;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderValue, Uri, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use crate::config::Config;
use crate::store::Store;
use error::{Error, Result};
pub use front::Front;

const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'";

/// What every handler shares: a handle, since each layer has its own for each request.
#[derive(Debug, Clone)]
pub struct AppState(Arc<Shared>);

/// What a server has one of.
#[derive(Debug)]
pub struct Shared {
    /// The settings.
    pub config: Arc<Config>,
    /// Where shared diagrams are kept.
    pub store: Store,
    /// How much is computed at once.
    pub lanes: lanes::Lanes,
    faces: cache::Faces,
    clients: limits::Clients,
}

/// What links begin with, as an extractor: the public URL, else the address that the request came to.
#[derive(Debug, Clone)]
pub struct BaseUrl(pub String);

/// The token of `Authorization: Bearer …`, as an extractor; without one, [`Error::Unauthorized`].
#[derive(Clone)]
pub struct Bearer(pub String);

/// The whole server.
pub fn router(state: AppState) -> Front {
    let routes = Router::new()
        .merge(ops::routes(&state.config))
        .merge(assets::routes())
        .merge(pages::routes())
        .merge(api::routes());
    with_layers(routes, state)
}

/// Routes behind every layer that the server has; tests give routes of their own.
pub fn with_layers(routes: Router<AppState>, state: AppState) -> Front {
    // The last layer is the outermost.
    let routes = routes
        .fallback(error::not_found)
        .layer(CatchPanicLayer::custom(error::panicked))
        .layer(from_fn_with_state(state.clone(), timeout))
        .layer(from_fn_with_state(state.clone(), limits::layer))
        .layer(from_fn(error::faces))
        .layer(CompressionLayer::new().compress_when(sending::Briefly))
        .layer(from_fn(coding::plain_too))
        .layer(from_fn(api::cors::layer))
        .layer(from_fn_with_state(state.clone(), guard::layer))
        .layer(from_fn_with_state(state.clone(), security_headers))
        .layer(from_fn(front::named))
        .with_state(state.clone());
    Front::new(state, routes)
}

impl AppState {
    /// State for these settings and this store.
    pub fn new(config: Config, store: Store) -> Self {
        Self(Arc::new(Shared {
            clients: limits::Clients::new(&config),
            lanes: lanes::Lanes::new(&config),
            config: Arc::new(config),
            store,
            faces: cache::Faces::default(),
        }))
    }

    /// The time in Unix seconds, as the store counts it.
    pub fn now(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        since.map_or(0, |since| since.as_secs() as i64)
    }
}

impl Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl FromRequestParts<AppState> for BaseUrl {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Self::Rejection> {
        let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok());
        // HTTP/2 has no Host header: the address itself names the host.
        let host = host.or_else(|| parts.uri.authority().map(Authority::as_str));
        Ok(Self(app.config.base_url(host)))
    }
}

impl<S: Sync> FromRequestParts<S> for Bearer {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let given = parts.headers.get(header::AUTHORIZATION).and_then(|given| given.to_str().ok());
        let (scheme, token) = given.and_then(|given| given.split_once(' ')).ok_or(Error::Unauthorized)?;
        if !scheme.eq_ignore_ascii_case("bearer") || token.trim().is_empty() {
            return Err(Error::Unauthorized);
        }
        Ok(Self(token.trim().to_owned()))
    }
}

async fn timeout(State(app): State<AppState>, mut request: Request, next: Next) -> Response {
    if let Some(cache::StoreAway(cause)) = request.extensions_mut().remove() {
        return Error::StoreDown(cause.into()).into_response();
    }
    match tokio::time::timeout(app.config.timeout.as_duration(), next.run(request)).await {
        Ok(response) => response,
        Err(_) => Error::Timeout.into_response(),
    }
}

async fn security_headers(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let uri = request.uri().clone();
    let mut response = next.run(request).await;
    secure(&mut response, &uri, &app.config);
    response
}

/// Whether an address tells of a shared diagram.
fn is_shared(path: &str) -> bool {
    path.starts_with("/d/") || path.starts_with("/api/v1/diagrams")
}

/// What every answer says to browsers and search engines.
fn secure(response: &mut Response, uri: &Uri, config: &Config) {
    // Why there is no board is told in its frame.
    let is_told_in_frame = response.status().is_client_error() || response.status().is_server_error();
    let policy =
        if is_told_in_frame && pages::is_framed(uri) { pages::FRAMED } else { CONTENT_SECURITY_POLICY };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    // Whoever came over TLS once is not to be led back to plain text.
    if config.public_url.as_ref().is_some_and(|url| url.starts_with("https://")) {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    if is_shared(uri.path()) {
        headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
    }
}
