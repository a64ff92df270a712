//! Scripts, styles and fonts, which are part of the binary.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::RustEmbed;
use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::AppState;
use super::error::{Error, Result};

#[derive(RustEmbed)]
#[folder = "static/"]
struct Files;

/// The first letters of each file's hash: its version.
static VERSIONS: LazyLock<FxHashMap<String, String>> = LazyLock::new(|| {
    Files::iter()
        .filter_map(|name| {
            let hash = Files::get(&name)?.metadata.sha256_hash();
            let start = u64::from_be_bytes(hash[..8].try_into().ok()?);
            Some((name.to_string(), format!("{start:016x}")))
        })
        .collect()
});

/// The route of the files.
pub fn routes() -> Router<AppState> {
    Router::new().route("/static/{*name}", get(serve))
}

/// The address of a file, with its version: it may be kept for ever.
pub fn url(name: &str) -> String {
    VERSIONS
        .get(name)
        .map_or_else(|| format!("/static/{name}"), |version| format!("/static/{name}?v={version}"))
}

#[derive(Deserialize)]
struct Version {
    v: Option<String>,
}

/// `GET /static/{name}`
async fn serve(
    Path(name): Path<String>,
    Query(asked): Query<Version>,
    headers: HeaderMap,
) -> Result<Response> {
    let file = Files::get(&name).ok_or(Error::NotFound)?;
    let version = VERSIONS.get(&name).cloned().unwrap_or_default();
    let tag = format!("\"{version}\"");
    let keep = if asked.v == Some(version) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let tag = HeaderValue::from_str(&tag).map_err(Error::internal)?;
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| known == tag);
    let kind = HeaderValue::from_str(file.metadata.mimetype()).map_err(Error::internal)?;
    let caching = [(header::CACHE_CONTROL, HeaderValue::from_static(keep)), (header::ETAG, tag)];
    if known {
        return Ok((StatusCode::NOT_MODIFIED, caching).into_response());
    }
    Ok((caching, [(header::CONTENT_TYPE, kind)], file.data.into_owned()).into_response())
}
