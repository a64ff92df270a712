//! Large answers on their way: counted until their client has taken them, and packed where nobody waits for it.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Instant;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderValue, Response, header};
use axum::response::IntoResponse as _;
use hyper::body::{Frame, SizeHint};
use tower_http::compression::Predicate;
use tower_http::compression::predicate::DefaultPredicate;

use super::assets::Coding;
use super::lanes::aside;
use super::limits::{self, Clients, Room, Way};

/// From so many bytes on, an answer is large: packing it takes milliseconds.
const LARGE: u64 = 256 << 10;
/// How much is handed on at once.
const PIECE: usize = 64 << 10;

/// Whether an answer is packed as it is sent, on the threads that answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Briefly;

impl Predicate for Briefly {
    fn should_compress<B: HttpBody>(&self, response: &Response<B>) -> bool {
        response.body().size_hint().lower() < LARGE && DefaultPredicate::new().should_compress(response)
    }
}

/// An answer, with room for it while it is sent if it is large; [`Error::Busy`](super::error::Error::Busy) where there is none.
pub(super) async fn hold(
    clients: &Clients,
    coding: Option<Coding>,
    answer: Response<Body>,
) -> Response<Body> {
    let size = answer.body().size_hint().lower();
    if size < LARGE {
        return answer;
    }
    let mut room = Room::new(Way::Out);
    if let Err(busy) = room.grow(clients, usize::try_from(size).unwrap_or(usize::MAX)) {
        return busy.into_response();
    }
    let is_text = DefaultPredicate::new().should_compress(&answer);
    let (mut parts, body) = answer.into_parts();
    // What handlers answer is whole in memory; only a body that breaks off is an error.
    let mut bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    if let Some(coding) = coding.filter(|_| is_text && !parts.headers.contains_key(header::CONTENT_ENCODING))
    {
        let (plain, share) = (bytes.clone(), limits::share());
        let packing = aside(move || {
            let start = Instant::now();
            let packed = coding.pack(&plain);
            share.spend(start.elapsed());
            packed
        });
        if let Ok(Some(packed)) = packing.await {
            bytes = packed;
            room.shrink(bytes.len());
            parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
            parts.headers.remove(header::CONTENT_LENGTH);
        }
    }
    if is_text {
        parts.headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    Response::from_parts(parts, Body::new(Held { bytes, _room: room }))
}

/// A body that takes room until all of it was handed on, piece by piece, as its client takes it.
struct Held {
    bytes: Bytes,
    _room: Room,
}

impl HttpBody for Held {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let size = self.bytes.len().min(PIECE);
        Poll::Ready((size > 0).then(|| Ok(Frame::data(self.bytes.split_to(size)))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.len() as u64)
    }
}
