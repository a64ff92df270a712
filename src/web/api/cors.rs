//! What pages of other origins may ask: everything that reads, without credentials. Sharing and deleting are not theirs.

use std::convert::Infallible;
use std::sync::LazyLock;
use std::time::Duration;

use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use tower::{Layer as _, ServiceExt as _, service_fn};
use tower_http::cors::{AllowOrigin, CorsLayer};

static CORS: LazyLock<CorsLayer> = LazyLock::new(|| {
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(|_, request| reads(request)))
        .allow_methods([Method::GET, Method::HEAD, Method::POST])
        .allow_headers([
            header::ACCEPT,
            header::CONTENT_ENCODING,
            header::CONTENT_TYPE,
            header::IF_NONE_MATCH,
        ])
        .expose_headers([header::ETAG, header::RETRY_AFTER, HeaderName::from_static("x-request-id")])
        .max_age(Duration::from_hours(1))
});

/// A layer around the API, and around the limits too: whoever sends too much hears why.
pub(in crate::web) async fn layer(request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with("/api/") {
        return next.run(request).await;
    }
    let inner = service_fn(move |request| {
        let next = next.clone();
        async move { Ok::<_, Infallible>(next.run(request).await) }
    });
    let Ok(answer) = CORS.layer(inner).oneshot(request).await;
    answer
}

/// Whether a request, or the one that a browser asks leave for, only reads.
fn reads(request: &Parts) -> bool {
    let asked = request.headers.get(header::ACCESS_CONTROL_REQUEST_METHOD).map(HeaderValue::as_bytes);
    let method = match asked {
        Some(asked) if request.method == Method::OPTIONS => asked,
        _ => request.method.as_str().as_bytes(),
    };
    match method {
        b"GET" | b"HEAD" => true,
        b"POST" => matches!(request.uri.path(), "/api/v1/analyze" | "/api/v1/trace"),
        _ => false,
    }
}
