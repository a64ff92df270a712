//! What can go wrong on the web: a handler answers with [`Error`], which is a problem document (RFC 9457); [`faces`] sees
//! the request and turns it into a page where that is what the client reads.

mod faces;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::api::types::Source;
pub(super) use super::api::types::problem::Problem;
use super::date::date;
use crate::store::Gone;

pub use faces::faces;
pub(super) use faces::{faced, sentence};

/// What a handler returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why a request is not answered as hoped, worded for the person who made it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// 400: something in the address or the form.
    #[error("{0}")]
    BadRequest(String),
    /// 401: no delete token was given.
    #[error(
        "deleting needs the delete token that came with the diagram: send it as \"Authorization: Bearer <deleteToken>\""
    )]
    Unauthorized,
    /// 403: the delete token is another one.
    #[error("this is not the delete token that came with the diagram; nothing was deleted")]
    Forbidden,
    /// 403: another site's page would have something kept.
    #[error(
        "sharing is for Podwire's own pages and for programs: another site's page asked for it, and nothing was kept"
    )]
    ForeignOrigin,
    /// 404: no such page or diagram.
    #[error("there is nothing at this address: it is mistyped, or the link was never made")]
    NotFound,
    /// 404: the diagram has nothing of what its address asks for.
    #[error("nothing on this diagram matches: {0}; the address without that shows all of it")]
    NothingMatches(String),
    /// 405: the address takes other methods.
    #[error("this address does not take that method; the Allow header says which it takes")]
    MethodNotAllowed,
    /// 410: the diagram expired or was deleted.
    #[error("{}; what it showed is no longer kept", how(*.0))]
    Gone(Gone),
    /// 413: too many bytes.
    #[error("the upload is larger than {limit}: send fewer files, or pack them as .tar.gz or .zip")]
    BodyTooLarge {
        /// The most that is taken.
        limit: crate::config::Size,
    },
    /// 413: too many files.
    #[error("the upload has more than {limit} files: send fewer at once")]
    TooManyFiles {
        /// The most that is taken.
        limit: usize,
    },
    /// 413: too many documents.
    #[error("the upload has more than {limit} YAML documents: send fewer at once")]
    TooManyDocuments {
        /// The most that is taken.
        limit: usize,
    },
    /// 413: too many values.
    #[error(
        "the upload has more than {limit} values, of which an item of a list or a document counts as eight: send less at once"
    )]
    TooManyValues {
        /// The most that is taken.
        limit: usize,
    },
    /// 413: too many objects.
    #[error("the upload has more than {limit} objects: send fewer at once")]
    TooManyObjects {
        /// The most that is taken.
        limit: usize,
    },
    /// 413: too many endpoints and ways in.
    #[error(
        "the Services of the upload have more than {limit} endpoints and ways in together: send fewer at once"
    )]
    TooManyEndpoints {
        /// The most that is taken.
        limit: usize,
    },
    /// 413: too many routes.
    #[error(
        "the routes of the upload have more than {limit} matches, hosts and backends together: send fewer at once"
    )]
    TooManyRoutes {
        /// The most that is taken: an eighth of that of endpoints.
        limit: usize,
    },
    /// 413: an archive unpacks to too many bytes.
    #[error("the archive unpacks to more than {limit}: send fewer files at once")]
    UnpackedTooLarge {
        /// The most that is taken.
        limit: crate::config::Size,
    },
    /// 415: the body is not of a kind that is read.
    #[error(
        "a body of type \"{given}\" is not read: send application/yaml, application/json, text/plain, multipart/form-data, \
         or an archive as application/gzip, application/zip or application/x-tar"
    )]
    UnsupportedMediaType {
        /// The request's content type.
        given: String,
    },
    /// 415: the body is packed as it is not read.
    #[error(
        "a body with Content-Encoding \"{given}\" is not read: send it as it is, or manifests (no multipart form) with gzip"
    )]
    UnsupportedCoding {
        /// The request's coding.
        given: String,
    },
    /// 415: deleting takes a form.
    #[error("deleting takes a form's body, application/x-www-form-urlencoded, with the field token")]
    NotAForm,
    /// 422: an archive that does not open.
    #[error("{0}")]
    BadArchive(String),
    /// 422: nothing that could be read.
    #[error("{0}")]
    NothingToRead(String),
    /// 422: an Idempotency-Key that another upload had.
    #[error(
        "this Idempotency-Key came with another upload in the last 24 hours: give every upload a key of its own, and the same key when it is sent again"
    )]
    KeyReused,
    /// 422: names that were to be replaced and cannot be.
    #[error(
        "the names of this upload cannot all be replaced, so nothing was kept: share it with its names, or edit them"
    )]
    NamesStay,
    /// 422: a board that is too large to be drawn in pixels.
    #[error(
        "this board is too large for a PNG: choose a part of it (?ns=, ?service=, ?find=), or take it as .svg"
    )]
    PictureTooLarge,
    /// 421: a request for another server's name.
    #[error(
        "this Podwire does not answer by that name: ask it by its address, or start it with --public-url and that name"
    )]
    NotOurHost,
    /// 429: one client sends too many requests.
    #[error("that were more requests than one client may send: try again in {after} second{}", if *after == 1 { "" } else { "s" })]
    TooManyRequests {
        /// The seconds to wait.
        after: u64,
    },
    /// 503: one client has too many uploads under way.
    #[error(
        "{limit} uploads of yours are being worked on already: send the next when one of them is answered"
    )]
    TooManyAtOnce {
        /// The most of one client.
        limit: usize,
    },
    /// 503: one client has too many connections.
    #[error("{limit} connections of yours are open already: close some, or use one for many requests")]
    TooManyConnections {
        /// The most of one client.
        limit: usize,
    },
    /// 503: too many analyses wait already.
    #[error("Podwire is busy with other uploads: try again in a few seconds")]
    Busy,
    /// 503: the request took too long.
    #[error("this took longer than Podwire waits for one request: send less at once, or try again later")]
    Timeout,
    /// 503: the store does not answer.
    #[error("the store of shared diagrams does not answer: try again later")]
    StoreDown(#[source] Cause),
    /// 500: our fault.
    #[error("something went wrong in Podwire, and it was logged: trying again may help")]
    Internal(#[source] Cause),
    /// 500: what is kept of a diagram is not what was kept.
    #[error(
        "what is kept of this diagram cannot be read, and that was logged: whoever runs this Podwire can look there"
    )]
    Unreadable(#[source] Cause),
    /// Another error, with the place in the upload that it is about.
    #[error("{error}")]
    At {
        /// The error.
        error: Box<Error>,
        /// Where.
        place: Source<'static>,
    },
}

impl Error {
    /// An error of ours: logged, not shown.
    pub fn internal(cause: impl Into<Cause>) -> Self {
        Self::Internal(cause.into())
    }

    /// The same error, about a place in the upload.
    #[must_use]
    pub fn at(self, file: impl Into<String>, line: u32, column: u32) -> Self {
        let place = Source { file: std::borrow::Cow::Owned(file.into()), line, column };
        Self::At { error: Box::new(self), place }
    }

    /// The problem document.
    pub fn problem(&self) -> Problem {
        let (status, kind, title) = self.sort();
        let source = match self {
            Self::At { place, .. } => Some(place.clone()),
            _ => None,
        };
        Problem {
            kind: format!("urn:podwire:problem:{kind}"),
            title,
            status: status.as_u16(),
            detail: self.to_string(),
            source,
        }
    }

    fn sort(&self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::BadRequest(_) => (StatusCode::BAD_REQUEST, "bad-request", "The request is not understood"),
            Self::Unauthorized => (StatusCode::UNAUTHORIZED, "unauthorized", "A delete token is needed"),
            Self::Forbidden => (StatusCode::FORBIDDEN, "forbidden", "Wrong delete token"),
            Self::ForeignOrigin => (StatusCode::FORBIDDEN, "foreign-origin", "Not from another site"),
            Self::NotOurHost => (StatusCode::MISDIRECTED_REQUEST, "not-our-host", "Another server's name"),
            Self::TooManyRequests { .. } => {
                (StatusCode::TOO_MANY_REQUESTS, "too-many-requests", "Too many requests")
            }
            Self::TooManyAtOnce { .. } => {
                (StatusCode::SERVICE_UNAVAILABLE, "too-many-at-once", "Too many at once")
            }
            Self::TooManyConnections { .. } => {
                (StatusCode::SERVICE_UNAVAILABLE, "too-many-connections", "Too many connections")
            }
            Self::NotFound => (StatusCode::NOT_FOUND, "not-found", "Nothing here"),
            Self::NothingMatches(_) => (StatusCode::NOT_FOUND, "nothing-matches", "Nothing matches"),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", "Wrong method"),
            Self::Gone(Gone::Expired(_)) => (StatusCode::GONE, "gone", "This diagram has expired"),
            Self::Gone(Gone::Deleted) => (StatusCode::GONE, "gone", "This diagram was deleted"),
            Self::BodyTooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "body-too-large", "Too large"),
            Self::TooManyFiles { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "too-many-files", "Too many files"),
            Self::TooManyDocuments { .. } => {
                (StatusCode::PAYLOAD_TOO_LARGE, "too-many-documents", "Too many documents")
            }
            Self::TooManyValues { .. } => {
                (StatusCode::PAYLOAD_TOO_LARGE, "too-many-values", "Too many values")
            }
            Self::TooManyObjects { .. } => {
                (StatusCode::PAYLOAD_TOO_LARGE, "too-many-objects", "Too many objects")
            }
            Self::TooManyEndpoints { .. } => {
                (StatusCode::PAYLOAD_TOO_LARGE, "too-many-endpoints", "Too many endpoints")
            }
            Self::TooManyRoutes { .. } => {
                (StatusCode::PAYLOAD_TOO_LARGE, "too-many-routes", "Too many routes")
            }
            Self::UnpackedTooLarge { .. } => {
                (StatusCode::PAYLOAD_TOO_LARGE, "unpacked-too-large", "Too large once unpacked")
            }
            Self::UnsupportedMediaType { .. } => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported-media-type",
                "Not a kind of body that is read",
            ),
            Self::UnsupportedCoding { .. } => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported-content-encoding",
                "Not packed in a way that is read",
            ),
            Self::NotAForm => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-a-form", "A form is needed"),
            Self::BadArchive(_) => {
                (StatusCode::UNPROCESSABLE_ENTITY, "bad-archive", "The archive does not open")
            }
            Self::NothingToRead(_) => {
                (StatusCode::UNPROCESSABLE_ENTITY, "nothing-to-read", "Nothing to read")
            }
            Self::NamesStay => (StatusCode::UNPROCESSABLE_ENTITY, "names-stay", "Names cannot be replaced"),
            Self::PictureTooLarge => {
                (StatusCode::UNPROCESSABLE_ENTITY, "picture-too-large", "Too large for a PNG")
            }
            Self::KeyReused => {
                (StatusCode::UNPROCESSABLE_ENTITY, "idempotency-key-reused", "The key is another upload's")
            }
            Self::Busy => (StatusCode::SERVICE_UNAVAILABLE, "busy", "Busy"),
            Self::Timeout => (StatusCode::SERVICE_UNAVAILABLE, "timeout", "This took too long"),
            Self::StoreDown(_) => {
                (StatusCode::SERVICE_UNAVAILABLE, "store-down", "The store does not answer")
            }
            Self::Internal(_) | Self::Unreadable(_) => {
                (StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something went wrong")
            }
            Self::At { error, .. } => error.sort(),
        }
    }

    fn log(&self) {
        match self {
            Self::Internal(cause) | Self::Unreadable(cause) => tracing::error!(%cause, "a request failed"),
            Self::StoreDown(cause) => tracing::error!(%cause, "the store does not answer"),
            Self::At { error, .. } => error.log(),
            other => tracing::debug!(status = other.sort().0.as_u16(), kind = other.sort().1, "refused"),
        }
    }
}

impl From<crate::store::Error> for Error {
    fn from(cause: crate::store::Error) -> Self {
        match cause {
            crate::store::Error::Database(_)
            | crate::store::Error::Slow
            | crate::store::Error::Gone { .. } => Self::StoreDown(cause.into()),
            crate::store::Error::Body(_) | crate::store::Error::Format(_) => Self::Unreadable(cause.into()),
            _ => Self::internal(cause),
        }
    }
}

impl From<crate::store::NotAnId> for Error {
    /// A text that cannot be an id is the address of nothing.
    fn from(_: crate::store::NotAnId) -> Self {
        Self::NotFound
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        self.log();
        let problem = self.problem();
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let json = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response = (status, json).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        match self {
            Self::TooManyRequests { after } => {
                headers.insert(header::RETRY_AFTER, after.into());
            }
            Self::TooManyAtOnce { .. } | Self::TooManyConnections { .. } => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            }
            Self::Busy | Self::StoreDown(_) | Self::Timeout => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
            }
            Self::UnsupportedCoding { .. } => {
                headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
            }
            Self::Unauthorized => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            _ => {}
        }
        response.extensions_mut().insert(problem);
        response
    }
}

/// How a diagram went.
fn how(gone: Gone) -> String {
    match gone {
        Gone::Expired(end) => format!("this diagram expired on {}", date(end)),
        Gone::Deleted => "this diagram was deleted by whoever shared it".to_owned(),
    }
}

/// The answer to an address that is not ours.
pub async fn not_found() -> Error {
    Error::NotFound
}

/// The answer when a handler panics; the panic's own words may quote an upload and are dropped.
pub fn panicked(_words: Box<dyn std::any::Any + Send + 'static>) -> Response {
    Error::internal("a handler panicked").into_response()
}
