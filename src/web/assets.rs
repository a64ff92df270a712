//! Scripts, styles and fonts, which are part of the binary.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::RustEmbed;
use sha2::{Digest as _, Sha256};

use super::AppState;
use super::error::{Error, Result};

#[derive(RustEmbed)]
#[folder = "static/"]
struct Files;

/// The first letters of the hash of all files together: the version that addresses carry.
///
/// It is a folder rather than a query, so that whatever scripts and styles name beside themselves has it too.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut all = Sha256::new();
    for name in Files::iter() {
        all.update(name.as_bytes());
        all.update(Files::get(&name).map(|file| file.metadata.sha256_hash()).unwrap_or_default());
    }
    first_letters(&all.finalize())
});

/// The route of the files.
pub fn routes() -> Router<AppState> {
    Router::new().route("/static/{*name}", get(serve))
}

/// The address of a file, with its version: it may be kept for ever.
pub fn url(name: &str) -> String {
    format!("/static/{}/{name}", *VERSION)
}

fn first_letters(hash: &[u8]) -> String {
    hash.first_chunk().map(|start| format!("{:016x}", u64::from_be_bytes(*start))).unwrap_or_default()
}

/// `GET /static/{name}`, `GET /static/{version}/{name}`. A page of another version gets the file as it is now.
async fn serve(Path(path): Path<String>, headers: HeaderMap) -> Result<Response> {
    let is_version = |folder: &str| folder.len() == 16 && folder.bytes().all(|byte| byte.is_ascii_hexdigit());
    let (version, name) =
        path.split_once('/').filter(|(folder, _)| is_version(folder)).unwrap_or(("", &path));
    let file = Files::get(name).ok_or(Error::NotFound)?;
    let tag = format!("\"{}\"", first_letters(&file.metadata.sha256_hash()));
    let keep = if version == *VERSION { "public, max-age=31536000, immutable" } else { "no-cache" };
    let tag = HeaderValue::from_str(&tag).map_err(Error::internal)?;
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| known == tag);
    let kind = HeaderValue::from_str(file.metadata.mimetype()).map_err(Error::internal)?;
    let caching = [(header::CACHE_CONTROL, HeaderValue::from_static(keep)), (header::ETAG, tag)];
    if known {
        return Ok((StatusCode::NOT_MODIFIED, caching).into_response());
    }
    Ok((caching, [(header::CONTENT_TYPE, kind)], file.data.into_owned()).into_response())
}
