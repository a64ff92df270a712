//! Answers about shared diagrams, kept as they left the router: a diagram does not change, so each of its faces is made and
//! compressed once. So are the pages that are the same for everybody.
//!
//! What is kept is shown only while its diagram is there. A deletion on this server and an expiry end that at once;
//! a deletion on another server that has the same store, within a second and what the store takes to say so.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes, HttpBody as _};
use axum::extract::{MatchedPath, Request};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use moka::future::Cache;
use moka::ops::compute::Op;
use tower::ServiceExt as _;

use super::pages::is_heard;
use super::{AppState, conditional, error};
use crate::store::{Deletion, Id, Life};

/// How long the store's word that a diagram is there is trusted, once it came.
const TRUSTED: Duration = Duration::from_secs(1);
/// It is not renewed by a word that came later than this.
const PROMPT: Duration = Duration::from_millis(100);
/// How old it is when it is asked for again, beside whoever goes by it meanwhile.
const ASKED_AGAIN: Duration = Duration::from_millis(500);
/// How long an answer is kept that nobody asks for.
const UNUSED: Duration = Duration::from_mins(10);
/// The most bytes that answers take, of all diagrams together.
const MOST_BYTES: u64 = 32 << 20;
/// A larger answer is made anew each time, so that none drives out all others.
const MOST_BYTES_OF_ONE: u64 = 4 << 20;
/// A longer key is somebody trying.
const LONGEST_KEY: usize = 1_000;
/// About what an answer takes besides its body.
const HEAD_BYTES: usize = 1_500;

/// Everything that an answer depends on besides its address. By Host it was decided whether the request is for this server.
const DEPENDS_ON: [HeaderName; 6] = [
    header::HOST,
    header::ACCEPT,
    header::ACCEPT_ENCODING,
    header::ORIGIN,
    HeaderName::from_static("hx-request"),
    HeaderName::from_static("hx-target"),
];

/// The address of a request and what [`DEPENDS_ON`] names, as it was sent.
type Key = Vec<u8>;

/// The kept answers, and which diagrams are there.
#[derive(Debug)]
pub(super) struct Faces {
    faces: Cache<Key, Arc<Face>>,
    lives: Cache<Id, Arc<Known>>,
}

/// On a request whose answer is sent without its body.
#[derive(Debug, Clone, Copy)]
pub(super) struct AskedForHead;

/// On a request for which the store did not answer.
#[derive(Debug, Clone)]
pub(super) struct StoreAway(pub(super) String);

/// What the store said of a diagram.
#[derive(Debug)]
struct Known {
    /// `None` while it is wiped, which goes on after the store says so: nobody's word of before is trusted then.
    life: Option<Life>,
    asked: Instant,
    is_asked_again: AtomicBool,
}

/// An answer, whole.
#[derive(Debug)]
struct Face {
    /// The diagram that it tells of, if any.
    id: Option<Id>,
    route: Option<MatchedPath>,
    headers: HeaderMap,
    body: Bytes,
}

impl Default for Faces {
    fn default() -> Self {
        let weight = |key: &Key, face: &Arc<Face>| {
            u32::try_from(key.len() + face.body.len() + HEAD_BYTES).unwrap_or(u32::MAX)
        };
        Self {
            faces: Cache::builder()
                .max_capacity(MOST_BYTES)
                .weigher(weight)
                .time_to_idle(UNUSED)
                .support_invalidation_closures()
                .build(),
            lives: Cache::builder().max_capacity(100_000).time_to_live(TRUSTED).build(),
        }
    }
}

/// Answers a request with what is kept; what is not, by its route, to be kept for the next. HEAD has the head of what GET has.
pub(super) async fn answer(app: &AppState, routes: &Router, mut request: Request) -> Response {
    let is_head = request.method() == Method::HEAD;
    if is_head {
        *request.method_mut() = Method::GET;
        request.extensions_mut().insert(AskedForHead);
    }
    let mut answer = whole(app, routes, request).await;
    if is_head {
        if let Some(length) =
            answer.body().size_hint().exact().filter(|_| answer.status() != StatusCode::NOT_MODIFIED)
        {
            answer.headers_mut().insert(header::CONTENT_LENGTH, length.into());
        }
        *answer.body_mut() = Body::empty();
    }
    answer
}

async fn whole(app: &AppState, routes: &Router, mut request: Request) -> Response {
    let Some(key) = key(&request) else { return ask(routes, request).await };
    // Whole answers are kept, so whoever has one already is told so here.
    let known: Vec<HeaderValue> = request.headers().get_all(header::IF_NONE_MATCH).iter().cloned().collect();
    request.headers_mut().remove(header::IF_NONE_MATCH);
    if let Some(face) = app.faces.faces.get(&key).await {
        return match app.is_there(face.id).await {
            Ok(true) => face.answer(&known),
            // The handler says how it went.
            Ok(false) => ask(routes, request).await,
            Err(cause) => ask_without(&cause, routes, request).await,
        };
    }
    let id = id(request.uri().path());
    let mut made = None;
    let mut request = Some(request);
    let work = async {
        let Some(request) = request.take() else { return Err(()) };
        match Face::of(id, ask(routes, request).await).await {
            Ok(face) => {
                let face = Arc::new(face);
                made = Some(face.answer(&known));
                Ok(face)
            }
            Err(other) => {
                made = Some(conditional::answer(other, &known));
                Err(())
            }
        }
    };
    // Of many that ask at once, one makes it.
    let entry = app.faces.faces.entry(key).or_try_insert_with(work).await;
    if let Some(made) = made {
        return made;
    }
    let Some(request) = request else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    match (entry, app.is_there(id).await) {
        (Ok(face), Ok(true)) => face.value().answer(&known),
        (_, Err(cause)) => ask_without(&cause, routes, request).await,
        _ => ask(routes, request).await,
    }
}

/// Has the router say that the store is away, which was waited for once.
async fn ask_without(cause: &error::Error, routes: &Router, mut request: Request) -> Response {
    use std::error::Error as _;
    let cause = cause.source().map_or_else(|| cause.to_string(), ToString::to_string);
    request.extensions_mut().insert(StoreAway(cause));
    ask(routes, request).await
}

async fn ask(routes: &Router, request: Request) -> Response {
    let Ok(answer) = routes.clone().oneshot(request).await;
    answer
}

/// What the answer to a request is kept under; `None` of what is not kept.
fn key(request: &Request) -> Option<Key> {
    let uri = request.uri();
    let is_kept = id(uri.path()).is_some() || (uri.query().is_none() && is_fixed(uri.path()));
    // Whoever does not say whom a request is for is answered by the version of HTTP.
    let is_said = request.headers().contains_key(header::HOST) || uri.authority().is_some();
    if request.method() != Method::GET || !is_kept || !is_said {
        return None;
    }
    // Neither addresses nor headers have such bytes, so no two requests run into one key.
    let (end, end_of_all) = (b'\n', b'\0');
    let mut key = Vec::with_capacity(256);
    for part in [uri.authority().map_or("", Authority::as_str), uri.path(), &query(uri)] {
        key.extend_from_slice(part.as_bytes());
        key.push(end);
    }
    for name in &DEPENDS_ON {
        for value in request.headers().get_all(name) {
            key.extend_from_slice(value.as_bytes());
            key.push(end);
        }
        key.push(end_of_all);
    }
    (key.len() <= LONGEST_KEY).then_some(key)
}

/// What of a query has a say in the answer: whatever else is added asks for no other page.
fn query(uri: &Uri) -> Cow<'_, str> {
    let query = uri.query().unwrap_or_default();
    if query.is_empty() || !uri.path().starts_with("/d/") {
        return query.into();
    }
    let name = |pair: &str| form_urlencoded::parse(pair.as_bytes()).next().map(|(name, _)| name.into_owned());
    let heard = query.split('&').filter(|pair| name(pair).is_some_and(|name| is_heard(&name)));
    heard.collect::<Vec<_>>().join("&").into()
}

/// The diagram that a page tells of.
fn id(path: &str) -> Option<Id> {
    let rest = path.strip_prefix("/d/").or_else(|| path.strip_prefix("/api/v1/diagrams/"))?;
    rest.split(['.', '/']).next()?.parse().ok()
}

/// Whether a page is the same for everybody, for as long as the server runs.
fn is_fixed(path: &str) -> bool {
    matches!(path, "/" | "/examples" | "/rules" | "/api" | "/api/openapi.json" | "/api/v1/rules" | "/privacy")
        || path.starts_with("/examples/")
        || path.starts_with("/rules/")
}

impl Face {
    /// An answer that may stay; another as it was.
    async fn of(id: Option<Id>, answer: Response) -> Result<Self, Response> {
        let is_small = |size: u64| size <= MOST_BYTES_OF_ONE;
        // What is too large to be kept may be unpacked while it is sent.
        if answer.status() != StatusCode::OK || !is_small(answer.body().size_hint().lower()) {
            return Err(answer);
        }
        let (mut parts, body) = answer.into_parts();
        let Ok(body) = axum::body::to_bytes(body, usize::MAX).await else {
            return Err(error::Error::internal("an answer broke off").into_response());
        };
        if !is_small(body.len() as u64) {
            return Err(Response::from_parts(parts, body.into()));
        }
        Ok(Self { id, route: parts.extensions.remove(), headers: parts.headers, body })
    }

    /// It as it was, or that it is known.
    fn answer(&self, known: &[HeaderValue]) -> Response {
        let mut answer = Response::new(Body::from(self.body.clone()));
        answer.headers_mut().clone_from(&self.headers);
        if let Some(route) = &self.route {
            answer.extensions_mut().insert(route.clone());
        }
        conditional::answer(answer, known)
    }
}

impl AppState {
    /// Wipes a diagram, and what is kept of it.
    pub async fn delete(&self, id: Id, token: &str) -> error::Result<Deletion> {
        let lives = &self.faces.lives;
        lives.insert(id, Known::new(None, Instant::now())).await;
        let done = self.store.delete(id, token, self.now()).await;
        if matches!(done, Ok(Deletion::Deleted | Deletion::Gone(_))) {
            lives.insert(id, Known::new(Some(Life::Gone), Instant::now())).await;
            // What another request is making just now comes too late for this, and is never shown.
            let _ = self.faces.faces.invalidate_entries_if(move |_, face| face.id == Some(id));
        } else {
            lives.invalidate(&id).await;
        }
        Ok(done?)
    }

    /// Whether a diagram is there, by what the store said within [`TRUSTED`]; what tells of none always is.
    async fn is_there(&self, id: Option<Id>) -> error::Result<bool> {
        let Some(id) = id else { return Ok(true) };
        let lives = &self.faces.lives;
        let known = if let Some(known) = lives.get(&id).await {
            let is_old = known.life.is_some() && known.asked.elapsed() > ASKED_AGAIN;
            if is_old && !known.is_asked_again.swap(true, Ordering::Relaxed) {
                tokio::spawn(self.clone().ask_again(id, Arc::clone(&known)));
            }
            known
        } else {
            let asked = Instant::now();
            let known = Known::new(Some(self.store.life(id).await?), asked);
            // A deletion meanwhile has had its say, and its word is there as long as this one may come late.
            if known.asked.elapsed() < TRUSTED {
                lives.entry(id).or_insert(known).await.into_value()
            } else {
                known
            }
        };
        let life = match known.life {
            Some(life) => life,
            None => self.store.life(id).await?,
        };
        Ok(life.is_there(self.now()))
    }

    /// Has the store say again what is known, so that nobody waits for its word while it is slow.
    async fn ask_again(self, id: Id, before: Arc<Known>) {
        let asked = Instant::now();
        let life = self.store.life(id).await;
        let lives = &self.faces.lives;
        let entry = lives.entry(id);
        let done = entry.and_compute_with(|now| {
            let is_same = now.is_some_and(|now| Arc::ptr_eq(now.value(), &before));
            // A deletion meanwhile has had its say.
            std::future::ready(match life {
                Ok(life) if is_same && asked.elapsed() < PROMPT => Op::Put(Known::new(Some(life), asked)),
                _ => Op::Nop,
            })
        });
        done.await;
        // Where the store did not answer, the next who asks tries again.
        before.is_asked_again.store(false, Ordering::Relaxed);
    }
}

impl Known {
    fn new(life: Option<Life>, asked: Instant) -> Arc<Self> {
        Arc::new(Self { life, asked, is_asked_again: AtomicBool::new(false) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::store::{DeleteToken, Record, Store};

    #[tokio::test]
    async fn what_was_said_before_is_not_trusted_while_it_is_wiped() {
        let app = AppState::new(Config::default(), Store::open("memory:").await.unwrap());
        let (token, id) = (DeleteToken::random().unwrap(), Id::random().unwrap());
        let record = Record {
            id,
            token_hash: token.hash(),
            created_at: 0,
            expires_at: None,
            state: None,
            body: Vec::new(),
        };
        app.store.put(record).await.unwrap();
        assert!(app.is_there(Some(id)).await.unwrap());
        assert_eq!(app.delete(id, "another's").await.unwrap(), Deletion::WrongToken);
        assert!(app.is_there(Some(id)).await.unwrap());
        // The store has wiped it, and goes on with its log before it says so.
        app.faces.lives.insert(id, Known::new(None, Instant::now())).await;
        app.store.delete(id, &token.full(), 0).await.unwrap();
        assert!(!app.is_there(Some(id)).await.unwrap());
    }
}
