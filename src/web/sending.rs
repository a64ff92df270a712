//! Large answers on their way: counted until their client has taken them, and packed where nobody waits for it.

use std::io::{self, Cursor, Read as _};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Instant;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderValue, Response, header};
use axum::response::IntoResponse as _;
use hyper::body::{Frame, SizeHint};
use tower_http::compression::Predicate;
use tower_http::compression::predicate::DefaultPredicate;
use zstd::stream::read::Decoder;

use super::coding::{Coding, Effort};
use super::error::{Error, Result};
use super::limits::{self, Clients, Room, Way};
use super::sink::PackedFrom;
use super::threads::{Priority, aside};

/// From so many bytes on, an answer is large: packing it takes milliseconds.
pub(super) const LARGE: usize = 256 << 10;
/// How much is handed on at once. To unpack as much takes about as long as to hand it to the system.
const PIECE: usize = 64 << 10;
/// What unpacking holds besides what is packed: as much of what was sent as may come again, and the next piece.
const UNPACKING: usize = 1 << 20;

/// Whether an answer is packed as it is sent, on the threads that answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Briefly;

impl Predicate for Briefly {
    fn should_compress<B: HttpBody>(&self, response: &Response<B>) -> bool {
        size(response.body()) < LARGE && DefaultPredicate::new().should_compress(response)
    }
}

fn size(body: &impl HttpBody) -> usize {
    usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX)
}

/// An answer, in a coding that its client takes and with room for it while it is sent, if it is large;
/// [`Error::Busy`] where there is none.
pub(super) async fn hold(clients: &Clients, codings: &[Coding], answer: Response<Body>) -> Response<Body> {
    if size(answer.body()) < LARGE && answer.extensions().get::<PackedFrom>().is_none() {
        return answer;
    }
    held(clients, codings, answer).await.unwrap_or_else(Error::into_response)
}

async fn held(clients: &Clients, codings: &[Coding], answer: Response<Body>) -> Result<Response<Body>> {
    let mut room = Room::new(Way::Out);
    room.resize(clients, size(answer.body()))?;
    let is_text = DefaultPredicate::new().should_compress(&answer);
    let (mut parts, body) = answer.into_parts();
    // What handlers answer is whole in memory, packed or not; only a body that breaks off is an error.
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let (text, wanted) = match parts.extensions.remove::<PackedFrom>() {
        Some(PackedFrom(size)) => {
            parts.headers.remove(header::CONTENT_ENCODING);
            let as_it_is = codings.iter().find(|coding| **coding == Coding::Zstd);
            (Text::Packed(bytes, size), as_it_is.or(codings.first()))
        }
        None if is_text && !parts.headers.contains_key(header::CONTENT_ENCODING) => {
            (Text::Whole(bytes), codings.first())
        }
        None => (Text::Whole(bytes), None),
    };
    let (text, coding) = match (text, wanted) {
        (Text::Packed(bytes, _), Some(&Coding::Zstd)) => (Text::Whole(bytes), wanted),
        (text, Some(&coding)) => match text.clone().pack(coding).await {
            Some(packed) => (Text::Whole(packed), wanted),
            None => (text, None),
        },
        (text, None) => (text, None),
    };
    if let Some(coding) = coding {
        parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
        parts.headers.remove(header::CONTENT_LENGTH);
    }
    if is_text {
        parts.headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    room.resize(clients, text.held())?;
    Ok(Response::from_parts(
        parts,
        Body::new(Held { left: text.left().map_err(Error::internal)?, _room: room }),
    ))
}

/// The body of a large answer.
#[derive(Clone)]
enum Text {
    /// Sent as it is.
    Whole(Bytes),
    /// Of so many bytes, which a [`Sink`](super::sink::Sink) packed.
    Packed(Bytes, u64),
}

impl Text {
    /// Packs it in another way, beside those that answer.
    async fn pack(self, coding: Coding) -> Option<Bytes> {
        let share = limits::share();
        let packing = aside(Priority::Low, move || {
            let start = Instant::now();
            let packed = match self {
                Self::Whole(bytes) => coding.pack(&mut &*bytes, bytes.len(), Effort::Little),
                Self::Packed(bytes, size) => Decoder::with_buffer(Cursor::new(bytes))
                    .and_then(|mut text| coding.pack(&mut text, size as usize, Effort::Little)),
            };
            share.spend(start.elapsed());
            packed
        });
        packing.await.ok()?.ok()
    }

    /// How many bytes are in memory until its client has all of it.
    fn held(&self) -> usize {
        match self {
            Self::Whole(bytes) => bytes.len(),
            Self::Packed(bytes, _) => bytes.len() + UNPACKING,
        }
    }

    fn left(self) -> io::Result<Left> {
        Ok(match self {
            Self::Whole(bytes) => Left::Whole(bytes),
            Self::Packed(bytes, size) => Left::Packed(Decoder::with_buffer(Cursor::new(bytes))?, size),
        })
    }
}

/// What was not handed on yet.
enum Left {
    Whole(Bytes),
    Packed(Decoder<'static, Cursor<Bytes>>, u64),
}

/// A body that takes room until all of it was handed on, piece by piece, as its client takes it.
struct Held {
    left: Left,
    _room: Room,
}

impl HttpBody for Held {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if self.is_end_stream() {
            return Poll::Ready(None);
        }
        let piece = match &mut self.left {
            Left::Whole(bytes) => Ok(bytes.split_to(bytes.len().min(PIECE))),
            Left::Packed(text, left) => {
                let mut piece = vec![0; PIECE.min(*left as usize)];
                *left -= piece.len() as u64;
                text.read_exact(&mut piece).map(|()| piece.into())
            }
        };
        Poll::Ready(Some(piece.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.size_hint().exact() == Some(0)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(match &self.left {
            Left::Whole(bytes) => bytes.len() as u64,
            Left::Packed(_, left) => *left,
        })
    }
}
