//! Scripts, styles and fonts, which are part of the binary, and are packed as small as they get.

mod pack;

use std::collections::BTreeMap;
use std::sync::{LazyLock, Once};

use axum::Router;
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::RustEmbed;
use sha2::{Digest as _, Sha256};

use super::coding::Coding;
use super::error::{Error, Result};
use super::threads::{Priority, aside};
use super::{AppState, conditional};
use crate::render::style::{Theme, themed};
use pack::Packed;

#[derive(RustEmbed)]
#[folder = "static/"]
struct Files;

/// The files by name.
static ASSETS: LazyLock<BTreeMap<String, Asset>> = LazyLock::new(|| {
    let files = Files::iter().filter_map(|name| Some((name.to_string(), Asset::of(&Files::get(&name)?)?)));
    let sheets = [Theme::Light, Theme::Dark].into_iter().filter_map(|theme| {
        let sheet = Asset::new(board(theme).into(), "text/css")?;
        Some((sheet_of(theme).to_owned(), sheet))
    });
    files.chain(sheets).collect()
});

/// A file as it is sent.
struct Asset {
    plain: Bytes,
    kind: HeaderValue,
    /// Weak, since the same file may be packed in several ways.
    tag: HeaderValue,
    packed: Packed,
}

impl Asset {
    fn of(file: &rust_embed::EmbeddedFile) -> Option<Self> {
        let plain = match &file.data {
            std::borrow::Cow::Borrowed(data) => Bytes::from_static(data),
            std::borrow::Cow::Owned(data) => Bytes::copy_from_slice(data),
        };
        Self::new(plain, file.metadata.mimetype())
    }

    fn new(plain: Bytes, kind: &str) -> Option<Self> {
        let tag = format!("W/\"{}\"", first_letters(&Sha256::digest(&plain)));
        Some(Self {
            plain,
            kind: HeaderValue::from_str(kind).ok()?,
            tag: HeaderValue::from_str(&tag).ok()?,
            packed: Packed::default(),
        })
    }

    /// Whether packing makes it smaller: fonts are packed already.
    fn is_text(&self) -> bool {
        self.kind.to_str().is_ok_and(|kind| kind.starts_with("text/") || kind == "image/svg+xml")
    }
}

/// The first letters of the hash of all files together: the version that addresses carry.
///
/// It is a folder rather than a query, so that whatever scripts and styles name beside themselves has it too.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut all = Sha256::new();
    for (name, asset) in &*ASSETS {
        all.update(name.as_bytes());
        all.update(&asset.plain);
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

/// The name of the board's style sheet in a theme.
pub fn sheet_of(theme: Theme) -> &'static str {
    match theme {
        Theme::Auto => "board.css",
        Theme::Light => "board-light.css",
        Theme::Dark => "board-dark.css",
    }
}

/// The board's style sheet in a theme that is kept against whoever looks.
fn board(theme: Theme) -> String {
    let scheme = if theme == Theme::Dark { "dark" } else { "light" };
    format!("{}html{{color-scheme:{scheme}}}", themed(theme))
}

fn first_letters(hash: &[u8]) -> String {
    hash.first_chunk().map(|start| format!("{:016x}", u64::from_be_bytes(*start))).unwrap_or_default()
}

/// `GET /static/{name}`, `GET /static/{version}/{name}`. A page of another version gets the file as it is now.
async fn serve(Path(path): Path<String>, headers: HeaderMap) -> Result<Response> {
    let is_version = |folder: &str| folder.len() == 16 && folder.bytes().all(|byte| byte.is_ascii_hexdigit());
    let (version, name) =
        path.split_once('/').filter(|(folder, _)| is_version(folder)).unwrap_or(("", &path));
    let asset = ASSETS.get(name).ok_or(Error::NotFound)?;
    let keep = if version == *VERSION { "public, max-age=31536000, immutable" } else { "no-cache" };
    let caching =
        [(header::CACHE_CONTROL, HeaderValue::from_static(keep)), (header::ETAG, asset.tag.clone())];
    let known: Vec<HeaderValue> = headers.get_all(header::IF_NONE_MATCH).iter().cloned().collect();
    if conditional::names(&known, &asset.tag) {
        return Ok((StatusCode::NOT_MODIFIED, caching).into_response());
    }
    let kind = [(header::CONTENT_TYPE, asset.kind.clone())];
    if asset.is_text() {
        pack_all();
        if let Some((coding, packed)) = asset.packed.first_of(&Coding::taken(&headers)) {
            let coding = [(header::CONTENT_ENCODING, coding), (header::VARY, "accept-encoding")];
            return Ok((caching, kind, coding, packed).into_response());
        }
    }
    Ok((caching, kind, asset.plain.clone()).into_response())
}

/// Packs all files once, beside the requests: it takes a second or two of one core. Until one is packed, the layer that
/// compresses all answers does what it can in a moment. Not where nothing is optimised, as it would take minutes there.
fn pack_all() {
    static ASKED: Once = Once::new();
    if cfg!(debug_assertions) {
        return;
    }
    ASKED.call_once(|| {
        tokio::spawn(aside(Priority::Low, || {
            ASSETS.values().filter(|asset| asset.is_text()).for_each(|asset| asset.packed.fill(&asset.plain));
        }));
    });
}
