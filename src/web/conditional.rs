//! Conditional requests: an answer is named by a hash of its bytes, packed where they are large, and not sent to whoever has it already.

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use sha2::{Digest as _, Sha256};

use super::sink::PackedFrom;
use super::threads::{Priority, aside};

/// From so many bytes on, a hash takes so long that another answer would wait for it.
const LARGE: usize = 256 << 10;

/// A layer that names what is answered to GET, and answers 304 to a client that names it itself.
///
/// The names are weak, since the same answer may be compressed in several ways.
pub async fn layer(request: Request, next: Next) -> Response {
    let is_get = request.method() == Method::GET;
    let known = request.headers().get_all(header::IF_NONE_MATCH).iter().cloned().collect::<Vec<_>>();
    let response = next.run(request).await;
    if !is_get || response.status() != StatusCode::OK || response.headers().contains_key(header::ETAG) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // What handlers answer is whole in memory, large texts packed; only a body that breaks off is an error.
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let named = bytes.clone();
    let tag =
        if bytes.len() < LARGE { Ok(tag(&named)) } else { aside(Priority::Low, move || tag(&named)).await };
    if let Ok(tag) = tag {
        parts.headers.insert(header::ETAG, tag);
    }
    answer(Response::from_parts(parts, bytes.into()), &known)
}

/// An answer, without its body to a client that names its tag.
pub(super) fn answer(mut answer: Response, known: &[HeaderValue]) -> Response {
    let is_known = answer.headers().get(header::ETAG).is_some_and(|tag| names(known, tag));
    if answer.status() == StatusCode::OK && is_known {
        *answer.status_mut() = StatusCode::NOT_MODIFIED;
        answer.extensions_mut().remove::<PackedFrom>();
        *answer.body_mut() = Body::empty();
        for name in [header::CONTENT_LENGTH, header::CONTENT_TYPE, header::CONTENT_ENCODING] {
            answer.headers_mut().remove(name);
        }
    }
    answer
}

fn tag(bytes: &Bytes) -> HeaderValue {
    let hash = Sha256::digest(bytes);
    let start = hash.first_chunk().map_or(0, |start| u128::from_be_bytes(*start));
    HeaderValue::try_from(format!("W/\"{start:032x}\"")).unwrap_or(HeaderValue::from_static("W/\"\""))
}

/// Whether If-None-Match names a tag, weak or not.
pub(super) fn names(known: &[HeaderValue], tag: &HeaderValue) -> bool {
    fn opaque(tag: &str) -> &str {
        tag.trim().trim_start_matches("W/")
    }
    let tag = tag.to_str().map(opaque).unwrap_or_default();
    known
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.split(',').any(|named| named.trim() == "*" || opaque(named) == tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_named_weak_or_strong_alone_or_among_others() {
        let tag = HeaderValue::from_static("W/\"abc\"");
        let known = |value: &'static str| names(&[HeaderValue::from_static(value)], &tag);
        for value in ["W/\"abc\"", "\"abc\"", "*", "\"x\", W/\"abc\"", "\"x\",\"abc\" "] {
            assert!(known(value), "{value}");
        }
        for value in ["", "abc", "\"ab\"", "W/\"ABC\"", "\"x\", \"y\""] {
            assert!(!known(value), "{value}");
        }
    }
}
