//! The server in process: one module for each part of the URL tree, and for what all routes share.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

#[path = "routes/api_analyze.rs"]
mod api_analyze;
#[path = "routes/api_diagrams.rs"]
mod api_diagrams;
#[path = "routes/api_openapi.rs"]
mod api_openapi;
#[path = "routes/api_pages.rs"]
mod api_pages;
#[path = "routes/api_retry.rs"]
mod api_retry;
#[path = "routes/api_trace.rs"]
mod api_trace;
#[path = "routes/archives.rs"]
mod archives;
#[path = "routes/boards.rs"]
mod boards;
#[path = "routes/broken_only.rs"]
mod broken_only;
#[path = "routes/cache.rs"]
mod cache;
#[path = "routes/errors.rs"]
mod errors;
#[path = "routes/faces.rs"]
mod faces;
#[path = "routes/frames.rs"]
mod frames;
#[path = "routes/headers.rs"]
mod headers;
#[path = "routes/inspected.rs"]
mod inspected;
#[path = "routes/large.rs"]
mod large;
#[path = "routes/limits.rs"]
mod limits;
#[path = "routes/logs.rs"]
mod logs;
#[path = "routes/ops.rs"]
mod ops;
#[path = "routes/pages.rs"]
mod pages;
#[path = "routes/preview.rs"]
mod preview;
#[path = "routes/remarks.rs"]
mod remarks;
#[path = "routes/security.rs"]
mod security;
#[path = "common/skipped.rs"]
mod skipped;
#[path = "routes/upload.rs"]
mod upload;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode, Version};
use axum::routing::{get, post};
use http_body_util::BodyExt as _;
use podwire::config::Config;
use podwire::store::{Gone, Store};
use podwire::web::connections::App;
use podwire::web::error::{Error, Result};
use podwire::web::upload::{Options, Upload};
use podwire::web::{AppState, BaseUrl, Bearer, with_layers};
use serde_json::Value;
use tower::ServiceExt as _;

/// An answer, read to its end.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The status and the detail of a problem document.
    fn problem(&self) -> (u16, String) {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text());
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16());
        (self.status.as_u16(), problem["detail"].as_str().unwrap().to_owned())
    }
}

/// A server's state. Unless a test says how long a request may take it has ten minutes: a build without optimization takes
/// long for large uploads on a machine that others share.
async fn state(mut config: Config) -> AppState {
    if config.timeout == Config::default().timeout {
        config.timeout = "10m".parse().unwrap();
    }
    AppState::new(config, Store::open("memory:").await.unwrap())
}

/// Whom requests are for unless they say.
const HOST: &str = "127.0.0.1:8080";

async fn send(router: impl App, mut request: Request<Body>) -> Answer {
    if request.version() == Version::HTTP_11 {
        request.headers_mut().entry("host").or_insert(HeaderValue::from_static(HOST));
    }
    let response = router.oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    Answer { status: parts.status, headers: parts.headers, body: body.collect().await.unwrap().to_bytes() }
}

/// Sends a request to a server with a few routes of its own.
async fn ask(request: Request<Body>) -> Answer {
    ask_with(Config::default(), request).await
}

async fn ask_with(config: Config, request: Request<Body>) -> Answer {
    let routes = Router::new()
        .route("/files", post(files))
        .route("/api/v1/files", post(files))
        .route("/options", get(options))
        .route("/base", get(async |BaseUrl(base): BaseUrl| base))
        .route("/d/{id}", get(async || Result::<()>::Err(Error::Gone(Gone::Deleted))))
        .route("/api/v1/diagrams/{id}", get(async || Result::<()>::Err(Error::Gone(Gone::Deleted))))
        .route("/at", get(async || Result::<()>::Err(Error::BadRequest("no".to_owned()).at("a.yaml", 3, 7))))
        .route("/busy", get(async || Result::<()>::Err(Error::Busy)))
        .route("/unauthorized", get(async || Result::<()>::Err(Error::Unauthorized)))
        .route("/internal", get(async || Result::<()>::Err(Error::internal("a secret cause"))))
        .route("/panic", get(panics))
        .route("/bearer", get(async |Bearer(token): Bearer| token))
        .route("/long", get(async || "long ".repeat(1000)));
    send(with_layers(routes, state(config).await), request).await
}

async fn panics() -> &'static str {
    panic!("with the words of an upload")
}

/// Says what arrived: a line for each file, for each that was skipped, for each field.
async fn files(upload: Upload) -> String {
    let mut lines = Vec::new();
    for file in &upload.files {
        lines.push(format!("{}: {}", file.name, file.text().trim_end().escape_debug()));
    }
    for skipped in &upload.skipped {
        lines.push(format!("skipped {}: {}", skipped.file, skipped.why));
    }
    for (name, value) in &upload.fields {
        lines.push(format!("field {name}: {value}"));
    }
    lines.join("\n")
}

async fn options(options: Options) -> String {
    format!("{} {}", options.state.as_str(), options.expires)
}

fn at(path: &str) -> Request<Body> {
    Request::get(path).header("host", HOST).body(Body::empty()).unwrap()
}

fn accepting(path: &str, accept: &str) -> Request<Body> {
    Request::get(path).header("accept", accept).body(Body::empty()).unwrap()
}

fn sending(kind: &str, body: impl Into<Body>) -> Request<Body> {
    Request::post("/files").header("content-type", kind).body(body.into()).unwrap()
}

/// A form's body with files (name and content), and with a field where the name is empty: `field=value`.
fn form(parts: &[(&str, &str)]) -> Request<Body> {
    let parts: Vec<_> = parts.iter().map(|(name, content)| (*name, content.as_bytes())).collect();
    form_of_bytes(&parts)
}

fn form_of_bytes(parts: &[(&str, &[u8])]) -> Request<Body> {
    let mut body = Vec::new();
    for (name, content) in parts {
        body.extend_from_slice(b"--edge\r\nContent-Disposition: form-data; ");
        match name.strip_prefix("field ") {
            Some(field) => body.extend_from_slice(format!("name=\"{field}\"").as_bytes()),
            None => body.extend_from_slice(format!("name=\"file\"; filename=\"{name}\"").as_bytes()),
        }
        body.extend_from_slice(b"\r\n\r\n");
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--edge--\r\n");
    sending("multipart/form-data; boundary=edge", body)
}
