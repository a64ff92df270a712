//! The bytes of an answer: JSON, or YAML for whoever asks for it.

use std::io;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::Serializer;
use serde_json::ser::Formatter;

use super::types::Body;
use crate::names::is_unseen;
use crate::web::error::{Error, Result};
use crate::web::sink::Sink;

/// For answers to uploads: nothing in between keeps what was sent.
pub const NO_STORE: &str = "no-store";

/// For shared diagrams: they do not change, but can be deleted, which is honoured at once.
pub const ASK_AGAIN: &str = "private, no-cache";

/// How an answer is written, as an extractor: YAML where the Accept header prefers it, else JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `application/json`
    Json,
    /// `application/yaml`
    Yaml,
}

impl Format {
    fn of(headers: &HeaderMap) -> Self {
        let (mut json, mut yaml) = (0.0_f32, 0.0_f32);
        let accepts = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
        for range in accepts.flat_map(|accept| accept.split(',')) {
            let mut parts = range.split(';').map(str::trim);
            let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
            let quality = parts.find_map(|part| part.strip_prefix("q=")?.parse().ok()).unwrap_or(1.0);
            match kind.as_str() {
                "application/yaml" | "application/x-yaml" | "text/yaml" => yaml = yaml.max(quality),
                "application/json" => json = json.max(quality),
                _ => {}
            }
        }
        if yaml > json { Self::Yaml } else { Self::Json }
    }

    /// The whole answer, to be kept as long as `cache` says.
    pub fn answer(self, value: &impl Body, cache: &'static str) -> Result<Response> {
        let kind = match self {
            Self::Json => "application/json",
            Self::Yaml => "application/yaml",
        };
        let headers =
            [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, cache), (header::VARY, "accept")];
        let mut text = Sink::default();
        match self {
            Self::Json => write_json(value, &mut text).map_err(Error::internal)?,
            Self::Yaml => serde_yaml::to_writer(&mut text, value).map_err(Error::internal)?,
        }
        Ok((headers, text.answer().map_err(Error::internal)?).into_response())
    }
}

/// Escapes in JSON's texts every character that would move, hide or turn what stands beside it on a screen.
struct Seen;

impl Formatter for Seen {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, out: &mut W, text: &str) -> io::Result<()> {
        // What is below it, JSON escapes itself; nearly all texts are.
        if text.bytes().all(|byte| byte < 0x7f) {
            return out.write_all(text.as_bytes());
        }
        let mut start = 0;
        for (at, c) in text.char_indices().filter(|(_, c)| *c >= '\u{7f}' && is_unseen(*c)) {
            out.write_all(&text.as_bytes()[start..at])?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            start = at + c.len_utf8();
        }
        out.write_all(&text.as_bytes()[start..])
    }
}

/// A text in JSON, which one newline ends.
pub fn json(value: &impl Body) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(16 * 1024);
    write_json(value, &mut bytes)?;
    Ok(bytes)
}

/// Writes the same part by part: an answer of the API has the bytes of `podwire draw --format json`.
pub fn write_json(value: &impl Body, out: &mut impl io::Write) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut *out, Seen))?;
    out.write_all(b"\n")
}

impl<S: Sync> FromRequestParts<S> for Format {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(&parts.headers))
    }
}
